"""Rewrite a file with every kind of storage and let all others read the result."""
import dataclasses
import json
import pathlib
import re

import h5py

from . import append, judge, program, readers

#: arguments and what the pipeline of features, logs and tables then is
VARIANTS = {
    "zstd": (("--compression", "zstd", "--level", "5"), [32015, 3], {32015: (5,)}),
    "gzip": (("--compression", "gzip", "--level", "5"), [1, 3], {1: (5,)}),
    "none": (("--compression", "none"), [3], {}),
    "shuffle": (("--shuffle",), [2, 32015, 3], {32015: (5,)}),
}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One rewrite: its result and warnings as printed; `output` only if it is done."""

    output: pathlib.Path
    command: str
    result: dict
    warnings: list
    faults: list

    @property
    def is_done(self):
        return self.result.get("status") == "done" and self.output.exists()


def rewrite_together(context, variant, items, folder):
    """Rewrite the files of several cases in one go, as people do with a day's measurements: {(case name, variant): Outcome}."""
    before = [(path.stat().st_mtime_ns, path.stat().st_size) for _, path in items]
    folder.mkdir(parents=True, exist_ok=True)
    run = context.weir.run("rewrite", *[path for _, path in items], "--out-dir", folder, "--json", *VARIANTS[variant][0])
    outcomes = {}
    for number, (case, path) in enumerate(items):
        result = run.results[number] if number < len(run.results) else {}
        faults = program.find_result_faults(run, result, path)
        if (path.stat().st_mtime_ns, path.stat().st_size) != before[number]:
            faults.append("the source was touched")
        output = folder / path.name
        if pathlib.Path(f"{output}~").exists():
            faults.append("the temporary file is still there")
        warnings = [warning for warning in run.warnings if warning.get("job") == number + 1]
        outcomes[case.name, variant] = Outcome(output, run.command, result, warnings, faults)
    is_good = all(result.get("status") == "done" for result in run.results)
    if len(run.results) != len(items) or run.code not in ((0,) if is_good else (1, 2)):
        first = outcomes[items[0][0].name, variant]
        first.faults.append(f"{len(run.results)} results for {len(items)} inputs, exit {run.code}: {run.stderr[-300:]}")
    return outcomes


class Rewrites:
    """What became of one source. `check` gives (name, faults) for each variant."""

    def __init__(self, case, source, outcomes, context):
        self.case = case
        self.source = pathlib.Path(source)
        self.outcomes = outcomes
        self.context = context

    def check(self):
        lines = [(f"rewrite {self.case.name} {variant}", self._outcome_faults(outcome) + (self._judge(variant, outcome.output) if outcome.is_done else []))
                 for variant, outcome in self.outcomes.items()]
        outputs = [outcome.output for outcome in self.outcomes.values() if outcome.is_done]
        if outputs and self._has("old"):
            lines.append((f"rewrite {self.case.name}: Debian's h5py", self._old(outputs)))
        return lines

    def _has(self, reader):
        return reader not in self.case.without

    def _outcome_faults(self, outcome):
        error = outcome.result.get("error") or {}
        if outcome.is_done:
            return outcome.faults + self._warning_faults(outcome)
        if self.case.expect == "either":
            is_clear = str(error.get("code", "")).startswith("E_") and error.get("code") != "E_INTERNAL" and not outcome.output.exists()
            return [] if is_clear else [f"neither done nor clearly refused: {error} [{outcome.command[:300]}]"]
        return [*outcome.faults, f"status {outcome.result.get('status')}: {error} [{outcome.command[:300]}]"]

    def _warning_faults(self, outcome):
        given = {str(warning.get("code")) for warning in outcome.warnings}
        faults = [f"warning {code} is missing (given: {sorted(given)})" for code in self.case.warns if not any(re.fullmatch(code, one) for one in given)]
        said = [f"{warning.get('object')} {warning.get('message')}" for warning in outcome.warnings]
        for path in self.case.left_out:
            place, _, attribute = path.partition("@")
            if not any(place in text and attribute in text for text in said):
                faults.append(f"no warning names {path}, which cannot be carried")
        return faults

    def _judge(self, variant, output):
        faults = []
        if self._has("same") and self.context.same_py and not self.case.left_out:
            faults += [f"same.py: {line}" for line in judge.run_same(self.context.same_py, self.source, output)]
        if self._has("judge"):
            faults += judge.judge(self.source, output, self.case.left_out, self._ignored())
        faults += self._own_facts(output)
        faults += find_pipeline_faults(output, variant)
        if self._has("dcnum") and self._has("dcnum-features"):
            faults += readers.compare_dcnum(self.source, output)
        if self._has("dclab"):
            faults += readers.compare_dclab(self.source, output)
        faults += readers.dump_headers(output)
        if self._has("h5dump") and variant == next(iter(self.outcomes)):
            faults += readers.dump_all(output)
            faults += readers.repack(output) if self._has("h5repack") else []
        if self._has("append"):
            copy = output.with_suffix(".append.rtdc")
            faults += self._append(output, copy)
        return faults

    def _ignored(self):
        return self.case.ignored if self._has("count") else (*self.case.ignored, "/@experiment:event count")

    def _append(self, output, copy):
        try:
            return [f"after mode 'a': {fault}" for fault in append.check_append(output, copy)] + readers.dump_headers(copy)
        except Exception as error:
            return [f"mode 'a': {type(error).__name__}: {error}"]
        finally:
            copy.unlink(missing_ok=True)

    def _old(self, outputs):
        tasks = [{"do": "read", "path": str(output)} for output in outputs]
        if self._has("append") and self._has("append-old"):
            tasks.append({"do": "append", "path": str(outputs[0]), "copy": str(outputs[0].with_suffix(".old-append.rtdc"))})
        faults = [fault for faults in readers.run_old_h5py(tasks) for fault in faults]
        outputs[0].with_suffix(".old-append.rtdc").unlink(missing_ok=True)
        return faults

    def _own_facts(self, output):
        """What Weir adds: the count of events and its own log."""
        faults = []
        with h5py.File(output, "r") as h5:
            if h5.id.get_create_plist().get_userblock() or h5.id.get_create_plist().get_version()[0] != 2:
                faults.append(f"superblock version {h5.id.get_create_plist().get_version()[0]} instead of 2")
            count = h5.attrs["experiment:event count"]
            rows = {item.shape[0] for item in h5["events"].values() if isinstance(item, h5py.Dataset) and item.shape}
            if h5.attrs.get_id("experiment:event count").dtype != "<i8" or (rows and {int(count)} != rows):
                faults.append(f"experiment:event count is {count!r}, features have {rows}")
            faults += find_log_faults(h5, self.source)
        return faults


def check_refusal(context, case, source):
    """A file that cannot be rewritten: the right exit code and error, nothing left behind."""
    output = pathlib.Path(context.folder) / "refused.rtdc"
    run = context.weir.run("rewrite", source, "--out", output, "--json")
    faults = program.find_faults(run, case.expect, 2 if case.expect == "refused" else 1)
    error = run.result.get("error") or {}
    if error.get("code") != case.code:
        faults.append(f"expected {case.code}: {run.explain()}")
    faults += [f"{name} was left behind" for name in ("refused.rtdc", "refused.rtdc~") if (output.parent / name).exists()]
    return [(f"rewrite {case.name}: {case.expect} with {case.code}", faults)]


def find_log_faults(h5, source):
    names = sorted(name for name in h5["logs"] if re.fullmatch(r"weir-rewrite(_\d+)?", name)) if "logs" in h5 else []
    if not names:
        return ["the job's own log is missing"]
    lines = [bytes(line) for line in h5["logs"][names[-1]][()]]
    faults = [f"line {index} of the job's log has {len(line)} bytes" for index, line in enumerate(lines) if len(line) > 100]
    try:
        text = b"".join(lines).decode("utf-8")
        if source.name not in text:
            faults.append("the job's log does not name the source")
        json.loads(text)
    except ValueError as error:
        faults.append(f"the job's log is not JSON: {error}")
    return faults


def find_pipeline_faults(output, variant):
    """Features, logs and tables have the filters that were asked for."""
    _, wanted, values = VARIANTS[variant]
    faults = []
    with h5py.File(output, "r") as h5:
        for path, dataset in stored_datasets(h5):
            properties = dataset.id.get_create_plist()
            filters = [properties.get_filter(index) for index in range(properties.get_nfilters())]
            found = [item[0] for item in filters]
            # Shuffling single bytes changes nothing: leaving it out is no fault.
            expected = [f for f in wanted if f != 2 or f in found or dataset.dtype.itemsize > 1]
            if found != expected:
                faults.append(f"{path}: filters {found} instead of {expected}")
            faults += [f"{path}: filter {f[0]} has values {f[2]}" for f in filters if f[0] in values and tuple(f[2][-len(values[f[0]]):]) != values[f[0]]]
    return faults[:4]


def stored_datasets(h5):
    for group in ("events", "events/trace", "logs", "tables"):
        for name, item in h5.get(group, {}).items():
            is_plain = isinstance(item, h5py.Dataset) and item.shape and item.size and not item.dtype.hasobject
            if is_plain and isinstance(h5[group].get(name, getlink=True), h5py.HardLink):
                yield f"/{group}/{name}", item
