"""`weir verify` is never milder than dclab's check_dataset, and never calls bad what dclab has nothing against."""
import pathlib
import re
import warnings

import h5py

from files import conventions as table

PARTS = {"values": table.list_values, "attributes": table.list_attributes, "features": table.list_features, "objects": table.list_objects, "basins": table.list_basins}
#: dclab takes these for granted: Weir knows why they are bad
STRICTER = {
    r"basins? .*": "fields of a definition that are no text, list or truth value; dclab stumbles over them when it uses the basin",
    r"(file|internal) basin: .*": "the same",
    r"images of shape \(12, 10, 20, 3\)": "readers show the third dimension as a column",
}
#: dclab's own checks fail on the greatest and the least of nothing; Weir says that the file holds no events, and that is all
MILDER = r"no event, with (fl1_max|temp|ml_score_abc)"
RANK = {"nothing": 0, "alert": 1, "violation": 2}

def check_conventions(context, part):
    base = table.make_base()
    titles, paths = [], []
    for number, (title, change) in enumerate({"unchanged": lambda h5: None, **PARTS[part]()}.items()):
        path = pathlib.Path(context.folder) / f"{number}.rtdc"
        path.write_bytes(base)
        with h5py.File(path, "r+") as h5:
            change(h5)
        titles.append(title)
        paths.append(path)
    run = context.weir.run("verify", *paths, "--json", timeout=600)
    if len(run.results) != len(paths):
        return [(f"conventions: {part}", [f"{len(run.results)} results for {len(paths)} files: {run.explain()}"])]
    counts = dict.fromkeys(RANK, 0)
    lines = []
    for title, path, result in zip(titles, paths, run.results):
        theirs, said = ask_dclab(path)
        counts[theirs] += 1
        lines.append((f"conventions: {title}", compare(title, result, theirs, said)))
    return [*lines, (f"conventions: {part}: {counts}", [] if counts["violation"] >= 10 and counts["nothing"] >= 5 else ["the table proves too little"])]


def compare(title, result, theirs, said):
    ours, findings = judge(result)
    told = f"dclab: {theirs} {said}; weir: {ours} {findings}"
    if re.fullmatch(MILDER, title):
        return [] if theirs == "violation" and ("alert", "A_NO_EVENTS") in findings else [f"expected A_NO_EVENTS alone: {told}"]
    if RANK[ours] < RANK[theirs]:
        return [f"milder than dclab: {told}"]
    if title == "unchanged":
        return [] if ours == theirs == "nothing" else [f"the unchanged file is not good: {told}"]
    is_known = any(re.fullmatch(pattern, title) for pattern in STRICTER)
    if theirs == "nothing" and ours == "violation" and not is_known:
        return [f"calls bad what dclab has nothing against: {told}"]
    is_told_by_status = (result["status"] != "done") == (ours == "violation")
    return [] if is_told_by_status else [f"status {result['status']}: {told}"]


def judge(result):
    """The gravest word about a file, and all words."""
    findings = [(finding["level"], finding["code"]) for finding in result.get("findings") or []]
    levels = {level for level, _ in findings}
    if result["status"] == "refused" or levels & {"damage", "violation"}:
        return "violation", findings
    return ("alert" if "alert" in levels else "nothing"), findings


def ask_dclab(path):
    """The same of dclab; a file that it cannot open, or whose checks end in an error, is as bad as a violation."""
    from dclab.rtdc_dataset import check_dataset
    from dclab.rtdc_dataset.fmt_hdf5.base import OldFormatNotSupportedError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            violations, alerts, _ = check_dataset(str(path))
        except (Exception, OldFormatNotSupportedError) as error:  # the latter is no Exception
            return "violation", [f"{type(error).__name__}: {error}"[:200]]
    return ("violation" if violations else "alert" if alerts else "nothing"), [*violations, *alerts]
