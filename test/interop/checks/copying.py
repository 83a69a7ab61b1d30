"""What the write package copies (copying-generate.ts), beside what dcnum copies from the same files."""
import json
import os
import pathlib

import h5py
import numpy as np
from dcnum.write import HDF5Writer, copy_basins, copy_features

from .writer_cases import FOLDER, run

FEATURES = ["deform", "frame", "image", "mask"]


def check_copying(context):
    folder = pathlib.Path(context.folder) / "copying"
    folder.mkdir()
    make_sources(folder)
    make_dcnum_copies(folder)
    node = os.environ.get("WEIR_INTEROP_NODE", "node")
    script = [node, "--import", str(FOLDER.parent / "helpers" / "register-typescript.mjs"), str(FOLDER / "copying-generate.ts")]
    made = run([*script, str(folder)], cwd=FOLDER.parents[1])
    if made:
        return [("copying: made", made)]
    return [(f"copying: {name} as dcnum copies", compare(folder / f"dcnum-{name}.h5", folder / f"weir-{name}.h5"))
            for name in ("basins-true", "basins-false", "features")]


def make_sources(folder):
    random = np.random.default_rng(1)
    with h5py.File(folder / "basins.h5", "w") as h5:
        writer = HDF5Writer(h5)
        known = {"paths": ["/a/b.rtdc", "c.rtdc"], "features": ["deform", "area_um"]}
        writer.store_basin(name="näme", description="d\x7f \U0001f600", mapping=np.arange(50)[::-1].copy(), identifier="id", **known)
        writer.store_basin(name="plain", **known)
        writer.store_basin(name="mapped", mapping=np.arange(50, dtype=np.uint32) + 3, **known)
        writer.store_basin(name="mapped alike", mapping=np.arange(50, dtype=np.int64) + 3, **known)
        inside = {"z": np.arange(3.0), "image": random.integers(0, 255, (3, 8, 9), dtype=np.uint8), "area_um": np.arange(3, dtype=np.float32)}
        writer.store_basin(name="inside", description="in", mapping=np.zeros(50, dtype=np.uint64), internal_data=inside)
        writer.store_basin(name="inside too", mapping=np.zeros(50, dtype=np.uint64), internal_data={"y": np.arange(3.0)})
    with h5py.File(folder / "features.h5", "w") as h5:
        writer = HDF5Writer(h5)
        writer.store_feature_chunk("deform", random.random(5000))
        writer.store_feature_chunk("frame", np.arange(5000, dtype=np.uint64))
        writer.store_feature_chunk("image", random.integers(0, 255, (300, 40, 50), dtype=np.uint8))
        writer.store_feature_chunk("mask", random.integers(0, 2, (300, 40, 50)).astype(bool))
    # Ascending: dcnum gives rows in the order of the source, Weir in that of the mapping.
    rows = np.sort(random.integers(0, 300, 700))
    (folder / "mapping.json").write_text(json.dumps({"features": FEATURES, "rows": rows.tolist()}), encoding="utf-8")


def make_dcnum_copies(folder):
    for internal in (True, False):
        with h5py.File(folder / "basins.h5") as source, h5py.File(folder / f"dcnum-basins-{str(internal).lower()}.h5", "w") as output:
            HDF5Writer(output).store_feature_chunk("basinmap0", np.full(50, 7))
            copy_basins(source, output, internal_basins=internal)
    rows = np.array(json.loads((folder / "mapping.json").read_text(encoding="utf-8"))["rows"])
    with h5py.File(folder / "features.h5") as source, h5py.File(folder / "dcnum-features.h5", "w") as output:
        copy_features(source, output, FEATURES, mapping=rows)


def compare(expected_path, actual_path):
    with h5py.File(expected_path) as expected, h5py.File(actual_path) as actual:
        one, other = describe(expected, shortens=True), describe(actual)
    return [f"{name}: {one.get(name)} became {other.get(name)}" for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


def describe(h5, shortens=False):
    """{path: everything about it}; the text of definitions is part of their values. `shortens`: chunks as Weir would choose them."""
    found = {}

    def add(path, item):
        attributes = {name: (type(value).__name__, str(value)) for name, value in item.attrs.items()}
        found[path] = (attributes, *(describe_dataset(path, item, shortens) if isinstance(item, h5py.Dataset) else ()))

    h5.visititems(add)
    return found


def describe_dataset(path, dataset, shortens):
    plist = dataset.id.get_create_plist()
    filters = [(plist.get_filter(index)[0], plist.get_filter(index)[2]) for index in range(plist.get_nfilters())]
    # Differs: definitions by Weir may grow.
    longest = None if path.startswith("basins/") else dataset.maxshape
    # Differs: no chunk by Weir is longer than the rows that there are.
    chunks = (min(dataset.chunks[0], max(1, len(dataset))), *dataset.chunks[1:]) if shortens and dataset.chunks else dataset.chunks
    return str(dataset.dtype), dataset.shape, longest, chunks, filters, dataset[()].tobytes()
