"""Measurements as such: sizes, traces, basins, and files by dcnum and dclab themselves."""
import json

import h5py
import hdf5plugin
import numpy as np

from .registry import ATTRIBUTES, add_image, case, pictures, scalars, write_attributes, write_base


@case("events-0")
def make_no_events(path):
    with h5py.File(path, "w", libver=("earliest", "v108")) as h5:
        write_attributes(h5, 0)
        for name in ("deform", "area_um"):
            h5.create_dataset(f"events/{name}", shape=(0,), maxshape=(None,), chunks=(1000,), dtype="f8")
        h5.create_dataset("events/time", shape=(0,), dtype="f4")
        add_image(h5, "image", np.zeros((0, 24, 48), dtype=np.uint8), chunks=(10, 24, 48), compression="gzip")
        h5.create_dataset("events/trace/fl1_raw", shape=(0, 100), maxshape=(None, 100), chunks=(10, 100), dtype="i2")


@case("events-1")
def make_one_event(path):
    write_base(path, count=1).close()


@case("events-none-at-all", without=("dclab", "dcnum", "append"))
def make_empty_group(path):
    with h5py.File(path, "w") as h5:
        write_attributes(h5, 0)
        h5.create_group("events")


@case("events-exact-chunks")
def make_exact_chunks(path):
    write_base(path, count=30).close()


@case("events-many", variants=("zstd", "none"))
def make_many_events(path):
    """More events than a slab, chunks that fit nothing else."""
    count = 20_011
    values = scalars(count)
    with h5py.File(path, "w", libver=("earliest", "v108")) as h5:
        write_attributes(h5, count)
        chunks = (10, 333, 1000, 4096, 100_000)
        for (name, data), length in zip(values.items(), chunks, strict=True):
            h5.create_dataset(f"events/{name}", data=data, chunks=(length,), maxshape=(None,), compression="gzip", shuffle=True)
        add_image(h5, "image", pictures(count, shape=(12, 20)), chunks=(77, 12, 20), **hdf5plugin.Zstd(1))
        h5.attrs["imaging:roi size x"], h5.attrs["imaging:roi size y"] = 20, 12


@case("count-attribute-wrong", warns=("W_COUNT",), without=("same", "count", "dclab", "dcnum"))
def make_wrong_count(path):
    with write_base(path) as h5:
        h5.attrs["experiment:event count"] = 999


@case("count-attribute-missing")
def make_missing_count(path):
    with write_base(path) as h5:
        del h5.attrs["experiment:event count"]


@case("lengths-differ", expect="refused", code="E_LEN")
def make_lengths(path):
    with write_base(path) as h5:
        h5["events/temp"] = np.arange(24.0)


@case("hole", expect="refused", code="E_HOLE")
def make_hole(path):
    """Rows that were never written: damage, not zeros."""
    with write_base(path) as h5:
        dataset = h5.create_dataset("events/temp", shape=(25,), dtype="f8", chunks=(10,), maxshape=(None,))
        dataset[:10] = 1


@case("no-events-group", expect="refused", code="E_NOT_RTDC")
def make_not_rtdc(path):
    with h5py.File(path, "w") as h5:
        h5["data"] = np.arange(5)


@case("truncated", expect="refused", code="E_TRUNC")
def make_truncated(path):
    write_base(path).close()
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) - 1000])


@case("fluorescence")
def make_fluorescence(path):
    count, samples = 60, 177
    rng = np.random.default_rng(9)
    with write_base(path, count=count) as h5:
        h5.attrs.update({"fluorescence:bit depth": 16, "fluorescence:channel 1 name": "525/50", "fluorescence:channel 2 name": "593/46",
                         "fluorescence:channel count": 2, "fluorescence:channels installed": 3, "fluorescence:laser 1 lambda": 488.0,
                         "fluorescence:laser 1 power": 8.0, "fluorescence:laser count": 1, "fluorescence:lasers installed": 1,
                         "fluorescence:sample rate": 312500, "fluorescence:samples per event": samples, "fluorescence:signal max": 1.0,
                         "fluorescence:signal min": -1.0, "fluorescence:trace median": 0})
        for channel in ("fl1", "fl2"):
            trace = rng.integers(-100, 3000, (count, samples)).astype("<i2")
            h5.create_dataset(f"events/trace/{channel}_raw", data=trace, chunks=(25, samples), maxshape=(None, samples), compression="gzip", fletcher32=True)
            h5.create_dataset(f"events/trace/{channel}_median", data=trace // 2, chunks=(10, 100), maxshape=(None, samples))
            h5.create_dataset(f"events/{channel}_max", data=trace.max(axis=1).astype("<u4"), chunks=(100,), maxshape=(None,))
        h5["events/trace"].attrs["note"] = "group attribute"


@case("pictures-of-other-kinds")
def make_pictures(path):
    count = 31
    image = pictures(count)
    with write_base(path, count=count, images=False) as h5:
        add_image(h5, "image", image, chunks=(7, 24, 48), shuffle=True, compression="gzip", fletcher32=True)
        add_image(h5, "mask", image > 130, chunks=(10, 24, 48), compression="gzip")
        add_image(h5, "qpi_pha", (image / 7).astype("<f4"), chunks=(5, 24, 48), **hdf5plugin.Zstd(5), fletcher32=True)
        add_image(h5, "qpi_amp", (image / 3).astype(">f4"), chunks=(5, 12, 24), compression="lzf")
        add_image(h5, "qpi_oah", image, chunks=(31, 24, 48), fletcher32=True)
        h5.create_dataset("events/colours", data=np.stack([image] * 3, axis=-1), chunks=(4, 24, 48, 3), maxshape=(None, 24, 48, 3), compression="gzip")


@case("statistics-attributes")
def make_statistics(path):
    with write_base(path) as h5:
        for name in h5["events"]:
            dataset = h5["events"][name]
            if dataset.ndim == 1:
                dataset.attrs.update({"min": np.min(dataset), "max": np.max(dataset), "mean": np.mean(dataset)})


@case("index-features")
def make_index_features(path):
    with write_base(path) as h5:
        h5.create_dataset("events/index", data=np.arange(1, 26, dtype="<u4"), chunks=(10,), maxshape=(None,))
        h5.create_dataset("events/index_online", data=np.arange(25) * 3 + 1, chunks=(10,), maxshape=(None,))
        h5.create_dataset("events/index_unmapped", data=np.arange(25, dtype="<u4"), chunks=(10,), maxshape=(None,))
        h5.create_dataset("events/nevents", data=np.ones(25, dtype="<u4"), chunks=(10,), maxshape=(None,))


def write_basin(h5, key, definition):
    lines = json.dumps(definition, indent=2).split("\n")
    data = np.array([line.encode() for line in lines])
    h5.create_dataset(f"basins/{key}", data=data, chunks=data.shape, **hdf5plugin.Zstd(5))


@case("basin-file")
def make_file_basin(path):
    target = path.with_name("basin-of-others.rtdc")
    write_base(target).close()
    with write_base(path, images=False) as h5:
        write_basin(h5, "a" * 32, {"description": "absolute and relative", "name": "big file", "format": "hdf5", "paths": [str(target), target.name],
                                   "type": "file", "identifier": None, "features": ["image", "mask"]})


@case("basin-mapped")
def make_mapped_basin(path):
    target = path.with_name("basin-of-mapped.rtdc")
    write_base(target, count=40).close()
    with write_base(path, images=False) as h5:
        mapping = np.array([39, 3, 3, 7] + list(range(21)), dtype=np.uint64)
        h5.create_dataset("events/basinmap0", data=mapping, chunks=(10,), maxshape=(None,))
        write_basin(h5, "b" * 32, {"description": "mapped", "name": "mapped", "format": "hdf5", "paths": [str(target)], "type": "file",
                                   "features": ["image"], "mapping": "basinmap0"})


@case("basin-internal")
def make_internal_basin(path):
    with write_base(path, images=False) as h5:
        h5.create_dataset("events/basinmap0", data=np.zeros(25, dtype=np.uint64), chunks=(25,), maxshape=(None,))
        add = h5.create_dataset("basin_events/image_bg", data=pictures(1), chunks=(1, 24, 48), maxshape=(None, 24, 48))
        add.attrs["CLASS"] = np.bytes_("IMAGE")
        write_basin(h5, "c" * 32, {"description": "internal", "name": "background", "format": "h5dataset", "paths": ["basin_events"], "type": "internal",
                                   "features": ["image_bg"], "mapping": "basinmap0"})


@case("basin-remote", without=("dcnum-features",))
def make_remote_basin(path):
    with write_base(path, images=False) as h5:
        write_basin(h5, "d" * 32, {"description": "never asked for", "name": "remote", "format": "http", "urls": ["https://example.invalid/file.rtdc"],
                                   "type": "remote", "features": ["image"], "perishable": False})


@case("basin-odd")
def make_odd_basins(path):
    """Unknown formats, keys inside the text, texts of variable length: carried as they are."""
    with write_base(path, images=False) as h5:
        text = json.dumps({"type": "file", "format": "zarr", "paths": ["x.zarr"], "features": None, "key": "e" * 32, "name": "odd"})
        h5.create_dataset(f"basins/{'e' * 32}", data=np.array([text], dtype=object), dtype=h5py.string_dtype())


@case("by-dcnum")
def make_by_dcnum(path):
    from dcnum import write
    count = 1234
    values = scalars(count)
    with write.HDF5Writer(path, mode="w") as writer:
        write_attributes(writer.h5, count)
        for start in range(0, count, 500):
            for name, data in values.items():
                writer.store_feature_chunk(name, data[start:start + 500])
            writer.store_feature_chunk("image", pictures(count)[start:start + 500])
            writer.store_feature_chunk("mask", pictures(count)[start:start + 500] > 130)
        writer.store_log("dcnum-job", ["a line", "another line"])
        writer.store_basin(name="origin", paths=["/nowhere/origin.rtdc", "origin.rtdc"], features=["image_bg"], description="by dcnum")


@case("by-dclab")
def make_by_dclab(path):
    from dclab import RTDCWriter
    count = 120
    image = pictures(count)
    with RTDCWriter(path, mode="reset") as writer:
        metadata = {}
        for key, value in ATTRIBUTES.items():
            section, name = key.split(":")
            metadata.setdefault(section, {})[name] = value
        writer.store_metadata(metadata)
        for name, data in scalars(count).items():
            writer.store_feature(name, data)
        writer.store_feature("image", image)
        writer.store_feature("mask", image > 130)
        writer.store_feature("index", np.arange(1, count + 1))
        writer.store_feature("contour", [np.array([[1, 2], [3, 4], [5, index]]) for index in range(count)])
        writer.store_feature("trace", {"fl1_raw": np.zeros((count, 50), dtype=np.int16), "fl1_median": np.ones((count, 50), dtype=np.int16)})
        writer.store_log("acquisition", ["first line", "second line with µ"])
        table = np.zeros(8, dtype=[("time", "<f8"), ("pressure", "<f8")])
        writer.store_table("monitor", table)


@case("by-dclab-export")
def make_by_dclab_export(path):
    """A filtered export with basins, as the analysis programs write it."""
    import dclab
    origin = path.with_name("export-origin.rtdc")
    write_base(origin, count=50).close()
    with dclab.new_dataset(str(origin)) as data:
        data.filter.manual[::3] = False
        data.apply_filter()
        data.export.hdf5(path=path, features=["deform", "area_um"], basins=True, compression_kwargs=hdf5plugin.Zstd(5))
