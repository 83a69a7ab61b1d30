"""The lines of docs/values-digest.md, as they stand there, on outputs of every way; and on one whose values were changed since."""
import contextlib
import io
import json
import pathlib
import re
import shutil

import h5py
import hdf5plugin  # noqa: F401  (registers the filters)
from dcnum.write import HDF5Writer

from files.registry import pictures, scalars, write_attributes

from . import program

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs" / "values-digest.md"
COUNT = 2500
#: arguments of `weir rewrite`: by rows, recoded chunk by chunk, of some events, shuffled, without filters
WAYS = {
    "a storage plan": [],
    "by frame": ["--by-frame"],
    "zstd 6": ["--compression", "zstd", "--level", "6"],
    "zstd 6, shuffled": ["--compression", "zstd", "--level", "6", "--shuffle"],
    "gzip": ["--compression", "gzip"],
    "none": ["--compression", "none", "--no-checksum"],
    "scalar": ["--features", "scalar", "--compression", "gzip"],
    "a selection": ["--events", "7::3"],
    "independent": ["--compression", "gzip", "--verify", "independent"],
}


def check_values_digest(context):
    folder = pathlib.Path(context.folder)
    sources = make_sources(folder)
    lines = []
    for number, (name, source) in enumerate(sources.items()):
        for title, words in WAYS.items():
            output = folder / f"{number}.rtdc"
            run = context.weir.run("rewrite", source, "--out", output, "--json", "--overwrite", *words)
            lines.append((f"digest of values: {name}, {title}", program.find_faults(run) + compare(output)))
    output = folder / "recorded.rtdc"
    run = context.weir.run("record", "--replay", sources["by dcnum"], "--out", output, "--json")
    lines.append(("digest of values: a recording", program.find_faults(run) + compare(output, "weir-record")))
    lines.append(("digest of values: a changed value is noticed", check_changed(folder / "recorded.rtdc", folder / "changed.rtdc")))
    run = context.weir.run("rewrite", sources["bare"], "--out", folder / "none.rtdc", "--json", "--verify", "none")
    lines.append(("digest of values: none without verification", program.find_faults(run) + check_absent(folder / "none.rtdc")))
    return lines


def make_sources(folder):
    """As dcnum stores them; in one piece; in chunks that are neither pieces nor Weir's; in Weir's, whose rows are too large to be pieces."""
    features = {**scalars(COUNT), "image": pictures(COUNT, shape=(40, 50)), "mask": pictures(COUNT, 3, (40, 50)) > 140}
    with h5py.File(folder / "dcnum.rtdc", "w") as h5:
        writer = HDF5Writer(h5)
        for name, data in features.items():
            writer.store_feature_chunk(name, data)
        write_attributes(h5, COUNT)
    large = {"deform": features["deform"][:45], "image": pictures(45, 5, (400, 500))}
    write_plain(folder / "bare.rtdc", features, None)
    write_plain(folder / "odd.rtdc", features, 37)
    write_plain(folder / "large.rtdc", large, 10)
    return {"by dcnum": folder / "dcnum.rtdc", **{name: folder / f"{name}.rtdc" for name in ("bare", "odd", "large")}}


def write_plain(path, features, rows):
    with h5py.File(path, "w") as h5:
        for name, data in features.items():
            h5.create_dataset(f"events/{name}", data=data, chunks=rows and (rows, *data.shape[1:]))
        write_attributes(h5, len(features["deform"]))


def run_lines(path, log):
    """What the lines of the docs print: {feature: verdict}."""
    code = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1].replace("weir-rewrite", log)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, str(DOCS), "exec"), {"path": path})
    return dict(line.split(" ", 1) for line in said.getvalue().splitlines())


def compare(path, log="weir-rewrite"):
    if not path.exists():
        return []
    said = run_lines(path, log)
    with h5py.File(path) as h5:
        result = json.loads(b"".join(h5[f"logs/{log}"][:]))["result"]
        wanted = sorted(set(h5["events"]) - set(result.get("sha256 of stored chunks", {})))
    faults = [f"{name}: {verdict}" for name, verdict in said.items() if verdict != "same"]
    return faults if sorted(said) == wanted else [*faults, f"digests of {sorted(said)}, expected {wanted}"]


def check_changed(source, output):
    shutil.copyfile(source, output)
    with h5py.File(output, "r+") as h5:
        h5["events/deform"][COUNT // 3] += 1
    said = run_lines(output, "weir-record")
    return [] if said["deform"] == "other values" and said["image"] == "same" else [f"the lines say {said}"]


def check_absent(path):
    with h5py.File(path) as h5:
        text = b"".join(h5["logs/weir-rewrite"][:])
    return ["the log has digests"] if b"sha256" in text else []
