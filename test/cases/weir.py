"""Runs Weir's command line and reads its files as h5py sees them."""
import dataclasses
import json
import os
import pathlib
import subprocess

import h5py
import hdf5plugin  # noqa: F401  (registers the filters)
import numpy as np


@dataclasses.dataclass(frozen=True)
class Run:
    code: int
    text: str
    errors: str

    @property
    def lines(self):
        return [json.loads(line) for line in self.text.splitlines() if line.startswith("{")]

    @property
    def result(self):
        return next((line for line in self.lines if line.get("type") == "result"), {})

    @property
    def warnings(self):
        return [line for line in self.lines if line.get("type") == "warning"]

    @property
    def codes(self):
        return sorted({warning["code"] for warning in self.warnings})

    @property
    def findings(self):
        return self.result.get("findings", [])

    def names(self, *words):
        """Does a warning hold each of the words, in its object or its message?"""
        said = [f"{warning.get('object')} {warning['message']}" for warning in self.warnings]
        return all(any(word in text for text in said) for word in words)

    def __str__(self):
        error = self.result.get("error") or {}
        parts = [f"exit {self.code}", self.result.get("status"), f"{self.result['events']} events" if self.result.get("events") is not None else None,
                 error.get("code"), " ".join(self.codes), "" if self.result else self.errors.strip()[:200]]
        return ", ".join(part for part in parts if part)


class Weir:
    """The command line of the build. `folder` is where it works and writes."""

    def __init__(self, project, folder):
        self.project = pathlib.Path(project)
        self.folder = pathlib.Path(folder)
        self.node = os.environ.get("WEIR_CASES_NODE", "node")
        self.program = str(self.project / "out" / "weir.js")
        self.count = 0

    def run(self, *words):
        done = subprocess.run([self.node, self.program, *map(str, words)], capture_output=True, text=True, encoding="utf-8",
                              timeout=120, cwd=self.folder, stdin=subprocess.DEVNULL)
        return Run(done.returncode, done.stdout, done.stderr)

    def make(self, command, *words):
        """(run, output) of a command that writes a file."""
        self.count += 1
        output = self.folder / f"out-{self.count}.rtdc"
        return self.run(command, *words, "--out", output, "--json"), output

    def rewrite(self, source, *words):
        return self.make("rewrite", source, *words)

    def replay(self, source, *words):
        return self.make("record", "--replay", source, *words)

    def verify(self, *files):
        return self.run("verify", *files, "--json")


def is_equal(one, other):
    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape:
        return False
    if one.dtype.names:
        return one.dtype.names == other.dtype.names and all(is_equal(one[name], other[name]) for name in one.dtype.names)
    if one.dtype.kind == "O":
        return all(np.array_equal(a, b) for a, b in zip(one, other))
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def list_datasets(group):
    names = []
    group.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    return names


#: written anew on a selection
RENUMBERED = ("index",)


def compare_events(source, output, rows=None, names=None):
    """What differs in `events`: every dataset has the source's rows `rows` (None: all). `names`: the features that were chosen."""
    differences = []
    with h5py.File(source) as a, h5py.File(output) as b:
        wanted = [name for name in list_datasets(a["events"]) if names is None or name.split("/")[0] in names]
        for name in wanted:
            values = a["events"][name]
            group, _, leaf = name.partition("/")
            if group == "contour" and rows is not None:
                # renumbered from 0; looked at as a whole below
                continue
            expected = values[()] if rows is None else values[()][list(rows)]
            if name in RENUMBERED and rows is not None:
                continue
            differences += describe_difference(name, expected, b["events"].get(name))
        if rows is not None and "contour" in a["events"] and (names is None or "contour" in names):
            for number, row in enumerate(rows):
                differences += describe_difference(f"contour/{number}", a[f"events/contour/{row}"][()], b.get(f"events/contour/{number}"))
    return differences


def describe_difference(name, expected, stored):
    if stored is None:
        return [f"{name} is missing"]
    try:
        seen = stored[()]
    except OSError as error:
        return [f"{name} cannot be read: {str(error)[:80]}"]
    if seen.shape != expected.shape:
        return [f"{name} has {seen.shape} instead of {expected.shape}"]
    return [] if is_equal(expected, seen) else [f"{name} has other values"]
