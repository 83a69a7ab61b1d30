"""Outputs are never larger than what h5repack makes of the source with the filters of the output."""
import subprocess

import h5py
import hdf5plugin
import numpy as np

from files.registry import write_attributes, write_base

MOST_SHARE = 1.02
MOST_BYTES = 16_000
ZSTD = f"UD={hdf5plugin.Zstd.filter_id},0,1,5"
UNFILTERED = ("-f", "NONE")
#: arguments of Weir, of h5repack
VARIANTS = {
    "zstd": ((), ("-f", ZSTD, "-f", "FLET")),
    "none": (("--compression", "none"), ("-f", "FLET")),
    "nothing": (("--compression", "none", "--no-checksum"), UNFILTERED),
}


def make_contours(path):
    with write_base(path, count=3000) as h5:
        for index in range(3000):
            h5.create_dataset(f"events/contour/{index}", data=np.full((30, 2), index % 300, "i4"))


def make_chunked_contours(path):
    with write_base(path, count=300) as h5:
        for index in range(300):
            h5.create_dataset(f"events/contour/{index}", data=np.full((30, 2), index % 300, "i4"), maxshape=(None, 2), chunks=(30, 2), **hdf5plugin.Zstd(5))


def make_one_event(path):
    with write_base(path, count=1) as h5:
        for name in {"image_bg", "mask"} - set(h5["events"]):
            h5.create_dataset(f"events/{name}", data=np.zeros((1, 24, 48), "u1"))


def make_no_event(path):
    with h5py.File(path, "w") as h5:
        write_attributes(h5, 0)
        for name in ("deform", "area_um", "time"):
            h5.create_dataset(f"events/{name}", shape=(0,), dtype="f8")


def make_many_groups(path):
    with write_base(path, count=10) as h5:
        for index in range(600):
            h5.create_dataset(f"extra/{index}/value", data=np.arange(index % 7 + 1))


def make_many_logs(path):
    with write_base(path, count=10) as h5:
        for index in range(100):
            lines = [f"{index}: line {line} of a log".encode() for line in range(index % 50 + 1)]
            h5.create_dataset(f"logs/log {index}", data=np.array(lines, "S60"))


def make_many_open_logs(path):
    with write_base(path, count=10) as h5:
        for index in range(100):
            h5.create_dataset(f"logs/log {index}", data=[f"{index}: line {line}" for line in range(index % 50 + 1)], dtype=h5py.string_dtype())


#: name: (maker, variants)
SOURCES = {
    "3000 contours": (make_contours, tuple(VARIANTS)),
    "300 contours in chunks": (make_chunked_contours, ("zstd", "nothing")),
    "one event": (make_one_event, tuple(VARIANTS)),
    "no event": (make_no_event, ("zstd", "nothing")),
    "600 groups": (make_many_groups, ("nothing",)),
    "100 logs": (make_many_logs, ("zstd", "nothing")),
    # With filters, h5repack leaves text of variable length as it is; Weir makes it chunked text of fixed length, as dcnum does.
    "100 logs of variable length": (make_many_open_logs, ("nothing",)),
}
REAL_VARIANTS = ("zstd", "nothing")
#: of which h5repack refuses to filter what has no element
EMPTY = "no event"


def check_made(context, name):
    make, variants = SOURCES[name]
    path = context.folder / "source.rtdc"
    make(path)
    return check_sizes(context, name, path, variants)


def check_sizes(context, name, path, variants=REAL_VARIANTS):
    return [(f"size of {name}, {variant}", compare(context, path, variant, unfiltered=name == EMPTY)) for variant in variants]


def compare(context, path, variant, unfiltered):
    own, theirs = VARIANTS[variant]
    output, packed = context.folder / f"{variant}.rtdc", context.folder / f"{variant}.h5"
    run = context.weir.run("rewrite", path, *own, "--out", output, "--json")
    if run.code != 0:
        return [run.explain()]
    environment = {**context.weir.environment, "HDF5_PLUGIN_PATH": hdf5plugin.PLUGIN_PATH}
    arguments = ["h5repack", *(UNFILTERED if unfiltered else theirs), str(path), str(packed)]
    done = subprocess.run(arguments, capture_output=True, text=True, env=environment, timeout=300)
    if done.returncode != 0:
        return [f"h5repack: {done.stderr.strip()[-300:]}"]
    size, limit = output.stat().st_size, packed.stat().st_size * MOST_SHARE + MOST_BYTES
    return [f"{size} bytes, h5repack makes {packed.stat().st_size} of it"] if size > limit else []
