"""The cases: for each the input and what is right. What h5py reads of the source is right for the values."""
import contextlib
import dataclasses
import os
import pathlib
import subprocess
import sys
import time
import typing

import h5py
import numpy as np

import makers
from weir import compare_events, describe_difference, list_datasets


@dataclasses.dataclass(frozen=True)
class Line:
    expected: str
    seen: str
    is_right: bool


def run_python(weir, script, path):
    """The usual script: writes the file of its argument."""
    run_program([sys.executable, str(script), str(path)], weir)


def run_program(words, weir, check=True):
    environment = {**os.environ, "WEIR": f"{weir.node} {weir.program}"}
    return subprocess.run(words, cwd=weir.folder, env=environment, check=check, capture_output=True, text=True, timeout=180)


def run_here(name):
    """A script that writes `name` into the current folder."""

    def run(weir, script, path):
        run_program([sys.executable, str(script)], weir)
        return weir.folder / name

    return run


@dataclasses.dataclass(frozen=True)
class Case:
    script: str
    look: typing.Callable
    make: typing.Callable | None = None
    run_script: typing.Callable = run_python

    @property
    def name(self):
        return pathlib.Path(self.script).stem


ALL: list[Case] = []


def case(script, maker=None, run_script=run_python):
    make = (lambda weir, path: maker(path)) if maker else None

    def register(look):
        ALL.append(Case(script, look, make, run_script))
        return look

    return register


def expect_done(what, run, output, differences, more=True):
    """Line: the command is done, and the events are as they should be."""
    is_done = run.code == 0 and run.result.get("status") == "done" and output.exists()
    found = differences() if is_done else []
    seen = f"{run}; " + ("; ".join(found[:4]) or "values right" if is_done else "no output")
    return Line(f"{what}: done, every value right", seen, is_done and not found and more)


@case("vlen_feature_selection.py", makers.make_variable_features)
def look_at_variable_features(weir, source):
    run, output = weir.rewrite(source, "--events", "0:5")
    yield expect_done("--events 0:5", run, output, lambda: compare_events(source, output, range(5)))
    rows = [7, 2, 2, 99]
    chosen = weir.folder / "rows.txt"
    chosen.write_text("\n".join(map(str, rows)))
    run, output = weir.rewrite(source, "--indices", chosen)
    yield expect_done("--indices", run, output, lambda: compare_events(source, output, rows))
    checked = weir.verify(output)
    yield Line("verify of the selection: no unequal lengths", str(checked), not any(f["code"] == "V_LENGTH" for f in checked.findings))


@case("torn_image.py", makers.make_short_image)
def look_at_short_image(weir, source):
    yield from look_at_lengths(weir, source, 97)


@case("uneven_lengths.py", makers.make_long_mask)
def look_at_long_mask(weir, source):
    yield from look_at_lengths(weir, source, 100)


def look_at_lengths(weir, source, common):
    run, _ = weir.rewrite(source)
    message = (run.result.get("error") or {}).get("message", "")
    yield Line("everything: E_LEN, exit 2, and the way out is named", f"{run}: {message}",
               run.code == 2 and (run.result.get("error") or {}).get("code") == "E_LEN" and "--lengths cut" in message)
    run, output = weir.rewrite(source, "--lengths", "cut")
    yield expect_done(f"--lengths cut: {common} events, said in a warning", run, output, lambda: compare_events(source, output, range(common)),
                      run.result.get("events") == common and len(run.warnings) > 0)
    run, output = weir.rewrite(source, "--features", "area_um,deform")
    yield expect_done("only features of one length", run, output, lambda: compare_events(source, output, None, ["area_um", "deform"]),
                      run.result.get("events") == 100)
    run, output = weir.rewrite(source, "--events", "0:50")
    yield expect_done("events that all features have", run, output, lambda: compare_events(source, output, range(50)), run.result.get("events") == 50)
    run, output = weir.make("basins", "--basin", source)
    yield Line("a basin file can be made", str(run), run.code == 0)
    run, output = weir.replay(source, "--lengths", "cut")
    yield expect_done("record --replay --lengths cut", run, output, lambda: compare_events(source, output, range(common)))


@case("large_attribute.py", makers.make_large_attributes)
def look_at_large_attributes(weir, source):
    for name, make in (("rewrite", weir.rewrite), ("record --replay", weir.replay)):
        run, output = make(source)
        yield expect_done(name, run, output, lambda: compare_events(source, output) + compare_large_attributes(source, output, run))


def compare_large_attributes(source, output, run):
    differences = []
    with h5py.File(source) as a, h5py.File(output) as b:
        for path, name in (("/", "user:background"), ("/events/image", "flat_field")):
            if name in b[path].attrs:
                differences += describe_difference(f"{path}@{name}", a[path].attrs[name], AttributeValue(b[path].attrs, name))
                differences += [] if len(b[path].attrs) == len(list(b[path].attrs)) else [f"{path}: len(attrs) is wrong"]
            elif not run.names(name):
                differences.append(f"{path}@{name} is missing, and nothing says so")
    return differences


class AttributeValue:
    def __init__(self, attributes, name):
        self.read = lambda: attributes[name]

    def __getitem__(self, _):
        return self.read()


@case("vlen_log_lzf.py", makers.make_lzf_log)
def look_at_lzf_log(weir, source):
    for name, make in (("rewrite", weir.rewrite), ("record --replay", weir.replay), ("basins", lambda path: weir.make("basins", "--basin", path))):
        run, output = make(source)
        yield expect_done(f"{name}, the log in it or named", run, output, lambda: compare_log(source, output, "acquisition", run))


def compare_log(source, output, name, run):
    with h5py.File(source) as a, h5py.File(output) as b:
        if f"logs/{name}" not in b:
            return [] if run.names(name) else [f"the log {name} is missing, and nothing says so"]
        expected, seen = ([line.decode() for line in h5[f"logs/{name}"][()]] for h5 in (a, b))
        return [] if expected == seen else [f"the log {name} has other lines"]


@case("record_contour_lost.py", makers.make_contours)
def look_at_contours(weir, source):
    run, output = weir.replay(source)
    with h5py.File(output) as h5:
        is_there = "contour" in h5["events"]
    yield Line("record --replay: contours are in the file or named", f"{run}, contours {'kept' if is_there else 'left out'}", run.code == 0 and (is_there or run.names("contour")))


@case("record_attributes_lost.py", makers.make_attributes_beside_events)
def look_at_attributes_beside_events(weir, source):
    run, output = weir.replay(source)
    lost = []
    with h5py.File(source) as a, h5py.File(output) as b:
        paths = ["events", "events/image", "events/trace", "events/trace/fl1_raw", *[name for name in a if name not in ("events", "logs")]]
        for path in paths:
            if path not in b:
                lost.append(path)
            else:
                lost += [f"{path}@{name}" for name in a[path].attrs if name not in b[path].attrs]
    silent = [name for name in lost if not run.names(name.split("@")[-1])]
    yield Line("record --replay: all that is not in the output is named", f"{run}; left out: {lost}; silently: {silent}", run.code == 0 and not silent)


def keep_growing(weir, script, path):
    """Starts the writer; it goes on while the case is looked at."""
    weir.writer = subprocess.Popen([sys.executable, str(script), str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with contextlib.suppress(OSError), h5py.File(path, "r", libver="latest", swmr=True):
            return path
        time.sleep(0.05)
    raise TimeoutError(f"{script} has written nothing")


def grow_here(weir, path):
    return keep_growing(weir, pathlib.Path(__file__).with_name("growing_writer.py"), path)


@case("growing_swmr.py", run_script=keep_growing)
def look_at_growing_file(weir, source):
    tries = []
    while weir.writer.poll() is None:
        for words in ((), ("--events", "0:500")):
            if weir.writer.poll() is None:
                started_alive = weir.writer.poll() is None
                tries.append((words, *weir.rewrite(source, *words), started_alive and weir.writer.poll() is None))
    weir.writer.wait()
    for words, run, output, was_alive in tries:
        if not was_alive:
            # It ended meanwhile: nothing can be said about what the job saw.
            continue
        growing = next((warning for warning in run.warnings if warning["code"] == "W_GROWING"), None)
        rows = run.result.get("events") or 0
        yield expect_done(f"rewrite {' '.join(words)} while it grows: W_GROWING with events and time", run, output,
                          lambda: compare_events(source, output, range(rows)), bool(growing) and "events" in growing and "time" in growing and rows > 0)
    looked = sum(was_alive for *_, was_alive in tries)
    yield Line("at least one job began and ended while it grew", f"{looked} of {len(tries)}", looked > 0)


ALL[-1] = dataclasses.replace(ALL[-1], make=grow_here)


def repack(weir, source, *filters):
    """Bytes of the source rewritten by h5repack."""
    target = weir.folder / "repacked.h5"
    environment = {**os.environ, "HDF5_PLUGIN_PATH": os.environ["WEIR_CASES_PLUGINS"]}
    words = [word for name in filters for word in ("-f", name)]
    subprocess.run(["h5repack", *words, str(source), str(target)], check=True, env=environment, capture_output=True, timeout=120)
    return target.stat().st_size


def expect_small(what, weir, source, words, filters):
    run, output = weir.rewrite(source, *words)
    limit = repack(weir, source, *filters) * 1.02 + 16384
    size = output.stat().st_size if output.exists() else 0
    yield expect_done(what, run, output, lambda: compare_events(source, output))
    yield Line(f"{what}: at most {limit:.0f} bytes (h5repack with the same filters, 2 % and 16 kB)", f"{size} bytes of {source.stat().st_size}", 0 < size <= limit)


ZSTD_5 = "UD=32015,0,1,5"


@case("contour_growth.py", makers.make_many_contours)
def look_at_many_contours(weir, source):
    yield from expect_small("rewrite", weir, source, (), (ZSTD_5, "FLET"))
    run, output = weir.rewrite(source)
    yield Line("no larger than the source", f"{output.stat().st_size} bytes of {source.stat().st_size}", output.stat().st_size <= source.stat().st_size)


@case("small_uncompressed.py", makers.make_one_event)
def look_at_one_event(weir, source):
    yield from expect_small("rewrite", weir, source, (), (ZSTD_5, "FLET"))
    yield from expect_small("rewrite --compression none", weir, source, ("--compression", "none"), ("FLET",))
    yield from expect_small("rewrite --compression none --no-checksum", weir, source, ("--compression", "none", "--no-checksum"), ("NONE",))


@case("virtual_same_file.py", makers.make_virtual)
def look_at_virtual(weir, source):
    for words, names in (((), None), (("--features", "userdef1"), ["userdef1"])):
        run, output = weir.rewrite(source, *words)
        yield expect_done(f"rewrite {' '.join(words)}", run, output, lambda: compare_events(source, output, None, names) + find_virtual(output))


def find_virtual(output):
    with h5py.File(output) as h5:
        return [f"{name} is virtual" for name in list_datasets(h5["events"]) if h5["events"][name].is_virtual]


@case("unwritten_chunks.py", makers.make_holes)
def look_at_holes(weir, source):
    for name, make in (("rewrite", weir.rewrite), ("record --replay", weir.replay)):
        run, _ = make(source)
        message = (run.result.get("error") or {}).get("message", "")
        yield Line(f"{name}: E_HOLE, and the way out is named", f"{run}: {message}",
                   run.code in (1, 2) and (run.result.get("error") or {}).get("code") == "E_HOLE" and "--holes fill" in message)
        run, output = make(source, "--holes", "fill")
        yield expect_done(f"{name} --holes fill, both features named", run, output, lambda: compare_events(source, output), run.names("emodulus", "mask"))
    run, output = weir.rewrite(source, "--features", "deform,image")
    yield expect_done("without the features that have holes", run, output, lambda: compare_events(source, output, None, ["deform", "image"]))


@case("empty_selection.py", makers.make_plain)
def look_at_empty_selection(weir, source):
    empty = weir.folder / "none.txt"
    empty.write_text("# nothing\n")
    for words in (("--events", "200:300"), ("--indices", empty)):
        run, output = weir.rewrite(source, *words)
        yield expect_done(f"{words[0]}: 0 events and a warning", run, output, lambda: compare_events(source, output, range(0)),
                          run.result.get("events") == 0 and len(run.warnings) > 0)


@case("string_count.py", makers.make_text_count)
def look_at_text_count(weir, source):
    run, output = weir.rewrite(source)
    said = " / ".join(warning["message"] for warning in run.warnings)
    yield expect_done("rewrite; the count is said to be text", run, output, lambda: compare_events(source, output), "text" in said)
    yield Line("nothing says that the right number is another one", said, "something else" not in said)


@case("zstd_frames_copied_as_stored.py", makers.make_frames)
def look_at_frames(weir, source):
    run, output = weir.rewrite(source)
    yield expect_done("rewrite, with a warning", run, output, lambda: find_wrong_ramps(output), len(run.warnings) > 0)
    named = {finding.get("object") for finding in weir.verify(source).findings if finding["level"] == "damage"}
    expected = {f"/events/{name}" for name in ("two", "skip_first", "nosize")}
    yield Line(f"verify names {sorted(expected)} and not /events/one", f"{sorted(map(str, named))}", expected <= named and "/events/one" not in named)


def find_wrong_ramps(output):
    with h5py.File(output) as h5:
        return [line for name in list_datasets(h5["events"]) for line in describe_difference(name, np.arange(64, dtype="f8"), h5["events"][name])]


@case("zstd_negative_level.py", makers.make_negative_levels)
def look_at_negative_levels(weir, source):
    shown = next((line for line in weir.run("inspect", source).text.splitlines() if "deform" in line), "")
    yield Line("inspect shows the level as -50", shown.strip(), "-50" in shown)
    hints = " ".join(finding["message"] for finding in weir.verify(source).findings)
    yield Line("verify counts 2 of 3 as compressed less than level 5", hints, "2 of 3" in hints)
    run, output = weir.rewrite(source)
    yield expect_done("rewrite", run, output, lambda: compare_events(source, output))


@case("zstd_large_window.py", makers.make_large_windows, run_here("zf3.rtdc"))
def look_at_large_windows(weir, source):
    run, output = weir.rewrite(source)
    yield expect_done("rewrite", run, output, lambda: find_wrong_ramps(output))
    checked = weir.verify(source)
    yield Line("verify: no damage", str(checked), checked.code == 0 or not any(finding["level"] == "damage" for finding in checked.findings))


@case("huge_chunk_blocks_other_features.py", makers.make_huge_chunk, run_here("big_v200.rtdc"))
def look_at_huge_chunk(weir, source):
    run, output = weir.rewrite(source, "--features", "deform")
    yield expect_done("--features deform", run, output, lambda: compare_events(source, output, None, ["deform"]))
    run = weir.run("inspect", source, "--json")
    yield Line("inspect shows both features", f"exit {run.code}, {run.text[:120]}", run.code == 0 and "deform" in run.text and "image" in run.text)


def run_weir_script(*words):
    """A script that takes the command line's file and `words` itself; its output is what is looked at."""

    def run(weir, script, path):
        program = [sys.executable] if script.suffix == ".py" else [weir.node]
        weir.script = run_program([*program, str(script), *(word(weir) for word in words)], weir, check=False)
        return path

    return run


def said_by(weir):
    return " / ".join(f"{weir.script.stdout}{weir.script.stderr}".strip().splitlines())[-700:]


READ_BY_PYFIVE = """
import pyfive, sys
events = pyfive.File(sys.argv[1])["events"]
print(len([events[name][0] for name in events]), "read")
"""


@case("pyfive-attribute-info-last.mjs", lambda path: None, run_weir_script(lambda weir: weir.program, lambda weir: sys.executable))
def look_at_pyfive(weir, source):
    if hasattr(weir, "script"):
        yield Line("0 features that pyfive cannot read", said_by(weir), weir.script.returncode == 0)
        return
    run, output = weir.make("record", "--simulate", "40", "--compression", "gzip", "--no-checksum")
    done = run_program([sys.executable, "-c", READ_BY_PYFIVE, str(output)], weir, check=False)
    with h5py.File(output) as h5:
        count = len(h5["events"])
    yield Line(f"pyfive reads all {count} features", (done.stdout + done.stderr).strip()[-200:], done.stdout.strip() == f"{count} read")


DCLAB_CHECK = pathlib.Path(sys.executable).with_name("dclab-verify-dataset")


@case("record-index-unmapped.mjs", lambda path: None, run_weir_script(lambda weir: weir.program, lambda weir: str(DCLAB_CHECK)))
def look_at_index_unmapped(weir, source):
    if hasattr(weir, "script"):
        yield Line("dclab has no word on index_unmapped", said_by(weir), weir.script.returncode == 0 and "Unknown key 'index_unmapped'" not in weir.script.stdout)
        return
    run, output = weir.make("record", "--simulate", "30")
    said = run_program([str(DCLAB_CHECK), str(output)], weir, check=False).stdout
    yield Line("a recording has no index_unmapped, and dclab has no word on it", str(run), run.code == 0 and "index_unmapped" not in said)
    with h5py.File(output, "r+") as h5:
        h5["events"].require_dataset("index_unmapped", (run.result["events"],), "u4")
    checked = weir.verify(output)
    named = [finding for finding in checked.findings if "index_unmapped" in f"{finding.get('object')} {finding['message']}"]
    yield Line("verify calls index_unmapped a violation, as dclab does", f"{checked}; {named}", checked.code == 1 and any(f["level"] == "violation" for f in named))


LEAVE_OPEN = 'import h5py, hdf5plugin, os, sys; f = h5py.File(sys.argv[1], "r+"); d = f["events/deform"]; d.resize(len(d) + 9, 0); os._exit(0)'


@case("in_use_mark.py", lambda path: None, run_weir_script())
def look_at_in_use_mark(weir, source):
    if hasattr(weir, "script"):
        lines = weir.script.stdout.strip().splitlines()
        yield Line("A_DIRTY for superblocks 2, 0 and 3", said_by(weir), len(lines) == 3 and all(line.endswith("True") for line in lines))
        return
    _, recording = weir.make("record", "--simulate", "60")
    for libver in (("earliest", "v108"), ("v108", "v108"), ("v110", "v110")):
        path = weir.folder / f"{libver[0]}.rtdc"
        with h5py.File(recording) as a, h5py.File(path, "w", libver=libver) as b:
            b.attrs.update(a.attrs)
            for name in a:
                a.copy(name, b)
        run_program([sys.executable, "-c", LEAVE_OPEN, str(path)], weir)
        marked = [finding["code"] for finding in weir.verify(path).findings]
        yield Line(f"A_DIRTY for superblock {path.read_bytes()[8]}", " ".join(marked), "A_DIRTY" in marked)


@case("shuffle_element_size.py", None, run_weir_script())
def look_at_shuffle(weir, source):
    lines = [line.split(" ", 1)[-1] for line in weir.script.stdout.strip().splitlines() if line]
    yield Line("inspect shows that the elements have 768 bytes", said_by(weir), len(lines) == 2 and lines[0] != lines[1] and "768" in lines[1])


@case("verify_misses_what_dclab_refuses.py", None, run_weir_script(lambda weir: str(weir.project)))
def look_at_refused_by_dclab(weir, source):
    yield Line("weir verify ends with 1 for each", said_by(weir), weir.script.returncode == 0)


@case("writer-process-group-sigterm.mjs", None, run_weir_script(lambda weir: str(weir.project)))
def look_at_group_signals(weir, source):
    text = said_by(weir)
    yield Line("SIGTERM and SIGINT to the group: both runs end with 0", text, weir.script.returncode == 0 and text.count("exit 0") == 2)
