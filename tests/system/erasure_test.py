#!/usr/bin/python3
"""An order of erasure, carried out by an operator: what the hub sealed about one person opens no more, the other people's does,
a leaf says on whose order, and the log still verifies."""
import json
import re
import signal
import subprocess

from harness import bin_folder, run_tests
from asker import Asker, leaves
from city import City
from sealed import records_of

SEED = 33
ORDER = ("--order", "YC-2026-0071", "--basis", "个人信息保护法 第四十七条")


def erase(number, *options, check=True):
    """`tongban erase subject` with the hub's own configuration; the number is no argument that others could see."""
    hub = CITY.process("hub")["restart"]
    known = [argument for name in ("--config", "--configs", "--root") if name in hub
             for argument in (name, hub[hub.index(name) + 1])]
    done = subprocess.run([str(CITY.bin / "tongban"), "erase", "subject", *(options or ORDER), *known, "--data", str(CITY.data),
                           "--format", "json"], input=number + "\n", capture_output=True, text=True, timeout=60, check=False)
    if check:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


def opened(exchange):
    """All that the hub's key opens of the exchange."""
    (key_file,) = (CITY.data / "hub").glob("*seal*")
    return b"\n".join(value for items in records_of(CITY.data / "hub" / "hub.db", key_file, exchange).values()
                      for value in items.values())


def exchanged(*person):
    body = YINCHUAN.body("--people", "2", *person)
    number = re.search(rb"<IdNumber>([0-9X]{18})</IdNumber>|>([1-9][0-9]{16}[0-9X])<", body)
    outcome = YINCHUAN.exchange(YINCHUAN.request(body))
    return outcome.exchange_id, next(group for group in number.groups() if group).decode()


def a_running_hub_is_not_erased_under():
    done = erase(ERASED, check=False)
    assert done.returncode == 3, (done.returncode, done.stderr)
    assert ERASED.encode() in opened(MINE)


def an_order_names_itself_and_its_ground():
    for options in (("--order", "YC-1"), ("--basis", "x")):
        assert erase(ERASED, *options, check=False).returncode != 0


def one_person_is_erased_and_no_other():
    assert ERASED.encode() in opened(MINE) and KEPT.encode() in opened(OTHERS)
    CITY.kill("hub", signal.SIGTERM)
    said = json.loads(erase(ERASED).stdout)
    assert said["exchanges"] >= 1 and said["leaves"] >= 1, said
    assert ERASED.encode() not in opened(MINE)
    assert KEPT.encode() in opened(OTHERS)
    assert erase(ERASED, check=False).returncode != 0, "there is nothing left to erase"


def a_leaf_says_on_which_order_and_nothing_of_whom():
    (leaf,) = [leaf for leaf in leaves(CITY.data) if leaf["kind"] == "erasure"]
    assert (leaf["ordered_by"], leaf["basis"]) == (ORDER[1], ORDER[3]), leaf
    assert ERASED not in json.dumps(leaf), "the leaf names the person"


def the_log_still_verifies_and_the_hub_goes_on():
    CITY.start("hub")
    report = json.loads(CITY.tongban("audit", "verify", "--data", CITY.data, "--format", "json").stdout)
    assert report["ok"] and report["groups_erased"] >= 1, report
    assert json.loads(CITY.tongban("trace", MINE, "--data", CITY.data, "--format", "json").stdout)["leaves"]
    again, number = exchanged("--index", "1")
    assert number == KEPT and KEPT.encode() in opened(again)


if __name__ == "__main__":
    with City(bin_folder(), seed=SEED) as CITY:
        YINCHUAN = Asker(CITY)
        MINE, ERASED = exchanged("--index", "0")
        OTHERS, KEPT = exchanged("--index", "1")
        assert ERASED != KEPT
        run_tests([a_running_hub_is_not_erased_under, an_order_names_itself_and_its_ground, one_person_is_erased_and_no_other,
                   a_leaf_says_on_which_order_and_nothing_of_whom, the_log_still_verifies_and_the_hub_goes_on])
