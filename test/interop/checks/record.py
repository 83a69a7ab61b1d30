"""record --replay through the event queue and the stash: event by event the source; --simulate: a measurement that others accept."""
import pathlib

import h5py
import numpy as np

from . import program, readers, sources

OWN = "nevents"
#: dcnum's queue writer makes this feature for the pipeline around it; dclab has no name for it, so a finished recording has none
HELPER = "index_unmapped"


def check_replay(context, name, source, settings):
    """Replay a source with several orders of arrival; returns [(name, faults)]."""
    lines = []
    for number, arguments in enumerate(settings):
        output = pathlib.Path(context.folder) / f"replay-{name}-{number}.rtdc"
        run = context.weir.run("record", "--replay", source, "--out", output, "--json", *arguments)
        faults = program.find_faults(run)
        if run.code == 0:
            faults += compare_replay(source, output, context.version)
            faults += readers.dump_headers(output)
            faults += readers.run_old_h5py([{"do": "read", "path": str(output)}])[0]
            if number == 0:
                faults += readers.compare_dclab(source, output, is_unchanged=False)
        lines.append((f"record --replay {name} {' '.join(map(str, arguments))}", faults))
        output.unlink(missing_ok=True)
    return lines


def compare_replay(source, output, version):
    faults = []
    with h5py.File(source) as a, h5py.File(output) as b:
        count = sources.count_rows(a)
        wanted = {name: item for name, item in sources.event_datasets(a, count).items() if is_streamed(name, item)}
        for name, item in wanted.items():
            if name not in b["events"]:
                # An empty recording has seen no event, so it knows no feature.
                faults += [f"{name} is missing"] if count else []
            elif not sources.same_rows(item[()], b["events"][name][()]):
                faults.append(f"{name} differs: {item.dtype}{item.shape}, {b['events'][name].dtype}{b['events'][name].shape}")
        if count == 0:
            return faults + compare_metadata(a, b, version)
        _, nevents = sources.frame_facts(a)
        stored = b["events"].get(OWN)
        if stored is None:
            faults.append(f"{OWN} is missing")
        elif not np.array_equal(stored[()], nevents):
            faults.append(f"{OWN} is {stored.dtype} {stored[:8]}..., expected {nevents[:8]}...")
        faults += [f"{HELPER} is there"] * (HELPER in b["events"])
        extra = set(b["events"]) - set(a["events"]) - {OWN}
        faults += [f"{name} is not in the source" for name in sorted(extra)]
        return faults + compare_metadata(a, b, version)


def is_streamed(name, item):
    return name not in (OWN, HELPER) and not name.startswith("basinmap") and not item.dtype.hasobject


def compare_metadata(a, b, version):
    faults = []
    own = f"weir {version}"
    for name in a.attrs:
        was, now = a.attrs[name], b.attrs.get(name)
        if name == "setup:software version":
            chain = sources.text_attribute(a, name)
            found = sources.text_attribute(b, name)
            if found != f"{chain} | {own}":
                faults.append(f"{name} is {found!r}, expected {chain!r} | {own!r}")
        elif name == "experiment:event count":
            if int(now) != sources.count_rows(a):
                faults.append(f"{name} is {now}")
        elif not isinstance(was, h5py.Empty) and (now is None or np.asarray(was).tolist() != np.asarray(now).tolist()):
            faults.append(f"attribute {name} was {was!r}, is {now!r}")
    for group in ("logs", "tables"):
        for name, item in a.get(group, {}).items():
            if item.size and (group not in b or name not in b[group]):
                faults.append(f"{group}/{name} is missing")
    if not any(name.startswith("weir-record") for name in b.get("logs", {})):
        faults.append("the job's own log is missing")
    return faults


def check_simulated(context):
    folder = pathlib.Path(context.folder)
    output, again = folder / "simulated.rtdc", folder / "simulated-again.rtdc"
    run = context.weir.run("record", "--simulate", 400, "--seed", 5, "--out", output, "--json")
    lines = [("record --simulate 400: ends well", program.find_faults(run))]
    if run.code != 0:
        return lines
    other = context.weir.run("record", "--simulate", 400, "--seed", 5, "--threshold", 37, "--out", again, "--json")
    lines.append(("record --simulate: the same seed gives the same events", program.find_faults(other) or compare_events(output, again)))
    facts = readers.read_dclab(output)
    lines.append(("record --simulate: dclab finds nothing to complain about",
                  [facts["error"]] if "error" in facts else sorted(facts["warnings"] | facts["violations"] | facts["alerts"])))
    lines.append(("record --simulate: dcnum computes the same features from its masks and pictures", compare_with_dcnum(output)))
    lines.append(("record --simulate: frames, counts and order agree", check_frames(output)))
    return lines


def compare_events(one, other):
    with h5py.File(one) as a, h5py.File(other) as b:
        names = set(a["events"]) ^ set(b["events"])
        return [f"only in one: {names}"] * bool(names) + [name for name in a["events"] if not sources.same_rows(a["events"][name][()], b["events"][name][()])]


def compare_with_dcnum(path):
    from dcnum.feat.feat_brightness import brightness_features
    from dcnum.feat.feat_contour import moments_based_features
    with h5py.File(path) as h5:
        events = {name: item[()] for name, item in h5["events"].items()}
        mask = events["mask"] > 0
        computed = moments_based_features(mask, h5.attrs["imaging:pixel size"])
        computed.update(brightness_features(events["image"], mask, image_bg=events["image_bg"]))
    shared = sorted(set(computed) & set(events))
    faults = [f"{name} differs from dcnum's" for name in shared if not np.allclose(computed[name], events[name], rtol=1e-6, atol=1e-6)]
    return faults + [f"only {len(shared)} features to compare: {shared}"] * (len(shared) < 15)


def check_frames(path):
    with h5py.File(path) as h5:
        frame = h5["events/frame"][:].astype(int)
        nevents, time = h5["events/nevents"][:], h5["events/time"][:]
        faults = [f"{HELPER} is there"] * (HELPER in h5["events"])
        faults += [] if np.all(np.diff(time) >= 0) else ["time goes back"]
        faults += [] if np.array_equal(np.bincount(frame, minlength=401)[frame], nevents) else ["nevents is not the number of events of the frame"]
        return faults
