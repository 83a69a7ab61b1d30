"""Files that refer to others: createWithBasins beside dcnum's create_with_basins, and `weir basins` as dclab and dcnum read it."""
import hashlib
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import warnings

import dcnum
import dcnum.write
import h5py
import numpy as np

from . import program, readers, sources

FOLDER = pathlib.Path(__file__).resolve().parents[1]
#: the kinds of paths and of choices of events that `weir basins` has
STYLES = ("absolute", "relative", "both")
SELECTIONS = {"all": None, "::3": lambda n: np.arange(n)[::3], "indices": lambda n: np.array([n - 1, 0, 0, n // 2])}


def check_beside_dcnum(context, paths):
    """[(title, faults)]: the same basins given to both makers, at the same place one after the other."""
    folder = pathlib.Path(context.folder) / "beside"
    (folder / "sub").mkdir(parents=True)
    near = folder / "sub" / "near.rtdc"
    first = next(iter(paths.values()))
    shutil.copyfile(first, near)
    lists = {f"from {name}": [[str(path)]] for name, path in paths.items()}
    lists |= {
        "a relative path": [["sub/near.rtdc"]],
        "alternatives": [["gone/x.rtdc", str(near), "sub/near.rtdc"]],
        "several basins": [[str(path)] for path in list(paths.values())[:3]],
        "nothing found": [["gone/é.rtdc", "/gone/y.rtdc"]],
        "one that is gone": [[str(first)], ["gone/x.rtdc"]],
        "no basins": [],
    }
    orders, by_dcnum = [], []
    for number, basins in enumerate(lists.values()):
        output = folder / f"out-{number}.rtdc"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dcnum.write.create_with_basins(output, basins)
        by_dcnum.append(output.rename(folder / f"dcnum-{number}.rtdc"))
        orders.append({"output": str(output), "basins": basins})
    made = run_weir_library(folder, orders)
    if made:
        return [("basin files: made by createWithBasins", made)]
    return [(f"basin file beside dcnum's: {title}", compare_files(theirs, order["output"]))
            for title, theirs, order in zip(lists, by_dcnum, orders, strict=True)]


def run_weir_library(folder, orders):
    file = folder / "orders.json"
    file.write_text(json.dumps(orders), encoding="utf-8")
    node = os.environ.get("WEIR_INTEROP_NODE", "node")
    done = subprocess.run([node, "--import", str(FOLDER.parent / "helpers" / "register-typescript.mjs"), str(FOLDER / "basins-generate.ts"), str(file)],
                          cwd=FOLDER.parents[1], capture_output=True, text=True, timeout=300)
    return [] if done.returncode == 0 else [f"ended with {done.returncode}: {(done.stdout + done.stderr)[-500:]}"]


def compare_files(theirs, ours):
    """Datasets, types, filters, values, attributes and basins; what may differ is what PORTING.md lists."""
    with h5py.File(theirs) as a, h5py.File(ours) as b:
        faults = [f"only one has /{name}" for name in sorted(list_names(a) ^ list_names(b))]
        faults += compare_attributes("/", a, b)
        for name in sorted(list_names(a) & list_names(b)):
            faults += compare_datasets(name, a[name], b[name])
        faults += compare_basins(a, b)
    return faults + readers.dump_headers(ours)


def list_names(h5):
    """Every object but the basins, whose names depend on who made them."""
    names = set()
    h5.visit(names.add)
    return {name for name in names if not name.startswith("basins/")}


def compare_attributes(name, a, b):
    faults = [f"{name}: only one has the attribute {key}" for key in sorted(set(a.attrs) ^ set(b.attrs))]
    for key in set(a.attrs) & set(b.attrs):
        was, now = a.attrs[key], b.attrs[key]
        if key == "software" and name.startswith(("logs/", "tables/")):
            was, now = was.replace(f"dcnum {dcnum.__version__}", "?"), str(now).rsplit("weir ", 1)[0] + "?"
        if repr(was) != repr(now):
            faults.append(f"{name}: attribute {key} is {now!r}, dcnum has {was!r}")
    return faults


def compare_datasets(name, a, b):
    if isinstance(a, h5py.Group) or isinstance(b, h5py.Group):
        return [] if isinstance(a, h5py.Group) and isinstance(b, h5py.Group) else [f"{name} is a group for one and a dataset for the other"]
    faults = compare_attributes(name, a, b)
    if not sources.same_rows(a[()], b[()]):
        faults.append(f"{name} holds {b.dtype}{b.shape}, dcnum's {a.dtype}{a.shape}")
    # variable-length texts lie outside of the dataset: its filters would press references alone
    if list_filters(a) != list_filters(b) and not has_references(a.dtype):
        faults.append(f"{name} has the filters {list_filters(b)}, dcnum's {list_filters(a)}")
    return faults


def has_references(dtype):
    return dtype.hasobject or any(has_references(dtype[name]) for name in dtype.names or ())


def list_filters(dataset):
    plist = dataset.id.get_create_plist()
    return [plist.get_filter(index)[0] for index in range(plist.get_nfilters())]


def compare_basins(a, b):
    """Texts byte for byte but for who made them; with dcnum's description in its place, ours has the name that dcnum gives."""
    theirs, ours = read_texts(a), read_texts(b)
    faults = [f"the basin {key} is not named after its text" for key, text in ours.items() if hashlib.md5(text.encode()).hexdigest() != key]
    renamed = {}
    for text in ours.values():
        definition = json.loads(text)
        if str(definition["description"]).startswith("Created by weir "):
            definition["description"] = f"Created by dcnum {dcnum.__version__}"
        text = json.dumps(definition, indent=2)
        renamed[hashlib.md5(text.encode()).hexdigest()] = text
    faults += [f"dcnum has the basin {text}" for key, text in theirs.items() if renamed.get(key) != text]
    faults += [f"dcnum has no basin {text}" for key, text in renamed.items() if key not in theirs]
    return faults


def read_texts(h5):
    return {key: "\n".join(line.decode() for line in item[()]) for key, item in h5.get("basins", {}).items()}


def check_basin_files(context, name, source, is_thorough):
    """[(title, faults)]: every style of paths with every choice of events, or each of both once; read in place and after a move."""
    pairs = itertools.product(STYLES, SELECTIONS) if is_thorough else zip(STYLES, SELECTIONS, strict=True)
    lines = []
    for style, title in pairs:
        folder = pathlib.Path(context.folder) / f"{style}-{len(lines)}"
        (folder / "data").mkdir(parents=True)
        basin = folder / "data" / "basin.rtdc"
        shutil.copyfile(source, basin)
        settings = (style, title, SELECTIONS[title])
        lines.append((f"basin file of {name}, {style}, {title}", check_basin_file(context, (folder, basin), settings)))
    return lines


def check_basin_file(context, places, settings):
    folder, basin = places
    style, title, choose = settings
    with h5py.File(basin) as h5:
        count = sources.count_rows(h5)
    rows = np.arange(count) if choose is None else choose(count)
    output = folder / "small.rtdc"
    words = []
    if title == "indices":
        words = ["--indices", folder / "rows.txt"]
        words[1].write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    elif choose is not None:
        words = ["--events", title]
    run = context.weir.run("basins", "--out", output, "--basin", basin, "--paths", style, *words, "--json")
    faults = program.find_faults(run)
    if run.code != 0:
        return faults
    faults += check_own(output, basin, rows) + readers.dump_headers(output) + compare_with_basin(output, basin, rows)
    faults += find_new_findings(context, output, basin)
    if style != "absolute":
        # both, to another folder
        moved = folder.rename(folder.with_name(f"{folder.name}-moved"))
        return faults + [f"moved together: {fault}" for fault in compare_with_basin(moved / "small.rtdc", moved / "data" / "basin.rtdc", rows)]
    alone = folder.with_name(f"{folder.name}-alone")
    alone.mkdir()
    moved = shutil.move(output, alone / "small.rtdc")
    return faults + [f"moved alone: {fault}" for fault in compare_with_basin(moved, basin, rows)]


def find_new_findings(context, output, basin):
    """Weir itself finds nothing wrong in the file that is not wrong in its basin."""
    was, now = (list_findings(context, path) for path in (basin, output))
    return [f"weir verify: {finding}" for finding in sorted(now - was)]


def list_findings(context, path):
    findings = context.weir.run("verify", path, "--json").result["findings"]
    return {(one["code"], one["message"].replace(str(path), "?")) for one in findings if one["level"] in ("damage", "violation")}


def check_own(output, basin, rows):
    """What the file itself says: attributes, mapping, its own log."""
    with h5py.File(basin) as a, h5py.File(output) as b:
        count = sources.count_rows(a)
        is_identity = np.array_equal(rows, np.arange(count))
        was, now = sources.find_identifier(a), sources.find_identifier(b)
        expected = was if is_identity or was is None else f"{was}_weir-{hashlib.md5(','.join(map(str, rows)).encode()).hexdigest()[:7]}"
        faults = [] if now == expected else [f"identifier {now!r}, expected {expected!r}"]
        if int(b.attrs["experiment:event count"]) != len(rows):
            faults.append(f"event count {b.attrs['experiment:event count']} for {len(rows)} events")
        own = [json.loads(text) for text in read_texts(b).values() if json.loads(text)["name"] == "basin.rtdc"]
        if len(own) != 1 or own[0]["identifier"] != was:
            return [*faults, f"{len(own)} basins for the source, of {[one.get('identifier') for one in own]}"]
        mapping = own[0].get("mapping")
        if is_identity:
            faults += [] if mapping is None else [f"all events have the mapping {mapping}"]
        elif mapping is None or not np.array_equal(b["events"][mapping][()], rows):
            faults.append(f"the mapping {mapping} does not hold the rows {rows[:9]}")
        log = json.loads("".join(line.decode() for line in b["logs/weir-basins"][()]))
        return faults if log["task"] == "basins" else [*faults, f"the log is of the task {log['task']}"]


def compare_with_basin(output, basin, rows):
    """Each feature that both readers find in the source, they find in the file that refers to it, at the selected rows."""
    return compare_dclab(output, basin, rows) + compare_dcnum(output, basin, rows)


def compare_dclab(output, basin, rows):
    import dclab
    faults = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with dclab.new_dataset(str(basin)) as a, dclab.new_dataset(str(output)) as b:
            if len(b) != len(rows):
                return [f"dclab: {len(b)} events, not {len(rows)}"]
            for feature in a.features_innate:
                # dclab reads groups of mapped basins not at all, whoever made them
                if feature.startswith("basinmap") or feature in ("trace", "contour") and len(rows) != len(a):
                    continue
                if feature not in b or not is_same(pick(a[feature], rows), pick(b[feature], np.arange(len(rows)))):
                    faults.append(f"dclab: {feature} {'differs' if feature in b else 'is missing'}")
    return faults


def compare_dcnum(output, basin, rows):
    from dcnum import read
    faults = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with read.HDF5Data(str(basin)) as a, read.HDF5Data(str(output)) as b:
            if len(b) != len(rows):
                return [f"dcnum: {len(b)} events, not {len(rows)}"]
            for feature in a.keys():
                # dcnum maps no groups, and finds nothing in the internal basins of a basin, whoever made it
                if feature in ("trace", "contour") or feature not in a.h5["events"] or feature.startswith("basinmap"):
                    continue
                if feature not in b or not is_same(pick(a[feature], rows), pick(b[feature], np.arange(len(rows)))):
                    faults.append(f"dcnum: {feature} {'differs' if feature in b else 'is missing'}")
    return faults


def pick(feature, rows):
    """At most 40 of the rows, one by one: what is mapped may not be sliced in every way."""
    chosen = rows[:: max(1, len(rows) // 40)]
    if hasattr(feature, "keys"):
        return {key: [np.asarray(feature[key][int(row)]) for row in chosen] for key in sorted(feature.keys())}
    return [np.asarray(feature[int(row)]) for row in chosen]


def is_same(x, y):
    if isinstance(x, dict) or isinstance(y, dict):
        return isinstance(x, dict) and isinstance(y, dict) and list(x) == list(y) and all(is_same(x[key], y[key]) for key in x)
    return len(x) == len(y) and all(np.array_equal(one, other, equal_nan=one.dtype.kind == "f") for one, other in zip(x, y, strict=True))
