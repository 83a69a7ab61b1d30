"""Run by Debian's Python: HDF5 1.10.8. Tasks come as JSON on standard input, faults go out as JSON."""
import json
import pathlib
import sys

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from append import check_append  # noqa: E402


def read_all(path):
    """Read every attribute and every value; returns what fails."""
    faults = []
    visited = set()

    def visit(name, item):
        for key in list(item.attrs):
            try:
                item.attrs[key]
            except Exception as error:
                faults.append(f"h5py {h5py.__version__}: {name}@{key}: {error}")
        if len(item.attrs) != len(list(item.attrs)):
            faults.append(f"h5py {h5py.__version__}: {name}: len(attrs) is {len(item.attrs)}")
        if isinstance(item, h5py.Group):
            for child in item:
                if isinstance(item.get(child, getlink=True), h5py.HardLink):
                    enter(f"{name}/{child}", item[child])
        elif isinstance(item, h5py.Dataset):
            try:
                item[()]
            except Exception as error:
                faults.append(f"h5py {h5py.__version__}: {name}: {error}")

    def enter(name, item):
        address = h5py.h5o.get_info(item.id).addr
        if address not in visited:
            visited.add(address)
            visit(name, item)

    try:
        with h5py.File(path, "r") as h5:
            enter("", h5)
    except Exception as error:
        faults.append(f"h5py {h5py.__version__} cannot open the file: {error}")
    return faults[:5]


def do(task):
    if task["do"] == "read":
        return read_all(task["path"])
    try:
        return [f"h5py {h5py.__version__} after mode 'a': {fault}" for fault in check_append(task["path"], task["copy"])]
    except Exception as error:
        return [f"h5py {h5py.__version__} in mode 'a': {type(error).__name__}: {error}"]


if __name__ == "__main__":
    print(json.dumps([do(task) for task in json.load(sys.stdin)]))
