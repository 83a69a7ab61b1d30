"""A measurement in which nothing is amiss, and changes of it: one for whatever a reader of the field may have to say."""
import io
import json

import h5py
import hdf5plugin
import numpy as np

N = 12
RISING = np.linspace(0, 1, N)
STORED = {**hdf5plugin.Zstd(5), "fletcher32": True}
TEXT = h5py.string_dtype("utf-8")
IMAGE = {"CLASS": "IMAGE", "IMAGE_VERSION": "1.2", "IMAGE_SUBCLASS": "IMAGE_GRAYSCALE"}
ATTRIBUTES = {
    "experiment:date": "2024-03-21", "experiment:event count": N, "experiment:run index": 1, "experiment:sample": "beads", "experiment:time": "09:00:00",
    "fluorescence:bit depth": 16, "fluorescence:channel 1 name": "FITC", "fluorescence:channel count": 1, "fluorescence:channels installed": 3,
    "fluorescence:laser 1 lambda": 488.0, "fluorescence:laser 1 power": 10.0, "fluorescence:laser count": 1, "fluorescence:lasers installed": 3,
    "fluorescence:sample rate": 312500, "fluorescence:samples per event": 16, "fluorescence:signal max": 1.0, "fluorescence:signal min": -1.0,
    "fluorescence:trace median": 0, "imaging:flash device": "LED", "imaging:flash duration": 2.0, "imaging:frame rate": 2000.0, "imaging:pixel size": 0.34,
    "imaging:roi position x": 1, "imaging:roi position y": 2, "imaging:roi size x": 20, "imaging:roi size y": 10, "setup:channel width": 20.0,
    "setup:chip region": "channel", "setup:flow rate": 0.06, "setup:flow rate sample": 0.02, "setup:flow rate sheath": 0.04, "setup:identifier": "ZMDD-AcC-1",
    "setup:medium": "CellCarrierB", "setup:module composition": "Cell_Flow_2, Fluor", "setup:software version": "ShapeIn 2.4.0", "setup:temperature": 23.0,
}


def put(group, name, data):
    data = np.asarray(data)
    return group.create_dataset(name, data=data, chunks=data.shape, maxshape=(None, *data.shape[1:]), **STORED)


def put_images(group, name, data):
    dataset = put(group, name, data)
    for key, value in IMAGE.items():
        dataset.attrs[key] = np.bytes_(value)


def make_base():
    """The bytes of the measurement."""
    target = io.BytesIO()
    with h5py.File(target, "w") as h5:
        h5.attrs.update(ATTRIBUTES)
        events = h5.create_group("events")
        scalars = {"deform": RISING, "area_um": RISING + 50, "index": np.arange(1, N + 1, dtype="u4"), "frame": np.arange(N, dtype="u8"), "time": RISING,
                   "temp": np.full(N, 23.0), "fl1_max": np.arange(1, N + 1, dtype="u4")}
        for name, values in scalars.items():
            put(events, name, values)
        put_images(events, "image", np.full((N, 10, 20), 100, "u1"))
        put_images(events, "mask", np.full((N, 10, 20), 255, "u1"))
        put(events.create_group("trace"), "fl1_raw", np.ones((N, 16), "i2"))
        put(h5.create_group("logs"), "one", np.array([b"line"] * 3, dtype="S100"))
        put(h5.create_group("tables"), "tab", np.zeros(4, dtype=[("a", "f8"), ("b", "f8")]))
    return target.getvalue()


def attribute(key, value, dtype=None):
    def change(h5):
        if key in h5.attrs:
            del h5.attrs[key]
        h5.attrs.create(key, value, dtype=dtype)
    return change


def without(*keys):
    return lambda h5: [h5.attrs.__delitem__(key) for key in list(h5.attrs) if key.startswith(keys)]


def feature(name, data):
    def change(h5):
        if name in h5["events"]:
            del h5["events"][name]
        put(h5["events"], name, data)
    return change


def bare(path, **kwargs):
    """A dataset or attributeless object, replaced."""
    def change(h5):
        if path in h5:
            del h5[path]
        h5.create_dataset(path, **kwargs)
    return change


def group(path):
    def change(h5):
        if path in h5:
            del h5[path]
        h5.create_group(path)
    return change


def images(name, data):
    def change(h5):
        if name in h5["events"]:
            del h5["events"][name]
        put_images(h5["events"], name, data)
    return change


def link(path, target):
    return lambda h5: h5.__setitem__(path, target)


def together(*changes):
    return lambda h5: [change(h5) for change in changes]


def reference(key):
    return lambda h5: h5.attrs.create(key, h5["events"].ref, dtype=h5py.ref_dtype)


KEYS = {
    "text": "experiment:run identifier", "lower-case name": "setup:chip identifier", "integer": "online_contour:bin kernel",
    "float": "experiment:timestamp", "boolean": "online_contour:no absdiff", "boolean or float": "qpi:scale to filter", "pair": "qpi:sideband freq",
    "points": "online_filter:area_um,deform polygon points", "limit": "online_filter:deform min",
    "user": "user:mine", "unknown key": "setup:mine",
    "filtering range": "filtering:deform min", "polygon filters": "filtering:polygon filters",
}
VALUES = {
    "empty text": "", "a blank": " ", "true": "true", "FALSE": "FALSE", "a word": "yes", "digits": "1", "a comma": "0,06", "a point": " 0.06 ", "inf": "inf",
    "nan": "nan", "1_0": "1_0", "0x10": "0x10", "1e999": "1e999", "ABC": "ABC", "bytes": np.bytes_("abc"), "no UTF-8": np.bytes_(b"\xff\xfe"),
    "no numbers": np.zeros(0), "a list of one": np.ones(1), "a list of two": np.array([1.0, 2.0]), "a list with NaN": np.array([np.nan, 1.0]),
    "a list of only NaN": np.array([np.nan]), "points": np.ones((3, 2)), "two points": np.ones((2, 2)), "integer points": np.ones((3, 2), int),
    "points in three dimensions": np.ones((4, 3)), "a list of text": np.array([b"a"]), "two texts": np.array([b"a", b"b"]), "null": h5py.Empty("f8"),
    "integer": 1, "float": 1.5, "float32": np.float32(0.5), "NaN": np.nan, "infinity": np.inf, "a boolean": True, "complex": 1 + 2j, "bytes of nobody": np.void(b"abc"),
    "2^53 + 1": np.int64(2**53 + 1), "uint64 max": np.uint64(2**64 - 1), "a pair of booleans": np.array([True, False]),
    "a compound": np.array((1, 2.0), dtype=[("a", "i4"), ("b", "f8")]),
}


def list_values():
    """Every kind of value under every kind of key."""
    changes = {f"{kind} <- {value_name}": attribute(key, value) for kind, key in KEYS.items() for value_name, value in VALUES.items()}
    changes |= {f"{kind} <- a reference": reference(key) for kind, key in KEYS.items()}
    changes |= {f"{kind} <- loose text, no UTF-8": attribute(key, b"\xff\xfe", TEXT) for kind, key in KEYS.items()}
    return changes


def list_attributes():
    changes = {f"without {key}": without(key) for key in ATTRIBUTES}
    changes |= {f"without section {name}": without(f"{name}:") for name in ("experiment", "fluorescence", "imaging", "setup", "")}
    changes |= {f"{key} {value}": attribute(key, value) for key in ("imaging:frame rate", "imaging:pixel size", "setup:channel width", "setup:flow rate")
                for value in (0.0, -1.0, np.nan, "0", "-3", "-inf")}
    changes |= {f"NaN in {key}": attribute(key, np.nan) for key, value in ATTRIBUTES.items() if not isinstance(value, str)}
    changes |= {f"written by '{text}'": attribute("setup:software version", text)
                for text in ("dclab", "dclab 0.1.0", "dclab 0.3", "dclab 0.3.2 | weir 1", "dclab 0.3.3", "dclab 0.3.3.dev3", "dclab x.y", "dclab  0.3.2", "dclab 0.10", "dclab 1",
                             "weir 1 | dclab 0.3.2", "2.2.1.0", "2.2.1.0dev", "2.3.0.0", "ShapeIn 2.2.1.0")}
    named = {"nocolon": 1, "user:a:b": 1, "foo:bar": 1, "Setup:Medium": "x", ":x": 1, "setup:": 1, "user:": 1, "user: ": 1, " setup:medium": "x", "setup:Medium": "x",
             "setup:Flow Rate": "0,1", "pipeline:foo": "x", "fluorescence:channel 4 name": "x", "online_filter:a0 min": 1.0, "online_filter:image min": 1.0,
             "online_filter:area_um,deform min": 1.0, "online_filter:area_um,deform soft limit": True, "filtering:foo min": 1.0, "filtering:enable filters": True,
             "calculation:foo": 1, "fmt_tdms:video frame offset": "x"}
    changes |= {f"{key} = {value}": attribute(key, value) for key, value in named.items()}
    wrong = {"imaging:roi size x": (21, "21", 20.9), "imaging:roi size y": (21, "x"), "experiment:event count": (13, "13", 13.7, "12", 12.0, 12.5),
             "fluorescence:channel count": (2, "2", 1.0), "fluorescence:laser count": (2, "2"), "fluorescence:laser 1 power": (0.0, "0", False),
             "fluorescence:laser 2 lambda": (500.0,), "fluorescence:channel 2 name": ("x",), "fluorescence:channel 1 name": ("",),
             "fluorescence:samples per event": (17, "17"), "setup:flow rate sheath": (0.5, "0.7", 0.0400001, 0.040001), "setup:chip region": ("Channel",)}
    changes |= {f"{key} = {value!r}": attribute(key, value) for key, values in wrong.items() for value in values}
    return {**changes, "a reference without a colon": reference("mine"), "a reference in an unknown section": reference("mine:a")}


def list_features():
    scores = {"2": 2.0, "-1": -1.0, "infinite": np.inf, "NaN": np.nan, "just above 1": 1.0000001, "-0": -0.0, "1": 1.0}
    changes = {f"scores {name}": feature("ml_score_abc", np.r_[RISING[1:], value]) for name, value in scores.items()}
    changes |= {f"scores of {dtype}": feature("ml_score_abc", np.full(N, 2, dtype)) for dtype in ("f4", ">f8", "i4", "f2")}
    unknown = ("hello", "index_unmapped", "ml_score_ab", "ml_score_ABC", "ml_score_a.c", "ml_score_abcd", "userdef10", "basinmap10", "Deform", "qpi_foo", "tex_foo_avg", "fl4_max")
    changes |= {f"feature {name}": feature(name, RISING) for name in (*unknown, "def", "ml_score_abc", "userdef1", "basinmap3", "qpi_dm", "tex_asm_avg")}
    changes |= {f"unknown feature of shape {shape}": feature("hello", np.ones(shape)) for shape in ((N, 3), (N, 3, 4))}
    changes |= {f"{name} is a group": group(f"events/{name}") for name in ("hello", "area_cvx", "image", "mask", "image_bg", "index", "ml_score_abc", "qpi_pha", "contour", "trace")}
    changes |= {f"{name} is a dataset": feature(name, np.ones((N, 16))) for name in ("trace", "contour")}
    changes |= {f"{name} of text": bare(f"events/{name}", data=np.array([b"x"] * N)) for name in ("index", "temp", "fl1_max", "ml_score_abc")}
    changes |= {f"{name} of two columns": feature(name, np.zeros((N, 2))) for name in ("index", "temp")}
    changes |= {f"area_cvx is {title}": bare("events/area_cvx", data=data) for title, data in (("one number", 1.0), ("null", h5py.Empty("f8")))}
    changes |= {f"area_cvx of {count} rows": bare("events/area_cvx", data=np.ones(count)) for count in (0, 5, N + 3)}
    changes |= {f"{name} of {count} images": images(name, np.full((count, 10, 20), 255, "u1")) for name in ("image", "mask", "image_bg") for count in (5, N)}
    changes |= {f"{name} of another size": images(name, np.full((N, 10, 21), 255, "u1")) for name in ("image", "mask", "image_bg")}
    changes |= {f"images of shape {shape}": images("image", np.ones(shape, "u1")) for shape in ((N, 200), (N, 10, 20, 3))}
    changes["image never filled"] = bare("events/image", shape=(0, 10, 20), dtype="u1", maxshape=(None, 10, 20), chunks=(1, 10, 20))
    index = {"from 0": np.arange(N), "with a gap": np.arange(2, N + 2), "as float": np.arange(1.0, N + 1), "NaN": np.full(N, np.nan)}
    changes |= {f"index {name}": feature("index", values) for name, values in index.items()}
    temperatures = {"0": np.zeros(N), "tiny": np.full(N, 1e-9), "1e-7": np.full(N, 1e-7), "NaN": np.full(N, np.nan), "0 as integer": np.zeros(N, "i4"), "once": np.r_[1, np.zeros(N - 1)]}
    changes |= {f"temp {name}": feature("temp", values) for name, values in temperatures.items()}
    changes["temp 0 of another instrument"] = together(feature("temp", np.zeros(N)), attribute("setup:identifier", "X"))
    peaks = {"0": np.zeros(N), "0.1": np.full(N, 0.1), "0.11": np.full(N, 0.11), "one negative": np.r_[-1.0, np.ones(N - 1)]}
    changes |= {f"{name} {title}": feature(name, values) for name in ("fl1_max", "fl1_max_ctc", "fl2_max") for title, values in peaks.items()}
    traces = {"of one number": ("fl2_raw", (N,)), "of other samples": ("fl2_raw", (N, 17)), "of fewer events": ("fl2_raw", (5, 16)), "of no events": ("fl2_raw", (0, 16))}
    changes |= {f"trace {title}": bare(f"events/trace/{name}", data=np.ones(shape)) for title, (name, shape) in traces.items()}
    changes["trace holds a group"] = group("events/trace/notes")
    for name, value in (("CLASS", None), ("CLASS", np.bytes_("X")), ("CLASS", "IMAGE"), ("IMAGE_VERSION", 1.2), ("IMAGE_SUBCLASS", np.bytes_("IMAGE_TRUECOLOR"))):
        changes[f"image attribute {name} {value!r}"] = change_image_attribute(name, value)
    changes["background without image attributes"] = feature("image_bg", np.ones((N, 10, 20), "u1"))
    changes |= {f"no event, with {name}": empty(name) for name in ("deform", "fl1_max", "temp", "ml_score_abc")}
    changes["no feature at all"] = lambda h5: [h5["events"].__delitem__(name) for name in list(h5["events"])]
    return changes


def empty(name):
    """No event was recorded."""
    def change(h5):
        del h5["events"]
        h5.create_group("events").create_dataset(name, (0,), "f8", maxshape=(None,), chunks=(1,))
        h5.attrs["experiment:event count"] = 0
    return change


def change_image_attribute(name, value):
    def change(h5):
        del h5["events/image"].attrs[name]
        if value is not None:
            h5["events/image"].attrs[name] = value
    return change


def list_objects():
    logs = {"a long line": np.array([b"x" * 101]), "a line of 100": np.array([b"x" * 100]), "120 bytes of UTF-8": np.array(["ä".encode() * 60]), "numbers": np.ones(2),
            "integers": np.ones(2, "i4"), "one text": np.bytes_("x"), "null": h5py.Empty("S9"), "a table": np.zeros(2, dtype=[("a", "i4")])}
    changes = {f"log: {title}": bare("logs/x", data=data) for title, data in logs.items()}
    changes |= {f"log of another program: {title}": bare("logs/x_para.ini", data=data) for title, data in logs.items()}
    changes["log: loose lines"] = bare("logs/x", data=["a", "b" * 200], dtype=TEXT)
    changes |= {f"{name} is a dataset": bare(name, data=[1.0]) for name in ("logs", "basins", "tables", "basin_events")}
    changes["logs hold a group"] = bare("logs/more/x", data=[b"x"])
    changes |= {f"{title} link in {place}": link(f"{place}/l", target) for place in ("events", "logs", "tables", "other")
                for title, target in (("a dangling", h5py.SoftLink("/nowhere")), ("an external", h5py.ExternalLink("nowhere.h5", "/x")))}
    changes |= {f"a link to {target}": link("other/l", h5py.SoftLink(target)) for target in ("/", "/other", "/other/l", "/events/deform", "/events")}
    changes["events hold the root"] = lambda h5: h5["events"].__setitem__("me", h5["/"])
    changes["two groups that hold each other"] = hold_each_other
    changes |= {f"a committed type in {place}": link(f"{place}/t", np.dtype("f8")) for place in ("events", "other")}
    changes["a virtual dataset"] = lambda h5: h5.create_group("other").create_virtual_dataset("v", h5py.VirtualLayout((3,), "f8"))
    changes["values in another file"] = lambda h5: h5["events"].create_dataset("area_cvx", (N,), "f8", external=[("nowhere.raw", 0, h5py.h5f.UNLIMITED)])
    return changes


def hold_each_other(h5):
    one, other = h5.create_group("one"), h5.create_group("other")
    one["other"], other["one"] = other, one


INTERNAL = {"name": "x", "type": "internal", "format": "h5dataset", "features": ["area_cvx"], "mapping": "basinmap0", "paths": ["basin_events"], "description": "d"}
FILE = {"name": "x", "type": "file", "format": "hdf5", "features": ["volume"], "mapping": "same", "paths": ["nowhere.rtdc"], "description": "d"}


def basin(definition, *, has_group=True, has_map=True):
    def change(h5):
        if has_group:
            put(h5.create_group("basin_events"), "area_cvx", np.arange(3.0))
        if has_map:
            put(h5["events"], "basinmap0", np.zeros(N, "u8"))
        h5.create_group("basins")
        text = definition if isinstance(definition, bytes) else json.dumps(definition).encode()
        h5["basins"].create_dataset("b", data=np.array([text]))
    return change


def list_basins():
    odd = {"absent": None, "null": None, "a number": 5, "a text": "foo", "a list": ["a"], "an empty list": [], "a list of numbers": [1], "an object": {}, "a boolean": True}
    changes = {}
    for kind, whole in (("internal", INTERNAL), ("file", FILE)):
        changes[f"{kind} basin"] = basin(whole)
        for field in (*whole, "identifier", "perishable", "key"):
            for title, value in odd.items():
                rest = {name: old for name, old in whole.items() if name != field}
                changes[f"{kind} basin: {field} is {title}"] = basin(rest if title == "absent" else {**rest, field: value})
    changes |= {"basin without its group": basin(INTERNAL, has_group=False), "basin without its mapping": basin(INTERNAL, has_map=False),
                "basin with the mapping 'same'": basin({**INTERNAL, "mapping": "same"}), "basin of a missing feature": basin({**INTERNAL, "features": ["volume"]}),
                "basin that is no JSON": basin(b"{nope"), "basin that is a list": basin(b"[]"), "basin without lines": bare("basins/b", shape=(0,), dtype="S9"),
                "basin of numbers": bare("basins/b", data=[1, 2]), "basin that is a group": group("basins/b")}
    return changes

