"""The failpoints of the product, as its sources name them, and which of them each process of a city passed.

A list by hand forgets the point that somebody adds. So the points are read from the sources, a city that runs with
TONGBAN_FAILPOINT=list writes a line for each that it passes, and whoever kills at points holds the two against each other.
"""
import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("base", "schemas", "mapping", "connectors", "hub")
CALL = re.compile(r"\bfailpoint\(([^;]*?)\);", re.DOTALL)
NAME = re.compile(r'"([^"]*)"')
PASSED = re.compile(r"^failpoint (\S+)$", re.MULTILINE)


def of_the_sources():
    """name -> the file that names it."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.cpp")) + sorted((ROOT / folder).rglob("*.h")):
            if path.stem == "failpoint":
                continue
            for call in CALL.findall(path.read_text(encoding="utf-8")):
                names = NAME.findall(call)
                if not names:
                    raise AssertionError(f"{path.relative_to(ROOT)}: failpoint({call}): its name must be written out")
                found.update((name, path.relative_to(ROOT)) for name in names)
    if not found:
        raise AssertionError(f"no failpoint in {ROOT}")
    return found


class Passed:
    """How often each process passed each point since a moment: its start, or the last `begin()`."""

    def __init__(self, city):
        self.city, self.from_byte = city, {}

    def begin(self):
        self.from_byte = {name: self.log(name).stat().st_size for name in self.city.names}

    def log(self, name):
        return pathlib.Path(self.city.process(name)["log"])

    def counts(self):
        """(process, point) -> times."""
        found = collections.Counter()
        for name in self.city.names:
            text = self.log(name).read_bytes()[self.from_byte.get(name, 0):].decode("utf-8", errors="replace")
            found.update((name, point) for point in PASSED.findall(text))
        return found
