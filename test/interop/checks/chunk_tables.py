"""Tables of chunks, values and attributes as Weir's layer reads them, against what h5py says of the same datasets (chunk_tables/make.py)."""
import json
import os
import pathlib
import sys

from . import readers
from .writer_cases import FOLDER, run

PYTHONS = {"h5py": sys.executable, "Debian's h5py": os.environ.get("WEIR_INTEROP_OLD_PYTHON")}
STATES = ["whole", "some", "shrunk", "regrown", "early", "masked", "bare"]
PIPELINES = ["plain", "gzip", "shuffle+gzip", "fletcher32", "gzip+fletcher32", "shuffle+gzip+fletcher32"]
NEW_PIPELINES = ["zstd", "zstd+fletcher32", "shuffle+zstd+fletcher32"]
INDEXES = ["btree-v1", "single", "fixed-array", "extensible-array", "btree-v2"]


def check_chunk_tables(context, name):
    folder = pathlib.Path(context.folder) / "chunk-tables"
    folder.mkdir()
    title = f"chunk tables of {name}"
    made = run([PYTHONS[name], str(FOLDER / "chunk_tables" / "make.py"), str(folder)], env=dict(os.environ) if name == "h5py" else readers.PLUGIN_ENVIRONMENT)
    if made:
        return [(f"{title}: made", made)]
    node = os.environ.get("WEIR_INTEROP_NODE", "node")
    found = folder / "found.txt"
    script = [node, "--import", str(FOLDER.parent / "helpers" / "register-typescript.mjs"), str(FOLDER / "chunk_tables" / "compare.ts")]
    compared = run([*script, str(folder), str(found)], cwd=FOLDER.parents[1])
    if compared:
        return [(f"{title}: read", compared)]
    report = json.loads(found.read_text(encoding="utf-8"))
    lines = [(f"{title}, {bounds}", faults) for bounds, faults in report["faults"].items()]
    return [*lines, (f"{title}: every kind is among them", find_gaps(report["coverage"], name))]


def find_gaps(coverage, name):
    """The product must not lose a combination unseen."""
    is_new = name == "h5py"
    wanted = {f"{index}, {what}" for index in INDEXES for what in ["skipped filters", *STATES, *PIPELINES] + (NEW_PIPELINES if is_new else [])}
    wanted |= {f"{index}, layout {version}" for index in INDEXES[1:] for version in ((4, 5) if is_new else (4,))}
    wanted |= {"btree-v1, layout 3", "implicit, plain", "implicit, early", "compact, plain", "contiguous, plain"}
    return [f"no dataset: {what}" for what in sorted(wanted - set(coverage))]
