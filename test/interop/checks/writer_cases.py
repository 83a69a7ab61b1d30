"""Files that the layer's own writer makes of every kind of value (writing-generate.ts), read and changed by old and new h5py."""
import os
import pathlib
import subprocess
import sys

from . import readers

FOLDER = pathlib.Path(__file__).resolve().parents[1]


def check_writer_cases(context):
    cases = pathlib.Path(context.folder) / "cases"
    cases.mkdir()
    node = os.environ.get("WEIR_INTEROP_NODE", "node")
    made = run([node, "--import", str(FOLDER.parent / "helpers" / "register-typescript.mjs"), str(FOLDER / "writing-generate.ts"), str(cases)], cwd=FOLDER.parents[1])
    if made:
        return [("writer cases: made", made)]
    checker = str(FOLDER / "writing-check.py")
    pythons = {"h5py": (sys.executable, dict(os.environ)), "Debian's h5py": (os.environ["WEIR_INTEROP_OLD_PYTHON"], readers.PLUGIN_ENVIRONMENT)}
    return [(f"writer cases: read and changed by {name}", run([python, checker, str(cases)], env=environment)) for name, (python, environment) in pythons.items()]


def run(command, **keywords):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **keywords)
    return [] if done.returncode == 0 else [f"{' '.join(command[-2:])} ended with {done.returncode}: {(done.stdout + done.stderr)[-500:]}"]
