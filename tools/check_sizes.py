#!/usr/bin/env python3
"""No source file over 600 lines: in every codebase we looked at, the file past that is the one its people warn about."""
import pathlib
import sys

LIMIT = 600
FOLDERS = ("base", "schemas", "mapping", "connectors", "hub", "tests", "tools", "cmake")
SUFFIXES = {".h", ".cpp", ".py", ".sh", ".cmake", ".thrift", ".js"}


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    long_files = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                lines = path.read_bytes().count(b"\n")
                if lines > LIMIT:
                    long_files.append(f"{path.relative_to(root)}: {lines} lines, at most {LIMIT}")
    print("\n".join(long_files) if long_files else "sizes: ok")
    return 1 if long_files else 0


if __name__ == "__main__":
    sys.exit(main())
