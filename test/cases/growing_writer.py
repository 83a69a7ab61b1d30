"""Records in SWMR mode for 6 s: a measurement that is read while it grows."""
import sys
import time

import h5py
import makers
import numpy as np

random = np.random.default_rng(3)
length = 1500
with h5py.File(sys.argv[1], "w", libver="latest") as h5:
    h5.attrs.update({**makers.ATTRIBUTES, "experiment:event count": length})
    for name in ("area_um", "deform", "frame"):
        h5.create_dataset(f"events/{name}", data=random.random(length), chunks=(100,), maxshape=(None,))
    images = random.integers(0, 200, (length, 24, 48), dtype="u1")
    h5.create_dataset("events/image", data=images, chunks=(16, 24, 48), maxshape=(None, 24, 48), compression="gzip")
    h5.flush()
    h5.swmr_mode = True
    end = time.monotonic() + 6
    while time.monotonic() < end:
        length += 40
        for dataset in h5["events"].values():
            dataset.resize(length, axis=0)
            dataset[length - 40:] = random.integers(0, 200, (40, *dataset.shape[1:]))
            dataset.flush()
        time.sleep(0.08)
