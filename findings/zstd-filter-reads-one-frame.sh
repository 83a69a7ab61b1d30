#!/usr/bin/env bash
# hdf5plugin 7.1.0 (HDF5's zstd filter, 32015) with h5py 3.16.0 (HDF5 2.0.0): a chunk of two Zstandard frames, or with a skippable frame in
# front, is valid Zstandard, yet the filter takes only the first frame. Without a checksum of the decoded data nobody notices.
#   zstandard 0.25.0 decodes both to the 64 values 0 ... 63; h5py gives for two frames the 32 values of the first and then something else,
#   without an error; with a skippable frame in front not one value is right, without an error. One frame is read right.
# Seen: one True / two False 32 / skippable False 0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --only-binary :all: h5py==3.16.0 hdf5plugin==7.1.0 numpy==2.4.6 zstandard==0.25.0
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import struct
import sys

import h5py
import hdf5plugin
import numpy as np
import zstandard

values = np.arange(64, dtype="f8")
raw = values.tobytes()
pack = zstandard.ZstdCompressor(level=3).compress
chunks = {
    "one": pack(raw),
    "two": pack(raw[:256]) + pack(raw[256:]),
    "skippable": struct.pack("<II", 0x184D2A50, 8) + b"remarks!" + pack(raw),
}
for name, chunk in chunks.items():
    unpacked = zstandard.ZstdDecompressor().decompressobj(read_across_frames=True).decompress(chunk)
    assert unpacked == raw, name
with h5py.File("frames.h5", "w") as h5:
    for name, chunk in chunks.items():
        dataset = h5.create_dataset(name, (64,), "f8", chunks=(64,), **hdf5plugin.Zstd(clevel=3))
        dataset.id.write_direct_chunk((0,), chunk)
seen = {}
with h5py.File("frames.h5") as h5:
    for name in chunks:
        read = h5[name][()]
        wrong = np.flatnonzero(read != values)
        seen[name] = (len(wrong) == 0, int(wrong[0]) if len(wrong) else 64)
        print(name, *seen[name])
sys.exit(0 if seen == {"one": (True, 64), "two": (False, 32), "skippable": (False, seen["skippable"][1])} else 1)
PYTHON
