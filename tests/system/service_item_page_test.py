"""docs/write-a-service-item.md says what happens: its files are written into a copy of the configuration, its commands are
run there, and what they print must be what the page shows. TONGBAN_UPDATE_DOCS=1 writes what they printed into the page.

Blocks: ```yaml file=PATH    is written (a block without file= is only read);
        ```console           `$ command`, then what it prints.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import harness

PAGE = harness.ROOT / "docs" / "write-a-service-item.md"
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def copy_of_configuration(folder):
    for name in ("configs", "schemas"):
        shutil.copytree(harness.ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.cpp", "*.h"))
    (folder / "mapping").symlink_to(harness.ROOT / "mapping")


def environment(folder):
    env = dict(os.environ)
    env["TONGBAN_ROOT"] = str(folder)
    env["PATH"] = f"{harness.bin_folder()}:{env['PATH']}"
    return env


def run_console(text, folder):
    """The block with each command's output as it is now."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("$ "):
            continue
        lines.append(line)
        done = subprocess.run(["bash", "-c", line[2:]], cwd=folder, env=environment(folder), text=True, timeout=240,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lines += done.stdout.splitlines()
    return "\n".join(lines) + "\n"


def stop_city(folder):
    """What the page started ends with it, however it ends."""
    description = folder / "city" / "demo.json"
    if not description.exists():
        return
    for process in json.loads(description.read_text(encoding="utf-8"))["processes"].values():
        try:
            os.kill(process["pid"], signal.SIGKILL)
        except ProcessLookupError:
            pass


def played(folder):
    """The page, its blocks replaced by what happened."""
    def play(match):
        language, info, text = match.groups()
        named = re.search(r"file=(\S+)", info)
        if named:
            path = folder / named.group(1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if language == "console":
            text = run_console(text, folder)
        return f"```{language}{info}\n{text}```"
    try:
        return BLOCK.sub(play, PAGE.read_text(encoding="utf-8"))
    finally:
        stop_city(folder)


def the_page_shows_what_its_commands_print():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy_of_configuration(folder)
        page = played(folder)
        written = PAGE.read_text(encoding="utf-8")
        if os.environ.get("TONGBAN_UPDATE_DOCS"):
            PAGE.write_text(page, encoding="utf-8")
            return
        for shown, happened in zip(written.splitlines(), page.splitlines()):
            assert shown == happened, f"the page shows {shown!r}, but it is {happened!r}"
        assert written == page


def the_items_of_the_page_are_sound_in_the_end():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy_of_configuration(folder)
        played(folder)
        done = subprocess.run(["tongban", "item", "list", "--format", "json"], cwd=folder, env=environment(folder), text=True,
                              timeout=120, stdout=subprocess.PIPE)
        assert done.returncode == 0
        assert '"housing-fund/rent-withdrawal"' in done.stdout, done.stdout


if __name__ == "__main__":
    sys.exit(harness.run_tests([the_page_shows_what_its_commands_print, the_items_of_the_page_are_sound_in_the_end]))
