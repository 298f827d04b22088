#!/usr/bin/env python3
"""Golden cases under kill -9: each story N times, each time with other people and one process killed at a random place: the hub, or
one that the story passes through.

    case_kills.py --bin build/dev/bin --runs 50 [--seed N] [--stories G1,G10] [--jobs 4]

Each run must end as the undisturbed story does: state, findings, lights, no open incident; the log, its receipts and both sides'
journals agree; each office did its part exactly once. Another flow joins by a line in STORIES.
"""
import argparse
import concurrent.futures
import contextlib
import pathlib
import sqlite3
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from cases_city import CasesCity, Killer, wire  # noqa: E402
from sales_city import SalesCity  # noqa: E402


def marked_once(city):
    with contextlib.closing(sqlite3.connect(f"file:{city.data}/offices/610100.housing-fund/office.db?mode=ro", uri=True)) as book:
        found = [lifted is not None for (lifted,) in book.execute("SELECT lifted_ms FROM marks")]
    return [] if found == [True] else [f"marks at Xi'an's fund, and whether they were lifted: {found}"]


def loan(bin_folder, story, seed, killer):
    with CasesCity(bin_folder, story, seed=seed) as city:
        case = city.play(killer=killer)
        tell(city, city.problems(case) + marked_once(city) + killer.problems(city))


def sale(bin_folder, story, seed, killer):
    with SalesCity(bin_folder, [story], seed=seed) as city:
        city.sales[0].play(killer=killer)
        killer.join(city)
        tell(city, city.sales[0].problems() + city.log_problems() + killer.problems(city))


def tell(city, problems):
    if problems:
        raise AssertionError("; ".join(problems) + f" (data: {city.data})")


STORIES = {**dict.fromkeys(["G1", "G2", "G3"], loan),
           **dict.fromkeys(["G10", "G11", "G12", "G12-cut", "G13", "G14", "G15"], sale)}


def run_once(bin_folder, story, seed):
    """(what is wrong, who was killed)"""
    killer = Killer(f"{seed}/{story}", story=story)
    try:
        STORIES[story](bin_folder, story, 1 + seed % 10_000, killer)
    except Exception as error:  # noqa: BLE001 - one bad run is a line of the report
        return [f"{type(error).__name__}: {error}"], killer.killed
    return [], killer.killed


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--runs", type=int, default=50)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--stories", default=",".join(STORIES))
    options.add_argument("--jobs", type=int, default=4, help="cities side by side: they wait more than they work")
    chosen = options.parse_args()
    stories = chosen.stories.split(",")
    runs = [(story, chosen.seed + run) for run in range(chosen.runs) for story in stories]
    print(f"case kills: {chosen.runs} runs of {', '.join(stories)}, seed {chosen.seed}, {chosen.jobs} at a time", flush=True)
    wire()  # made before the threads ask for it
    failed, hubs, begun = 0, 0, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max_workers=chosen.jobs) as pool:
        waiting = {pool.submit(run_once, chosen.bin, story, seed): (story, seed) for story, seed in runs}
        for count, done in enumerate(concurrent.futures.as_completed(waiting), 1):
            story, seed = waiting[done]
            problems, killed = done.result()
            failed += bool(problems)
            hubs += any(one.startswith("hub ") for one in killed)
            print(f"  [{count}/{len(runs)}] {story} seed {seed}: {'FAILED' if problems else 'ok'}; killed "
                  f"{', '.join(killed) or 'nobody'}", flush=True)
            for problem in problems:
                print(f"    {problem}", flush=True)
    print(f"{len(runs) - failed} passed, {failed} failed in {time.monotonic() - begun:.0f} s; the hub was killed in {hubs}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
