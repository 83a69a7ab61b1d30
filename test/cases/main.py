"""Started by run.mjs: makes the input of each case, lets Weir work on it, prints what is expected and what was seen."""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile
import traceback

import cases
from weir import Weir


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", type=pathlib.Path, required=True)
    parser.add_argument("--handed", type=pathlib.Path, required=True, help="folder of further scripts that make inputs")
    parser.add_argument("--only", default="", help="only cases with this text in their name")
    parser.add_argument("--keep", type=pathlib.Path, help="folder that keeps all files")
    args = parser.parse_args()
    root = args.keep or pathlib.Path(tempfile.mkdtemp(prefix="weir-cases-"))
    try:
        sys.exit(run_all(args, root))
    finally:
        if not args.keep:
            shutil.rmtree(root, ignore_errors=True)


def run_all(args, root):
    passed = failed = 0
    units = [(title, case, bring_input) for case in cases.ALL if args.only in case.name for title, bring_input in list_inputs(case, args.handed)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (title, _, _), lines in zip(units, pool.map(lambda unit: perform(args.project, root, unit), units)):
            for line in lines:
                print_line(title, line)
                passed, failed = (passed + 1, failed) if line.is_right else (passed, failed + 1)
    known = {case.script for case in cases.ALL}
    for script in sorted(args.handed.glob("*.*")):
        if script.suffix in (".py", ".mjs") and script.name not in known:
            print(f"note {script.name}: no expectation is written for it, it was not run", flush=True)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def list_inputs(case, handed):
    """[(title, function that brings the input)]: the case's own maker, and the script that was handed over where it is there."""
    inputs = [(case.name, case.make)] if case.make else []
    script = handed / case.script
    if script.exists():
        inputs.append((f"{case.name}-handed", lambda weir, path: case.run_script(weir, script, path)))
    return inputs


def perform(project, root, unit):
    title, case, bring_input = unit
    weir = Weir(project, root / title)
    try:
        weir.folder.mkdir(parents=True)
        source = weir.folder / "source.rtdc"
        return list(case.look(weir, bring_input(weir, source) or source))
    except Exception:
        return [cases.Line("the case can be run", traceback.format_exc(limit=-3), False)]


def print_line(title, line):
    print(f"{'ok  ' if line.is_right else 'FAIL'} {title}\n       expected: {line.expected}\n       seen:     {line.seen}", flush=True)


if __name__ == "__main__":
    main()
