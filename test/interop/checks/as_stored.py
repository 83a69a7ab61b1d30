"""Chunks that `weir rewrite` takes over untouched, where filters and chunk shape of the output are those of the source; and where it must not."""
import json
import pathlib

import h5py
import hdf5plugin
import numpy as np
from dcnum.write import HDF5Writer

from files.registry import pictures, scalars, write_attributes

from . import program, readers, sources

COUNT = 100
SHAPE = (80, 320)
#: arguments with which everything is stored anew, and the rows that the output has then
ANEW = {"--compression zstd --level 6": slice(None), "--no-checksum": slice(None), "--events 0:10": slice(10)}


def check_as_stored(context):
    folder = pathlib.Path(context.folder)
    lines = []
    for name, path in make_sources(context, folder).items():
        lines.append((f"as stored: {name}", check_untouched(context, path, folder / f"{path.stem}-untouched.rtdc")))
    path = folder / "dcnum.rtdc"
    lines += [(f"as stored: nothing with {words}", check_anew(context, path, words, rows)) for words, rows in ANEW.items()]
    return [*lines, ("as stored: a flipped byte is noticed", check_flipped(context, path))]


def make_sources(context, folder):
    """The same features written by dcnum, by Weir, and by h5py in two formats, with chunks whose filters were skipped."""
    features = {**scalars(COUNT), "image": pictures(COUNT, shape=SHAPE), "mask": pictures(COUNT, 3, SHAPE) > 140}
    with h5py.File(folder / "dcnum.rtdc", "w") as h5:
        writer = HDF5Writer(h5)
        for name, data in features.items():
            writer.store_feature_chunk(name, data)
        write_attributes(h5, COUNT)
    for source, output, words in (("dcnum", "gzip", ["--compression", "gzip"]), ("gzip", "weir", [])):
        run = context.weir.run("rewrite", folder / f"{source}.rtdc", "--out", folder / f"{output}.rtdc", *words, "--json")
        if run.code != 0:
            raise RuntimeError(run.explain())
    for libver in ("earliest", "latest"):
        write_with_h5py(folder / f"h5py-{libver}.rtdc", folder / "dcnum.rtdc", libver)
    return {"by dcnum": folder / "dcnum.rtdc", "by Weir": folder / "weir.rtdc",
            **{f"by h5py, {libver}": folder / f"h5py-{libver}.rtdc" for libver in ("earliest", "latest")}}


def write_with_h5py(path, model, libver):
    with h5py.File(model) as source, h5py.File(path, "w", libver=libver) as h5:
        write_attributes(h5, COUNT)
        for name, item in source["events"].items():
            made = h5.create_dataset(f"events/{name}", data=item[()], chunks=item.chunks, maxshape=item.maxshape, fletcher32=True, **hdf5plugin.Zstd(5))
            made.attrs.update(item.attrs)
        image = h5["events/image"]
        with h5py.File("workshop", "w", driver="core", backing_store=False) as workshop:
            plain = workshop.create_dataset("image", data=image[: image.chunks[0]], chunks=image.chunks, fletcher32=True)
            image.id.write_direct_chunk((0, 0, 0), plain.id.read_direct_chunk((0, 0, 0))[1], 1)
        rows = image.chunks[0]
        image.id.write_direct_chunk((rows, 0, 0), image[rows : 2 * rows].tobytes(), 3)
        if [image.id.get_chunk_info(number).filter_mask for number in range(3)] != [1, 3, 0]:
            raise RuntimeError("no filters were skipped")


def check_untouched(context, source, output):
    run = context.weir.run("rewrite", source, "--out", output, "--json")
    faults = program.find_faults(run)
    if run.code != 0:
        return faults
    with h5py.File(source) as a, h5py.File(output) as b:
        names = sorted(a["events"])
        for name in names:
            faults += compare_chunks(name, a["events"][name], b["events"][name])
        told = read_own_log(b).get("copied as stored")
    if sorted(told or []) != names:
        faults.append(f"the job's log names {told} as copied as stored, expected {names}")
    return faults + readers.compare_dcnum(source, output) + readers.compare_dclab(source, output) + readers.dump_all(output)


def compare_chunks(name, a, b):
    faults = [] if sources.same_rows(a[()], b[()]) else [f"{name}: values differ"]
    one, other = read_chunks(a), read_chunks(b)
    if one.keys() != other.keys():
        return [*faults, f"{name}: chunks at {sorted(other)} instead of {sorted(one)}"]
    return faults + [f"{name}: the chunk at {start} was stored anew" for start, chunk in one.items() if other[start] != chunk]


def read_chunks(dataset):
    """{start: (filter mask, stored bytes)}"""
    starts = [dataset.id.get_chunk_info(number).chunk_offset for number in range(dataset.id.get_num_chunks())]
    return {start: dataset.id.read_direct_chunk(start) for start in starts}


def read_own_log(h5):
    """The result that the job's own log tells."""
    name = sorted(name for name in h5["logs"] if name.startswith("weir-rewrite"))[-1]
    return json.loads(b"".join(bytes(line) for line in h5["logs"][name][()]))["result"]


def check_anew(context, source, words, rows):
    output = source.with_name("anew.rtdc")
    run = context.weir.run("rewrite", source, "--out", output, "--overwrite", "--json", *words.split())
    faults = program.find_faults(run)
    if run.code != 0:
        return faults
    with h5py.File(source) as a, h5py.File(output) as b:
        faults += [f"{name}: values differ" for name, item in a["events"].items() if not sources.same_rows(item[rows], b["events"][name][()])]
        told = read_own_log(b).get("copied as stored")
    return faults + ([f"the job's log names {told} as copied as stored"] if told else [])


def check_flipped(context, source):
    """The checksum belongs to the stored bytes, so it is looked at although nothing is decoded for its values."""
    damaged, output = source.with_name("damaged.rtdc"), source.with_name("of-damaged.rtdc")
    raw = np.fromfile(source, np.uint8)
    with h5py.File(source) as h5:
        image = h5["events/image"]
        info = image.id.get_chunk_info(1)
        first, last = info.chunk_offset[0], info.chunk_offset[0] + image.chunks[0] - 1
        raw[info.byte_offset + info.size // 2] ^= 0x10
    raw.tofile(damaged)
    run = context.weir.run("rewrite", damaged, "--out", output, "--json")
    faults = program.find_faults(run, "failed", 1)
    error = run.result.get("error") or {}
    if error.get("code") != "E_CHUNK" or f"image, events {first}-{last}" not in error.get("message", ""):
        faults.append(f"expected E_CHUNK for image, events {first}-{last}: {run.explain()}")
    return faults + [f"{path.name} was left behind" for path in (output, pathlib.Path(f"{output}~")) if path.exists()]
