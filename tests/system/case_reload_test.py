#!/usr/bin/python3
"""A running hub reads items and calendars again with everything else: all of it, or nothing."""
import json
import os
import pathlib
import shutil
import signal
import tempfile
import time

from harness import ROOT, bin_folder, run_tests
from asker import leaves
from cases_city import CasesCity
from city import City

ITEM = "housing-fund.remote-loan.v1.yaml"


def reload(city=None):
    """SIGHUP; what the hub's log says of it, to its last word."""
    city = city or CITY
    log = pathlib.Path(city.process("hub")["log"])
    before = log.stat().st_size
    os.kill(city.pid("hub"), signal.SIGHUP)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        said = log.read_bytes()[before:].decode("utf-8", "replace").replace('"', "")
        for word in ("event=reloaded", "event=reload refused"):
            if word in said:
                return word.removeprefix("event="), said
        time.sleep(0.02)
    raise AssertionError("the hub did not say that it has read its configuration")


def versions():
    """What the newest config leaf names."""
    return [leaf for leaf in leaves(CITY.data) if leaf["kind"] == "config"][-1]["versions"]


def the_config_leaf_names_items_and_calendars():
    named = versions()
    assert "item:housing-fund/remote-loan@1" in named
    assert "calendar:cn/2026@1" in named


def a_bad_item_is_refused_with_its_place_and_remedy_and_the_old_items_stay():
    before = versions()
    (CONFIGS / "items" / "new.v1.yaml").write_text("item: test/new\nversion: 1\nsteps: {}\n")
    word, said = reload()
    assert word == "reload refused", said
    assert "new.v1.yaml" in said and "line=" in said and "column=" in said, said
    assert versions() == before
    (CONFIGS / "items" / "new.v1.yaml").unlink()
    assert reload()[0] == "reloaded"
    assert versions() == before


def a_published_item_neither_changes_nor_goes():
    item = CONFIGS / "items" / ITEM
    good = item.read_text()
    item.write_text(good + "# another word\n")
    word, said = reload()
    assert word == "reload refused" and "version.changed" in said and "publish the change as a new version" in said, said
    item.unlink()
    word, said = reload()
    assert word == "reload refused" and "version.gone" in said, said
    item.write_text(good)
    assert reload()[0] == "reloaded"


def a_hub_does_not_start_on_a_published_item_that_changed_meanwhile():
    item = CONFIGS / "items" / ITEM
    good = item.read_text()
    CITY.kill("hub")
    item.write_text(good + "# another word\n")
    log = pathlib.Path(CITY.process("hub")["log"])
    before = log.stat().st_size
    CITY.start("hub", wait=False)
    code = CITY.children.pop("hub").wait(timeout=30)
    said = log.read_bytes()[before:].decode()
    assert code != 0 and "version.changed" in said and "publish the change as a new version" in said, (code, said)
    item.write_text(good)
    CITY.start("hub")


def a_new_item_version_and_a_new_calendar_come_into_force_together():
    item = (CONFIGS / "items" / ITEM).read_text()
    second = item.replace("\nversion: 1\n", "\nversion: 2\n").replace("valid_from: 2026-01-01", "valid_from: 2099-01-01")
    (CONFIGS / "items" / "housing-fund.remote-loan.v2.yaml").write_text(second)
    wrong = CONFIGS / "calendars" / "cn-2026-v3.yaml"
    wrong.write_text((CONFIGS / "calendars" / "cn-2026-v1.yaml").read_text().replace("version: 1", "version: 3", 1))
    word, said = reload()
    assert word == "reload refused" and "cn-2026-v3.yaml" in said, said
    assert "item:housing-fund/remote-loan@2" not in versions(), "half of a wrong whole came into force"
    wrong.unlink()
    assert reload()[0] == "reloaded"
    assert "item:housing-fund/remote-loan@2" in versions()


def publish_another_way(configs, day):
    """The second version: an officer weighs every certificate, whatever the rules find."""
    item = (configs / "items" / ITEM).read_text()
    begin = item.index("    next:\n      - {when: \"examined.outcome == 'review'")
    last = "      - {otherwise: still_valid}\n"
    end = item.index(last, begin) + len(last)
    second = item[:begin] + "    next: weigh\n" + item[end:]
    second = second.replace("\nversion: 1\n", "\nversion: 2\n").replace("valid_from: 2026-01-01", f"valid_from: {day}")
    (configs / "items" / "housing-fund.remote-loan.v2.yaml").write_text(second)


def a_case_ends_by_the_version_it_began_with_and_the_next_one_goes_by_the_new():
    with tempfile.TemporaryDirectory(prefix="tongban-configs-") as folder:
        configs = pathlib.Path(folder, "configs")
        shutil.copytree(ROOT / "configs", configs)
        with CasesCity(bin_folder(), "G1", seed=42, options=["--configs", configs]) as city:
            first, *later = city.sheet["messages"]
            city.send(first)
            city.wait_case(lambda case: case["state"] == "A_LOAN_ACCEPTED" and case["status"] == "waiting", "accepted")
            publish_another_way(configs, city.today)
            word, said = reload(city)
            assert word == "reloaded", said
            city.kill("hub")
            city.start("hub")
            number = next_case(city, first)
            city.sheet["messages"] = later
            old = city.play()
            assert (old["item"], old["state"]) == ("housing-fund/remote-loan@1", "A_CLOSED"), (old["item"], old["state"])
            assert "weigh" not in [step["step"] for step in old["steps"]], "the first version has it only for what is for review"
            new = case_of(city, number)
            assert new["item"] == "housing-fund/remote-loan@2", new["item"]
            assert new["steps"][-1]["step"] == "weigh" and new["status"] == "waiting", new["steps"]


def case_of(city, number):
    return json.loads(city.ask(lambda service: service.show_case(number)))


def next_case(city, message):
    """The same citizen applies once more; as far as an officer must weigh the certificate."""
    application = city.sheet["application"]
    other = application[:-1] + ("1" if application[-1] == "0" else "0")
    serial = message["serial"][:-1] + "9"
    body = message["body"].replace(message["serial"], serial).replace(application, other)
    assert other in body and serial in body
    city.send(dict(message, serial=serial, body=body))
    listed = city.tongban("case", "list", "--member", city.member, "--attribute", "application", "--value", other, "--data",
                          city.data, "--format", "json")
    number = json.loads(listed.stdout)["cases"][0]["number"]
    deadline = time.monotonic() + 60
    while case_of(city, number)["steps"][-1]["step"] != "weigh":
        assert time.monotonic() < deadline, case_of(city, number)
        time.sleep(0.1)
    return number


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tongban-configs-") as temporary:
        CONFIGS = pathlib.Path(temporary, "configs")
        shutil.copytree(ROOT / "configs", CONFIGS)
        with City(bin_folder(), seed=41, options=["--configs", CONFIGS]) as CITY:
            run_tests([the_config_leaf_names_items_and_calendars,
                       a_bad_item_is_refused_with_its_place_and_remedy_and_the_old_items_stay,
                       a_published_item_neither_changes_nor_goes,
                       a_hub_does_not_start_on_a_published_item_that_changed_meanwhile,
                       a_new_item_version_and_a_new_calendar_come_into_force_together,
                       a_case_ends_by_the_version_it_began_with_and_the_next_one_goes_by_the_new])
