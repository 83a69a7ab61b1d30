"""Mutants of small files: Weir names what h5py refuses, and calls no output verified that h5py reads otherwise."""
import json
import os
import pathlib
import subprocess
import sys

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "prove" / "fuzz" / "sample.mjs"
#: numbers that `npm run prove -- fuzz` does not come to: nothing was mended with these in sight
FIRST = 900_001
COUNT = 150
LEAST_NAMED = 0.97
#: fewer would mean that the mutator, or h5py, is not what it was
LEAST_REFUSED = 50
LEAST_REWRITTEN = 50


def check_mutants(context):
    node = os.environ.get("WEIR_INTEROP_NODE", "node")
    command = [node, str(SCRIPT), str(context.folder), str(FIRST), str(COUNT)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, env={**os.environ, "WEIR_FUZZ_PYTHON": sys.executable})
    if done.returncode != 0:
        return [("mutants: judged", [f"exit {done.returncode}: {done.stderr.strip()[-2000:]}"])]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    share = 1 - len(found["unnamed"]) / max(1, found["refused"])
    few = [f"{key}: only {found[key]}" for key, least in (("refused", LEAST_REFUSED), ("rewritten", LEAST_REWRITTEN)) if found[key] < least]
    return [
        ("mutants: enough of both kinds", few),
        (f"mutants: no output of {found['rewritten']} is read otherwise", found["wrong"]),
        (f"mutants: {share:.1%} of what h5py refuses is named", found["unnamed"] if share < LEAST_NAMED else []),
    ]
