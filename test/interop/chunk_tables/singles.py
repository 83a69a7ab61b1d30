"""What is needed once for each lower bound: large indexes, attributes, storage without chunks, links, filters of others."""
import itertools

import h5py
import numpy as np
from storing import FLETCHER, GZIP, create, hdf5plugin, make_properties, make_values, write

#: more than one level or page of every index: shape, chunk shape, maximum shape
LARGE = {
    "limited": ((1100,), (1,), (1100,)),
    "growing": ((400, 2), (1, 2), (None, 2)),
    "growing inside": ((3, 400), (3, 1), (3, None)),
    "growing both ways": ((60, 40), (3, 2), (None, None)),
}
#: chunks far apart, so that blocks and pages between them do not exist: maximum shape, places
SPARSE = {"limited": (5000, (0, 5, 3100, 4899)), "growing": (None, (0, 5, 1030, 4899)), "growing far": (None, (0, 5, 1030, 131_071, 131_072, 139_999))}


def make(group, path, bounds):
    """Writes the datasets; gives (path, what is to be found apart from what h5py says)."""
    made = itertools.chain(make_large(group), make_sparse(group, bounds), make_attributes(group, bounds), make_whole(group), make_elsewhere(group, path), make_lzf(group), make_foreign(group, bounds))
    return ((f"{group.name}/{name}", facts) for name, facts in made)


def make_large(group):
    for (name, (shape, chunks, longest)), filters in itertools.product(LARGE.items(), [(), (FLETCHER,), (GZIP, FLETCHER)]):
        dataset = create(group, f"{name} {filters}", "u1", shape, longest, make_properties(chunks, filters))
        write(dataset, make_values(shape, "u1", 0))
        yield f"{name} {filters}", {}


def make_sparse(group, bounds):
    for (name, (limit, places)), filters in itertools.product(SPARSE.items(), [(), (FLETCHER,)]):
        # HDF5 itself takes half a second for each of these.
        if max(places) > 100_000 and bounds[0] != bounds[1]:
            continue
        dataset = create(group, f"sparse {name} {filters}", "u1", (max(places) + 1,), (limit,), make_properties((1,), filters))
        for place in places:
            h5py.Dataset(dataset)[place] = 1 + place % 251
        yield f"sparse {name} {filters}", {}


def make_attributes(group, bounds):
    """Headers in one block, with continuations, with attributes in a heap of their own; attributes that went again."""
    for count, is_tracked in itertools.product((1, 7, 9, 40), (False, True)):
        name = f"attributes {count} {'in order' if is_tracked else ''}"
        properties = make_properties((3, 2), (GZIP, FLETCHER))
        if is_tracked:
            properties.set_attr_creation_order(h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED)
        dataset = h5py.Dataset(create(group, name, "u1", (7, 5), (None, 5), properties))
        dataset[...] = make_values((7, 5), "u1", 0)
        for number in range(count):
            dataset.attrs[f"attribute {number}"] = np.arange(number * 3 % 31) * 1.5
            # Lies behind the header from now on, so that what follows needs a continuation.
            group.create_dataset(f"{name} neighbour {number}", data=number)
        for number in range(1, count, 4):
            del dataset.attrs[f"attribute {number}"]
        if bounds[0] != "earliest" and count == 40:
            dataset.attrs["large"] = np.arange(10_000)
        yield name, {}


def make_whole(group):
    """Without chunks: in the header, in one piece, in a piece that was never written."""
    compact, early, late = (h5py.h5p.create(h5py.h5p.DATASET_CREATE) for _ in range(3))
    compact.set_layout(h5py.h5d.COMPACT)
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    for properties in (early, late):
        properties.set_fill_value(np.array(7, "i4"))
    kinds = {"compact": compact, "early": early, "written late": late, "never written": late}
    for (kind, properties), shape in itertools.product(kinds.items(), [(), (0,), (7, 5), (3, 2, 3, 5)]):
        dataset = create(group, f"{kind} {shape}", "<i4", shape, None, properties)
        if kind in ("compact", "written late"):
            write(dataset, make_values(shape, "<i4", 1))
        yield f"{kind} {shape}", {}


def make_elsewhere(group, path):
    """Values that lie in other files, and links."""
    other = path.with_suffix(".other.h5")
    with h5py.File(other, "w") as file:
        file["data"] = np.arange(10)
    layout = h5py.VirtualLayout((10,), "i8")
    layout[...] = h5py.VirtualSource(other.name, "data", (10,))
    group.create_virtual_dataset("virtual", layout)
    group.create_dataset("external", (4,), "i4", external=[(f"{path}.bin", 0, h5py.h5f.UNLIMITED)])[...] = 1
    inside = group.create_dataset("inside", data=np.arange(20), chunks=(7,))
    group["hard"] = inside
    group["soft"] = h5py.SoftLink(inside.name)
    group["soft and relative"] = h5py.SoftLink("hard")
    group["soft to virtual"] = h5py.SoftLink("virtual")
    group["dangling"] = h5py.SoftLink("/nowhere")
    group["linked out"] = h5py.ExternalLink(other.name, "/data")
    yield from ((name, {}) for name in ("inside", "hard", "soft", "soft and relative"))
    yield from ((name, {"isUnreadable": True, "refused": "E_LAYOUT"}) for name in ("virtual", "external", "soft to virtual"))
    yield from ((name, {"isUnreadable": True}) for name in ("dangling", "linked out"))


def make_lzf(group):
    """The codec that Weir reads and does not write."""
    for shape in ((64,), (24, 48)):
        dataset = group.create_dataset(f"lzf {shape}", shape, "<u2", chunks=(16, 20)[: len(shape)], compression="lzf", shuffle=True)
        dataset[...] = np.arange(np.prod(shape)).reshape(shape) // 3
        yield f"lzf {shape}", {}


def make_foreign(group, bounds):
    """Filters that only h5wasm knows: the one thing that is left to it. For the oldest and the newest format: h5wasm takes a second to start."""
    if bounds[0] not in ("earliest", bounds[1]):
        return
    others = {"szip": {"compression": "szip", "fletcher32": True}, "scaleoffset": {"scaleoffset": 0}}
    if hdf5plugin:
        others.update(lz4=hdf5plugin.LZ4(), blosc=hdf5plugin.Blosc(), bitshuffle=hdf5plugin.Bitshuffle())
    for (name, keywords), shape in itertools.product(others.items(), [(64,), (24, 48)]):
        dataset = group.create_dataset(f"{name} {shape}", shape, "<u2", chunks=(16, 20)[: len(shape)], maxshape=(None, *shape[1:]), **keywords)
        dataset[...] = np.arange(np.prod(shape)).reshape(shape) // 3
        yield f"{name} {shape}", {"foreignFilter": name}
