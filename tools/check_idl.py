#!/usr/bin/env python3
"""Every field of the wire contract says what it is: an integrator reads nothing else."""
import pathlib
import re
import sys

FIELD = re.compile(r"\s*\d+:\s*(?:optional |required )?[\w<>, ]+?\s+(\w+)\s*(//\s*\S.*)?$")


def faults_of(text):
    """(line number, what is wrong) of every field without a word beside it."""
    kind = name = None
    for number, line in enumerate(text.splitlines(), 1):
        opening = re.match(r"(struct|exception)\s+(\w+)\s*\{(.*)", line)
        if opening:
            kind, name = opening[1], opening[2]
            if "}" in opening[3]:
                kind = None
            continue
        if line.startswith("}"):
            kind = None
        elif kind in ("struct", "exception") and line.strip() and not line.strip().startswith("//"):
            field = FIELD.match(line)
            if not field:
                yield number, f"{name}: not one field with its comment: {line.strip()}"
            elif not field[2]:
                yield number, f"{name}.{field[1]} has no comment"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = [f"{path.relative_to(root)}:{number}: {what}" for path in sorted((root / "schemas/thrift").glob("*.thrift"))
             for number, what in faults_of(path.read_text(encoding="utf-8"))]
    assert [what for _, what in faults_of("struct A {\n  1: string a  // what\n  2: i64 b\n}")] == ["A.b has no comment"]
    print("\n".join(found) if found else "idl: ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
