"""What system tests share: where the programs are, a runner that prints one line a test, and the leak search."""
import os
import pathlib
import sys
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))


def bin_folder():
    return pathlib.Path(os.environ.get("TONGBAN_BIN", ROOT / "build" / "dev" / "bin"))


def run_tests(tests):
    """Runs functions whose names are sentences; exits 1 when one fails."""
    failed = 0
    for test in tests:
        name = test.__name__.replace("_", " ")
        try:
            test()
            print(f"ok      {name}", flush=True)
        except Exception:  # noqa: BLE001 - a test may fail in any way
            failed += 1
            print(f"FAILED  {name}", flush=True)
            traceback.print_exc()
    print(f"{len(tests) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def leaks(data, texts, printed=None):
    """What holds one of the texts, in UTF-8 or GB18030, and must not: files outside offices/, logs among them, and what a
    program printed (name -> bytes)."""
    needles = set()
    for text in texts:
        if len(text) >= 2:
            needles.add(text.encode("utf-8"))
            needles.add(text.encode("gb18030"))
    searched = dict(printed or {})
    for path in sorted(pathlib.Path(data).rglob("*")):
        relative = path.relative_to(data)
        if path.is_file() and relative.parts[0] != "offices":
            searched[str(relative)] = path.read_bytes()
    found = []
    for name, content in searched.items():
        hit = next((needle for needle in needles if needle in content), None)
        if hit is not None:
            found.append((name, len(hit)))  # never the text itself
    return found
