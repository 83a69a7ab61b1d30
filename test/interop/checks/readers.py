"""dcnum, dclab, h5dump and Debian's h5py as readers of a source and of what Weir made of it."""
import functools
import json
import os
import pathlib
import subprocess
import warnings

import numpy as np

#: these two find the zstd filter through the environment
PLUGIN_ENVIRONMENT = {**os.environ, "HDF5_PLUGIN_PATH": os.environ.get("WEIR_INTEROP_PLUGINS", "")}
OLD_READER = pathlib.Path(__file__).with_name("old_h5py.py")


def compare_dcnum(source, output):
    """Every feature that dcnum reads from the source reads the same from the output; so do logs, tables and basins."""
    a, b = read_source(read_dcnum, source), read_dcnum(output)
    if "error" in a:
        return []
    if "error" in b:
        return [f"dcnum cannot open the output: {b['error']}"]
    faults = [f"dcnum: {feature} is {describe(b['features'].get(feature))}, was {describe(value)}"
              for feature, value in a["features"].items() if not is_equal(value, b["features"].get(feature))]
    faults += [f"dcnum: {key} was {a[key]!r}, is {b[key]!r}" for key in ("events", "basins", "tables", "identifier") if a[key] != b[key]]
    lost = {name for name, lines in a["logs"].items() if lines and b["logs"].get(name) != lines}
    faults += [f"dcnum: log {name} differs" for name in sorted(lost)]
    return faults


@functools.lru_cache(maxsize=4)
def read_source(read, path):
    """The same source is compared with many outputs."""
    return read(path)


def read_dcnum(path):
    from dcnum import read
    out = {}
    try:
        with warnings.catch_warnings(), read.HDF5Data(str(path)) as data:
            warnings.simplefilter("ignore")
            for feature in data.keys():
                try:
                    out[feature] = np.asarray(data[feature][:])
                except Exception as error:
                    out[feature] = f"{type(error).__name__}"
            return {"events": len(data), "features": out, "logs": {k: list(v) for k, v in data.logs.items()},
                    "tables": sorted(k for k in data.tables if data.h5["tables"][k].size), "basins": plain_basins(data.basins),
                    "identifier": read.get_measurement_identifier(data.h5) if hasattr(read, "get_measurement_identifier") else None}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def plain_basins(basins):
    return sorted(json.dumps(basin, sort_keys=True, default=str) for basin in basins)


def describe(value):
    return f"{value.dtype}{value.shape}" if isinstance(value, np.ndarray) else repr(value)


def is_equal(x, y):
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
        return x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()
    return type(x) is type(y) and not isinstance(x, np.ndarray) and x == y


def compare_dclab(source, output, is_unchanged=True):
    """dclab opens the output without a warning that the source does not give, and without new violations or alerts."""
    a = read_source(read_dclab, source)
    if "error" in a:
        return []
    b = read_dclab(output)
    if "error" in b:
        return [f"dclab cannot open the output: {b['error']}"]
    kinds = ("warnings",) if a["is_unchecked"] else ("warnings", "violations", "alerts")
    faults = [f"dclab: new {kind}: {text}" for kind in kinds for text in sorted(b[kind] - a[kind])]
    if is_unchanged:
        faults += [f"dclab: {name} was {describe(value)}, is {describe(b['values'].get(name))}"
                   for name, value in a["values"].items() if not is_equal(value, b["values"].get(name))]
        faults += [f"dclab: {key} was {a[key]!r}, is {b[key]!r}" for key in ("length", "features", "identifier", "basins") if a[key] != b[key]]
        lost = [name for name, lines in a["logs"].items() if lines and b["logs"].get(name) != lines]
        faults += [f"dclab: log {name} differs" for name in lost]
        faults += [f"dclab: table {name} missing" for name in a["tables"] if name not in b["tables"]]
    return faults


def read_dclab(path):
    import dclab
    from dclab.rtdc_dataset.check import check_dataset
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            values = {}
            with dclab.new_dataset(str(path), enable_basins=False) as data:
                for feature in data.features_innate:
                    values.update(read_feature(data, feature))
                facts = {"length": len(data), "features": sorted(data.features_innate), "identifier": data.get_measurement_identifier(),
                         "logs": {name: list(data.logs[name]) for name in data.logs},
                         "tables": [name for name in data.tables if data.tables[name][:].size],
                         "basins": plain_basins(data.basins_get_dicts())}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            violations, alerts, _ = check_dataset(str(path))
            is_unchecked = False
    except Exception as error:
        # Seen with empty traces: the check itself fails, for source and output alike.
        violations, alerts, is_unchecked = [], [f"check_dataset: {type(error).__name__}: {error}"], True
    name = pathlib.Path(path).name
    said = {f"{w.category.__name__}: {str(w.message).replace(str(path), '').replace(name, '')}" for w in caught
            if not issubclass(w.category, (DeprecationWarning, ResourceWarning))}
    return {**facts, "values": values, "warnings": said, "violations": set(violations), "alerts": set(alerts),
            "is_unchecked": is_unchecked}


def read_feature(data, feature):
    if feature == "trace":
        return {f"trace/{name}": np.asarray(data["trace"][name][:]) for name in data["trace"]}
    if feature == "contour":
        count = len(data)
        return {f"contour/{index}": np.asarray(data["contour"][index]) for index in sorted({0, count // 2, count - 1}) if count}
    return {feature: np.asarray(data[feature][:])}


def dump_headers(path, **kwargs):
    return run_h5dump("-H", path, **kwargs)


def dump_all(path, **kwargs):
    return run_h5dump(path, **kwargs)


def repack(path):
    """The library's own copier reads everything and its statistics walk every structure."""
    copy = pathlib.Path(path).with_suffix(".repacked")
    try:
        return run_tool("h5repack", path, copy) + run_tool("h5stat", path)
    finally:
        copy.unlink(missing_ok=True)


def run_h5dump(*arguments):
    return run_tool("h5dump", "--enable-error-stack", *arguments)


def run_tool(tool, *arguments):
    done = subprocess.run([tool, *[str(word) for word in arguments]], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, timeout=300, env=PLUGIN_ENVIRONMENT)
    if done.returncode == 0 and not done.stderr.strip():
        return []
    return [f"{tool} {' '.join(map(str, arguments[:-1]))} ended with {done.returncode}: {done.stderr.strip()[:300]}"]


def run_old_h5py(tasks):
    """Let Debian's h5py do a list of tasks; returns one list of faults for each."""
    done = subprocess.run([os.environ["WEIR_INTEROP_OLD_PYTHON"], str(OLD_READER)], input=json.dumps(tasks), capture_output=True,
                          text=True, timeout=300, env=PLUGIN_ENVIRONMENT)
    if done.returncode != 0:
        return [[f"Debian's h5py ended with {done.returncode}: {done.stderr.strip()[-300:]}"] for _ in tasks]
    return json.loads(done.stdout)
