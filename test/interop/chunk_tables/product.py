"""The product of shapes, chunk shapes, maximum shapes and filters.

Datatypes and what happens to a dataset (`FILL`) do not multiply it: they take turns, so that each of them meets each kind of index, each
maximum shape and each list of filters; that this comes true is checked by checks/chunk_tables.py.
"""
import functools
import itertools

import h5py
import numpy as np
from storing import ALL, FLETCHER, GZIP, NAMES, SHUFFLE, ZSTD, create, hdf5plugin, leave_edges_unfiltered, make_properties, make_values, write

#: {shape: chunk shapes}
SHAPES = {
    (0,): [(1,), (4,)],
    (1,): [(1,), (3,)],
    (13,): [(1,), (5,), (13,), (16,)],
    (0, 3): [(2, 2)],
    (5, 0): [(2, 2)],
    (1, 1): [(1, 1)],
    (7, 5): [(1, 1), (3, 2), (7, 5), (1, 5), (4, 6)],
    (1, 1, 1): [(1, 2, 1)],
    (0, 3, 2): [(2, 3, 2)],
    (5, 3, 4): [(2, 2, 3), (1, 3, 4), (5, 3, 4)],
    (3, 2, 3, 5): [(2, 1, 2, 3), (1, 2, 3, 5), (3, 2, 3, 5)],
}
#: by rank, a sign for each dimension: "=" never grows, "+" has a larger limit, "*" has none
GROWTHS = {
    1: ["=", "+", "*"],
    2: ["".join(signs) for signs in itertools.product("=+*", repeat=2)],
    3: "=== *== =*= ==* **= *=* =** *** +++ +== ==+ *++ +*+ *+= =+*".split(),
    4: "==== *=== =*== ===* **== *==* **** ++++ +=== ===+ *+++ +*=+".split(),
}
DTYPES = ["u1", ">u2", "S3", "<i4", "<f8"]
PIPELINES = [(), (GZIP,), (SHUFFLE, GZIP), (FLETCHER,), (GZIP, FLETCHER), (SHUFFLE, GZIP, FLETCHER)]
if hdf5plugin:
    PIPELINES += [(ZSTD,), (ZSTD, FLETCHER), (SHUFFLE, ZSTD, FLETCHER)]


class Order:
    """One dataset of the product."""

    def __init__(self, number, shape, chunks, growth, filters):
        limits = {"=": lambda length: length, "+": lambda length: 3 * length + 2, "*": lambda length: None}
        self.number = number
        self.shape = shape
        self.chunks = chunks
        self.growth = growth
        self.filters = filters
        self.longest = tuple(limits[sign](length) for sign, length in zip(growth, shape))
        self.state = list(FILL)[number % len(FILL)]
        self.dtype = DTYPES[number // len(FILL) % len(DTYPES)]

    @property
    def name(self):
        sizes = " in ".join("x".join(map(str, lengths)) for lengths in (self.shape, self.chunks))
        filters = "+".join(NAMES[one] for one in self.filters) or "plain"
        return f"{sizes} {self.growth} {filters} {self.dtype} {self.state}"

    @property
    def is_possible(self):
        """HDF5 refuses chunks that are longer than their dimension can become."""
        return all(limit is None or chunk <= limit for chunk, limit in zip(self.chunks, self.longest))


def list_orders(shift):
    """`shift` moves what takes turns against the rest."""
    forms = [(shape, chunks, growth) for shape, options in SHAPES.items() for chunks in options for growth in GROWTHS[len(shape)]]
    orders = [Order(number + shift, *form, filters) for number, (form, filters) in enumerate(itertools.product(forms, PIPELINES))]
    return [order for order in orders if order.is_possible]


def make(group, orders, bounds):
    """Writes the datasets; gives (path, what cannot be seen of it)."""
    for order in orders:
        # Before 1.10 no layout could say it.
        is_bare = order.state == "bare" and bounds[1] != "v108"
        make_dataset(group, order, is_bare)
        yield f"{group.name}/{order.name}", {"state": order.state, "isBare": is_bare}


def make_dataset(group, order, is_bare):
    properties = make_properties(order.chunks, order.filters)
    if order.state != "whole":
        properties.set_fill_value(np.frombuffer(b"\x07\x01\x05\x09\x02\x03\x04\x3f", "u1")[: np.dtype(order.dtype).itemsize].view(order.dtype))
    if order.state == "early":
        properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    if is_bare:
        leave_edges_unfiltered(properties)
    dataset = create(group, order.name, order.dtype, order.shape, order.longest, properties)
    FILL[order.state](dataset, order)


def write_all(dataset, order):
    write(dataset, make_values(dataset.shape, order.dtype, order.number))


def write_corners(dataset, order):
    """The first and the last element: whatever lies between was never written."""
    if 0 in dataset.shape:
        return
    corners = np.unique([[0] * len(dataset.shape), [length - 1 for length in dataset.shape]], axis=0)
    space = dataset.get_space()
    space.select_elements(corners)
    dataset.write(h5py.h5s.create_simple((len(corners),)), space, make_values((len(corners),), order.dtype, order.number))


def resize(dataset, order, chunks):
    """All dimensions that can, by so many chunks; when they grow, by an element more."""
    wanted = [max(0, length + chunks * chunk + (chunks > 0)) for length, chunk in zip(dataset.shape, order.chunks)]
    dataset.set_extent(tuple(length if limit is None else min(length, limit) for length, limit in zip(keep_fixed(wanted, order), order.longest)))


def keep_fixed(lengths, order):
    return [own if sign == "=" else length for length, own, sign in zip(lengths, order.shape, order.growth)]


def grow_and_shrink(dataset, order):
    write_all(dataset, order)
    resize(dataset, order, 2)
    write_all(dataset, order)
    resize(dataset, order, -1)


def shrink_and_grow(dataset, order):
    write_all(dataset, order)
    resize(dataset, order, -1)
    resize(dataset, order, 3)
    write_corners(dataset, order)


def write_masked(dataset, order):
    """Chunk by chunk, each stored with another choice of the filters."""
    starts = itertools.product(*(range(0, length, chunk) for length, chunk in zip(order.shape, order.chunks)))
    for number, start in enumerate(starts):
        mask, data = encode_chunk(order.chunks, order.dtype, order.filters, (order.number + number) % 2 ** len(order.filters))
        dataset.write_direct_chunk(start, data, mask)


@functools.lru_cache(maxsize=None)
def encode_chunk(chunks, dtype, filters, mask):
    """(mask, bytes) of a chunk that h5py encoded without the filters that `mask` names; those that it skipped itself are added."""
    values = make_values(chunks, dtype, mask)
    used = [bit for bit in range(len(filters)) if not mask >> bit & 1]
    if not used:
        return mask, values.tobytes()
    with h5py.File("workshop", "w", driver="core", backing_store=False) as file:
        dataset = create(file, "chunk", dtype, chunks, None, make_properties(chunks, [filters[bit] for bit in used]))
        dataset.write(ALL, ALL, values)
        skipped, data = dataset.read_direct_chunk((0,) * len(chunks))
    return mask | sum(1 << bit for place, bit in enumerate(used) if skipped >> place & 1), data


#: what happens to a dataset, and in which turn
FILL = {
    "whole": write_all,
    "some": write_corners,
    "shrunk": grow_and_shrink,
    "regrown": shrink_and_grow,
    "early": write_corners,
    "masked": write_masked,
    "bare": write_all,
}
