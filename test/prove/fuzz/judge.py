"""What h5py reads of a file, one line of JSON for each path on standard input.

Each file is read in a process of its own with bounded memory and time: the HDF5 library may crash or hang on a damaged one. Then it is
read again without the object on which that happened.
{"end": "read" | "refused" | "crash" | "hang", "objects": {path: {...}}, "errors": [[path, words]]}
"""
import hashlib
import json
import mmap
import os
import resource
import select
import signal
import sys

import h5py
import hdf5plugin  # noqa: F401 (registers the filters)
import numpy as np

MOST_SECONDS = 20
MOST_BYTES = 2 * 2**30
MOST_OBJECTS = 5000
MOST_VALUE_BYTES = 64 * 2**20
MOST_FATAL_OBJECTS = 4

# Where the child writes which object it is about to read, for its parent.
PLACE = mmap.mmap(-1, 4096)


def canonical(value):
    """Bytes that are equal where the values are, whatever the byte order and the padding in the file."""
    value = np.asarray(value)
    if value.dtype.kind == "O":
        return b"[" + b",".join(canonical_element(one) for one in value.ravel()) + b"]"
    if value.dtype.names:
        return b"{" + b";".join(name.encode() + b"=" + canonical(value[name]) for name in value.dtype.names) + b"}"
    if value.dtype.kind == "S":
        return canonical(value.astype(object))
    return np.ascontiguousarray(value.astype(value.dtype.newbyteorder("<"))).tobytes()


def canonical_element(one):
    if isinstance(one, str):
        return repr(one.encode("utf-8", "surrogateescape")).encode()
    return repr(one).encode() if isinstance(one, bytes) else canonical(one)


def name_type(dtype):
    """Text is text, of fixed length or not: logs are rewritten as fixed."""
    string = h5py.check_string_dtype(dtype)
    if string is not None:
        return "text"
    members = h5py.check_enum_dtype(dtype)
    if members is not None:
        return f"enum {dtype.str} {sorted(members.items())}"
    base = h5py.check_vlen_dtype(dtype)
    if base is not None:
        return f"vlen {name_type(base)}"
    if dtype.names:
        return "{" + ", ".join(f"{name}: {name_type(dtype[name])}" for name in dtype.names) + "}"
    if dtype.subdtype:
        return f"{dtype.subdtype[1]} of {name_type(dtype.subdtype[0])}"
    return dtype.str


def to_text(name):
    """h5py gives names that are not UTF-8 as bytes."""
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name


def tell_place(path):
    text = path.encode("utf-8", "surrogateescape")[:4000]
    PLACE[:4096] = text.ljust(4096, b"\0")


class Reading:
    def __init__(self, fatal):
        self.objects = {}
        self.errors = []
        self.seen = {}
        self.fatal = fatal

    def fail(self, path, error):
        self.errors.append([path, f"{type(error).__name__}: {error}"[:300]])

    def attempt(self, path, work):
        try:
            return work()
        except Exception as error:
            self.fail(path, error)
            return None

    def walk(self, file):
        waiting = [("/", file)]
        while waiting and len(self.objects) < MOST_OBJECTS:
            path, item = waiting.pop()
            tell_place(path)
            token = self.attempt(path, lambda: h5py.h5g.get_objinfo(item.id).objno)
            if token in self.seen:
                self.objects[path] = {"same": self.seen[token]}
                continue
            self.seen[token] = path
            self.attempt(path, lambda: self.look(path, item))
            if isinstance(item, h5py.Group):
                names = self.attempt(path, lambda: list(item)) or []
                for name in names:
                    child = f"{path.rstrip('/')}/{to_text(name)}"
                    if child in self.fatal:
                        self.errors.append([child, self.fatal[child]])
                        continue
                    tell_place(child)
                    found = self.attempt(child, lambda: self.follow(item, name, child))
                    if found is not None:
                        waiting.append((child, found))

    def follow(self, group, name, path):
        link = group.get(name, getlink=True)
        if isinstance(link, h5py.HardLink):
            return group[name]
        target = getattr(link, "path", "?")
        self.objects[path] = {"kind": "link", "target": target}
        return None

    def look(self, path, item):
        entry = {"kind": type(item).__name__, "attrs": {}}
        self.objects[path] = entry
        for name in self.attempt(path, lambda: list(item.attrs)) or []:
            self.attempt(f"{path}@{to_text(name)}", lambda: self.look_attribute(entry, item, name))
        if isinstance(item, h5py.Dataset):
            entry["shape"] = list(item.shape) if item.shape is not None else None
            entry["dtype"] = name_type(item.dtype)
            if item.size is not None and item.size * item.dtype.itemsize > MOST_VALUE_BYTES:
                entry["digest"] = "too large"
            else:
                entry["digest"] = self.digest(item[()])

    def look_attribute(self, entry, item, name):
        attribute = item.attrs.get_id(name)
        value = item.attrs[name]
        shape = list(attribute.shape) if attribute.get_space().get_simple_extent_type() != h5py.h5s.NULL else None
        entry["attrs"][to_text(name)] = [name_type(attribute.dtype), shape, self.digest(value)]

    def digest(self, value):
        if isinstance(value, h5py.Empty):
            return "empty"
        return hashlib.md5(canonical(value)).hexdigest()


def read(path, fatal):
    reading = Reading(fatal)
    try:
        file = h5py.File(path, "r")
    except Exception as error:
        reading.fail("", error)
        return {"end": "refused", "objects": {}, "errors": reading.errors}
    reading.walk(file)
    return {"end": "read", "objects": reading.objects, "errors": reading.errors}


def work(path, fatal, pipe):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    text = json.dumps(read(path, fatal)).encode()
    with os.fdopen(pipe, "wb") as out:
        out.write(text)
    os._exit(0)


def judge(path):
    fatal = {}
    while True:
        reading = judge_without(path, fatal)
        place = PLACE[:4096].rstrip(b"\0").decode("utf-8", "surrogateescape")
        if reading["end"] not in ("crash", "hang") or place in ("", "/", *fatal) or len(fatal) == MOST_FATAL_OBJECTS:
            return reading
        fatal[place] = reading["errors"][0][1]


def judge_without(path, fatal):
    tell_place("")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(path, fatal, writer)
        finally:
            os._exit(1)
    os.close(writer)
    text, hung = b"", False
    while True:
        if not select.select([reader], [], [], 2 * MOST_SECONDS)[0]:
            hung = True
            os.kill(child, signal.SIGKILL)
            break
        piece = os.read(reader, 2**20)
        if not piece:
            break
        text += piece
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if text and not hung and status == 0:
        return json.loads(text)
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1
    end = "hang" if hung or ended in (signal.SIGXCPU, signal.SIGKILL) else "crash"
    return {"end": end, "objects": {}, "errors": [["", f"{end} (signal {ended})"]]}


for line in sys.stdin:
    print(json.dumps(judge(line.rstrip("\n"))), flush=True)
