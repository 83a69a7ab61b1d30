"""What others do with a finished file: open it in mode "a", grow datasets, add and delete things. Runs under old and new h5py."""
import shutil

import h5py
import numpy as np

ROWS = 3


def check_append(output, copy, is_light=False):
    """Change a copy of the output in many ways; returns what then does not read as it should."""
    shutil.copyfile(output, copy)
    with h5py.File(output, "r") as original:
        with h5py.File(copy, "a") as changed:
            expected = change(changed, is_light)
        with h5py.File(copy, "r") as changed:
            return compare(original, changed, expected)


def change(h5, is_light):
    grown = {}
    for dataset in growing_datasets(h5["events"]):
        rows = make_rows(dataset)
        old = dataset.shape[0]
        dataset.resize(old + ROWS, axis=0)
        dataset[old:] = rows
        grown[address_of(dataset)] = rows
    deleted = set()
    h5.create_dataset("events/added", data=np.arange(50.0), chunks=(10,), maxshape=(None,), compression="gzip")
    h5["events/added"].attrs["unit"] = "none"
    h5.create_group("added group/inner")["text"] = "Zusätze"
    h5.attrs["user:added"] = "new attribute"
    h5.attrs["experiment:event count"] = 4711
    for name in list(h5.attrs):
        if name.startswith("setup:chip"):
            del h5.attrs[name]
            deleted.add(f"/@{name}")
    for name in sorted(h5["events"], reverse=True):
        is_hard = isinstance(h5["events"].get(name, getlink=True), h5py.HardLink)
        if is_hard and address_of(h5["events"][name]) in grown and len(grown) > 2:
            del h5["events"][name]
            deleted.add(f"/events/{name}")
            break
    if "logs" in h5:
        del h5["logs"]
        deleted.add("/logs")
    for index in range(0 if is_light else 60):
        h5["events"].attrs[f"number {index}"] = index
    return grown, deleted


def growing_datasets(group):
    """Each once, however many names it has."""
    seen = set()
    for name in group:
        dataset = group.get(name)
        is_growing = isinstance(dataset, h5py.Dataset) and dataset.shape and dataset.chunks and dataset.maxshape[0] is None
        if is_growing and len(dataset.shape) < 4 and address_of(dataset) not in seen:
            seen.add(address_of(dataset))
            yield dataset


def address_of(item):
    return h5py.h5o.get_info(item.id).addr


def make_rows(dataset):
    shape = (ROWS,) + dataset.shape[1:]
    if dataset.dtype.kind not in "iuf":
        return np.zeros(shape, dtype=dataset.dtype)
    return (np.arange(np.prod(shape)) % 100).reshape(shape).astype(dataset.dtype)


def compare(original, changed, expected):
    grown, deleted = expected
    faults = []

    def visit(path, a, b):
        for name in a.attrs:
            if f"{path}@{name}" in deleted or name == "experiment:event count":
                continue
            if name not in b.attrs or repr(a.attrs[name]) != repr(b.attrs[name]):
                faults.append(f"{path}@{name} does not read as before")
        if len(b.attrs) != len(list(b.attrs)):
            faults.append(f"{path}: len(attrs) is {len(b.attrs)} for {len(list(b.attrs))}")
        for name in a if isinstance(a, h5py.Group) else ():
            child = f"{path.rstrip('/')}/{name}"
            link = a.get(name, getlink=True)
            if child in deleted:
                if name in b:
                    faults.append(f"{child} is there although it was deleted")
            elif isinstance(link, h5py.HardLink):
                visit_child(child, a[name], b.get(name))

    def visit_child(path, x, y):
        if y is None:
            faults.append(f"{path} is missing")
        elif isinstance(x, h5py.Group):
            if not (path.startswith("/events/contour") and len(x) > 200):
                visit(path, x, y)
        elif isinstance(x, h5py.Dataset):
            visit(path, x, y)
            rows = grown.get(address_of(y))
            if x.shape is None:
                return
            before = y[()] if rows is None else y[: x.shape[0]]
            if not is_equal(x[()], before):
                faults.append(f"{path} does not read as before")
            if rows is not None and not is_equal(rows, y[x.shape[0]:]):
                faults.append(f"{path}: appended rows differ")

    visit("/", original, changed)
    if changed["events/added"][7] != 7 or changed["added group/inner/text"][()] not in ("Zusätze", "Zusätze".encode()):
        faults.append("what was added does not read")
    return faults[:5]


def is_equal(x, y):
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != y.shape or x.dtype != y.dtype:
        return False
    return repr(x.tolist()) == repr(y.tolist()) if x.dtype.hasobject else x.tobytes() == y.tobytes()
