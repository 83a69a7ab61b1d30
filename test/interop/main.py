#!/usr/bin/env python3
"""Started by run.mjs: makes files, lets Weir work on them and lets others judge. Prints a line for each check."""
import argparse
import collections
import concurrent.futures
import dataclasses
import json
import multiprocessing
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback
import zipfile

import h5py

from checks import (
    append,
    as_stored,
    basin_files,
    basins_rewrite,
    chunk_tables,
    conventions,
    copying,
    inspection,
    judge,
    mutants,
    reader_matrix,
    record,
    rewrite,
    selection,
    sizes,
    values_digest,
    writer_cases,
)
from checks.program import Weir
from files import kinds, measurements, structures  # noqa: F401  (they register their files)
from files.registry import Case, make_all

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Context:
    weir: Weir
    folder: pathlib.Path
    same_py: pathlib.Path | None
    version: str
    keep: bool


def unpack_real_files(shared, folder):
    """[(case, path)] of the zipped measurements."""
    cases = []
    for archive in sorted((shared / "data").glob("*.zip")):
        with zipfile.ZipFile(archive) as files:
            for member in files.namelist():
                if member.endswith(".rtdc"):
                    path = folder / f"{archive.stem}.rtdc"
                    path.write_bytes(files.read(member))
                    cases.append((Case(archive.stem, None), path))
    return cases


def plan(cases, outcomes):
    """[(title, function, arguments)]: the units of work after the rewrites."""
    by_name = {case.name: path for case, path in cases}
    sound = [(case, path) for case, path in cases if case.expect == "done"]
    tasks = []
    for case, path in cases:
        light = dataclasses.replace(case, make=None)
        if case.expect in ("refused", "failed"):
            tasks.append((f"rewrite {case.name}", rewrite.check_refusal, (light, path)))
        elif case.name in outcomes:
            tasks.append((f"rewrite {case.name}", check_rewrites, (light, path, outcomes[case.name])))
    tasks += [(f"record {name}", record.check_replay, (name, by_name[name], settings)) for name, settings in REPLAYS.items() if name in by_name]
    tasks += [("record --simulate", record.check_simulated, ()), ("writer cases", writer_cases.check_writer_cases, ()), ("copying", copying.check_copying, ())]
    tasks.append(("as stored", as_stored.check_as_stored, ()))
    tasks.append(("digest of values", values_digest.check_values_digest, ()))
    tasks += [(f"output sizes of {name}", sizes.check_made, (name,)) for name in sizes.SOURCES]
    tasks += [(f"output sizes of {case.name}", sizes.check_sizes, (case.name, path)) for case, path in cases if case.make is None]
    tasks += [(f"chunk tables of {name}", chunk_tables.check_chunk_tables, (name,)) for name in chunk_tables.PYTHONS]
    tasks += [(f"select {name}", selection.check_selection, (name, by_name[name], *rest)) for name, rest in SELECTIONS.items() if name in by_name]
    tasks += [(f"basins {name}", basins_rewrite.check_basins, ([name],)) for name in basins_rewrite.SOURCES]
    tasks.append(("basins relinked", basins_rewrite.check_basins, ([],)))
    tasks += [(f"inspect {name}", inspection.check_inspect, (name, by_name[name])) for name in INSPECTED if name in by_name]
    tasks += [(f"basin file of {name}", basin_files.check_basin_files, (name, by_name[name], is_thorough)) for name, is_thorough in REFERRED.items() if name in by_name]
    tasks.append(("basin file beside dcnum's", basin_files.check_beside_dcnum, ({name: by_name[name] for name in BESIDE_DCNUM if name in by_name},)))
    tasks.append(("verify", inspection.check_sound, ([(case.name, path) for case, path in sound if case.name not in UNVERIFIED],)))
    tasks.append(("mutants", mutants.check_mutants, ()))
    tasks.append(("readers", reader_matrix.check_reader_matrix, ()))
    tasks += [(f"conventions: {part}", conventions.check_conventions, (part,)) for part in conventions.PARTS]
    tasks += [(f"verify flipped {name}", inspection.check_flipped, (name, by_name[name])) for name in ("by-dcnum", "superblock-0") if name in by_name]
    return tasks


def plan_rewrites(cases, only, folder):
    """The same for the rewrites: many files in one run of the program."""
    chosen = [(dataclasses.replace(case, make=None), path) for case, path in cases
              if case.expect not in ("refused", "failed") and only in f"rewrite {case.name}"]
    tasks = []
    for variant in rewrite.VARIANTS:
        items = [(case, path) for case, path in chosen if variant in (case.variants or rewrite.VARIANTS)]
        half = (len(items) + 1) // 2
        tasks += [(f"rewrite {variant}", rewrite.rewrite_together, (variant, part, folder / variant)) for part in (items[:half], items[half:]) if part]
    return tasks


QUICK = [("--seed", 1), ("--seed", 2, "--threshold", 1, "--readers", 3), ("--threshold", 7, "--seed", 77, "--readers", 2, "--compression", "gzip")]
REPLAYS = {
    "dcnum_fmt-hdf5_cytoshot_full-features_2023": QUICK,
    "dcnum_fmt-hdf5_shapein_raw-with-variable-length-logs": QUICK[:2],
    "dcnum_fmt-hdf5_shapein_empty": QUICK[:1],
    "dclab_fmt-hdf5_fl_2018": QUICK[1:],
    "dclab_fmt-hdf5_wide-channel_2023": QUICK[:1],
    "dclab_fmt-hdf5_fl_2017": QUICK[:1],
    "by-dcnum": [*QUICK, ("--seed", 9, "--threshold", 100_000, "--readers", 1)],
    "events-many": [("--seed", 4), ("--threshold", 63, "--readers", 4, "--compression", "none")],
    "fluorescence": QUICK[:2],
    "index-features": QUICK[:2],
    "numeric-types": QUICK[:1],
    "events-1": QUICK[:1],
}
#: name: (all kinds of selections?, further arguments)
SELECTIONS = {
    "dcnum_fmt-hdf5_cytoshot_full-features_2023": (True,),
    "dclab_fmt-hdf5_fl_2017": (True,),
    "by-dclab": (True,),
    "dclab_fmt-hdf5_wide-channel_2023": (False,),
    "fluorescence": (False,),
    "statistics-attributes": (False,),
    "nan-features": (False,),
    "index-features": (False,),
    "basin-mapped": (False, ("--basins", "drop")),
}
INSPECTED = [
    "dcnum_fmt-hdf5_cytoshot_full-features_2023",
    "dcnum_fmt-hdf5_shapein_raw-with-variable-length-logs",
    "dcnum_fmt-hdf5_shapein_empty",
    "dclab_fmt-hdf5_fl_2017",
    "dclab_fmt-hdf5_fl_2018",
    "dclab_fmt-hdf5_raw-cytoshot-exported",
    "chunk-indexes-earliest",
    "chunk-indexes-latest",
    "numeric-types",
    "storage-kinds",
    "tables",
    "logs",
    "links",
    "basin-mapped",
    "by-dclab-export",
    "filters-of-others",
]
#: basins of `weir basins`: every combination of settings?
REFERRED = {"dcnum_fmt-hdf5_cytoshot_full-features_2023": True, "dclab_fmt-hdf5_fl_2018": False, "by-dcnum": False, "basin-internal": False}
#: given to both makers of basin files
BESIDE_DCNUM = ["dcnum_fmt-hdf5_cytoshot_full-features_2023", "dclab_fmt-hdf5_fl_2018", "by-dcnum", "by-dclab", "tables", "logs", "basin-file", "basin-mapped", "basin-internal"]
#: a writer that was killed, and a hard link to its own group
UNVERIFIED = {"link-cycle", "not-closed"}


def check_rewrites(context, case, path, outcomes):
    return rewrite.Rewrites(case, path, outcomes, context).check()


def make_rewrites(task, context):
    _, rewrite_files, (variant, items, folder) = task
    return rewrite_files(context, variant, items, folder)


def perform(task, context):
    title, check, arguments = task
    start, before = time.perf_counter(), os.times()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="task-", dir=context.folder))
    try:
        lines = check(dataclasses.replace(context, folder=folder), *arguments)
    except Exception:
        lines = [(title, [traceback.format_exc(limit=-4)])]
    if not context.keep:
        shutil.rmtree(folder, ignore_errors=True)
    spent = [now - then for now, then in zip(os.times(), before)]
    return lines, (title, time.perf_counter() - start, sum(spent[:2]), sum(spent[2:4]))


def check_judges(source, output):
    """The judge itself: it must see what is wrong, or its silence means nothing."""
    lines = []
    for name, spoil in SPOILERS.items():
        shutil.copyfile(source, output)
        with h5py.File(output, "r+") as h5:
            spoil(h5)
        lines.append((f"the judge sees {name}", [] if judge.judge(source, output) else ["it does not"]))
    shutil.copyfile(source, output)
    lines.append(("the judge is content with a copy", judge.judge(source, output)))
    lines.append(("a plain file survives the appending check", append.check_append(source, output)))
    return lines


def replace_attribute(item, name, value):
    del item.attrs[name]
    item.attrs[name] = value


def change_pixel(h5):
    h5["events/image"][11, 2, 3] += 1


SPOILERS = {
    "one changed pixel": change_pixel,
    "a lost attribute": lambda h5: h5["extra"].attrs.__delitem__("int8"),
    "an attribute of another byte order": lambda h5: replace_attribute(h5["extra"], "big-endian int", 258),
    "a null attribute that became a zero": lambda h5: replace_attribute(h5["extra"], "null number", 0.0),
    "a variable text that became fixed": lambda h5: replace_attribute(h5["extra"], "text", b"variable, UTF-8"),
    "a lost group": lambda h5: h5.__delitem__("extra"),
    "an object too many": lambda h5: h5.create_group("events/new"),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weir", required=True)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--only", default="", help="only checks with this text in their name")
    parser.add_argument("--keep", type=pathlib.Path, help="folder that keeps all files")
    args = parser.parse_args()
    folder = args.keep or pathlib.Path(tempfile.mkdtemp(prefix="weir-interop-"))
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    try:
        sys.exit(run_all(args, folder))
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)


def run_all(args, folder):
    start = time.perf_counter()
    reporter = Reporter()
    same_py = args.shared / "tools" / "same.py"
    version = json.loads((PROJECT / "package.json").read_text(encoding="utf-8"))["version"]
    context = Context(Weir(args.weir), folder, same_py if same_py.exists() else None, version, bool(args.keep))
    generated = make_all(folder / "sources")
    real = unpack_real_files(args.shared, folder / "sources")
    print(f"interop: {len(generated)} generated files, {len(real)} real measurements ({time.perf_counter() - start:.0f} s)", flush=True)
    report_left_out(reporter, args.shared, {case.name for case, _ in [*real, *generated]}, bool(real))
    example = next(path for case, path in generated if case.name == "attribute-kinds")
    reporter.report([line for line in check_judges(example, folder / "spoilt.rtdc") if args.only in line[0]])
    cases = [*real, *generated]
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(max_workers=max(2, os.cpu_count() or 2), mp_context=spawn) as pool:
        outcomes = collections.defaultdict(dict)
        rewrites = plan_rewrites(cases, args.only, folder / "rewritten")
        for made in pool.map(make_rewrites, rewrites, [context] * len(rewrites)):
            for (name, variant), outcome in made.items():
                outcomes[name][variant] = outcome
        print(f"interop: rewritten ({time.perf_counter() - start:.0f} s)", flush=True)
        tasks = [task for task in plan(cases, outcomes) if args.only in task[0]]
        for lines, (title, seconds, own, programs) in pool.map(perform, tasks, [context] * len(tasks)):
            reporter.report(lines)
            if seconds > 10:
                print(f"     ({title} took {seconds:.0f} s; of the processor {own:.0f} s here, {programs:.0f} s in programs)", flush=True)
    print(f"interop: {time.perf_counter() - start:.0f} s")
    print(f"{reporter.passed} passed, {reporter.failed} failed", flush=True)
    return 1 if reporter.failed else 0


def report_left_out(reporter, shared, names, has_real):
    """Whatever cannot be checked is said by name, and fails where it has to be there: on CI, and where a folder of inputs was given."""
    is_required = bool(os.environ.get("CI") or os.environ.get("WEIR_SHARED"))
    wanted = {*REPLAYS, *SELECTIONS, *INSPECTED, *REFERRED, *BESIDE_DCNUM}
    absent = [f"{name} is not among the files, so what is planned for it is left out" for name in sorted(wanted - names)]
    if not has_real:
        absent.append(f"no real measurements in {shared / 'data'}")
    if not (shared / "tools" / "same.py").exists():
        absent.append(f"no {shared / 'tools' / 'same.py'} to judge with")
    if is_required or has_real:
        reporter.report([("nothing that is planned is left out", absent)])
    else:
        print("".join(f"left out: {what}\n" for what in absent), end="", flush=True)


class Reporter:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def report(self, lines):
        for name, faults in lines:
            if faults:
                self.failed += 1
                reasons = "".join(f"\n       {str(fault).strip()[:600]}" for fault in faults[:12])
                print(f"FAIL {name}{reasons}", flush=True)
            else:
                self.passed += 1
                print(f"ok   {name}", flush=True)


if __name__ == "__main__":
    main()
