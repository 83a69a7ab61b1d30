"""Is everything of the source in the output? Stricter than same.py: types, byte order, null spaces, links and attribute counts."""
import contextlib
import functools
import io
import re
import sys

import h5py
import numpy as np

from .sources import open_source

#: attributes that a rewrite may add to the root; everything else there comes from the source
ADDED_ROOT_ATTRIBUTES = {"experiment:event count"}


@functools.cache
def _same_program(path):
    with open(path, encoding="utf-8") as handle:
        return compile(handle.read(), path, "exec")


def run_same(same_py, source, output):
    """Run shared/tools/same.py in this process; returns its differences, empty when it found none."""
    printed = io.StringIO()
    argv = sys.argv
    sys.argv = [str(same_py), str(source), str(output)]
    code = 0
    try:
        with contextlib.redirect_stdout(printed):
            exec(_same_program(str(same_py)), {"__name__": "__main__"})
    except SystemExit as stop:
        code = stop.code or 0
    finally:
        sys.argv = argv
    lines = printed.getvalue().strip().splitlines()
    if code == 0 and lines and lines[-1] == "0 differences":
        return []
    return lines or [f"same.py ended with {code} and said nothing"]


class Judge:
    """Compares two open files. `left_out`: patterns of paths (attributes as path@name) that the output must not have."""

    def __init__(self, source, output, left_out=(), ignored=()):
        self.source = source
        self.output = output
        self.left_out = [re.compile(pattern) for pattern in left_out]
        self.ignored = [re.compile(pattern) for pattern in ignored]
        self.differences = []
        self.seen = set()

    def compare(self):
        self._group("/", self.source, self.output)
        return self.differences

    def _say(self, path, what):
        self.differences.append(f"{path}: {what}")

    def _is_left_out(self, path):
        return any(pattern.fullmatch(path) for pattern in self.left_out)

    def _is_ignored(self, path):
        return any(pattern.fullmatch(path) for pattern in self.ignored)

    def _group(self, path, a, b):
        if a.id in self.seen:
            return
        self.seen.add(a.id)
        self._attributes(path, a, b)
        for name in a:
            child = f"{path.rstrip('/')}/{name}"
            if self._is_ignored(child):
                continue
            if self._is_left_out(child):
                if name in b:
                    self._say(child, "should have been left out")
                continue
            self._link(child, a.get(name, getlink=True), a, b, name)
        for name in b:
            child = f"{path.rstrip('/')}/{name}"
            if name not in a and not self._is_ignored(child) and not self._is_own(child):
                self._say(child, "is new in the output")

    @staticmethod
    def _is_own(path):
        return path == "/logs" or re.fullmatch(r"/logs/weir-rewrite(_\d+)?", path)

    def _link(self, path, link, a, b, name):
        if isinstance(link, h5py.ExternalLink):
            if name in b:
                self._say(path, "an external link was carried")
            return
        x = resolve(a, name)
        if x is None:
            # dangling: kept as a link or reported, but never an object
            if resolve(b, name) is not None:
                self._say(path, "a dangling link became an object")
            return
        if resolve(b, name) is None:
            if not self._may_be_empty(path, x):
                self._say(path, "missing")
            return
        y = b[name]
        if type(x) is not type(y):
            self._say(path, f"{type(x).__name__} became {type(y).__name__}")
        elif isinstance(x, h5py.Group):
            self._group(path, x, y)
        elif isinstance(x, h5py.Dataset):
            self._attributes(path, x, y)
            self._dataset(path, x, y)

    @staticmethod
    def _may_be_empty(path, x):
        if not path.startswith(("/logs", "/tables")):
            return False
        return isinstance(x, h5py.Dataset) and x.size in (0, None) or isinstance(x, h5py.Group) and (len(x) == 0 or path.count("/") == 1)

    def _dataset(self, path, x, y):
        if x.shape != y.shape:
            return self._say(path, f"shape {x.shape} became {y.shape}")
        is_log = path.startswith("/logs/")
        if is_log and h5py.check_string_dtype(x.dtype):
            return self._texts(path, x, y)
        if not is_same_type(x.id.get_type(), y.id.get_type()):
            return self._say(path, f"type {x.dtype} became {y.dtype}")
        if x.shape is None:
            return None
        if not np.array_equal(as_bytes(x.fillvalue), as_bytes(y.fillvalue)):
            self._say(path, f"fill value {x.fillvalue!r} became {y.fillvalue!r}")
        difference = compare_values(x[()], y[()])
        return self._say(path, difference) if difference else None

    def _texts(self, path, x, y):
        if not h5py.check_string_dtype(y.dtype):
            return self._say(path, f"text became {y.dtype}")
        if texts_of(x) != texts_of(y):
            return self._say(path, "lines differ")
        return None

    def _attributes(self, path, x, y):
        names = set(x.attrs)
        for name in sorted(names):
            place = f"{path}@{name}"
            if self._is_ignored(place):
                continue
            if self._is_left_out(place):
                if name in y.attrs:
                    self._say(place, "should have been left out")
                continue
            if name not in y.attrs:
                self._say(place, "missing")
                continue
            self._attribute(place, x.attrs.get_id(name), y.attrs.get_id(name), x.attrs, y.attrs, name)
        extra = set(y.attrs) - names - (ADDED_ROOT_ATTRIBUTES if path == "/" else set())
        for name in sorted(extra):
            if not self._is_ignored(f"{path}@{name}"):
                self._say(f"{path}@{name}", "is new in the output")
        if len(y.attrs) != len(list(y.attrs)):
            self._say(path, f"len(attrs) is {len(y.attrs)}, but {len(list(y.attrs))} are there")

    def _attribute(self, place, a, b, attrs_a, attrs_b, name):
        if not is_same_type(a.get_type(), b.get_type()):
            return self._say(place, f"type {a.dtype} became {b.dtype}")
        if a.get_space().get_simple_extent_type() != b.get_space().get_simple_extent_type() or a.shape != b.shape:
            return self._say(place, f"shape {a.shape} became {b.shape}")
        x, y = attrs_a[name], attrs_b[name]
        if isinstance(x, h5py.Empty):
            return None if isinstance(y, h5py.Empty) else self._say(place, "null became a value")
        difference = compare_values(x, y)
        return self._say(place, difference) if difference else None


def resolve(group, name):
    """The object behind a link; None where there is none."""
    try:
        return group[name]
    except KeyError:
        return None


def is_same_type(a, b):
    """Byte order, sizes, members, padding and character set; H5Tequal knows them all."""
    return a == b


def compare_values(x, y):
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != y.shape:
        return f"shape {x.shape} became {y.shape}"
    if x.dtype.hasobject:
        return None if plain(x) == plain(y) else f"values differ ({shorten(x)} / {shorten(y)})"
    if as_bytes(x) == as_bytes(y):
        return None
    return f"values differ ({shorten(x)} / {shorten(y)})"


def shorten(value):
    text = repr(value)
    return text if len(text) < 120 else text[:117] + "..."


def as_bytes(value):
    return np.ascontiguousarray(value).tobytes()


def plain(value):
    """Nested lists with NaN made comparable; missing texts and sequences are empty ones."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.reshape(-1)] if value.dtype.hasobject else (str(value.dtype), value.tobytes())
    if isinstance(value, np.void) and value.dtype.names:
        return [plain(value[name]) for name in value.dtype.names]
    if isinstance(value, (bytes, str)):
        return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return repr(value)


def texts_of(dataset):
    values = dataset[()]
    return [plain(value).rstrip("\0") for value in np.asarray(values).reshape(-1)]


def judge(source, output, left_out=(), ignored=()):
    with open_source(source) as a, h5py.File(output, "r") as b:
        return Judge(a, b, left_out, ignored).compare()
