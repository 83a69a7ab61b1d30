"""inspect and verify, compared with what h5py says of the file."""
import json
import pathlib

import h5py

from . import sources

FIELDS = {"path", "bytes", "events", "identifier", "attributes", "features", "logs", "tables", "basins", "otherGroups", "warnings"}
GROUPS = {"events", "logs", "tables", "basins", "basin_events"}


def check_inspect(context, name, source):
    run = context.weir.run("inspect", source, "--json", is_lines=False)
    if run.code != 0:
        return [(f"inspect {name}", [run.explain()])]
    try:
        report = json.loads(run.stdout)
    except ValueError as error:
        return [(f"inspect {name}", [f"standard output is not one JSON object: {error}"])]
    with sources.open_source(source) as h5:
        return [(f"inspect {name}", compare_report(report, h5))]


def compare_report(report, h5):
    count = sources.count_rows(h5)
    faults = [f"the report lacks {sorted(FIELDS - set(report))}"] if FIELDS - set(report) else []
    others = [name for name in set(h5) - GROUPS if not isinstance(h5.get(name, getlink=True), h5py.ExternalLink)]
    facts = {"events": count, "identifier": sources.find_identifier(h5), "otherGroups": sorted(others)}
    found = {"events": report["events"], "identifier": report["identifier"], "otherGroups": sorted(report["otherGroups"])}
    faults += [f"{key} is {found[key]!r}, expected {value!r}" for key, value in facts.items() if found[key] != value]
    for group in ("logs", "tables"):
        names = sorted(item["name"] if isinstance(item, dict) else item for item in report[group])
        if names != sorted(h5.get(group, {})):
            faults.append(f"{group} are {names}, expected {sorted(h5.get(group, {}))}")
    if len(report["basins"]) != len(h5.get("basins", {})):
        faults.append(f"{len(report['basins'])} basins instead of {len(h5.get('basins', {}))}")
    if sorted(report["attributes"]) != sorted(h5.attrs):
        faults.append(f"attributes differ: {set(report['attributes']) ^ set(h5.attrs)}")
    for name, value in report["attributes"].items():
        stored = h5.attrs.get(name)
        stored = stored.decode() if isinstance(stored, bytes) else stored
        if isinstance(stored, str) and value != stored:
            faults.append(f"attribute {name} is {value!r}, expected {stored!r}")
    features = {item["name"]: item for item in report["features"]}
    for name, item in sources.event_datasets(h5, count).items():
        faults += compare_feature(features.get(name), name, item)
    return faults


def compare_feature(entry, name, item):
    if entry is None:
        return [f"feature {name} is missing"]
    properties = item.id.get_create_plist()
    filters = [properties.get_filter(index)[0] for index in range(properties.get_nfilters())]
    facts = {
        "shape": list(item.shape),
        "dtype": name_dtype(item.dtype),
        "chunks": list(item.chunks) if item.chunks else None,
        "storedBytes": item.id.get_storage_size(),
    }
    faults = [f"{name}: {key} is {entry.get(key)!r}, expected {value!r}" for key, value in facts.items() if entry.get(key) != value]
    listed = [one["id"] if isinstance(one, dict) else one for one in entry["filters"]]
    if listed != filters:
        faults.append(f"{name}: filters are {listed}, expected {filters}")
    return faults


def name_dtype(dtype):
    if dtype.kind == "b":
        return "bool"
    if dtype.kind == "O":
        return "object"
    return str(dtype.descr) if dtype.names else dtype.str


def check_sound(context, items):
    """verify over many sound files at once: no damage in any, and the exit code that fits."""
    run = context.weir.run("verify", *[path for _, path in items], "--json")
    lines = [(f"verify {name}", judge_findings(run.results[number] if number < len(run.results) else {}, path, True)) for number, (name, path) in enumerate(items)]
    is_grave = any(find_grave(result) for result in run.results)
    lines.append((f"verify: exit code for {len(items)} files", [] if run.code == (1 if is_grave else 0) else [f"exit {run.code}: {run.stderr[-300:]}"]))
    return lines


def judge_findings(result, path, is_sound):
    if result.get("findings") is None:
        return [f"no findings in the result for {path}: {result}"]
    damage = [finding for finding in result["findings"] if finding["level"] == "damage"]
    faults = [] if pathlib.Path(result.get("input") or result.get("path") or "").name == pathlib.Path(path).name else [f"the result is of {result.get('input')}"]
    if is_sound:
        return faults + [f"damage found in a sound file: {finding}" for finding in damage]
    return faults + ([] if damage else [f"the damage was not found: {result['findings']}"])


def find_grave(result):
    return [finding for finding in result.get("findings") or [] if finding["level"] in ("damage", "violation")]


def check_flipped(context, name, source):
    """A byte of a feature's first chunk is turned round."""
    damaged = pathlib.Path(context.folder) / f"flipped-{name}.rtdc"
    raw = bytearray(pathlib.Path(source).read_bytes())
    with h5py.File(source) as h5:
        dataset = h5["events/image"] if "image" in h5["events"] else h5["events/deform"]
        info = dataset.id.get_chunk_info(0)
        place = info.byte_offset + info.size // 2
    raw[place] ^= 0x40
    damaged.write_bytes(raw)
    run = context.weir.run("verify", damaged, "--json")
    faults = judge_findings(run.result, damaged, False)
    return [(f"verify {name} with a flipped byte", faults + ([] if run.code == 1 else [run.explain()]))]
