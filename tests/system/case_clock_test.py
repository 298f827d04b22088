#!/usr/bin/python3
"""A hub that starts far from the time of its last commit: it was away, or its clock was set wrong, and it cannot know which. Its
members' signed times tell; where they cannot, an officer does. The machine's clock is left alone: what was committed is moved."""
import contextlib
import os
import pathlib
import signal
import sqlite3
import time

from harness import bin_folder, run_tests
from asker import leaves
from city import City

DAY_MS = 24 * 3_600_000


def commit_at(ms):
    """The hub's last commit in the cases' time, while it is down."""
    with contextlib.closing(sqlite3.connect(CITY.data / "hub" / "hub.db")) as store:
        store.execute("UPDATE shard_ctl SET last_ms = ?", (ms,))
        store.commit()


class Hub:
    """The city's hub, started again; what it said from then on."""

    def __init__(self, last_commit_ms):
        CITY.kill("hub", signal.SIGTERM)
        commit_at(last_commit_ms)
        self.log = pathlib.Path(CITY.process("hub")["log"])
        self.begin = self.log.stat().st_size
        CITY.start("hub")

    def said(self):
        return self.log.read_bytes()[self.begin:].decode("utf-8", errors="replace")

    def says(self, what, seconds=30):
        deadline = time.monotonic() + seconds
        while what not in self.said():
            assert time.monotonic() < deadline, f"the hub did not say {what}: {self.said()[-2000:]}"
            time.sleep(0.05)


def now_ms():
    return int(time.time() * 1000)


def configs_told():
    return sum(leaf["kind"] == "config" for leaf in leaves(CITY.data))


def a_hub_that_starts_soon_after_its_last_commit_believes_its_clock():
    hub = Hub(now_ms() - 60_000)
    time.sleep(1.0)
    assert "cases.clock" not in hub.said(), hub.said()


def a_hub_that_was_away_for_a_weekend_is_told_the_time_by_its_members_and_no_person():
    before = configs_told()
    hub = Hub(now_ms() - 3 * DAY_MS)
    hub.says("cases.clock.doubted")
    hub.says("cases.clock.settled")
    assert configs_told() == before + 1, "what is in force was not restated"


def a_hub_whose_members_are_down_waits_for_an_officer():
    connectors = [name for name in CITY.names if name.startswith("connector")]
    for name in connectors:
        CITY.kill(name)
    hub = Hub(now_ms() - 3 * DAY_MS)
    hub.says("cases.clock.doubted")
    time.sleep(3.0)
    assert "cases.clock.settled" not in hub.said(), hub.said()
    os.kill(CITY.pid("hub"), signal.SIGUSR1)
    hub.says("cases.clock.settled")
    for name in connectors:
        CITY.start(name)


def time_is_kept_while_there_is_nothing_to_do():
    """What the next start is held against."""
    with contextlib.closing(sqlite3.connect(f"file:{CITY.data}/hub/hub.db?mode=ro", uri=True)) as store:
        last, = store.execute("SELECT max(last_ms) FROM shard_ctl").fetchone()
    assert abs(now_ms() - last) < 200_000, f"{now_ms() - last} ms ago"


def a_clock_that_stands_before_the_last_commit_is_right_when_members_say_so():
    hub = Hub(now_ms() + 3 * DAY_MS)  # a hub that ran three days ahead, and was set right
    hub.says("cases.clock.doubted")
    hub.says("cases.clock.settled")


if __name__ == "__main__":
    with City(bin_folder(), seed=41) as CITY:
        run_tests([a_hub_that_starts_soon_after_its_last_commit_believes_its_clock,
                   a_hub_that_was_away_for_a_weekend_is_told_the_time_by_its_members_and_no_person,
                   a_hub_whose_members_are_down_waits_for_an_officer,
                   time_is_kept_while_there_is_nothing_to_do,
                   a_clock_that_stands_before_the_last_commit_is_right_when_members_say_so])
