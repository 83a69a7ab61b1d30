"""Runs Weir's command line as a user does and reads what it prints."""
import dataclasses
import json
import os
import subprocess

RESULT_FIELDS = {"type", "job", "input", "output", "status", "events", "bytesRead", "bytesWritten", "seconds", "verification", "warnings", "error"}


@dataclasses.dataclass
class Run:
    command: str
    code: int
    lines: list
    stderr: str

    @property
    def results(self):
        return [line for line in self.lines if line.get("type") == "result"]

    @property
    def result(self):
        return self.results[0] if self.results else {}

    @property
    def warnings(self):
        return [line for line in self.lines if line.get("type") == "warning"]

    def explain(self):
        error = self.result.get("error") or {}
        said = f"{error.get('code')}: {error.get('message')}" if error else self.stderr.strip()[-300:]
        return f"exit {self.code}, {said} [{self.command}]"


class Weir:
    """`node out/weir.js`, without plugins of the C library."""

    def __init__(self, program):
        self.program = str(program)
        self.node = os.environ.get("WEIR_INTEROP_NODE", "node")
        self.environment = {k: v for k, v in os.environ.items() if k != "HDF5_PLUGIN_PATH"}

    def run(self, *arguments, timeout=300, is_lines=True):
        words = [str(word) for word in arguments]
        done = subprocess.run([self.node, self.program, *words], capture_output=True, text=True, encoding="utf-8",
                              timeout=timeout, env=self.environment, stdin=subprocess.DEVNULL)
        lines = []
        for line in done.stdout.splitlines() if is_lines else ():
            try:
                lines.append(json.loads(line))
            except ValueError:
                lines.append({"type": "not JSON", "text": line})
        run = Run(f"weir {' '.join(words)}", done.returncode, lines, done.stderr)
        run.stdout = done.stdout
        return run


def find_faults(run, status="done", code=0):
    """What the printed lines of one job have wrong, apart from the file."""
    faults = find_result_faults(run, run.result)
    if run.code != code or run.result.get("status") != status:
        faults.append(f"expected {status} with exit {code}: status {run.result.get('status')}, {run.explain()}")
    if len(run.results) != 1:
        faults.append(f"{len(run.results)} results instead of one [{run.command}]")
    return faults


def find_result_faults(run, result, source=None):
    faults = [f"standard output holds something else than JSON: {line['text'][:80]!r}" for line in run.lines if line.get("type") == "not JSON"]
    missing = RESULT_FIELDS - set(result)
    faults += [f"the result lacks {sorted(missing)}"] if missing else []
    if source is not None and result.get("input") != str(source):
        faults.append(f"the result in place of {source} is that of {result.get('input')}")
    return faults
