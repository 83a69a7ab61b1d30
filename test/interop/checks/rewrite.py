"""Rewrite a file with every kind of storage and let all others read the result."""
import json
import pathlib
import re
import shutil

import h5py

from . import append, judge, program, readers

#: arguments and what the pipeline of features, logs and tables then is
VARIANTS = {
    "zstd": (("--compression", "zstd", "--level", "5"), [32015, 3], {32015: (5,)}),
    "gzip": (("--compression", "gzip", "--level", "5"), [1, 3], {1: (5,)}),
    "none": (("--compression", "none"), [3], {}),
    "shuffle": (("--shuffle",), [2, 32015, 3], {32015: (5,)}),
}


class Rewrites:
    """All variants of one source. `check` gives (name, faults) for each."""

    def __init__(self, case, source, context):
        self.case = case
        self.source = pathlib.Path(source)
        self.context = context
        self.folder = pathlib.Path(context.folder) / f"out-{case.name}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def check(self):
        variants = self.case.variants or tuple(VARIANTS)
        if self.case.expect in ("refused", "failed"):
            return [(f"rewrite {self.case.name}: {self.case.expect} with {self.case.code}", self._refusal())]
        done = [(variant, self._rewrite(variant)) for variant in variants]
        lines = [(f"rewrite {self.case.name} {variant}", [*faults, *self._judge(variant, output)] if output else faults)
                 for variant, (output, faults) in done]
        outputs = [output for _, (output, _) in done if output]
        if outputs and self._has("old"):
            lines.append((f"rewrite {self.case.name}: Debian's h5py", self._old(outputs)))
        shutil.rmtree(self.folder, ignore_errors=not self.context.keep) if not self.context.keep else None
        return lines

    def _has(self, reader):
        return reader not in self.case.without

    def _refusal(self):
        output = self.folder / "refused.rtdc"
        run = self.context.weir.run("rewrite", self.source, "--out", output, "--json")
        code = 2 if self.case.expect == "refused" else 1
        faults = program.find_faults(run, self.case.expect, code)
        error = run.result.get("error") or {}
        if error.get("code") != self.case.code:
            faults.append(f"expected {self.case.code}: {run.explain()}")
        faults += [f"{name} was left behind" for name in (output.name, output.name + "~") if (output.parent / name).exists()]
        return faults

    def _rewrite(self, variant):
        """(path of the output or None, faults)"""
        output = self.folder / f"{variant}.rtdc"
        before = self.source.stat().st_mtime_ns, self.source.stat().st_size
        run = self.context.weir.run("rewrite", self.source, "--out", output, "--json", *VARIANTS[variant][0], *self.case.arguments)
        if self.case.expect == "either" and run.code != 0:
            error = run.result.get("error") or {}
            is_clear = str(error.get("code", "")).startswith("E_") and error.get("code") != "E_INTERNAL" and not output.exists()
            return None, [] if is_clear else [f"neither done nor clearly refused: {run.explain()}"]
        faults = program.find_faults(run)
        faults += self._warning_faults(run)
        if (self.source.stat().st_mtime_ns, self.source.stat().st_size) != before:
            faults.append("the source was touched")
        if pathlib.Path(f"{output}~").exists():
            faults.append("the temporary file is still there")
        return (output if output.exists() and run.code == 0 else None), faults

    def _warning_faults(self, run):
        faults = []
        given = {warning.get("code") for warning in run.warnings}
        faults += [f"warning {code} is missing (given: {sorted(map(str, given))})" for code in self.case.warns if not any(re.fullmatch(code, str(one)) for one in given)]
        named = {f"{w.get('object')} {w.get('message')}" for w in run.warnings}
        for pattern in self.case.left_out:
            path = re.sub(r"\\", "", pattern)
            if not any(path in text or path.replace("@", " ") in text for text in named):
                place, _, attribute = path.partition("@")
                if not (attribute and any(place in text and attribute in text for text in named)):
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
        if self._has("h5dump") and variant == (self.case.variants or tuple(VARIANTS))[0]:
            faults += readers.dump_all(output) + readers.repack(output)
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
            tasks.append({"do": "append", "path": str(outputs[0]), "copy": str(self.folder / "old-append.rtdc")})
        return [fault for faults in readers.run_old_h5py(tasks) for fault in faults]

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
