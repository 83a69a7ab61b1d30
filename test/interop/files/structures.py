"""How a file is laid out: superblocks, chunk indexes, storage, filters, links."""
import ctypes
import os
import pathlib
import subprocess
import sys
import zlib

import h5py
import hdf5plugin
import numpy as np

from .registry import add_image, case, pictures, scalars, write_attributes, write_base


def superblock_version(path):
    with open(path, "rb") as handle:
        return handle.read(9)[8]


def add_superblock_case(name, libver, version):
    @case(name)
    def make(path):
        with write_base(path, libver=libver) as h5:
            h5["logs/acquisition"] = np.array([b"one line", b"another"], dtype="S20")
        assert superblock_version(path) == version, superblock_version(path)


add_superblock_case("superblock-0", ("earliest", "v108"), 0)
add_superblock_case("superblock-2", ("v108", "v108"), 2)
add_superblock_case("superblock-3-v110", ("v110", "v110"), 3)
add_superblock_case("superblock-3-latest", "latest", 3)


def add_early(h5, name, data, chunks):
    """A chunked dataset whose space is given out at once: the implicit index."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk(chunks)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple(data.shape)
    h5py.h5d.create(h5["events"].id, name.encode(), h5py.h5t.py_create(data.dtype), space, properties)
    h5["events"][name][...] = data


def add_index_case(name, libver):
    @case(name)
    def make(path):
        count = 3000
        values = scalars(count)
        with h5py.File(path, "w", libver=libver) as h5:
            write_attributes(h5, count)
            events = h5.create_group("events")
            one = {"chunks": (count,)}
            events.create_dataset("area_um", data=values["area_um"], **one)
            events.create_dataset("area_cvx", data=values["area_um"], **one, compression="gzip", fletcher32=True)
            add_early(h5, "deform", values["deform"], (100,))
            add_early(h5, "circ", 1 - values["deform"], (170,))
            events.create_dataset("pos_x", data=values["pos_x"], chunks=(100,), maxshape=(count,))
            events.create_dataset("pos_y", data=values["pos_x"], chunks=(110,), maxshape=(5000,), **hdf5plugin.Zstd(5))
            events.create_dataset("size_x", data=values["pos_x"], chunks=(1,))
            events.create_dataset("size_y", data=values["pos_x"], chunks=(1,), compression="gzip")
            events.create_dataset("frame", data=values["frame"], chunks=(1000,), maxshape=(None,))
            events.create_dataset("time", data=values["time"], chunks=(2,), maxshape=(None,), **hdf5plugin.Zstd(1), fletcher32=True)
            events.create_dataset("bright_avg", data=values["time"], chunks=(4,), maxshape=(None,))
            image = pictures(count, shape=(6, 8))
            h5.attrs["imaging:roi size x"], h5.attrs["imaging:roi size y"] = 8, 6
            add_image(h5, "image", image, chunks=(50, 6, 8), maxshape=(None, None, None), compression="gzip")
            add_image(h5, "image_bg", image, chunks=(37, 4, 5), maxshape=(None, None, 20))
            add_image(h5, "mask", (image > 105).astype(np.uint8) * 255, chunks=(60, 3, 8), maxshape=(None, 6, 8), compression="gzip")


add_index_case("chunk-indexes-earliest", ("earliest", "v108"))
add_index_case("chunk-indexes-v110", ("v110", "v110"))
add_index_case("chunk-indexes-latest", "latest")


@case("extensible-array-paged", variants=("zstd",), without=("h5dump", "append"))
def make_paged_extensible_array(path):
    count = 140_000
    with h5py.File(path, "w", libver="v110") as h5:
        write_attributes(h5, count)
        h5.create_dataset("events/deform", data=np.arange(count) / count, chunks=(1,), maxshape=(None,))


@case("user-block", expect="either")
def make_user_block(path):
    write_base(path, userblock_size=512).close()
    with open(path, "r+b") as handle:
        handle.write(b"a user block, 512 bytes")


def add_creation_case(name, change, **properties):
    """A file whose superblock says something else than usual."""

    @case(name, **properties)
    def make(path):
        creation = h5py.h5p.create(h5py.h5p.FILE_CREATE)
        change(creation)
        access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
        access.set_libver_bounds(h5py.h5f.LIBVER_EARLIEST, h5py.h5f.LIBVER_V18)
        h5py.h5f.create(str(path).encode(), h5py.h5f.ACC_TRUNC, creation, access).close()
        template = path.with_suffix(".template")
        write_base(template).close()
        with h5py.File(template) as source, h5py.File(path, "a", libver=("earliest", "v108")) as h5:
            h5.attrs.update(source.attrs)
            source.copy("events", h5)
            for index in range(40):
                h5[f"extra/{index}"] = np.arange(index)
            h5.create_dataset("extra/many chunks", data=np.arange(500), chunks=(1,))


def set_node_sizes(creation, chunks, links, leaf):
    """What h5py does not offer: the widths of B-tree nodes; they make a superblock version 1."""
    libraries = sorted((pathlib.Path(h5py.__file__).parents[1] / "h5py.libs").glob("libhdf5-*"))
    hdf5 = ctypes.CDLL(str(libraries[0]))
    assert hdf5.H5Pset_istore_k(ctypes.c_int64(creation.id), ctypes.c_uint(chunks)) >= 0
    assert hdf5.H5Pset_sym_k(ctypes.c_int64(creation.id), ctypes.c_uint(links), ctypes.c_uint(leaf)) >= 0


add_creation_case("superblock-1-small-nodes", lambda creation: set_node_sizes(creation, 4, 2, 2))
add_creation_case("superblock-1-large-nodes", lambda creation: set_node_sizes(creation, 200, 64, 16))
add_creation_case("sizes-of-4-bytes", lambda creation: creation.set_sizes(4, 4), expect="either")


@case("file-space-paged")
def make_file_space(path):
    """Free space kept in the file: a superblock extension."""
    with write_base(path, libver="v110", fs_strategy="page", fs_persist=True, fs_page_size=8192) as h5:
        del h5["events/pos_x"]


@case("filter-masks")
def make_filter_masks(path):
    """Chunks for which one filter or all of them were skipped."""
    count = 100
    values = scalars(count)
    with h5py.File(path, "w", libver=("earliest", "v108")) as h5:
        write_attributes(h5, count)
        grow = {"chunks": (25,), "maxshape": (None,)}
        h5.create_dataset("events/time", data=values["time"], **grow, **hdf5plugin.Zstd(5), fletcher32=True)
        for name, keywords in (("deform", {"compression": "gzip"}), ("area_um", dict(hdf5plugin.Zstd(5))), ("pos_x", {"shuffle": True, "compression": "gzip"})):
            data = values[name]
            dataset = h5.create_dataset(f"events/{name}", data=data, **grow, **keywords)
            filters = dataset.id.get_create_plist().get_nfilters()
            dataset.id.write_direct_chunk((25,), data[25:50].tobytes(), filter_mask=2**filters - 1)
        raw = zlib.compress(values["pos_x"][50:75].tobytes())
        h5["events/pos_x"].id.write_direct_chunk((50,), raw, filter_mask=1)


@case("tail-garbage")
def make_tail_garbage(path):
    write_base(path).close()
    with open(path, "ab") as handle:
        handle.write(os.urandom(100_000))


@case("not-closed", warns=("[EW]_DIRTY",), without=("dclab", "dcnum", "same"))
def make_not_closed(path):
    """The writing process was killed after a flush: the mark of superblock 3 stays."""
    program = (
        "import sys, os; sys.path.insert(0, sys.argv[2]); from files.registry import write_base;"
        "h5 = write_base(sys.argv[1], libver='v110'); h5.flush(); h5.swmr_mode = True; h5.flush(); os._exit(0)"
    )
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    subprocess.run([sys.executable, "-c", program, str(path), folder], check=True)


@case("storage-kinds")
def make_storage_kinds(path):
    count = 7
    values = scalars(count)
    with h5py.File(path, "w", libver=("earliest", "v108")) as h5:
        write_attributes(h5, count)
        h5["events/deform"] = values["deform"]
        add_compact(h5.create_group("extra"), "compact", np.arange(12, dtype="<i2").reshape(3, 4))
        add_compact(h5["events"], "area_um", values["area_um"])
        h5.create_dataset("events/pos_x", data=values["pos_x"], chunks=(100,), maxshape=(None,), compression="gzip", shuffle=True, fletcher32=True)
        h5.create_dataset("events/time", data=values["time"], chunks=(5,), maxshape=(7,))
        image = pictures(count)
        add_image(h5, "image", image, chunks=(100, 24, 48))
        add_image(h5, "image_bg", image, chunks=(3, 10, 20), compression="gzip")
        h5.create_dataset("events/mask", data=((image > 130) * 255).astype(np.uint8))
        h5["events/mask"].attrs.update({k: v for k, v in h5["events/image"].attrs.items()})


def add_compact(group, name, data):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    dataset = h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(data.dtype), h5py.h5s.create_simple(data.shape), properties)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


@case("filters-of-others", without=("append-old",))
def make_other_filters(path):
    count = 60
    values = scalars(count)
    with h5py.File(path, "w", libver=("earliest", "v108")) as h5:
        write_attributes(h5, count)
        grow = {"chunks": (25,), "maxshape": (None,)}
        h5.create_dataset("events/area_um", data=values["area_um"], compression="lzf", **grow)
        h5.create_dataset("events/frame", data=values["frame"], scaleoffset=0, **grow)
        h5.create_dataset("events/deform", data=values["deform"], **grow, **hdf5plugin.Blosc())
        h5.create_dataset("events/pos_x", data=values["pos_x"], **grow, **hdf5plugin.LZ4())
        h5.create_dataset("events/time", data=values["time"], **grow, **hdf5plugin.Bitshuffle())
        add_image(h5, "image", pictures(count), **hdf5plugin.LZ4())
        add_image(h5, "mask", pictures(count, 4), compression="lzf", shuffle=True)
        h5.create_dataset("extra/nbit", data=np.arange(40, dtype="<i4"), chunks=(7,), shuffle=True, compression="gzip")


@case("filter-unknown", expect="failed", code="E_FILTER")
def make_unknown_filter(path):
    """A filter that nobody has: the chunk is written raw with a pipeline that names it."""
    with write_base(path) as h5:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((25,))
        properties.set_filter(h5py.h5z.FILTER_DEFLATE, 0, (5,))
        dataset = h5py.h5d.create(h5["events"].id, b"circ", h5py.h5t.NATIVE_DOUBLE, h5py.h5s.create_simple((25,)), properties)
        dataset.write_direct_chunk((0,), b"\x01" * 50)
    raw = path.read_bytes()
    # Filter message version 1 of the one dataset with deflate alone: id 1, name length 8, optional, one value.
    wanted = (1).to_bytes(2, "little") + (8).to_bytes(2, "little") + (0).to_bytes(2, "little") + (1).to_bytes(2, "little") + b"deflate\0"
    assert raw.count(wanted) == 1, raw.count(wanted)
    place = raw.index(wanted)
    path.write_bytes(raw[:place] + (32099).to_bytes(2, "little") + raw[place + 2:])


@case("links", left_out=("/extra/outside", "/outside"), warns=())
def make_links(path):
    with write_base(path) as h5:
        h5["extra/data"] = np.arange(5)
        h5["extra/again"] = h5["extra/data"]
        h5["extra/soft"] = h5py.SoftLink("/extra/data")
        h5["extra/relative"] = h5py.SoftLink("data")
        h5["extra/dangling"] = h5py.SoftLink("/nowhere/at/all")
        h5["extra/outside"] = h5py.ExternalLink("other.rtdc", "/events/image")
        h5["outside"] = h5py.ExternalLink("missing.rtdc", "/")
        h5["same group"] = h5["extra"]
        h5["events/pos_y"] = h5["events/pos_x"]
        h5["events/size_x"] = h5py.SoftLink("/events/pos_x")


@case("link-cycle", without=("same", "judge", "dclab", "dcnum", "h5dump", "append", "old"))
def make_cycle(path):
    with write_base(path) as h5:
        h5["extra/data"] = np.arange(5)
        h5["extra/loop"] = h5["extra"]
        h5["extra/soft loop"] = h5py.SoftLink("/extra/soft loop")
        h5["extra/root"] = h5["/"]


@case("references", left_out=("/extra/object reference", "/extra/region reference", "/extra/data@reference", "/extra/committed"))
def make_references(path):
    with write_base(path) as h5:
        data = h5.create_dataset("extra/data", data=np.arange(5))
        data.attrs["plain"] = 5
        data.attrs["reference"] = h5["events"].ref
        h5["extra"].create_dataset("object reference", data=np.array([data.ref], dtype=h5py.ref_dtype))
        h5["extra"].create_dataset("region reference", data=np.array([data.regionref[1:3]], dtype=h5py.regionref_dtype))
        h5["extra/committed"] = np.dtype("<f4")
        h5["extra"].create_dataset("typed", data=np.arange(3, dtype="<f4"), dtype=h5["extra/committed"])


@case("virtual", left_out=("/extra/virtual", "/extra/external"), without=("append-old",))
def make_virtual(path):
    with h5py.File(path.with_name("virtual-source.h5"), "w") as other:
        other["data"] = np.arange(10.0)
    with write_base(path, libver="v110") as h5:
        layout = h5py.VirtualLayout(shape=(10,), dtype="f8")
        layout[:] = h5py.VirtualSource("virtual-source.h5", "data", shape=(10,))
        h5.create_group("extra").create_virtual_dataset("virtual", layout)
        h5["extra"].create_dataset("external", shape=(4,), dtype="f8", external=[(str(path.with_name("raw.bin")), 0, 32)])
        h5["extra/external"][:] = 1


@case("contours-5000", variants=("zstd",))
def make_contours_old(path):
    """A symbol table of several levels."""
    write_contours(path, ("earliest", "v108"), 5000)


@case("contours-dense", variants=("zstd", "none"))
def make_contours_new(path):
    """Links in a fractal heap."""
    write_contours(path, "latest", 600)


def write_contours(path, libver, count):
    rng = np.random.default_rng(5)
    with write_base(path, count=count, libver=libver, images=False) as h5:
        group = h5.create_group("events/contour")
        for index in range(count):
            group.create_dataset(str(index), data=rng.integers(0, 250, (3 + index % 5, 2)))


@case("creation-order")
def make_creation_order(path):
    with write_base(path, libver="latest", track_order=True) as h5:
        group = h5.create_group("extra", track_order=True)
        for name in ("zebra", "ape", "lion"):
            group[name] = np.arange(3)
            group.attrs[name] = name
        for index in range(40):
            group.create_group(f"group {40 - index}")


@case("unknown-groups", warns=())
def make_unknown_groups(path):
    with write_base(path) as h5:
        extra = h5.create_group("extra")
        extra.attrs["about"] = "an unknown root group"
        extra.create_group("deep/er/and/deeper")["data"] = np.arange(6).reshape(2, 3)
        extra.create_group("empty")
        extra["scalar"] = 5.5
        extra["text"] = "a scalar text, variable"
        extra["fixed"] = np.bytes_("a scalar text, fixed")
        extra["null"] = h5py.Empty("f8")
        extra["null text"] = h5py.Empty(h5py.string_dtype())
        extra.create_dataset("zero", shape=(0,), dtype="i4")
        extra.create_dataset("zero chunked", shape=(0, 5), maxshape=(None, 5), chunks=(10, 5), dtype="f4", compression="gzip")
        extra.create_dataset("zero inside", shape=(3, 0, 2), dtype="u1")
        extra.create_dataset("never written", shape=(10,), dtype="i4", chunks=(3,), fillvalue=-7)
        extra.create_dataset("never written, contiguous", shape=(10,), dtype="f8", fillvalue=1.5)
        partly = extra.create_dataset("partly written", shape=(100, 4), dtype="i2", chunks=(10, 3), maxshape=(None, 4), fillvalue=99)
        partly[35:58, 1] = np.arange(23)
        extra.create_dataset("five dimensions", data=np.arange(720, dtype="u2").reshape(2, 3, 4, 5, 6), chunks=(1, 2, 3, 2, 4), compression="gzip")
        extra.create_dataset("grows both ways", data=np.arange(12).reshape(3, 4), maxshape=(None, None), chunks=(2, 2))
        h5["single dataset at the root"] = np.arange(4)
        h5["events/plugin feature/x"] = np.arange(25.0)
        h5["events/plugin feature"].attrs["kind"] = "group with one row an event"
        h5["events/a0"] = np.arange(25.0)


@case("names")
def make_names(path):
    with write_base(path) as h5:
        for name in ("größe", "日本語", "emoji 🧪", "with space ", "dots..in.name", "back\\slash", "a" * 300, "line\nbreak", "%41#?"):
            group = h5.create_group(f"extra/{name}")
            group[name] = np.arange(2)
            group.attrs[name] = name
        h5["logs/Protokoll für Grüße"] = np.array(["Zeile mit Umlauten äöü", "µm, 日本", ""], dtype=h5py.string_dtype())
        h5.attrs["experiment:sample"] = "Größe µm 日本語 🧪"
