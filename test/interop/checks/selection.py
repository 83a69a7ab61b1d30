"""rewrite with --events and --indices, compared with numpy on the source."""
import hashlib
import pathlib

import h5py
import numpy as np

from . import program, readers, sources

#: (name, value of --events or None, function of the count that gives the rows)
RANGES = [
    ("3:17", lambda n: np.arange(n)[3:17]),
    (":4", lambda n: np.arange(n)[:4]),
    ("2:", lambda n: np.arange(n)[2:]),
    ("::3", lambda n: np.arange(n)[::3]),
    ("1:1000000:2", lambda n: np.arange(n)[1::2]),
    ("2:2", lambda n: np.arange(0)),
    (":", lambda n: np.arange(n)),
]


def check_selection(context, name, source, is_thorough, arguments=()):
    """All kinds of selections, or the three that matter most; returns [(name, faults)]."""
    with h5py.File(source) as h5:
        count = sources.count_rows(h5)
    ranges = RANGES if is_thorough else [entry for entry in RANGES if entry[0] in ("::3", "2:2")]
    selections = [(f"select {name} --events {text}", rows(count), ["--events", text]) for text, rows in ranges]
    for number, (title, rows) in enumerate(list_rows(count, is_thorough).items()):
        file = pathlib.Path(context.folder) / f"rows-{number}.txt"
        file.write_text("# a comment\n" + "".join(f"{row}  # event\n" if row % 2 else f"{row}\n" for row in rows) + "\n", encoding="utf-8")
        selections.append((f"select {name} --indices {title}", np.array(rows), ["--indices", file]))
    outputs = [pathlib.Path(context.folder) / f"selected-{number}.rtdc" for number in range(len(selections))]
    lines = [(title, run_selection(context, (source, output), rows, [*words, *arguments])) for (title, rows, words), output in zip(selections, outputs, strict=True)]
    made = [output for output in outputs if output.exists()]
    old = readers.run_old_h5py([{"do": "read", "path": str(output)} for output in made])
    return [*lines, (f"select {name}: Debian's h5py", [fault for faults in old for fault in faults])]


def list_rows(count, is_thorough):
    last = count - 1
    lists = {"order and repetition": [last, 0, 0, last // 2, 1, last]}
    return {**lists, "all in order": list(range(count)), "backwards": list(range(count))[::-1]} if is_thorough else lists


def run_selection(context, paths, rows, arguments):
    source, output = paths
    run = context.weir.run("rewrite", source, "--out", output, "--json", *arguments)
    faults = program.find_faults(run)
    if run.code != 0:
        return faults
    with h5py.File(source) as a, h5py.File(output) as b:
        faults += compare_rows(a, b, rows, is_without_basins="drop" in arguments)
        faults += compare_root(a, b, rows)
    faults += readers.dump_headers(output)
    if len(rows):
        faults += readers.compare_dclab(source, output, is_unchanged=False)
    return faults


def compare_rows(a, b, rows, is_without_basins=False):
    count = sources.count_rows(a)
    is_identity = len(rows) == count and np.array_equal(rows, np.arange(count))
    faults = []
    for name, item in sources.event_datasets(a, count).items():
        if is_without_basins and name.startswith("basinmap"):
            faults += [f"{name} came without its basin"] if name in b["events"] else []
            continue
        if name not in b["events"]:
            faults.append(f"{name} is missing")
            continue
        expected = item[()][rows] if len(rows) else item[()][:0]
        if name == "index" and not is_identity:
            expected = np.arange(1, len(rows) + 1).astype(item.dtype)
        stored = b["events"][name]
        if not sources.same_rows(expected, stored[()]):
            faults.append(f"{name} differs: expected {expected.dtype}{expected.shape}, is {stored.dtype}{stored.shape}")
        faults += compare_statistics(name, item, stored, is_identity)
    if "contour" in a["events"] and len(a["events/contour"]):
        faults += compare_contours(a["events/contour"], b["events"].get("contour"), rows)
    return faults


def compare_contours(source, output, rows):
    if output is None:
        return [] if not len(rows) else ["contour is missing"]
    if sorted(output, key=int) != [str(index) for index in range(len(rows))]:
        return [f"contour has {sorted(output)[:9]} for {len(rows)} events"]
    return [f"contour {place} is not that of row {row}" for place, row in enumerate(rows) if not sources.same_rows(source[str(row)][()], output[str(place)][()])]


def compare_statistics(name, source, output, is_identity):
    faults = []
    if set(source.attrs) != set(output.attrs):
        faults.append(f"{name} has attributes {sorted(output.attrs)}, the source {sorted(source.attrs)}")
    for key in set(source.attrs) & set(output.attrs):
        was, now = source.attrs[key], output.attrs[key]
        if key not in ("min", "max", "mean") or is_identity:
            if repr(was) != repr(now):
                faults.append(f"{name}@{key} was {was!r}, is {now!r}")
            continue
        data = output[()].astype(float)
        data = data[~np.isnan(data)]
        if not data.size:
            # nothing to compute: not a number where the type knows one
            if np.asarray(now).dtype.kind == "f" and not np.isnan(now):
                faults.append(f"{name}@{key} of nothing is {now!r}")
            continue
        expected = getattr(np, key)(data)
        kind = np.asarray(now).dtype
        tolerance = 1e-6 if kind.itemsize < 8 else 1e-12
        if kind not in (np.asarray(was).dtype, np.float64) or not np.isclose(float(now), expected, rtol=tolerance, atol=0, equal_nan=True):
            faults.append(f"{name}@{key} is {now!r}, expected {expected!r}")
    return faults


def compare_root(a, b, rows):
    count = sources.count_rows(a)
    is_identity = len(rows) == count and np.array_equal(rows, np.arange(count))
    faults = []
    if int(b.attrs["experiment:event count"]) != len(rows):
        faults.append(f"event count is {b.attrs['experiment:event count']} for {len(rows)} events")
    was, now = sources.find_identifier(a), sources.text_attribute(b, "experiment:run identifier")
    if is_identity:
        expected = sources.text_attribute(a, "experiment:run identifier")
    elif was is None:
        expected = None
    else:
        expected = f"{was}_weir-{hashlib.md5(','.join(map(str, rows)).encode()).hexdigest()[:7]}"
    if now != expected:
        faults.append(f"run identifier is {now!r}, expected {expected!r}")
    for name in set(a.attrs) - {"experiment:event count", "experiment:run identifier"}:
        if name not in b.attrs or repr(a.attrs[name]) != repr(b.attrs[name]):
            faults.append(f"attribute {name} does not stay as it is")
    return faults
