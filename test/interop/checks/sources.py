"""Facts of a source, taken with h5py alone."""
import hashlib
import uuid

import h5py
import numpy as np


def open_source(path):
    """A file whose writer was killed opens only as a reader beside a writer."""
    try:
        return h5py.File(path, "r")
    except OSError:
        return h5py.File(path, "r", swmr=True)


def text_attribute(h5, name):
    value = h5.attrs.get(name)
    return value.decode() if isinstance(value, bytes) else value


def find_identifier(h5):
    """The measurement identifier, stored or computed; None without one."""
    stored = text_attribute(h5, "experiment:run identifier")
    if stored:
        return stored
    parts = [text_attribute(h5, name) for name in ("experiment:time", "experiment:date", "setup:identifier")]
    return str(uuid.UUID(hashlib.md5("_".join(parts).encode()).hexdigest())) if all(parts) else None


def event_datasets(h5, count):
    """{name: dataset} of everything with one row an event; traces as trace/<name>; no contours."""
    found = {}
    for name, item in h5["events"].items():
        if isinstance(item, h5py.Dataset):
            found[name] = item
        elif name == "trace":
            found.update({f"trace/{trace}": item[trace] for trace in item})
    return {name: item for name, item in found.items() if item.shape and item.shape[0] == count}


def count_rows(h5):
    lengths = [item.shape[0] for item in h5["events"].values() if isinstance(item, h5py.Dataset) and item.shape]
    return lengths[0] if lengths else 0


def frame_facts(h5):
    """(0-based ordinal of its frame, number of events of its frame) for each row; neighbours with one `frame` value belong together."""
    count = count_rows(h5)
    frames = h5["events/frame"][:] if "frame" in h5["events"] else np.arange(count)
    if count == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    ordinal = np.concatenate([[0], np.cumsum(frames[1:] != frames[:-1])]).astype(np.int64)
    return ordinal, np.bincount(ordinal)[ordinal]


def same_rows(x, y):
    return x.shape == y.shape and x.dtype == y.dtype and (x.tolist() == y.tolist() if x.dtype.hasobject else x.tobytes() == y.tobytes())
