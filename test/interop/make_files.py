#!/usr/bin/env python3
"""make_files.py FOLDER [PATTERN]: write the generated files (all, or those with PATTERN in their name)."""
import pathlib
import sys
import time

from files import kinds, measurements, structures  # noqa: F401  (they register their files)
from files.registry import make_all

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    made = make_all(folder, sys.argv[2] if len(sys.argv) > 2 else None)
    print(f"{len(made)} files in {time.perf_counter() - start:.1f} s")
