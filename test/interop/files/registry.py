"""The list of generated files and the measurement that most of them are built on."""
import dataclasses
import pathlib
import typing

import h5py
import hdf5plugin  # noqa: F401  (registers the filters)
import numpy as np

ATTRIBUTES = {
    "experiment:date": "2024-02-29",
    "experiment:run index": 1,
    "experiment:sample": "generated",
    "experiment:time": "12:34:56",
    "imaging:flash device": "LED",
    "imaging:flash duration": 2.0,
    "imaging:frame rate": 2000.0,
    "imaging:pixel size": 0.34,
    "imaging:roi position x": 10,
    "imaging:roi position y": 20,
    "imaging:roi size x": 48,
    "imaging:roi size y": 24,
    "setup:channel width": 20.0,
    "setup:chip region": "channel",
    "setup:flow rate": 0.06,
    "setup:flow rate sample": 0.015,
    "setup:flow rate sheath": 0.045,
    "setup:identifier": "generated-0815",
    "setup:medium": "CellCarrierB",
    "setup:module composition": "none",
    "setup:software version": "generator 1.0",
    "setup:temperature": 23.0,
}
IMAGE_ATTRIBUTES = {"CLASS": np.bytes_("IMAGE"), "IMAGE_VERSION": np.bytes_("1.2"), "IMAGE_SUBCLASS": np.bytes_("IMAGE_GRAYSCALE")}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    make: typing.Callable
    #: what the rewrite does: "done", "refused" (exit 2), "failed" (exit 1) or "either" (done and equal, or a clear error)
    expect: str = "done"
    #: error code of a refusal or failure
    code: str | None = None
    #: patterns of paths that cannot be carried: reported by a warning that names them, absent in the output
    left_out: tuple = ()
    #: patterns of paths whose type may change (the value is looked at in their own check)
    ignored: tuple = ()
    #: codes (patterns) of warnings that must be given
    warns: tuple = ()
    #: variants of the rewrite to run; None: all
    variants: tuple | None = None
    #: is the file too unusual for a reader (that fails on the source as well)
    without: tuple = ()
    #: arguments that the rewrite needs
    arguments: tuple = ()


CASES: list[Case] = []


def case(name, **properties):
    """Register a function that writes the file `name`.rtdc to the path it is given."""

    def register(make):
        CASES.append(Case(name, make, **properties))
        return make

    return register


def make_all(folder, pattern=None):
    """Write the files; returns [(case, path)]."""
    made = []
    for item in CASES:
        if pattern and pattern not in item.name:
            continue
        path = pathlib.Path(folder) / f"{item.name}.rtdc"
        item.make(path)
        made.append((item, path))
    return made


def write_attributes(h5, count, **more):
    for key, value in {**ATTRIBUTES, "experiment:event count": count, **more}.items():
        h5.attrs[key] = value


def scalars(count, seed=1):
    """A few scalar features that belong together."""
    rng = np.random.default_rng(seed)
    return {
        "area_um": rng.normal(60, 10, count),
        "deform": rng.random(count) * 0.2,
        "frame": np.cumsum(rng.integers(0, 3, count)).astype(np.uint64) + 1,
        "pos_x": rng.random(count) * 80,
        "time": np.arange(count) / 2000,
    }


def pictures(count, seed=2, shape=(24, 48)):
    rng = np.random.default_rng(seed)
    ramp = np.add.outer(np.arange(shape[0]), np.arange(shape[1]))
    return (100 + ramp + rng.integers(0, 4, (count, *shape))).astype(np.uint8)


def add_image(h5, name, data, **keywords):
    dataset = h5.create_dataset(f"events/{name}", data=data, **{"chunks": (10, *data.shape[1:]), "maxshape": (None, *data.shape[1:]), **keywords})
    dataset.attrs.update(IMAGE_ATTRIBUTES)
    return dataset


def write_base(path, count=25, libver=("earliest", "v108"), images=True, **file_keywords):
    """A plain measurement; returns the open file."""
    h5 = h5py.File(path, "w", libver=libver, **file_keywords)
    write_attributes(h5, count)
    for name, data in scalars(count).items():
        h5.create_dataset(f"events/{name}", data=data, chunks=(10,), maxshape=(None,), **hdf5plugin.Zstd(5), fletcher32=True)
    if images:
        add_image(h5, "image", pictures(count), **hdf5plugin.Zstd(5), fletcher32=True)
        add_image(h5, "mask", ((pictures(count, 3) > 140) * 255).astype(np.uint8), compression="gzip")
    return h5
