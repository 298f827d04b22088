#!/usr/bin/env python3
"""No source file over 600 lines: in every codebase we looked at, the file past that is the one its people warn about.

A source is what a person writes for a machine to run: by its suffix, or, without one, by its first line (`#!`). Data is none:
definitions, native schemas and samples have checks of their own; documents may be as long as their tables.
"""
import pathlib
import sys

LIMIT = 600
FOLDERS = ("base", "schemas", "mapping", "connectors", "hub", "tests", "tools", "cmake", "configs", ".ci")
SUFFIXES = {".h", ".hpp", ".cpp", ".c", ".inc", ".in", ".py", ".sh", ".cmake", ".thrift", ".sql", ".js", ".ts", ".css", ".html"}
NAMES = {"CMakeLists.txt"}


def is_source(path):
    if path.suffix in SUFFIXES or path.name in NAMES:
        return True
    if path.suffix:
        return False
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def sources(root):
    yield from (path for path in sorted(root.iterdir()) if path.is_file() and is_source(path))
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and is_source(path):
                yield path


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    long_files, looked = [], 0
    for path in sources(root):
        looked += 1
        lines = path.read_bytes().count(b"\n")
        if lines > LIMIT:
            long_files.append(f"{path.relative_to(root)}: {lines} lines, at most {LIMIT}")
    print("\n".join(long_files) if long_files else f"sizes: ok, {looked} files")
    return 1 if long_files or looked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
