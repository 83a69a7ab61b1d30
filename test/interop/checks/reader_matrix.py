"""Who reads what: readers of HDF5 that nobody here wrote, on one output with gzip and no checksum and one with zstd. docs/compatibility.md says the same in words."""
import dataclasses
import json
import os
import pathlib
import re
import subprocess

import h5py
import numpy as np

from files import conventions as table

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "readers"
SETTINGS = {"gzip": ("--compression", "gzip", "--no-checksum"), "zstd": ()}
ALL = None


@dataclasses.dataclass(frozen=True)
class Some:
    """Reads some datasets and refuses the others so: what, depends on their names and sizes."""

    refusal: str


#: reader: {output: ALL that it reads, or what its refusal of every dataset says}; other values than h5py's are never right
EXPECTED = {
    "pyfive": {"gzip": ALL, "zstd": r"NotImplementedError: Filter with id: 32015"},
    "netCDF4": {"gzip": ALL, "zstd": ALL},
    "PyTables": {"gzip": ALL, "zstd": ALL},
    "nexusformat": {"gzip": ALL, "zstd": ALL},
    "virtualizarr": {"gzip": ALL, "zstd": ALL},
    "kerchunk": {"gzip": ALL, "zstd": Some(r"KeyError: ")},
    "h5wasm": {"gzip": ALL, "zstd": ALL},
    "jsfive": {"gzip": ALL, "zstd": r"NotImplementedError.*Filter with id:32015"},
    "jhdf": {"gzip": ALL, "zstd": r"HdfFilterException: A required filter is not available: .*id=32015"},
}
#: these know no layout of version 4, in which contours may lie: they say so
OLD_LAYOUTS = {"pyfive", "jsfive"}


def check_reader_matrix(context):
    source = pathlib.Path(context.folder) / "source.rtdc"
    make_source(source)
    lines = []
    for setting, options in SETTINGS.items():
        output = source.with_name(f"{setting}.rtdc")
        run = context.weir.run("rewrite", source, "--out", output, *options, "--json")
        if run.code != 0:
            lines.append((f"readers of {setting}", [run.explain()]))
            continue
        paths = list_datasets(output)
        truth = ask("h5py", output, paths)
        for reader, expected in EXPECTED.items():
            lines.append((f"{reader} reads {setting}", compare(ask(reader, output, paths), truth, expected[setting], reader)))
    return lines


def make_source(path):
    path.write_bytes(table.make_base())
    with h5py.File(path, "r+") as h5:
        contours = h5["events"].create_group("contour")
        for event in range(table.N):
            contours.create_dataset(str(event), data=np.arange(2 * (5 + event)).reshape(-1, 2))


def list_datasets(path):
    """Of the features: text and tables have no values that can be compared as numbers."""
    paths = []
    with h5py.File(path) as h5:
        h5["events"].visititems(lambda name, item: paths.append(f"events/{name}") if isinstance(item, h5py.Dataset) else None)
    return paths


def compare(answers, truth, expected, reader):
    if len(truth) < 20 or any(isinstance(answer, str) for answer in truth.values()):
        return [f"h5py itself does not read the output: {truth}"]
    return [fault for path, right in truth.items() for fault in judge(path, answers.get(path), right, expected, reader)]


def judge(path, answer, right, expected, reader):
    if answer is None:
        return [f"{path}: no answer"]
    if isinstance(answer, list):
        if answer != right:
            return [f"{path}: other values than h5py reads: {answer} instead of {right}"]
        return [] if expected is ALL or isinstance(expected, Some) else [f"{path}: is read; docs/compatibility.md says that it is refused"]
    may_refuse = path.startswith("events/contour/") and reader in OLD_LAYOUTS
    if expected is ALL:
        return [] if may_refuse else [f"{path}: {answer}"]
    refusal = expected.refusal if isinstance(expected, Some) else expected
    return [] if may_refuse or re.search(refusal, answer) else [f"{path}: another refusal than expected: {answer}"]


def ask(reader, file, paths):
    """{path: [shape, digest] or the text of an error}."""
    if reader == "jhdf":
        return ask_jhdf(file, paths)
    if reader in ("h5wasm", "jsfive"):
        command = [os.environ["WEIR_INTEROP_NODE"], FOLDER / "read-values.mjs", reader, file, json.dumps(paths)]
    else:
        command = [os.environ["WEIR_INTEROP_READERS"], FOLDER / "read_values.py", reader, file, json.dumps(paths)]
    done = run(command)
    lines = done.stdout.splitlines()
    return json.loads(lines[-1]) if done.returncode == 0 and lines else dict.fromkeys(paths, f"ended with {done.returncode}: {done.stderr[-300:]}")


def ask_jhdf(file, paths):
    done = run(["java", "-cp", os.environ["WEIR_INTEROP_JARS"], FOLDER / "ReadValues.java", file, *paths])
    answers = dict.fromkeys(paths, f"ended with {done.returncode}: {done.stderr[-300:]}")
    for line in done.stdout.splitlines():
        path, shape, rest = line.split("\t")
        answers[path] = rest if shape == "error" else [json.loads(shape), rest]
    return answers


def run(command):
    environment = {**os.environ, "HDF5_PLUGIN_PATH": os.environ["WEIR_INTEROP_PLUGINS"]}
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, encoding="utf-8", timeout=300, env=environment)
