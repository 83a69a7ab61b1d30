"""Reads what writing-generate.ts wrote, then changes it in mode "a" and reads it again.

    python writing-check.py FOLDER
Works with h5py 3.7 (HDF5 1.10.8) and newer. Exits with 1 if anything differs.
"""
import base64
import json
import pathlib
import shutil
import sys

try:
    import hdf5plugin
except ImportError:
    hdf5plugin = None
import h5py
import numpy as np

FOLDER = pathlib.Path(sys.argv[1])
failures = []


def check(condition, *what):
    if not condition:
        failures.append(what)
        if len(failures) < 30:
            print("FAIL", *what)


def same(actual, expected, *what):
    check(type(actual) is type(expected) or not isinstance(expected, (str, type(None))), *what, type(actual))
    equal = np.array_equal(actual, expected) if isinstance(expected, np.ndarray) else actual == expected
    check(equal, *what, repr(actual)[:200], "instead of", repr(expected)[:200])


def filter_ids(dataset):
    plist = dataset.id.get_create_plist()
    return [plist.get_filter(i)[0] for i in range(plist.get_nfilters())]


def has_filters(dataset):
    return all(h5py.h5z.filter_avail(i) for i in filter_ids(dataset))


def read(dataset):
    """h5py itself cannot read opaque values that have a tag."""
    if dataset.dtype.kind != "V" or dataset.dtype.names:
        return np.asarray(dataset[()])
    data = np.empty(dataset.shape, dataset.dtype)
    dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, data, mtype=dataset.id.get_type())
    return data


def check_expected(h5, facts):
    for want in facts["datasets"]:
        path = want["path"]
        dataset = h5[path]
        dtype = np.dtype(eval(want["dtype"]))
        check(dataset.dtype == dtype, path, dataset.dtype, dtype)
        same(dataset.shape, tuple(want["shape"]), path, "shape")
        same(dataset.maxshape, tuple(want["maxShape"]), path, "maxshape")
        same(dataset.chunks, tuple(want["chunks"]) if want["chunks"] else None, path, "chunks")
        same(filter_ids(dataset), want["filters"], path, "filters")
        same(len(dataset.attrs), 0, path, "attrs")
        if has_filters(dataset):
            data = read(dataset).astype(dataset.dtype, copy=False).tobytes()
            same(len(data), want["dataBytes"], path, "size")
            expected = base64.b64decode(want["data"])
            if dataset.dtype == np.dtype("<f16"):
                data = b"".join(data[i : i + 10] for i in range(0, len(data), 16))
                expected = b"".join(expected[i : i + 10] for i in range(0, len(expected), 16))
            if dataset.dtype.itemsize == 300:
                continue  # compared by values below: padding inside is free
            check(data[: len(expected)] == expected, path, "data")


def check_shapes(h5, _):
    fill = 0x0107
    for name in ("holes", "short"):
        data = h5[name][:]
        check((data[10:] == fill).all() and not (data[:10] == fill).any(), name)
    check((h5["untouched"][:] == fill).all(), "untouched")
    check(h5["null"].shape is None, "null")
    check(h5["holes"].fillvalue == fill, "fillvalue")


def check_types(h5, _):
    data = h5["chunked/nested"]
    check(data.dtype["grid"] == np.dtype((">f8", (2, 3))), data.dtype)
    check((data["pair"]["a"] == h5["chunked/nested"]["pair"]["a"]).all(), "pair")
    check(data["flag"].dtype == bool, "flag")
    same(data["näme"][0, 1], b"t4", "name")
    same(h5py.check_enum_dtype(h5["scalar/enum"].dtype), {"RED": 1, "GREEN": -2}, "enum")
    check(h5["scalar/opaque"].id.get_type().get_tag() == b"a tag", "tag")
    check(h5["scalar/string_terminated"].id.get_type().get_strpad() == h5py.h5t.STR_NULLTERM, "padding")
    check(np.allclose(h5["chunked/long_double"][:, 0].astype(float), 1 + np.arange(33).reshape(11, 3)[:, 0] / 2**20), "long double")


def check_attributes(h5, _):
    same(len(h5["many"].attrs), 300, "300 attributes")
    for i in range(300):
        same(h5["many"].attrs[f"a{i}"], np.int64(i), "many", i)
    for obj in (h5, h5["data"]):
        attrs = obj.attrs
        same(len(attrs), 15, "attributes")
        same(sorted(attrs), sorted(["text", "empty", "fixed", "fixed_utf8", "integer", "float", "long_fixed", "long", "näme_ü", "bools", "pair", "strings", "array", "null", "texts"]), "names")
        same(attrs["text"], "grüße, 世界", "text")
        same(attrs["empty"], "", "empty")
        same(attrs["fixed"], np.bytes_(b"IMAGE"), "fixed")
        same(attrs["fixed"].dtype, np.dtype("S5"), "fixed")
        check(attrs["fixed_utf8"] in ("µm", "µm".encode()), "fixed utf8", attrs["fixed_utf8"])
        same(attrs["integer"], np.int64(-6 if obj.name == "/" else -5), "integer")
        same(attrs["float"], np.float64(0.1), "float")
        check(attrs["long_fixed"] in ("x" * 70000, b"x" * 70000), "long_fixed")
        same(attrs["long"], "y" * 70000, "long")
        same(attrs["bools"], np.array([False, True, False, True]), "bools")
        same(attrs["bools"].dtype, np.dtype(bool), "bools")
        same(attrs["näme_ü"].dtype, np.dtype(">f8"), "name")
        same(attrs["pair"].dtype, np.dtype([("a", "<f8"), ("b", "u1")]), "pair")
        same(attrs["strings"], np.array([[b"t0", b"t1"], [b"t2", b"t3"]]), "strings")
        same(attrs["array"].shape, (2, 3), "array")
        check(isinstance(attrs["null"], h5py.Empty), "null")
        same(list(attrs["texts"]), ["one", "", "drei ü"], "texts")


def check_variable(h5, _):
    lines = ["" if i % 7 == 0 else f"line {i} {'ü' * (i % 50)}" for i in range(5000)]
    same(list(h5["lines"].asstr()[:]), lines, "lines")
    same(list(h5["lines_chunked"].asstr()[:]), lines, "lines_chunked")
    same(h5["scalar"].asstr()[()], "z" * 200000, "scalar")
    numbers = h5["numbers"][:]
    for i in range(100):
        same(list(numbers[i]), [i * 100 + k for k in range(i % 10)], "numbers", i)
    # h5py 3.7 cannot read empty sequences of compounds.
    pairs = {i: h5["pairs"][i] for i in ((0, 2) if h5py.version.version_tuple < (3, 8) else (0, 1, 2))}
    same({i: len(p) for i, p in pairs.items()}, {i: (3, 0, 1)[i] for i in pairs}, "pairs")
    same(pairs[0].dtype, np.dtype([("a", "<f8"), ("b", "u1")]), "pairs")
    same([bytes(t) for t in h5["mixed"]["text"]], [b"a", b"bb", b"ccc"], "mixed")
    same(list(h5["mixed"]["id"]), [0, 1, 2], "mixed")


def check_groups(h5, _):
    contours = h5["events/contour"]
    same(len(contours), 5001, "contours")
    for i in range(0, 5000, 7):
        same(contours[str(i)].shape, (3 + i % 5, 2), "contour", i)
        expected = np.array([(k * 7 + b * 31) % 120 for k in range((3 + i % 5) * 2) for b in range(2)], "u1").view("<u2")
        same(contours[str(i)][:].ravel(), expected, "contour", i)
    same(list(h5["größe/世界/µ"][:]), [1, 2], "unicode")
    check(h5["hard"] == contours["7"], "hard")
    check(h5["hard_group"] == contours, "hard group")
    same(h5["soft"].shape, contours["8"].shape, "soft")
    check(contours["soft_in_table"] == h5["größe"], "soft in table")
    same(h5.get("soft", getlink=True).path, "/events/contour/8", "soft")
    check("dangling" in h5.keys() and h5.get("dangling") is None, "dangling")
    check("removed" not in h5, "removed")
    same(h5py.h5o.get_info(contours["7"].id).rc, 2, "reference count")
    for count in (255, 256, 257):
        group = h5[f"children_{count}"]
        same(len(group), count, "children")
        same(sorted(group), sorted(f"g{i}" for i in range(count)), "children")
        same([group[f"g{i}"].attrs["i"] for i in range(count)], list(range(count)), "children")
        same(group.attrs["about"], f"{count} children", "about")
        same(len(group.attrs), 1, "attrs")


def check_crowd(h5, _):
    crowd = h5["crowd"]
    same(len(crowd), 100000, "crowd")
    for i in range(0, 100000, 37):
        same(crowd[f"child {i}"][()], np.int32(i), "crowd", i)
    check(crowd.get("child 100000") is None, "crowd")
    same(len(list(crowd)), 100000, "crowd")


CHECKS = {"shapes": check_shapes, "types": check_types, "attributes": check_attributes, "variable": check_variable, "groups": check_groups, "crowd": check_crowd}


def path_is_opaque(path):
    return path.endswith("/opaque")


def change_datasets(h5, facts):
    before = {}
    for want in facts["datasets"]:
        dataset = h5[want["path"]]
        if not has_filters(dataset) or path_is_opaque(want["path"]):
            continue
        before[want["path"]] = np.asarray(dataset[()]).tobytes()
        if dataset.maxshape and dataset.maxshape[0] is None:
            rows = dataset.shape[0]
            dataset.resize(rows + 37, axis=0)
            check(np.asarray(dataset[:rows]).tobytes() == before[want["path"]], want["path"], "resized")
            check(not any(dataset[rows:].tobytes()) or dataset.dtype.kind in "SOV", want["path"], "rows behind the end", dataset[rows:].ravel()[:5])
            if dataset.size and rows:
                dataset[rows:] = dataset[rows - 1]
        for i in range(12):
            dataset.attrs[f"new {i}"] = i
    return before


def check_changed(h5, before):
    for path, data in before.items():
        dataset = h5[path]
        same(len(dataset.attrs), 12, path, "attrs")
        same(dataset.attrs["new 11"], np.int64(11), path)
        now = np.asarray(dataset[()]).tobytes()
        check(now[: len(data)] == data, path, "data after append")
        if dataset.maxshape and dataset.maxshape[0] is None and dataset.size:
            rows = dataset.shape[0] - 37
            if rows:
                check(all(np.array_equal(dataset[k], dataset[rows - 1]) for k in (rows, rows + 36)), path, "appended")


def change_groups(h5):
    for path in ("events/contour", "children_255", "children_256", "children_257"):
        group = h5[path]
        for i in range(300):
            group.create_dataset(f"new {i}", data=np.arange(i % 11))
        for name in list(group)[::3]:
            del group[name]
        group.attrs["added"] = "yes"
    h5["größe"].create_group("neu")
    del h5["hard"]
    h5["hard_again"] = h5["events/contour"]


def check_changed_groups(h5, names):
    for path, want in names.items():
        group = h5[path]
        same(sorted(group), want, path)
        for name in want[::5]:
            if name.startswith("new "):
                same(group[name].shape, (int(name[4:]) % 11,), path, name)
            elif path == "events/contour" and name.isdigit():
                same(group[name].shape, (3 + int(name) % 5, 2), path, name)
        same(group.attrs["added"], "yes", path)


def change_crowd(h5):
    crowd = h5["crowd"]
    for i in range(0, 100000, 10):
        del crowd[f"child {i}"]
    for i in range(2000):
        crowd[f"another {i}"] = i


def check_changed_crowd(h5):
    crowd = h5["crowd"]
    same(len(crowd), 92000, "crowd")
    for i in range(1, 100000, 501):
        if i % 10:
            same(crowd[f"child {i}"][()], np.int32(i), "crowd", i)
    for i in range(0, 2000, 13):
        same(crowd[f"another {i}"][()], i, "another", i)
    check("child 10" not in crowd, "deleted")


def change_attributes(h5):
    for obj in (h5, h5["data"], h5["many"]):
        names = sorted(obj.attrs)
        for name in names[::2]:
            del obj.attrs[name]
        for i in range(20):
            obj.attrs[f"new {i}"] = f"value {i}"
        obj.attrs[names[1]] = "changed"
    h5["data"].resize((20,))
    h5["data"][:] = np.arange(20)


def check_changed_attributes(h5, count):
    for obj, number in zip((h5, h5["data"], h5["many"]), count):
        same(len(obj.attrs), number // 2 + 20, obj.name)
        same(len(list(obj.attrs)), number // 2 + 20, obj.name)
        for i in range(20):
            same(obj.attrs[f"new {i}"], f"value {i}", obj.name)
        for name in obj.attrs:
            obj.attrs[name]
    same(list(h5["data"][:]), list(range(20)), "data")


def change_variable(h5):
    h5["lines_chunked"].resize((5100,))
    h5["lines_chunked"][5000:] = [f"added {i}" for i in range(100)]
    h5["lines"][:50] = "short"
    h5["numbers"][3] = np.arange(77, dtype="i4")


def check_changed_variable(h5):
    same(list(h5["lines_chunked"].asstr()[5000:]), [f"added {i}" for i in range(100)], "lines_chunked")
    same(h5["lines_chunked"].asstr()[1], "line 1 ü", "lines_chunked")
    same(list(h5["lines"].asstr()[48:51]), ["short", "short", "line 50 "], "lines")
    same(list(h5["numbers"][3]), list(range(77)), "numbers")
    same(list(h5["numbers"][5]), [500, 501, 502, 503, 504], "numbers")


def run(name):
    path = FOLDER / f"{name}.h5"
    facts = json.loads((FOLDER / f"{name}.json").read_text())
    same(path.stat().st_size, facts["bytes"], name, "size")
    with h5py.File(path, "r") as h5:
        check_expected(h5, facts)
        CHECKS.get(name, lambda *_: None)(h5, facts)
    changed = FOLDER / f"{name}-changed.h5"
    shutil.copy(path, changed)
    with h5py.File(changed, "a") as h5:
        state = None
        if name == "groups":
            change_groups(h5)
            state = {path: sorted(h5[path]) for path in ("events/contour", "children_255", "children_256", "children_257")}
        elif name == "crowd":
            change_crowd(h5)
        elif name == "attributes":
            state = [len(obj.attrs) for obj in (h5, h5["data"], h5["many"])]
            change_attributes(h5)
        elif name == "variable":
            change_variable(h5)
        else:
            state = change_datasets(h5, facts)
        h5.create_group("added").attrs["x"] = 1
    with h5py.File(changed, "r") as h5:
        if name == "groups":
            check_changed_groups(h5, state)
        elif name == "crowd":
            check_changed_crowd(h5)
        elif name == "attributes":
            check_changed_attributes(h5, state)
        elif name == "variable":
            check_changed_variable(h5)
        else:
            check_changed(h5, state)
        same(h5["added"].attrs["x"], np.int64(1), "added")


print("h5py", h5py.version.version, "HDF5", h5py.version.hdf5_version)
for file in sorted(FOLDER.glob("*.json")):
    known = len(failures)
    run(file.stem)
    print(file.stem, "ok" if len(failures) == known else f"{len(failures) - known} FAILED")
sys.exit(1 if failures else 0)
