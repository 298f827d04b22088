#!/usr/bin/env python3
"""Golden cases under kill -9: each story N times, each time with other people and one process killed at a random place.

    case_kills.py --bin build/dev/bin --runs 50 [--seed N] [--stories G1,G2,G3]

Each run must end as the undisturbed story does: state, findings, lights, no open incident; the log, its receipts and both sides'
journals agree; each office did its part exactly once. Another flow joins by a line in STORIES.
"""
import argparse
import contextlib
import pathlib
import sqlite3
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from cases_city import CasesCity, Killer  # noqa: E402


def marked_once(city):
    with contextlib.closing(sqlite3.connect(f"file:{city.data}/offices/610100.housing-fund/office.db?mode=ro", uri=True)) as book:
        found = [lifted is not None for (lifted,) in book.execute("SELECT lifted_ms FROM marks")]
    return [] if found == [True] else [f"marks at Xi'an's fund, and whether they were lifted: {found}"]


# story -> (whose system sends its messages, what the offices' own books must say)
STORIES = {
    "G1": ("640100.housing-fund", marked_once),
    "G2": ("640100.housing-fund", marked_once),
    "G3": ("640100.housing-fund", marked_once),
}


def run_once(bin_folder, story, seed):
    """(what is wrong, who was killed, where the data is)"""
    member, books = STORIES[story]
    killer = Killer(f"{seed}/{story}")
    city = CasesCity(bin_folder, story, seed=1 + seed % 10_000, member=member)
    try:
        with city:
            case = city.play(killer=killer)
            problems = city.problems(case) + books(city)
            if problems:
                raise AssertionError("; ".join(problems))
            return [], killer.killed
    except Exception as error:  # noqa: BLE001 - one bad run is a line of the report
        return [f"{type(error).__name__}: {error} (data: {city.data})"], killer.killed


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--runs", type=int, default=50)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--stories", default=",".join(STORIES))
    chosen = options.parse_args()
    stories = chosen.stories.split(",")
    print(f"case kills: {chosen.runs} runs of {', '.join(stories)}, seed {chosen.seed}", flush=True)
    failed = 0
    for story in stories:
        for run in range(chosen.runs):
            problems, killed = run_once(chosen.bin, story, chosen.seed + run)
            failed += bool(problems)
            print(f"  {story} seed {chosen.seed + run}: {'FAILED' if problems else 'ok'}; killed {', '.join(killed) or 'nobody'}",
                  flush=True)
            for problem in problems:
                print(f"    {problem}", flush=True)
    print(f"{chosen.runs * len(stories) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
