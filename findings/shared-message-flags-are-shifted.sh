#!/usr/bin/env bash
# HDF5 2.0.0 (in h5py 3.16.0): the table of shared header messages holds, for each index, which kinds of messages it takes. The format
# specification gives bits 0 to 4 to dataspace, datatype, fill value, filter pipeline and attribute. What the library writes is 1 shifted by the number
# of the header message instead (0x01, 0x03, 0x05, 0x0b, 0x0c), so a reader that follows the text takes one kind for another.
# Seen: asked for dataspaces 0x2, datatypes 0x8, fill values 0x20, filters 0x800, attributes 0x1000; the same numbers stand in the file
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --only-binary :all: h5py==3.16.0 numpy==2.4.6
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import ctypes
import pathlib
import struct
import sys

import h5py

kinds = {"dataspaces": 0x01, "datatypes": 0x03, "fill values": 0x05, "filters": 0x0B, "attributes": 0x0C}
folder = pathlib.Path(h5py.__file__).parent.parent / "h5py.libs"
library = ctypes.CDLL(str(next(path for path in folder.glob("libhdf5-*.so*"))))
wrong = 0
for name, message in kinds.items():
    created = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    identifier = ctypes.c_int64(created.id)
    assert library.H5Pset_shared_mesg_nindexes(identifier, ctypes.c_uint(1)) == 0
    assert library.H5Pset_shared_mesg_index(identifier, ctypes.c_uint(0), ctypes.c_uint(1 << message), ctypes.c_uint(1)) == 0
    path = f"{message}.h5"
    h5py.h5f.create(path.encode(), h5py.h5f.ACC_TRUNC, created).close()
    data = pathlib.Path(path).read_bytes()
    at = data.index(b"SMTB")
    # In the table: signature, then of its first index the version, the kind of index, and the flags.
    (flags,) = struct.unpack_from("<H", data, at + 6)
    print(f"{name}: asked for {1 << message:#x}, in the file {flags:#x}")
    wrong += flags != 1 << message
sys.exit(1 if wrong else 0)
PYTHON
