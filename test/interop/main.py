#!/usr/bin/env python3
"""Started by run.mjs: makes files, lets Weir work on them and lets others judge. Prints a line for each check."""
import argparse
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

from checks import append, inspection, judge, record, rewrite, selection, writer_cases
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


def plan(cases, generated, real):
    """[(group of checks, function, arguments)]: the units of work."""
    by_name = {case.name: path for case, path in cases}
    tasks = [(f"rewrite {case.name}", check_rewrite, (dataclasses.replace(case, make=None), path)) for case, path in cases]
    replays = [name for name in REPLAYS if name in by_name]
    tasks += [(f"record {name}", record.check_replay, (name, by_name[name], REPLAYS[name])) for name in replays]
    tasks += [("record --simulate", record.check_simulated, ()), ("writer cases", writer_cases.check_writer_cases, ())]
    tasks += [(f"select {name}", selection.check_selection, (name, by_name[name], arguments)) for name, arguments in SELECTIONS.items() if name in by_name]
    readable = [(case, path) for case, path in cases if case.expect == "done"]
    tasks += [(f"inspect {case.name}", inspection.check_inspect, (case.name, path)) for case, path in readable if case.name not in UNINSPECTED]
    tasks += [(f"verify {case.name}", inspection.check_verify, (case.name, path)) for case, path in readable if case.name not in UNVERIFIED]
    tasks += [(f"verify flipped {name}", inspection.check_flipped, (name, by_name[name])) for name in ("by-dcnum", "superblock-0") if name in by_name]
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
SELECTIONS = {
    "dcnum_fmt-hdf5_cytoshot_full-features_2023": (),
    "dclab_fmt-hdf5_fl_2017": (),
    "dclab_fmt-hdf5_wide-channel_2023": (),
    "fluorescence": (),
    "statistics-attributes": (),
    "nan-features": (),
    "index-features": (),
    "basin-mapped": ("--basins", "drop", "--features", "deform,area_um,time"),
    "by-dclab": (),
}
#: unusual beyond what h5py tells
UNINSPECTED = {"link-cycle", "not-closed", "count-attribute-wrong", "unknown-groups", "texts-as-features", "events-none-at-all", "references"}
UNVERIFIED = {"link-cycle", "not-closed"}


def check_rewrite(context, case, path):
    return rewrite.Rewrites(case, path, context).check()


def perform(task, context):
    title, check, arguments = task
    start = time.perf_counter()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="task-", dir=context.folder))
    try:
        lines = check(dataclasses.replace(context, folder=folder), *arguments)
    except Exception:
        lines = [(title, [traceback.format_exc(limit=-4)])]
    if not context.keep:
        shutil.rmtree(folder, ignore_errors=True)
    return lines, time.perf_counter() - start


def check_judges(folder):
    """The judge itself: it must see what is wrong, or its silence means nothing."""
    import h5py
    source, output = folder / "judge-a.rtdc", folder / "judge-b.rtdc"
    make = next(case for case in registry_cases() if case.name == "attribute-kinds").make
    make(source)
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


def registry_cases():
    from files.registry import CASES
    return CASES


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
    if not real:
        is_required = bool(os.environ.get("CI") or os.environ.get("WEIR_SHARED"))
        reporter.report([(f"real measurements in {args.shared / 'data'}", ["not found"] if is_required else [])], 0)
    reporter.report([line for line in check_judges(folder) if args.only in line[0]], 0)
    tasks = [task for task in plan([*real, *generated], generated, real) if args.only in task[0]]
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(max_workers=max(2, os.cpu_count() or 2), mp_context=spawn) as pool:
        for lines, seconds in pool.map(perform, tasks, [context] * len(tasks)):
            reporter.report(lines, seconds)
    print(f"interop: {time.perf_counter() - start:.0f} s")
    print(f"{reporter.passed} passed, {reporter.failed} failed", flush=True)
    return 1 if reporter.failed else 0


class Reporter:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def report(self, lines, seconds):
        for name, faults in lines:
            if faults:
                self.failed += 1
                reasons = "".join(f"\n       {str(fault).strip()[:600]}" for fault in faults[:12])
                print(f"FAIL {name}{reasons}", flush=True)
            else:
                self.passed += 1
                print(f"ok   {name}", flush=True)
        if seconds > 20:
            print(f"     (took {seconds:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
