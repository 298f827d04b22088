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


def leaks(data, texts):
    """Files outside offices/ that hold one of the texts, in UTF-8 or GB18030."""
    needles = set()
    for text in texts:
        if len(text) >= 2:
            needles.add(text.encode("utf-8"))
            needles.add(text.encode("gb18030"))
    found = []
    for path in sorted(pathlib.Path(data).rglob("*")):
        relative = path.relative_to(data)
        if not path.is_file() or relative.parts[0] == "offices":
            continue
        content = path.read_bytes()
        hit = next((needle for needle in needles if needle in content), None)
        if hit is not None:
            found.append((str(relative), len(hit)))  # never the text itself
    return found
