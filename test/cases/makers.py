"""Makes the inputs of the cases: small files, each with one oddity that a real file had."""
import struct

import h5py
import hdf5plugin
import numpy as np
import zstandard

ATTRIBUTES = {
    "experiment:date": "2025-02-03",
    "experiment:event count": 100,
    "experiment:run index": 2,
    "experiment:sample": "case",
    "experiment:time": "08:09:10",
    "imaging:frame rate": 3000.0,
    "imaging:pixel size": 0.26,
    "setup:identifier": "case-1",
    "setup:software version": "maker 1.0",
}
IMAGE = {"CLASS": np.bytes_("IMAGE"), "IMAGE_VERSION": np.bytes_("1.2"), "IMAGE_SUBCLASS": np.bytes_("IMAGE_GRAYSCALE")}
ZSTD = 32015


def write_measurement(path, count=100, with_image=True, **keywords):
    """A plain measurement; returns the open file."""
    random = np.random.default_rng(11)
    h5 = h5py.File(path, "w", **keywords)
    h5.attrs.update({**ATTRIBUTES, "experiment:event count": count})
    for name in ("area_um", "deform", "pos_x"):
        h5[f"events/{name}"] = random.random(count)
    h5["events/frame"] = np.arange(1, count + 1, dtype="u8")
    if with_image:
        images = random.integers(0, 200, (count, 24, 48), dtype="u1")
        dataset = h5.create_dataset("events/image", data=images, chunks=(min(count, 10), 24, 48), maxshape=(None, 24, 48))
        dataset.attrs.update(IMAGE)
    return h5


def make_variable_features(path):
    """features of text, of ragged rows, of records with text, and a ragged trace"""
    with write_measurement(path) as h5:
        events = h5["events"]
        events.create_dataset("userdef1", data=[f"kind {row % 4}" for row in range(100)], dtype=h5py.string_dtype())
        peaks = events.create_dataset("userdef2", (100,), dtype=h5py.vlen_dtype("i4"))
        trace = events.create_group("trace").create_dataset("fl2_raw", (100,), dtype=h5py.vlen_dtype("i2"))
        for row in range(100):
            peaks[row] = np.arange(row % 5)
            trace[row] = np.arange(3 + row % 4)
        record = np.dtype([("label", h5py.string_dtype()), ("score", "f8")])
        events.create_dataset("userdef3", data=np.array([(f"n{row}", row / 2) for row in range(100)], record))


def make_short_image(path):
    """an acquisition that stopped: 97 images, 100 rows of everything else"""
    with write_measurement(path) as h5:
        h5["events/image"].resize(97, axis=0)


def make_long_mask(path):
    """a mask with rows for twice the events"""
    with write_measurement(path) as h5:
        mask = np.zeros((200, 24, 48), "u1")
        mask[:, 5:15, 10:30] = 255
        h5.create_dataset("events/mask", data=mask, chunks=(10, 24, 48))


def make_large_attributes(path):
    """attributes of more than 64 KiB, at the root and at the images"""
    with write_measurement(path, libver="latest") as h5:
        h5.attrs["user:background"] = np.arange(9500.0)
        h5["events/image"].attrs["flat_field"] = np.full((100, 100), 0.5)


def make_lzf_log(path):
    """a log of variable-length lines behind a filter that only HDF5 itself knows"""
    with write_measurement(path) as h5:
        h5.create_dataset("logs/acquisition", data=["begin", "25 µm", "end"] * 12, dtype=h5py.string_dtype(), chunks=(9,), compression="lzf")


def make_contours(path):
    """contours and no mask"""
    with write_measurement(path, count=30) as h5:
        for row in range(30):
            h5[f"events/contour/{row}"] = np.full((4 + row % 3, 2), row, "i4")


def make_attributes_beside_events(path):
    """attributes on features, groups and traces, and objects beside the events"""
    with write_measurement(path, count=30) as h5:
        h5["events"].attrs["remark"] = "of the group"
        h5["events/image"].attrs["scale"] = 0.26
        h5["events/trace/fl1_raw"] = np.ones((30, 8), "i2")
        h5["events/trace"].attrs["rate"] = 250000
        h5["events/trace/fl1_raw"].attrs["gain"] = 3.0
        h5["calibration/flat"] = np.ones((24, 48))
        h5["beside"] = np.arange(5.0)


def make_many_contours(path):
    """3,000 contours"""
    with write_measurement(path, count=3000, with_image=False) as h5:
        for row in range(3000):
            h5[f"events/contour/{row}"] = np.full((30, 2), row % 200, "i4")


def make_one_event(path):
    """one event"""
    with write_measurement(path, count=1) as h5:
        for name in ("image_bg", "mask"):
            h5[f"events/{name}"] = np.zeros((1, 24, 48), "u1")


def make_virtual(path):
    """a virtual dataset that shows another dataset of the same file"""
    with write_measurement(path) as h5:
        h5["measured"] = np.arange(100.0)
        layout = h5py.VirtualLayout(shape=(100,), dtype="f8")
        layout[:] = h5py.VirtualSource(".", "/measured", shape=(100,))
        h5["events"].create_virtual_dataset("userdef1", layout)


def make_holes(path):
    """features with chunks that were never written"""
    with write_measurement(path) as h5:
        h5.create_dataset("events/emodulus", (100,), "f8", chunks=(10,), fillvalue=np.nan)[5:15] = 2.0
        h5.create_dataset("events/mask", (100, 24, 48), "u1", chunks=(10, 24, 48))[40:50, 5:15] = 255


def make_plain(path):
    """100 events with contours"""
    with write_measurement(path) as h5:
        for row in range(100):
            h5[f"events/contour/{row}"] = np.full((5, 2), row, "i4")


def make_text_count(path):
    """an event count that is stored as text"""
    with write_measurement(path) as h5:
        h5.attrs["experiment:event count"] = np.bytes_(b"100")


def sum_fletcher(data):
    """Spec: HDF5's Fletcher-32 reads big-endian words, an odd last byte counts as the high one."""
    low = high = 0
    for at in range(0, len(data), 2):
        low = (low + int.from_bytes(data[at:at + 2].ljust(2, b"\0"), "big")) % 65535
        high = (high + low) % 65535
    # Sums of HDF5 are folded, never reduced to 0 where anything but zeros was added.
    low, high = (value or 65535 for value in (low, high))
    return struct.pack("<I", high << 16 | low)


def make_frames(path):
    """Zstandard chunks of two frames, behind a skippable frame, and without a content size"""
    raw = np.arange(64, dtype="f8").tobytes()
    packed = zstandard.ZstdCompressor(level=3).compress
    skippable = struct.pack("<II", 0x184D2A50, 8) + b"remarks!"
    chunks = {
        "one": packed(raw),
        "two": packed(raw[:256]) + packed(raw[256:]),
        "skip_first": skippable + packed(raw),
        "nosize": zstandard.ZstdCompressor(level=3, write_content_size=False).compress(raw),
    }
    with h5py.File(path, "w") as h5:
        h5.attrs.update({**ATTRIBUTES, "experiment:event count": 64})
        for name, chunk in chunks.items():
            dataset = h5.create_dataset(f"events/{name}", (64,), "f8", chunks=(64,), fletcher32=True, **hdf5plugin.Zstd(clevel=5))
            dataset.id.write_direct_chunk((0,), chunk + sum_fletcher(chunk))


def make_negative_levels(path):
    """Zstandard levels below zero, which files hold as unsigned numbers"""
    with h5py.File(path, "w") as h5:
        h5.attrs.update({**ATTRIBUTES, "experiment:event count": 400})
        for name, level in (("deform", 2**32 - 50), ("area_um", 1), ("pos_x", 5)):
            settings = {"compression": ZSTD, "compression_opts": (level,), "fletcher32": True}
            h5.create_dataset(f"events/{name}", data=np.arange(400.0) // 3, chunks=(400,), **settings)


def make_large_windows(path):
    """Zstandard frames of 512 bytes that state windows up to 2 GiB"""
    raw = np.arange(64, dtype="f8").tobytes()
    with h5py.File(path, "w") as h5:
        h5.attrs.update({**ATTRIBUTES, "experiment:event count": 64})
        for log in (27, 28, 31):
            parameters = zstandard.ZstdCompressionParameters(window_log=log, write_content_size=False)
            stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
            frame = bytearray(stream.compress(raw) + stream.flush())
            # Spec: bits 6 and 7 of the descriptor say that 4 bytes of content size follow the window's byte.
            frame[4] |= 2 << 6
            dataset = h5.create_dataset(f"events/win{log}", (64,), "f8", chunks=(64,), **hdf5plugin.Zstd(clevel=3))
            dataset.id.write_direct_chunk((0,), bytes(frame[:6]) + struct.pack("<I", len(raw)) + bytes(frame[6:]))


def make_huge_chunk(path):
    """an image whose chunks have 8 GiB, of which none is stored, beside a feature"""
    with h5py.File(path, "w", libver=("v200", "latest")) as h5:
        h5.attrs.update({**ATTRIBUTES, "experiment:event count": 10})
        h5["events/deform"] = np.arange(10.0)
        h5.create_dataset("events/image", (10, 8, 8), "u1", maxshape=(None, 8, 8), chunks=(2**27, 8, 8))
