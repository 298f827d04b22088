#!/usr/bin/python3
"""The hub is killed, told to read its policy again, told to stop, while exchanges run; what it acknowledged is kept."""
import contextlib
import os
import pathlib
import shutil
import signal
import sqlite3
import tempfile
import threading
import time
import uuid

from harness import ROOT, bin_folder, run_tests
from asker import Asker, leaves_of, misbehaving
from city import ASKER, City
from thrift.transport import TTransport

XIAN = "610100.housing-fund"
SEED = 31


def a_pending_exchange_survives_kill_9_and_is_delivered_once():
    request = YINCHUAN.request(wait_ms=0)
    with misbehaving(CITY, XIAN, "slow", delay_ms=4000):
        first = YINCHUAN.exchange(request)
        assert YINCHUAN.state(first) == "pending", YINCHUAN.state(first)
        CITY.kill("hub", signal.SIGKILL)
        CITY.start("hub")
        assert YINCHUAN.state(YINCHUAN.result(first.exchange_id, 0)) == "pending", "it was answered before the kill"
    last = YINCHUAN.final(first.exchange_id)
    assert YINCHUAN.state(last) == "delivered", (YINCHUAN.state(last), last.findings)
    again = YINCHUAN.exchange(request)
    assert (again.exchange_id, again.document) == (first.exchange_id, last.document)
    YINCHUAN.acknowledge(last)
    YINCHUAN.acknowledge(last)
    assert leaves_of(CITY.data, first.exchange_id) == ["intent", "outcome"]


def a_pushed_exchange_survives_kill_9_and_reaches_the_office_once():
    before = received()
    serial = "RST-" + uuid.uuid4().hex[:20]
    with misbehaving(CITY, XIAN, "slow", delay_ms=3000):
        status, answer = CITY.post_request(CITY.request_bytes("--serial", serial))
        assert status < 400 and answer["exchange"], (status, answer)
        CITY.kill("hub", signal.SIGKILL)
        CITY.start("hub")
    final = CITY.wait_final(serial)
    assert final["state"] == "delivered", final
    assert final["exchange"] == answer["exchange"]
    assert leaves_of(CITY.data, final["exchange"]) == ["intent", "outcome"]
    assert received() == (before[0] + 1, before[1]), (before, received())


def received():
    """Deliveries that the asker's office took, and those it was offered again with other content."""
    with contextlib.closing(sqlite3.connect(f"file:{CITY.data}/offices/{ASKER}/office.db?mode=ro", uri=True)) as office:
        (taken,) = office.execute("SELECT count(*) FROM deliveries").fetchone()
        (other,) = office.execute("SELECT coalesce(sum(other_content), 0) FROM repeats").fetchone()
        return taken, other


def reload(expected):
    """SIGHUP; waits for the hub's own word on it."""
    log = pathlib.Path(CITY.process("hub")["log"])
    before = log.stat().st_size
    os.kill(CITY.pid("hub"), signal.SIGHUP)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        said = log.read_bytes()[before:].decode("utf-8", "replace").replace('"', "")
        for word in ("event=reloaded", "event=reload refused"):
            if word in said:
                assert word == f"event={expected}", said
                return said
        time.sleep(0.02)
    raise AssertionError("the hub did not say that it has read its policy")


def a_policy_comes_into_force_by_sighup_and_a_wrong_one_does_not():
    agreement = CONFIGS / "agreements" / "A-640100-hf-0001.yaml"
    good = agreement.read_text()
    pid = CITY.pid("hub")

    agreement.write_text(good + "no_such_key: 1\n")
    said = reload("reload refused")
    assert "A-640100-hf-0001.yaml" in said, said
    assert delivered(), "the old policy must stay when the new one is wrong"

    agreement.unlink()  # the other one does not cover the purpose
    reload("reloaded")
    assert YINCHUAN.refusal(YINCHUAN.request()) == "agreement.purpose"

    agreement.write_text("agreement: [\n")
    reload("reload refused")
    assert YINCHUAN.refusal(YINCHUAN.request()) == "agreement.purpose"

    agreement.write_text(good)
    reload("reloaded")
    assert delivered()
    os.kill(pid, 0)  # the same process all the while


def add_second_agreement():
    folder = CONFIGS / "agreements"
    text = (folder / "A-640100-hf-0001.yaml").read_text()
    text = text.replace("agreement: A-640100-hf-0001", "agreement: A-review").replace("purpose: loan-approval", "purpose: review")
    (folder / "A-review.yaml").write_text(text)


def delivered():
    return YINCHUAN.state(YINCHUAN.exchange(YINCHUAN.request())) == "delivered"


def sigterm_ends_with_0_while_exchanges_run_and_nothing_acknowledged_is_lost():
    CITY.kill("hub", signal.SIGKILL)
    CITY.start("hub")  # a child of this test's, so that its exit code can be had
    child = CITY.children["hub"]
    answers = []

    def ask(request):
        try:
            answers.append(YINCHUAN.exchange(request))
        except YINCHUAN.types.Refusal as refusal:
            answers.append(refusal.code)
        except (OSError, EOFError, TTransport.TTransportException) as error:
            answers.append(type(error).__name__)

    requests = [YINCHUAN.request(wait_ms=20_000 if i % 2 else 0) for i in range(6)]
    with misbehaving(CITY, XIAN, "slow", delay_ms=3000):
        threads = [threading.Thread(target=ask, args=(request,)) for request in requests]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 20
        while len(answers) < 3 and time.monotonic() < deadline:  # the asynchronous half has its acknowledgement
            time.sleep(0.02)
        started = time.monotonic()
        child.send_signal(signal.SIGTERM)
        code = child.wait(timeout=30)
        took = time.monotonic() - started
        for thread in threads:
            thread.join(timeout=40)
    assert code == 0, f"exit {code}"
    assert took < 20, f"{took:.1f} s to stop"
    assert len(answers) == len(requests), "a caller hangs"
    CITY.children.pop("hub")
    CITY.start("hub")
    acknowledged = [one for one in answers if not isinstance(one, str)]
    assert len(acknowledged) >= 3, answers
    assert all(one in ("stopping", "TTransportException") for one in answers if isinstance(one, str)), answers
    for one in acknowledged:
        assert YINCHUAN.state(YINCHUAN.final(one.exchange_id)) == "delivered"
        assert leaves_of(CITY.data, one.exchange_id) == ["intent"]
    for request in requests:  # whoever got no answer asks again with the same id
        outcome = YINCHUAN.exchange(request)
        assert YINCHUAN.state(YINCHUAN.final(outcome.exchange_id)) == "delivered"
        assert leaves_of(CITY.data, outcome.exchange_id) == ["intent"]


def the_log_verifies_with_the_journals_of_both_sides():
    CITY.tongban("audit", "verify", "--data", CITY.data, "--journals")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tongban-configs-") as temporary:
        CONFIGS = pathlib.Path(temporary, "configs")
        shutil.copytree(ROOT / "configs", CONFIGS)
        add_second_agreement()
        with City(bin_folder(), seed=SEED, options=["--configs", CONFIGS]) as CITY:
            YINCHUAN = Asker(CITY)
            run_tests([a_pending_exchange_survives_kill_9_and_is_delivered_once,
                       a_pushed_exchange_survives_kill_9_and_reaches_the_office_once,
                       a_policy_comes_into_force_by_sighup_and_a_wrong_one_does_not,
                       sigterm_ends_with_0_while_exchanges_run_and_nothing_acknowledged_is_lost,
                       the_log_verifies_with_the_journals_of_both_sides])
