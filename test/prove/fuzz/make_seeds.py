"""Makes the small valid files that `npm run prove -- fuzz` mutates: python make_seeds.py FOLDER.

Every kind of file for every generation of the format (superblocks 0, 2 and 3): a measurement, one dataset for each chunk index, each
kind of datatype, groups and attributes of each storage. seeds.json beside them says where raw data and other known blocks lie.
"""
import json
import pathlib
import sys

import h5py
import hdf5plugin
import numpy as np

EVENTS = 6
GENERATIONS = {"earliest": "earliest", "v108": ("v108", "v108"), "v110": ("v110", "v110"), "latest": "latest"}


def pattern(shape, dtype="u1"):
    count = int(np.prod(shape))
    return ((7 * np.arange(count) + 3) % 251).astype(dtype).reshape(shape)


def add_basis(file):
    """What makes it a measurement."""
    file.attrs["experiment:event count"] = EVENTS
    file.attrs["experiment:sample"] = "fuzz"
    file.attrs["setup:software version"] = np.bytes_("seed 1")
    events = file.create_group("events")
    events.create_dataset("deform", data=np.linspace(0.01, 0.02, EVENTS))
    return events


def make_measurement(file):
    events = add_basis(file)
    file.attrs["imaging:pixel size"] = 0.34
    zstd = hdf5plugin.Zstd(5)
    events.create_dataset("area_um", data=pattern((EVENTS,), "<f4"), chunks=(2,), maxshape=(None,), fletcher32=True, **zstd)
    events.create_dataset("index", data=np.arange(1, EVENTS + 1, dtype="u4"), chunks=(4,), maxshape=(None,), compression="gzip")
    image = events.create_dataset(
        "image", data=pattern((EVENTS, 4, 5)), chunks=(1, 4, 5), maxshape=(None, 4, 5), fletcher32=True, **zstd
    )
    image.attrs["CLASS"] = np.bytes_("IMAGE")
    events.create_dataset("mask", data=(pattern((EVENTS, 4, 5)) > 99) * np.uint8(255), chunks=(2, 4, 5), compression="gzip", shuffle=True)
    trace = events.create_group("trace")
    trace.create_dataset("fl1_raw", data=pattern((EVENTS, 5), "<i2"), chunks=(3, 5), maxshape=(None, 5), **zstd)
    contour = events.create_group("contour")
    for number in range(EVENTS):
        contour.create_dataset(str(number), data=pattern((3 + number, 2), "<i4"))
    logs = file.create_group("logs")
    logs.create_dataset("fixed", data=np.array(["first line", "second line"], "S20"))
    logs.create_dataset("variable", data=["one", "two", "three"], dtype=h5py.string_dtype(), chunks=(2,), maxshape=(None,))
    table = np.zeros(3, dtype=[("time", "<f8"), ("count", "<u4"), ("name", "S4")])
    table["count"] = [3, 4, 5]
    file.create_group("tables").create_dataset("cytoshot", data=table).attrs["unit"] = "s"


def make_indexes(file):
    add_basis(file)
    group = file.create_group("extras")

    def add(key, shape, dtype="u1", **options):
        group.create_dataset(key, shape=shape, dtype=dtype, **options)[...] = pattern(shape, dtype)

    add("single", (5, 4), chunks=(5, 4))
    add("single_filtered", (5, 4), chunks=(5, 4), compression="gzip")
    add("fixed", (20, 9), chunks=(6, 4), maxshape=(30, 9))
    add("fixed_filtered", (20, 9), chunks=(6, 4), compression="gzip", shuffle=True, dtype=">u2")
    add("extensible", (60, 3), chunks=(2, 3), maxshape=(None, 3))
    add("extensible_filtered", (60, 6), chunks=(8, 4), maxshape=(None, 6), fletcher32=True, **hdf5plugin.Zstd(5))
    add("extensible_inner", (6, 50), chunks=(4, 3), maxshape=(6, None))
    add("tree", (12, 10), chunks=(5, 3), maxshape=(None, None))
    add("tree_filtered", (30, 20), chunks=(3, 2), maxshape=(None, None), fletcher32=True)
    early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    early.set_chunk((6, 4))
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple((20, 9), (26, 11))
    implicit = h5py.Dataset(h5py.h5d.create(group.id, b"implicit", h5py.h5t.STD_U8LE, space, early))
    implicit[...] = pattern((20, 9))
    holes = group.create_dataset("holes", (40,), "<i2", chunks=(4,), maxshape=(None,), fillvalue=-5)
    holes[9:14] = pattern((40,))[9:14]
    group.create_dataset("empty", (0, 3), "<f4", chunks=(2, 3), maxshape=(None, 3))


def make_pages(file):
    """Indexes whose blocks have pages."""
    add_basis(file)
    group = file.create_group("extras")
    for key, maximum in [("fixed", (1100,)), ("extensible", (None,))]:
        dataset = group.create_dataset(key, (1100,), "u1", chunks=(1,), maxshape=maximum)
        dataset[:700] = pattern((700,))


def make_elements(name, itemsize):
    """Two elements; numbers that are no NaN, and for enumerations members."""
    if name in ("bool", "enum"):
        return bytes([1] + [0] * (itemsize - 1)) * 2
    return bytes(1 + number % 60 for number in range(2 * itemsize))


def make_types(file):
    add_basis(file)
    group = file.create_group("extras")
    color = h5py.enum_dtype({"red": 1, "green": 2}, basetype="i2")
    inner = np.dtype([("x", "<i2"), ("y", ">f4", (2,))])
    table = np.dtype({"names": ["a", "b", "c"], "formats": ["<u4", inner, "S3"], "offsets": [0, 8, 20], "itemsize": 24})
    types = {
        "int": "<i4", "big": ">u8", "half": "<f2", "double": ">f8", "bool": "?", "enum": color, "text": "S7",
        "compound": table, "array": np.dtype(("<i2", (2, 3))), "opaque": np.dtype("V5"), "complex": "<c8",
    }  # fmt: skip
    for name, dtype in types.items():
        dtype = np.dtype(dtype)
        values = np.frombuffer(make_elements(name, dtype.itemsize), dtype.base).reshape((2,) + dtype.shape)
        group.create_dataset(name, (2,), dtype).id.write(h5py.h5s.ALL, h5py.h5s.ALL, values, h5py.h5t.py_create(dtype))
        attribute = h5py.h5a.create(group.id, name.encode(), h5py.h5t.py_create(dtype, logical=True), h5py.h5s.create_simple((2,)))
        attribute.write(values, h5py.h5t.py_create(dtype))
    strings = group.create_dataset("strings", data=["alpha", "", "gamma delta"], dtype=h5py.string_dtype("ascii"))
    ragged = group.create_dataset("ragged", (3,), dtype=h5py.vlen_dtype(np.dtype("<i2")))
    for row in range(3):
        ragged[row] = np.arange(row + 1)
    strings.attrs["words"] = np.array(["one", "two"], dtype=h5py.string_dtype())
    strings.attrs["nothing"] = h5py.Empty("f4")
    mixed = np.dtype([("name", h5py.string_dtype()), ("value", "<f8")])
    group.create_dataset("mixed", data=np.array([("a", 1.0), ("bc", 2.0)], dtype=mixed))
    group.create_dataset("scalar", data=4.5)
    group.create_dataset("filled", (3,), "<i4", fillvalue=7)
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    made = h5py.h5d.create(group.id, b"compact", h5py.h5t.STD_U16LE, h5py.h5s.create_simple((6,)), compact)
    h5py.Dataset(made)[...] = pattern((6,), "u2")
    file["committed"] = np.dtype("<i4")
    group.create_dataset("by_committed", data=np.arange(3), dtype=file["committed"])


def make_groups(file):
    add_basis(file)
    extras = file.create_group("extras")
    many = extras.create_group("many")
    for number in range(25):
        many.create_dataset(f"member {number}", data=np.uint8(number))
    many["soft"] = h5py.SoftLink("/events/deform")
    many["hard"] = many["member 3"]
    ordered = extras.create_group("ordered", track_order=True)
    for number in range(12):
        ordered.create_group(f"group {number}")
    tree = extras
    for depth in range(4):
        tree = tree.create_group(f"deeper{depth}")
        tree.attrs["depth"] = depth
    attributes = extras.create_group("attributes")
    for number in range(15):
        attributes.attrs[f"attribute {number}"] = pattern((3 + number,), "<i4")
    events = file["events"]
    for number in range(20):
        events["deform"].attrs[f"note {number}"] = f"text {number}"


KINDS = {
    "measurement": make_measurement,
    "indexes": make_indexes,
    "pages": make_pages,
    "types": make_types,
    "groups": make_groups,
}


def list_data(file):
    """[start, end] of all raw data, [address] of all objects."""
    ranges, objects = [], []

    def visit(_name, item):
        objects.append(h5py.h5o.get_info(item.id).addr)
        if not isinstance(item, h5py.Dataset):
            return
        if item.chunks and 0 not in item.shape:
            chunks = [item.id.get_chunk_info(number) for number in range(item.id.get_num_chunks())]
            ranges.extend([info.byte_offset, info.byte_offset + info.size] for info in chunks)
        elif item.id.get_offset() is not None:
            ranges.append([item.id.get_offset(), item.id.get_offset() + item.id.get_storage_size()])

    file.visititems(visit)
    return ranges, objects


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    seeds = []
    for kind, make in KINDS.items():
        for generation, libver in GENERATIONS.items():
            path = folder / f"{kind}-{generation}.rtdc"
            with h5py.File(path, "w", libver=libver) as file:
                make(file)
            with h5py.File(path, "r") as file:
                ranges, objects = list_data(file)
            seeds.append({"name": path.name, "data": ranges, "objects": sorted(set(objects))})
    (folder / "seeds.json").write_text(json.dumps(seeds))


if __name__ == "__main__":
    main()
