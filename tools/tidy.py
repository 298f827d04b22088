#!/usr/bin/env python3
"""clang-tidy over the product's sources, several sources of a folder in one translation unit.

Most of clang-tidy's time goes into walking the headers of the libraries, again for every source. A unit that includes the
sources of a folder walks them once. Sources whose private names clash are split until they compile together.

What was found clean is remembered by a digest of all that clang-tidy looks at: its version, .clang-tidy, the flags, the text
after preprocessing. TONGBAN_TIDY_CACHE (default ~/.cache/tongban-tidy) is the folder; remove it to look at everything again.

  tools/tidy.py BUILD_DIR [FOLDER...]     exit code 1 when anything is found
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PRODUCT = ("base", "schemas", "mapping", "connectors", "hub")
AT_ONCE = 8
MEMORY = pathlib.Path(os.environ.get("TONGBAN_TIDY_CACHE") or pathlib.Path.home() / ".cache" / "tongban-tidy")


VERSION = subprocess.run(["clang-tidy-19", "--version"], capture_output=True).stdout


def flags_of(entry):
    words = iter(shlex.split(entry["command"]))
    flags = []
    for word in words:
        if word == "-isystem":
            flags += [word, next(words)]
        elif word in ("-o", "-MF", "-MT", "-MQ", "-include"):
            next(words)
        elif word.startswith(("-D", "-I", "-std=", "-W")):
            flags.append(word)
    return flags


def unit(build, files):
    path = build / "tidy" / ("_".join(files[0].relative_to(ROOT).with_suffix("").parts) + f".{len(files)}.cpp")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f'#include "{f}"\n' for f in files))
    return path


def groups(build, files, flags):
    """Sources that compile together, as many as possible at once."""
    if len(files) == 1:
        return [files]
    path = unit(build, files)
    if (MEMORY / digest(build, path, flags)).exists():
        return [files]
    if subprocess.run(["clang++-19", "-fsyntax-only", "-w", *flags, str(path)], cwd=build, capture_output=True).returncode == 0:
        return [files]
    half = len(files) // 2
    return groups(build, files[:half], flags) + groups(build, files[half:], flags)


def digest(build, path, flags):
    """Of all that the verdict on a unit depends on; comments count, as NOLINT stands in them."""
    text = subprocess.run(["clang++-19", "-E", "-P", "-CC", "-w", *flags, str(path)], cwd=build, capture_output=True).stdout
    seen = hashlib.sha256(text.replace(str(ROOT).encode(), b""))
    for part in (VERSION, (ROOT / ".clang-tidy").read_bytes(), " ".join(flags).replace(str(ROOT), "").encode()):
        seen.update(hashlib.sha256(part).digest())
    return seen.hexdigest()


def tidy(build, files, flags):
    path = files[0] if len(files) == 1 else unit(build, files)
    known = MEMORY / digest(build, path, flags)
    if known.exists():
        return 0, ""
    command = ["clang-tidy-19", "--quiet", f"--config-file={ROOT}/.clang-tidy", str(path), "--", *flags,
               "-Wno-unknown-warning-option", "-Wno-unused-function"]
    if len(files) > 1:
        command.insert(1, "--checks=-bugprone-suspicious-include")
    done = subprocess.run(command, cwd=build, capture_output=True, text=True)
    if done.returncode == 0:
        MEMORY.mkdir(parents=True, exist_ok=True)
        known.touch()
    return done.returncode, done.stdout if done.returncode else ""


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    wanted = tuple(sys.argv[2:]) or PRODUCT
    folders = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"]).resolve()
        if ROOT not in source.parents or build in source.parents:
            continue
        name = str(source.relative_to(ROOT))
        if name.startswith(tuple(w.rstrip("/") + "/" for w in wanted)) and name.startswith(tuple(p + "/" for p in PRODUCT)):
            folders.setdefault((source.parent, tuple(flags_of(entry))), []).append(source)
    found = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def one(job):
            (_, flags), files = job
            return [tidy(build, group, flags) for group in groups(build, files, list(flags))]
        jobs = [(key, files[i:i + AT_ONCE]) for key, files in sorted(folders.items(), key=str) for files in [sorted(files)]
                for i in range(0, len(files), AT_ONCE)]
        for results in pool.map(one, jobs):
            for code, text in results:
                if code:
                    found += 1
                    print(text, flush=True)
    print(f"tidy: {sum(len(f) for f in folders.values())} sources, {'clean' if not found else f'{found} units with findings'}")
    return 1 if found else 0


sys.exit(main())
