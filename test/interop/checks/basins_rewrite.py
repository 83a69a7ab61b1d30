"""rewrite of files with basins: kept, filled in, relinked; made by dcnum, dclab and by hand, read by dcnum and dclab, compared with numpy."""
import json
import pathlib
import warnings

import h5py
import numpy as np

from files.registry import pictures, scalars, write_attributes, write_base

from . import program, readers, sources

COUNT = 40
#: rows of the big file that a mapped source has: not sorted, with repetitions
ROWS = np.array([39, 3, 3, 7, 0, 21, 20, 19, 5, 5, 30, 12])
SELECTIONS = {
    "all events": (lambda n: np.arange(n), []),
    "::2": (lambda n: np.arange(n)[::2], ["--events", "::2"]),
    "order and repetition": (lambda n: np.array([n - 1, 0, 0, n // 2, 1, n - 1]), None),
    "none": (lambda n: np.arange(0), ["--events", "2:2"]),
}


def check_basins(context, names):
    """Sources of these names, kept and filled; without names relinked ones and those with the source added."""
    return list(iterate_checks(context, names))


def iterate_checks(context, names):
    folder = pathlib.Path(context.folder)
    big = make_big(folder / "big.rtdc")
    for name in names:
        make, basin_rows = SOURCES[name]
        source = folder / f"{name}.rtdc"
        make(source, big)
        values = expected_values(source, big, basin_rows)
        for title, (choose, arguments) in SELECTIONS.items():
            rows = choose(count_events(source))
            words = arguments if arguments is not None else ["--indices", write_indices(folder / "rows.txt", rows)]
            for kind, check in (("keep", check_keep), ("fill", check_fill)):
                yield f"basins {name}, {title}: {kind}", check(context, source, rows, words, values)
    if not names:
        yield "basins relinked", check_relink(context, folder, big)
        yield "basins with the source added", check_added_source(context, folder, big)


# --- sources

def make_big(path):
    with write_base(path, count=COUNT) as h5:
        h5.attrs["experiment:run identifier"] = "run-1"
        h5["events/image_bg"] = pictures(COUNT, 7)
        for number in (1, 2):
            h5.create_dataset(f"events/trace/fl{number}_raw", data=np.arange(COUNT * 30, dtype="<i2").reshape(COUNT, 30) * number)
        h5["events/area_um"].attrs.update({"min": np.min(h5["events/area_um"]), "max": np.max(h5["events/area_um"])})
        h5["events/index"] = np.arange(1, COUNT + 1)
    return path


def write_own(h5, count, identifier):
    """A file with `deform` of its own: other values than the basin has, so that it shows which one is taken."""
    write_attributes(h5, count, **{"experiment:run identifier": identifier})
    h5.create_dataset("events/deform", data=np.arange(count) + 100.0, chunks=(10,), maxshape=(None,))


def make_by_dcnum_same(path, big):
    from dcnum import write
    with write.HDF5Writer(path, mode="w") as writer:
        write_own(writer.h5, COUNT, "run-1")
        writer.store_basin(name="big", paths=[str(big), big.name], features=["image", "mask", "area_um", "deform"], identifier="run-1")


def make_by_dcnum_mapped(path, big):
    from dcnum import write
    with write.HDF5Writer(path, mode="w") as writer:
        write_own(writer.h5, len(ROWS), "run-1_dcn-1234567")
        writer.store_basin(name="big", paths=["/nowhere/big.rtdc", big.name], mapping=ROWS, identifier="run-1",
                           features=["image", "mask", "area_um", "time", "trace"])


def make_by_dcnum_internal(path, big):
    from dcnum import write
    with write.HDF5Writer(path, mode="w") as writer:
        write_own(writer.h5, len(ROWS), "run-1_dcn-1234567")
        writer.store_basin(name="background", mapping=ROWS // 10, internal_data={"image_bg": pictures(4, 9), "bg_med": np.arange(4.0)})
        writer.store_basin(name="big", paths=[str(big)], mapping=ROWS, features=["image", "image_bg"], identifier="run-1")


def make_by_dcnum_internal_same(path, big):
    """dclab does not read internal basins without a mapping."""
    from dcnum import write
    with write.HDF5Writer(path, mode="w") as writer:
        write_own(writer.h5, len(ROWS), "run-1_dcn-1234567")
        writer.store_basin(name="background", internal_data={"image_bg": pictures(len(ROWS), 9)})


def make_by_dclab(path, big):
    from dclab import RTDCWriter
    with h5py.File(path, "w") as h5:
        write_own(h5, len(ROWS), "run-1_sub")
    with RTDCWriter(path, mode="append") as writer:
        writer.store_basin(basin_name="big", basin_type="file", basin_format="hdf5", basin_locs=[big], basin_map=ROWS.astype(np.int64), basin_id="run-1",
                           basin_feats=["image", "area_um"])
        writer.store_basin(basin_name="background", basin_type="internal", basin_format="h5dataset", basin_locs=["basin_events"],
                           basin_map=(ROWS // 10).astype(np.int64), basin_feats=["image_bg"], internal_data={"image_bg": pictures(4, 9)})


def make_by_dclab_export(path, big):
    import dclab
    with dclab.new_dataset(str(big)) as data:
        data.filter.manual[:] = False
        data.filter.manual[5:25:2] = True
        data.apply_filter()
        data.export.hdf5(path=path, features=["deform"], basins=True)


def make_nested(path, big):
    """An export of an export: the basin of the middle one is known to the middle one alone."""
    middle = path.with_name("middle.rtdc")
    make_by_dcnum_mapped(middle, big)
    with h5py.File(path, "w") as h5:
        write_own(h5, 5, "run-1_dcn-1234567_sub")
        h5["events/basinmap3"] = np.array([11, 0, 4, 4, 9], dtype=np.uint64)
        definition = {"type": "file", "format": "hdf5", "name": "middle", "paths": ["middle.rtdc"], "features": None, "mapping": "basinmap3",
                      "identifier": "run-1_dcn-1234567", "note": {"of": ["another", "program"]}}
        h5["basins/nested"] = np.array([line.encode() for line in json.dumps(definition, indent=2).split("\n")])


#: name: (function that makes it, [(features, rows of `values_of` for its events)])
SOURCES = {
    "dcnum-same": (make_by_dcnum_same, {"big": (np.arange(COUNT), ["image", "mask", "area_um"])}),
    "dcnum-mapped": (make_by_dcnum_mapped, {"big": (ROWS, ["image", "mask", "area_um", "time", "trace/fl1_raw", "trace/fl2_raw"])}),
    "dcnum-internal": (make_by_dcnum_internal, {"internal": (ROWS // 10, ["image_bg", "bg_med"]), "big": (ROWS, ["image"])}),
    "dcnum-internal-same": (make_by_dcnum_internal_same, {"internal": (np.arange(len(ROWS)), ["image_bg"])}),
    "dclab": (make_by_dclab, {"internal": (ROWS // 10, ["image_bg"]), "big": (ROWS, ["image", "area_um"])}),
    "dclab-export": (make_by_dclab_export, {"big": (np.arange(5, 25, 2), ["image", "mask", "area_um", "image_bg", "time", "trace/fl1_raw"])}),
    "nested": (make_nested, {"big": (ROWS[[11, 0, 4, 4, 9]], ["image", "mask", "area_um", "trace/fl2_raw"])}),
}


def expected_values(source, big, basin_rows):
    """{feature: array} of what the source gives, its own and its basins', by numpy indexing alone."""
    values = {}
    with h5py.File(source) as own, h5py.File(big) as basin:
        for name, (rows, features) in basin_rows.items():
            group = basin["events"] if name == "big" else own["basin_events"]
            values.update({feature: group[feature][()][rows] for feature in features})
        values.update({name: item[()] for name, item in own["events"].items() if not name.startswith("basinmap")})
    return values


def count_events(path):
    with h5py.File(path) as h5:
        return int(h5["events/deform"].shape[0])


def write_indices(path, rows):
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


# --- what the rewrites must give

def check_keep(context, source, rows, words, values):
    output = source.with_name("kept.rtdc")
    run = context.weir.run("rewrite", source, "--out", output, "--overwrite", "--json", *words)
    faults = program.find_faults(run)
    if run.code != 0:
        return faults
    with h5py.File(source) as a, h5py.File(output) as b:
        faults += compare_definitions(a, b)
    is_unmapped_internal = source.stem == "dcnum-internal-same" and not words
    faults += compare_readers(output, rows, values, is_read_by_dclab=not is_unmapped_internal)
    return faults + readers.dump_headers(output) + check_verify(context, output, is_read_by_dclab=not is_unmapped_internal)


def check_fill(context, source, rows, words, values):
    output = source.with_name("filled.rtdc")
    run = context.weir.run("rewrite", source, "--out", output, "--overwrite", "--basins", "fill", "--verify", "independent", "--json", *words)
    faults = program.find_faults(run)
    if run.code != 0:
        return faults
    with h5py.File(output) as h5:
        faults += [f"{name} is still there" for name in ("basins", "basin_events") if name in h5]
        faults += [f"{name} is still there" for name in h5["events"] if name.startswith("basinmap")]
        for feature, array in values.items():
            if feature not in h5["events"]:
                faults.append(f"{feature} is missing")
            elif not sources.same_rows(array[rows], h5["events"][feature][()]):
                faults.append(f"{feature} differs")
        for name in ("min", "max"):
            stated = h5["events/area_um"].attrs.get(name) if len(rows) and "area_um" in h5["events"] else None
            if stated is not None and stated != getattr(np, name)(h5["events/area_um"]):
                faults.append(f"{name} of area_um is {stated}")
    faults += compare_readers(output, rows, values)
    return faults + readers.dump_headers(output)


def compare_definitions(a, b):
    """Nothing is lost or doubled; only mapping may change."""
    before, after = [[read_definition(h5["basins"][key]) for key in h5.get("basins", {})] for h5 in (a, b)]
    plain = [sorted(json.dumps({k: v for k, v in one.items() if k != "mapping"}, sort_keys=True) for one in some) for some in (before, after)]
    faults = [] if plain[0] == plain[1] else [f"definitions were {plain[0]}, are {plain[1]}"]
    for one in after:
        mapping = one.get("mapping") or "same"
        if mapping != "same" and mapping not in b["events"]:
            faults.append(f"{mapping} is missing")
    return faults


def read_definition(dataset):
    return json.loads("\n".join(line.decode() for line in dataset[()]))


def compare_readers(output, rows, values, is_read_by_dclab=True):
    """dclab reads no traces through a mapping, dcnum no traces, no basins of basins and no images of 0 events."""
    faults = []
    plain = {name: array for name, array in values.items() if "trace" not in name}
    with h5py.File(output) as h5:
        definitions = [read_definition(item) for item in h5.get("basins", {}).values()]
    if is_read_by_dclab:
        is_mapped = any((one.get("mapping") or "same") != "same" for one in definitions)
        wanted = plain if is_mapped else values
        faults += compare_values("dclab", read_by_dclab(output, wanted), rows, wanted)
    if len(rows) and all(one.get("name") != "middle" for one in definitions):
        faults += compare_values("dcnum", read_by_dcnum(output, plain), rows, plain)
    return faults


def compare_values(reader, found, rows, values):
    if isinstance(found, str):
        return [f"{reader}: {found}"]
    faults = []
    for feature, array in values.items():
        wanted, value = array[rows], found.get(feature)
        if isinstance(value, np.ndarray) and feature == "mask":
            wanted, value = wanted != 0, value != 0
        if not isinstance(value, np.ndarray) or value.shape != wanted.shape or not np.array_equal(value, wanted):
            faults.append(f"{reader} reads another {feature}: {readers.describe(value)}")
    return faults


def read_by_dclab(path, names):
    import dclab
    found = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with dclab.new_dataset(str(path)) as data:
                for name in names:
                    feature, _, trace = name.partition("/")
                    try:
                        item = data[feature][trace] if trace else data[feature]
                        found[name] = np.array([item[index] for index in range(len(data))], dtype=item.dtype).reshape(len(data), *item.shape[1:])
                    except Exception as error:
                        found[name] = f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return found


def read_by_dcnum(path, names):
    from dcnum import read
    found = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with read.HDF5Data(str(path)) as data:
                for name in names:
                    try:
                        found[name] = np.asarray(data[name][:])
                    except Exception as error:
                        found[name] = f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return found


def check_verify(context, output, is_read_by_dclab=True):
    """Nothing is wrong with its basins but what dclab refuses in the source too."""
    run = context.weir.run("verify", output, "--json")
    findings = [one for one in run.result.get("findings", []) if one["level"] in ("damage", "violation") and one["code"] != "V_MISSING"]
    of_basins = [f"weir verify: {one['code']} {one['message']}" for one in findings if "basin" in one["message"]]
    if is_read_by_dclab:
        return of_basins
    expected = [one for one in of_basins if "its mapping is 'same': dclab cannot read it" in one]
    return [one for one in of_basins if one not in expected] or ([] if expected else ["weir verify does not say that dclab cannot read it"])


# --- relinked, and the source added

def run_job(context, folder, job):
    file = folder / "job.json"
    file.write_text(json.dumps({"task": "rewrite", **job}), encoding="utf-8")
    return context.weir.run("run", file, "--json")


def check_relink(context, folder, big):
    source, moved = folder / "dcnum-relink.rtdc", folder / "moved" / "renamed.rtdc"
    moved.parent.mkdir()
    make_by_dcnum_mapped(source, folder / "absent.rtdc")
    moved.write_bytes(big.read_bytes())
    with h5py.File(source) as h5:
        key = next(iter(h5["basins"]))
    faults = []
    for name, more, rows in (("all", {}, np.arange(len(ROWS))), ("selected", {"events": {"kind": "range", "start": 2, "stop": 9}}, np.arange(2, 9))):
        output = folder / f"relinked-{name}.rtdc"
        run = run_job(context, folder, {"input": str(source), "output": str(output), "relink": [{"key": key, "paths": [str(moved)]}], **more})
        faults += program.find_faults(run)
        if run.code == 0:
            values = expected_values(source, big, SOURCES["dcnum-mapped"][1])
            faults += compare_readers(output, rows, values)
    return faults


def check_added_source(context, folder, big):
    faults = []
    for name, more, rows in (("all", {}, np.arange(COUNT)), ("selected", {"events": {"kind": "range", "step": 3}}, np.arange(COUNT)[::3])):
        output = folder / "elsewhere" / f"added-{name}.rtdc"
        output.parent.mkdir(exist_ok=True)
        run = run_job(context, folder, {"input": str(big), "output": str(output), "features": ["deform"], "addSourceBasin": True, **more})
        faults += program.find_faults(run)
        if run.code == 0:
            with h5py.File(big) as h5:
                values = {feature: h5["events"][feature][()] for feature in ("deform", "image", "area_um", "trace/fl1_raw")}
            faults += compare_readers(output, rows, values)
    return faults
