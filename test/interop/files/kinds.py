"""Types of values: numbers, texts, attributes, logs and tables."""
import h5py
import hdf5plugin
import numpy as np

from .registry import add_image, case, pictures, scalars, write_attributes, write_base


@case("numeric-types")
def make_numeric_types(path):
    count = 33
    grow = {"chunks": (10,), "maxshape": (None,)}
    with h5py.File(path, "w", libver=("earliest", "v108")) as h5:
        write_attributes(h5, count)
        names = ["area_um", "area_cvx", "area_msd", "area_ratio", "aspect", "bright_avg", "bright_sd", "circ", "deform", "pos_x", "pos_y",
                 "size_x", "size_y", "temp", "time", "tilt", "volume", "pressure"]
        kinds = ["<i1", "<i2", "<i4", "<i8", "<u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", ">i2", ">i4", ">i8", ">u2", ">f4", ">f8", "bool"]
        for name, kind in zip(names, kinds, strict=True):
            h5.create_dataset(f"events/{name}", data=extreme_values(np.dtype(kind), count), **grow, compression="gzip", shuffle=kind != "bool")
        h5["extra/big"] = np.arange(7, dtype=">f8")
        h5["extra/complex"] = np.arange(4) * (1 + 2j)
        add_image(h5, "image", pictures(count).astype(">u2") * 100)
        add_image(h5, "image_bg", pictures(count).astype("<u2") * 100)


def extreme_values(kind, count):
    if kind.kind == "b":
        return np.arange(count) % 3 == 0
    if kind.kind == "f":
        values = np.linspace(-5, 5, count).astype(kind)
        values[:5] = [np.nan, np.inf, -np.inf, -0.0, np.finfo(kind).tiny]
        return values
    limits = np.iinfo(kind)
    values = (np.arange(count) % 100).astype(kind)
    values[:2] = [limits.min, limits.max]
    return values


@case("nan-features")
def make_nan(path):
    with write_base(path) as h5:
        count = 25
        payload = np.full(count, np.nan)
        payload.view("<u8")[3] = 0x7FF8_0000_DEAD_BEEF
        h5.create_dataset("events/ml_score_abc", data=payload, chunks=(10,), maxshape=(None,))
        for key, value in {"min": np.nan, "max": np.nan, "mean": np.nan}.items():
            h5["events/ml_score_abc"].attrs[key] = value
        mixed = np.arange(count, dtype=float)
        mixed[::3] = np.nan
        mixed[7] = np.inf
        h5.create_dataset("events/userdef1", data=mixed, chunks=(10,), maxshape=(None,))
        h5["events/userdef1"].attrs.update({"min": 1.0, "max": np.inf, "mean": np.inf})


@case("fill-values")
def make_fill_values(path):
    with write_base(path) as h5:
        for kind, fill in {"<f8": np.nan, ">i4": -3, "S5": b"fill", "bool": True}.items():
            h5.create_dataset(f"extra/{kind.strip('<>')}", shape=(8,), dtype=kind, chunks=(3,), maxshape=(None,), fillvalue=fill)[:2] = 0 if kind != "S5" else b"x"
        compound = np.dtype([("a", "<i4"), ("b", "<f8")])
        h5.create_dataset("extra/compound", shape=(6,), dtype=compound, chunks=(4,), fillvalue=np.array((7, 2.5), dtype=compound))
        h5.create_dataset("events/temp", data=np.arange(25.0), chunks=(10,), maxshape=(None,), fillvalue=-1.0)


@case("attribute-kinds")
def make_attribute_kinds(path):
    with write_base(path) as h5:
        extra = h5.create_group("extra")
        write_every_kind(extra.attrs)
        write_every_kind(h5["events/deform"].attrs)
        write_every_kind(extra.create_dataset("data", data=np.arange(3)).attrs)
        h5.attrs["user:note"] = "free"
        h5.attrs["user:number"] = np.array(5, dtype=">i4")
        h5.attrs["user:flag"] = True


def write_every_kind(attributes):
    attributes["int8"] = np.int8(-5)
    attributes["uint64"] = np.uint64(2**64 - 1)
    attributes["float16"] = np.float16(1.5)
    attributes["float32"] = np.float32(np.nan)
    attributes["big-endian int"] = np.array(258, dtype=">i2")
    attributes["big-endian floats"] = np.array([1.5, -2.5], dtype=">f8")
    attributes["true"] = True
    attributes["booleans"] = np.array([[True, False], [False, True]])
    attributes["text"] = "variable, UTF-8: größer ∞"
    attributes["empty text"] = ""
    attributes["ascii text"] = np.bytes_("fixed")
    attributes.create("variable ascii", "plain", dtype=h5py.string_dtype("ascii"))
    attributes.create("fixed utf-8", "größe".encode(), dtype=h5py.string_dtype("utf-8", 12))
    attributes["texts"] = np.array(["one", "", "drei ü"], dtype=h5py.string_dtype())
    attributes["fixed texts"] = np.array([[b"ab", b"cde"], [b"", b"f"]])
    attributes["null number"] = h5py.Empty("f4")
    attributes["null text"] = h5py.Empty(h5py.string_dtype())
    attributes["array"] = np.arange(24, dtype="u2").reshape(2, 3, 4)
    attributes["no elements"] = np.zeros((0,), dtype="f8")
    attributes.create("array type", np.arange(6).reshape(1, 2, 3), shape=(1, 2, 3), dtype=np.dtype(("<i4", (2, 3))))
    attributes["compound"] = np.array((1, 2.5, b"xy"), dtype=[("a", "<i2"), ("b", ">f8"), ("c", "S4")])
    attributes["compounds with padding"] = np.zeros(3, dtype=np.dtype({"names": ["a", "b"], "formats": ["u1", "f8"], "offsets": [3, 8], "itemsize": 24}))
    nested = np.dtype([("inner", [("x", "<f4", (2,)), ("flag", "?")]), ("n", "<u8")])
    attributes["nested"] = np.array([((1, True), 5), ((2, False), 6)], dtype=nested)
    attributes["opaque"] = np.void(b"\x00\x01\x02raw")
    attributes["complex"] = 1 + 2j
    attributes.create("enum", 2, dtype=h5py.enum_dtype({"RED": 0, "GREEN": 1, "BLUE": 2}, basetype="<u2"))
    mixed = np.dtype([("name", h5py.string_dtype()), ("value", "<f8")])
    attributes.create("compound with texts", np.array([("first", 1.0), ("second ü", 2.0)], dtype=mixed), dtype=mixed)


@case("attributes-many")
def make_many_attributes(path):
    """Dense attribute storage on three kinds of objects, and compact storage in an old-style header."""
    with write_base(path, libver="latest") as h5:
        for item in (h5["events"], h5["events/deform"], h5.create_group("extra")):
            for index in range(300):
                item.attrs[f"attribute {index:03d}"] = index if index % 3 else f"text {index}"
        for index in range(100):
            h5.attrs[f"user:number {index}"] = float(index)


@case("attributes-many-compact")
def make_many_compact_attributes(path):
    with write_base(path, libver=("earliest", "v108")) as h5:
        for index in range(300):
            h5["events/deform"].attrs[f"attribute {index:03d}"] = "x" * (index % 50)


@case("attribute-long-text")
def make_long_text(path):
    with write_base(path, libver=("earliest", "v108")) as h5:
        h5.create_group("extra").attrs["long"] = "0123456789" * 7000
        h5["events/deform"].attrs["long"] = "ü" * 40_000
        h5.attrs["user:long"] = "lang " * 14_000


@case("attribute-long-fixed", without=("h5repack",))
def make_long_fixed(path):
    """Fixed-length values beyond what a header message can hold (they lie in a dense attribute's heap). Debian's h5repack needs --latest for the source as well."""
    with write_base(path, libver="latest") as h5:
        group = h5.create_group("extra")
        for index in range(10):
            group.attrs[f"a{index}"] = index
        group.attrs["fixed"] = np.bytes_(b"x" * 70_000)
        group.attrs["numbers"] = np.arange(10_000.0)


@case("logs")
def make_logs(path):
    with write_base(path) as h5:
        logs = h5.create_group("logs")
        logs["fixed"] = np.array([b"first", b"", b"third with more text"], dtype="S100")
        logs.create_dataset("fixed chunked", data=np.array([b"a line"] * 200, dtype="S100"), chunks=(50,), maxshape=(None,), **hdf5plugin.Zstd(5))
        logs["variable"] = np.array(["eins", "zwei ü", "", "x" * 95], dtype=h5py.string_dtype())
        logs.create_dataset("variable ascii, chunked", data=np.array(["one", "two"] * 40, dtype=object), dtype=h5py.string_dtype("ascii"), chunks=(7,), maxshape=(None,))
        logs["long lines"] = np.array(["wide " * 60, "ü" * 200], dtype=h5py.string_dtype())
        logs["one line"] = np.array([b"alone"], dtype="S5")
        logs["weir-rewrite"] = np.array([b'{"an": "older job"}'], dtype="S100")
        logs["variable"].attrs["software"] = "generator 1.0"


@case("logs-empty", warns=("W_EMPTY",))
def make_empty_logs(path):
    with write_base(path) as h5:
        h5.create_dataset("logs/empty", shape=(0,), dtype=h5py.string_dtype(), chunks=(10,), maxshape=(None,))
        h5.create_dataset("logs/empty fixed", shape=(0,), dtype="S100")
        h5.create_dataset("tables/empty", shape=(0,), dtype=[("a", "<f8")], chunks=(10,), maxshape=(None,))
        h5["logs/kept"] = np.array([b"a line"], dtype="S100")


@case("tables")
def make_tables(path):
    with write_base(path) as h5:
        columns = np.dtype([("time", "<f8"), ("temperature", "<f8"), ("flow rate", "<f8")])
        data = np.zeros(40, dtype=columns)
        data["time"] = np.arange(40)
        data["temperature"] = np.nan
        tables = h5.create_group("tables")
        tables.create_dataset("monitor", data=data, chunks=(40,), fletcher32=True, **hdf5plugin.Zstd(5))
        tables["monitor"].attrs.update({"COLOR_time": "#ffffff", "COLOR_temperature": np.bytes_("#b80589")})
        tables.create_dataset("column", data=data.reshape(40, 1), chunks=(40, 1), **hdf5plugin.Zstd(5))
        tables.create_dataset("grows", data=data, chunks=(16,), maxshape=(None,))
        tables["contiguous"] = data[:3]
        mixed = np.dtype([("name", "S12"), ("count", "<u4"), ("position", "<f4", (3,)), ("ok", "?")])
        tables["mixed"] = np.array([(b"cell", 5, (1, 2, 3), True), (b"bead", 6, (4, 5, 6), False)], dtype=mixed)
        tables["big-endian"] = np.array([(1.5, 2)], dtype=[("a", ">f8"), ("b", ">i4")])
        texts = np.dtype([("text", h5py.string_dtype()), ("n", "<i4")])
        tables.create_dataset("with texts", data=np.array([("eins", 1), ("zwei ü", 2)], dtype=texts), dtype=texts)
        tables.create_dataset("picture", data=pictures(1)[0])
        tables["picture"].attrs["CLASS"] = np.bytes_("IMAGE")


@case("unknown-datasets")
def make_unknown_datasets(path):
    """Datasets of every carried class in an unknown group, filtered and not."""
    with write_base(path) as h5:
        extra = h5.create_group("extra")
        extra["texts"] = np.array([["a", "bc"], ["", "größe"]], dtype=h5py.string_dtype())
        extra.create_dataset("texts, chunked", data=np.array(["line %d" % i for i in range(100)], dtype=object), dtype=h5py.string_dtype(), chunks=(30,), maxshape=(None,), compression="gzip")
        extra["fixed texts"] = np.array([b"abc", b"de"], dtype="S3")
        extra["space padded"] = np.array([b"x"], dtype="S7")
        extra["opaque"] = np.array([b"\x01\x02\x03", b"\x04\x05\x06"], dtype="V3")
        extra["enum"] = np.array([0, 1, 1], dtype=h5py.enum_dtype({"OFF": 0, "ON": 1}, basetype="<i4"))
        extra["booleans"] = np.array([True, False, True])
        extra["arrays"] = np.zeros(3, dtype=[("m", "<f4", (2, 2))])
        extra.create_dataset("array type", shape=(4,), dtype=np.dtype(("<i2", (3,))))[...] = np.arange(12).reshape(4, 3)
        extra["complex"] = np.array([1 + 2j, 3 - 4j])


@case("sequences", without=("same", "old"))
def make_sequences(path):
    """Variable-length sequences (same.py cannot compare them, the old h5py cannot read empty ones of compounds)."""
    with write_base(path) as h5:
        extra = h5.create_group("extra")
        ragged = np.empty(5, dtype=object)
        ragged[:] = [np.arange(n, dtype="<f8") for n in (3, 0, 1, 7, 2)]
        extra.create_dataset("sequences", data=ragged, dtype=h5py.vlen_dtype(np.dtype("<f8")))
        nested = np.empty(3, dtype=object)
        nested[:] = [np.array([(1, 2.0)] * n, dtype=[("a", "<i4"), ("b", "<f8")]) for n in (1, 2, 0)]
        extra.create_dataset("sequences of compounds", data=nested, dtype=h5py.vlen_dtype(np.dtype([("a", "<i4"), ("b", "<f8")])))
        attribute = np.empty(2, dtype=object)
        attribute[:] = [np.arange(3, dtype="<i4"), np.arange(0, dtype="<i4")]
        extra.attrs.create("sequences", attribute, dtype=h5py.vlen_dtype(np.dtype("<i4")))


@case("texts-as-features", without=("dcnum", "dclab"))
def make_text_features(path):
    """Unknown features of types that no one expects."""
    with write_base(path, images=False) as h5:
        h5["events/remark"] = np.array(["note %d" % i for i in range(25)], dtype=h5py.string_dtype())
        h5["events/label"] = np.array([b"abc"] * 25, dtype="S4")
        h5["events/flags"] = np.arange(25) % 2 == 0
        h5["events/pair"] = np.zeros(25, dtype=[("a", "<i4"), ("b", "<f8")])
