#!/usr/bin/env python3
"""dcnum.write on the work that Weir is measured on. Prints one JSON object; `seconds` leaves start-up and imports out.

  dcnum_peer.py versions
  dcnum_peer.py make TEMPLATE OUT EVENTS   a measurement of EVENTS events without compression: the template's events again and
                                           again, its images with a little noise, so that no two are the same
  dcnum_peer.py make-scalars OUT EVENTS    40 features of numbers, seeded
  dcnum_peer.py make-traces OUT EVENTS     two features of 1000 int16 samples an event, seeded
  dcnum_peer.py compress FOLDER OUT        every file of the folder by dclab's compress, into a new folder
  dcnum_peer.py rewrite SOURCE OUT         metadata, basins, and every feature by store_feature_chunk, 500 events at a time
  dcnum_peer.py queue OUT FRAMES           one event a frame (a random mask of 80 x 320, a number) through QueueWriterThread
"""
import collections
import json
import multiprocessing
import pathlib
import platform
import sys
import time

import dcnum
import h5py
import hdf5plugin
import numpy as np
from dcnum import write

BATCH = 500
MASK_SHAPE = (80, 320)


def list_features(h5):
    return [name for name, item in h5["events"].items() if isinstance(item, h5py.Dataset)]


def make(template, out, events):
    noise = np.random.default_rng(42)
    count = int(events)
    with h5py.File(template) as source, h5py.File(out, "w") as target:
        available = int(source.attrs["experiment:event count"])
        target.attrs.update(source.attrs)
        target.attrs["experiment:event count"] = count
        for name in list_features(source):
            values = source["events"][name][:]
            if len(values) != available:
                continue
            item_shape = values.shape[1:]
            chunks = write.HDF5Writer.get_best_nd_chunks(item_shape, values.dtype)
            stored = target.create_dataset(
                f"events/{name}", shape=(count, *item_shape), maxshape=(None, *item_shape), dtype=values.dtype, chunks=chunks)
            for start in range(0, count, BATCH):
                rows = np.arange(start, min(start + BATCH, count)) % available
                block = values[rows]
                if name == "image":
                    jitter = noise.integers(-1, 2, block.shape, dtype=np.int16)
                    block = np.clip(block + jitter, 0, 255).astype(np.uint8)
                stored[start:start + len(rows)] = block
    return {"events": count}


def make_scalars(out, events):
    """Numbers alone: float64 of float32 precision, float64 times, int64 frames."""
    random = np.random.default_rng(42)
    count = int(events)
    with h5py.File(out, "w") as target:
        target.attrs["experiment:event count"] = count
        for number in range(30):
            values = random.normal(20 + number, 4, count).astype("<f4").astype("<f8")
            store_plainly(target, f"userdef{number}", values)
        for number in range(5):
            store_plainly(target, f"time_{number}", np.cumsum(random.exponential(0.0005 * (1 + number), count)))
            store_plainly(target, f"frame_{number}", np.cumsum(random.integers(0, 3 + number, count)))


def make_traces(out, events):
    random = np.random.default_rng(42)
    count = int(events)
    with h5py.File(out, "w") as target:
        target.attrs["experiment:event count"] = count
        place = np.arange(1000)
        for name in ("fl1_raw", "fl2_raw"):
            centers, heights = random.integers(300, 700, (count, 1)), random.integers(200, 4000, (count, 1))
            peaks = heights * np.exp(-((place - centers) / 40) ** 2)
            store_plainly(target, name, (peaks + random.normal(0, 12, (count, 1000))).astype("<i2"))


def store_plainly(target, name, values):
    chunks = write.HDF5Writer.get_best_nd_chunks(values.shape[1:], values.dtype)
    target.create_dataset(f"events/{name}", data=values, chunks=chunks, maxshape=(None, *values.shape[1:]))


def compress(folder, out):
    from dclab import cli

    pathlib.Path(out).mkdir()
    started = time.perf_counter()
    for path in sorted(pathlib.Path(folder).iterdir()):
        cli.compress(path_in=path, path_out=pathlib.Path(out) / path.name, force=True)
    return {"seconds": time.perf_counter() - started}


def rewrite(source, out):
    pathlib.Path(out).unlink(missing_ok=True)
    started = time.perf_counter()
    with h5py.File(source) as h5, write.HDF5Writer(out, mode="w") as writer:
        write.copy_metadata(h5_src=h5, h5_dst=writer.h5)
        write.copy_basins(h5_src=h5, h5_dst=writer.h5)
        for name in list_features(h5):
            feature = h5["events"][name]
            for start in range(0, len(feature), BATCH):
                writer.store_feature_chunk(name, feature[start:start + BATCH])
    return {"seconds": time.perf_counter() - started, "bytes": pathlib.Path(out).stat().st_size}


def queue(out, frames):
    """All frames lie in the queue before the clock starts; what is left to its feeder thread runs while the clock does."""
    count = int(frames)
    random = np.random.default_rng(42)
    spawn = multiprocessing.get_context("spawn")
    events = spawn.Queue()
    counts = spawn.Array("i", [1] * count)
    order = random.choice(BATCH, size=BATCH, replace=False)
    for start in range(0, count, BATCH):
        for place in order[order < count - start]:
            temperature = np.atleast_1d(random.normal(23))
            mask = random.random((1, *MASK_SHAPE)) > 0.5
            events.put((start + int(place), {"temp": temperature, "mask": mask}))
    writer = write.QueueWriterThread(
        event_queue=events, write_queue_size=spawn.Value("L", 0), feat_nevents=counts, path_out=pathlib.Path(out),
        write_threshold=BATCH)
    started = time.perf_counter()
    writer.run(buffer_dq=collections.deque())
    return {"seconds": time.perf_counter() - started, "bytes": pathlib.Path(out).stat().st_size}


def versions():
    return {"dcnum": dcnum.__version__, "h5py": h5py.__version__, "HDF5": h5py.version.hdf5_version,
            "hdf5plugin": hdf5plugin.version, "numpy": np.__version__, "Python": platform.python_version()}


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    commands = {
        "versions": versions, "make": make, "make-scalars": make_scalars, "make-traces": make_traces, "rewrite": rewrite,
        "compress": compress, "queue": queue,
    }
    print(json.dumps(commands[command](*arguments)))
