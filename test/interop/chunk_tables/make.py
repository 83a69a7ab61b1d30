"""Writes datasets of every kind of storage and what h5py itself says of them; compare.ts holds Weir's layer against it.

    python make.py FOLDER
Run by Debian's Python (h5py 3.7, HDF5 1.10.8) and by the newest alike: each uses what its HDF5 knows. Writes <low>-<high>.h5 for bounds
of the file format (h5py's `libver`) and <low>-<high>.json beside it.

For each lower bound with the highest upper one: the whole product of shapes, chunk shapes, maximum shapes and filters (product.py), and
single cases (singles.py). Of the product a quarter where chunks are indexed as for another bound (1.8 as before, 1.12 and 1.14 as 1.10), and
every 19th dataset for all other pairs of bounds. "latest" is the highest bound twice.
"""
import itertools
import json
import pathlib
import sys

import h5py
import product
import singles
from storing import describe

#: one of so many datasets of the product
SHARE = {"v108": 4, "v112": 4, "v114": 4}
SHARE_OF_OTHER_BOUNDS = 19


def list_bounds():
    """[(low, high, is the highest)]; nothing is written for readers before 1.8."""
    names = [name for name in h5py._hl.files.libver_dict if name != "latest"]
    pairs = itertools.combinations_with_replacement(names, 2)
    return [(low, high, high == names[-1]) for low, high in pairs if high != "earliest"]


def make_file(path, bounds, orders, is_full):
    """Gives, for each path, what is to be found. Read anew: HDF5 1.10.8 gives wrong values while what it wrote is still open."""
    with h5py.File(path, "w", libver=bounds) as file:
        made = dict(product.make(file.create_group("product"), orders, bounds))
        if is_full:
            made.update(singles.make(file.create_group("singles"), path, bounds))
    with h5py.File(path, "r") as file:
        return {name: facts if "isUnreadable" in facts else {**describe(file, name), **facts} for name, facts in made.items()}


def main(folder):
    for turn, (low, high, is_full) in enumerate(list_bounds()):
        orders = product.list_orders(turn)
        path = folder / f"{low}-{high}.h5"
        share = SHARE.get(low, 1) if is_full else SHARE_OF_OTHER_BOUNDS
        made = make_file(path, (low, high), orders[turn % share :: share], is_full)
        path.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
