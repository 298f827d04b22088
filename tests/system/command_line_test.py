#!/usr/bin/python3
"""The command line as a stranger meets it: mistakes get the documented exit code and name the option, and a demo that is told to
stop, or finds a city running, leaves things as they were."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from harness import bin_folder, run_tests

CENTRE = "640100.housing-fund"
REQUEST = ["--from", CENTRE + "/loan-eligibility-request@1", "--to", "610100.housing-fund/certificate-query@1"]
USAGE = 2
UNAVAILABLE = 3


def tongban(*arguments, timeout=120):
    return subprocess.run([bin_folder() / "tongban", *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                          check=False)


def a_mistake_gets_the_usage_code_and_names_the_option():
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        tongban("pki", "init", "--data", data)
        sample = pathlib.Path(folder) / "request.xml"
        sample.write_text("<x/>")
        nobody = ["--member", "nobody", "--data", data]
        for arguments, words in (
                (["case", "list", *nobody], ["--member", "nobody", "没有"]),
                (["case", "pause", "1", "--officer", "O-1", "--for", "judicial", *nobody], ["--member"]),
                (["case", "decide", "1", "2", "yes", "--officer", "O-1", "--form", data / "none.json", "--member", CENTRE],
                 ["--form", "none.json"]),
                (["consent", "withdraw", "C-1", *nobody], ["--member"]),
                (["trace", "x", *nobody], ["--as", "nobody"]),
                (["trace", "x", "--as", "nobody", "--data", data], ["--as", "nobody"]),
                (["receipt", "get", "x", "--as", "nobody", "--data", data], ["--as", "nobody"]),
                (["convert", data / "none.xml", *REQUEST], ["file", "none.xml"]),
                (["convert", sample, *REQUEST, "--as-of", "yesterday"], ["--as-of", "yyyy-MM-dd"]),
                (["convert", sample, *REQUEST, "--as-of", "2026-02-30"], ["--as-of"]),
                (["hub", "--data", data, "--rpc-port", "70000"], ["--rpc-port", "65535"]),
                (["hub", "--data", data, "--status-port", "-2"], ["--status-port"]),
                (["trace", "x", "--port", "70000"], ["--port"]),
                (["demo", "--story", "G99"], ["--story", "G99", "G1,", "G15"]),
                (["demo", "--case", "certificate", "--story", "G10"], ["--story", "G10", "--case certificate"]),
                (["demo", "--today", "tomorrow"], ["--today", "yyyy-MM-dd"]),
                (["demo", "--case", "certificate", "--dirty"], ["--case", "--dirty"]),
                (["demo", "--case", "certificate", "--no-exchange"], ["--case", "--no-exchange"]),
                *((["demo", "--seed", seed], ["--seed"]) for seed in ("0", "-1", "1.5", "x", "0x10", "1e3", "", "+1"))):
            done = tongban(*arguments)
            assert done.returncode == USAGE, (arguments, done.returncode, done.stdout, done.stderr)
            assert all(word in done.stderr for word in words), (arguments, done.stderr)
            assert "TSocket" not in done.stderr and not done.stdout, (arguments, done.stdout, done.stderr)


def a_hub_that_is_away_is_named_with_what_to_do():
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder)
        tongban("pki", "init", "--data", data)
        tongban("pki", "issue", "auditor", "--role", "auditor", "--data", data)
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            for command in (["trace", "x", "--as"], ["case", "list", "--as"]):
                done = tongban(*command, "auditor", "--data", data, "--port", port)
                assert done.returncode == UNAVAILABLE, done
                for word in (f"localhost:{port}", "nothing listens there", "无法连接枢纽", "see that it runs"):
                    assert word in done.stderr, (word, done.stderr)
                assert "TSocket" not in done.stderr and "connect()" not in done.stderr, done.stderr
            done = tongban("case", "list", "--as", "auditor", "--data", data, "--port", port, "--host", "no.such.host.invalid")
            assert "host name is not known" in done.stderr, done.stderr
        with socket.socket() as deaf:  # a port that takes connections and says nothing of TLS
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            deaf.settimeout(20)
            port = deaf.getsockname()[1]
            asking = subprocess.Popen([bin_folder() / "tongban", "trace", "x", "--data", data, "--port", str(port)],
                                      stderr=subprocess.PIPE, text=True)
            deaf.accept()[0].close()
            said = asking.communicate(timeout=60)[1]
            assert asking.returncode == UNAVAILABLE and f"localhost:{port}" in said, said
            assert "TSocket" not in said and "TSSL" not in said, said


def processes_of(folder):
    """Running processes that have the folder in their arguments."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and str(folder).encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def started(*arguments):
    """A demo whose signals are as at a terminal, in a temporary folder of its own."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="tongban-command-line-"))

    def at_a_terminal():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    demo = subprocess.Popen([bin_folder() / "tongban", "demo", *map(str, arguments)], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(home)}, preexec_fn=at_a_terminal)
    return demo, home


def read_until(demo, word):
    read = ""
    while word not in read:
        line = demo.stdout.readline()
        assert line, (read, demo.stderr.read())
        read += line
    return read


def a_demo_that_is_interrupted_takes_all_that_it_made_with_it():
    for flags, word, which in ((["--seed", 3], "connector 610100.housing-fund", signal.SIGINT),
                               (["--seed", 3], "posts its own XML", signal.SIGTERM),
                               (["--seed", 3, "--case", "certificate"], "A_REQUESTED", signal.SIGINT)):
        demo, home = started(*flags)
        read_until(demo, word)
        folder, = home.glob("tongban-demo-*")
        assert (folder / "pki" / "ca.key").exists() and processes_of(folder)
        demo.send_signal(which)
        demo.communicate(timeout=60)
        assert demo.returncode == -which, demo.returncode
        assert not list(home.iterdir()), list(home.iterdir())
        assert not processes_of(folder), processes_of(folder)
        home.rmdir()


def what_the_user_named_is_kept_when_a_demo_is_interrupted():
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "city"
        demo, home = started("--data", data, "--keep", "--seed", 3)
        read_until(demo, "connector 610100.housing-fund")
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)
        assert demo.returncode == -signal.SIGINT and (data / "pki" / "ca.key").exists()
        assert not processes_of(data), "half a city is of no use to anybody"
        home.rmdir()


def modified(data):
    return {str(path): path.stat().st_mtime_ns for path in data.rglob("*")
            if path.is_file() and path.suffix not in (".log", ".db", ".db-wal", ".db-shm", ".mark")}


def a_city_that_runs_is_left_alone_and_its_hints_are_true():
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "city"
        done = tongban("demo", "--keep", "--data", data, "--seed", 5)
        assert done.returncode == 0, done.stderr
        try:
            a_second_demo_is_refused(data)
            the_hints_can_be_run(done.stdout)
            a_restart_keeps_every_port(data)
        finally:
            for process in processes_of(data):
                os.kill(process, signal.SIGTERM)
            while processes_of(data):
                time.sleep(0.1)


def a_second_demo_is_refused(data):
    before, running = modified(data), processes_of(data)
    for named in (data, str(data) + "/", data.parent / "x" / ".." / data.name):
        done = tongban("demo", "--data", named, "--seed", 6)
        assert done.returncode == USAGE and "--data" in done.stderr and "runs in" in done.stderr, done
        done = tongban("demo", "--case", "certificate", "--data", named)
        assert done.returncode == USAGE and "--data" in done.stderr, done
    assert modified(data) == before and processes_of(data) == running


def the_hints_can_be_run(printed):
    hints = dict(re.findall(r"^  ([a-z ]+): +(.*)$", printed[printed.index("left running"):], re.MULTILINE))
    done = subprocess.run(["sh", "-c", hints["ask again"]], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, (hints, done.stderr)
    answer = json.loads(done.stdout)
    url = re.search(r"http://\S+", hints["ask again"]).group() + "/" + answer["request"]
    deadline = time.monotonic() + 60
    while not answer.get("final"):
        assert time.monotonic() < deadline, answer
        time.sleep(0.1)
        with urllib.request.urlopen(url) as reply:
            answer = json.loads(reply.read())
    assert answer["state"] == "delivered", answer
    done = subprocess.run(["sh", "-c", hints["trace"]], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "asked by " + CENTRE in done.stdout, (hints, done)
    assert answer["exchange"] not in done.stdout, "asked again, not heard again"


def a_restart_keeps_every_port(data):
    told = json.loads((data / "demo.json").read_text())["processes"]["hub"]
    ready = pathlib.Path(told["ready_file"])
    os.kill(told["pid"], signal.SIGTERM)
    while ready.exists():
        time.sleep(0.1)
    while told["pid"] in processes_of(data):
        with contextlib.suppress(ChildProcessError):
            os.waitpid(told["pid"], os.WNOHANG)
        time.sleep(0.1)
    with open(told["log"], "ab") as log:
        hub = subprocess.Popen(told["restart"], stdout=log, stderr=log)
    deadline = time.monotonic() + 30
    while not ready.exists():
        assert time.monotonic() < deadline, told["log"]
        time.sleep(0.1)
    now = json.loads(ready.read_text())
    for port in ("rpc_port", "lease_port", "status_port"):
        assert now[port] == told[port] != 0, (port, now, told)
    with urllib.request.urlopen(f"http://127.0.0.1:{told['status_port']}/health") as health:
        assert health.status == 200
    hub.terminate()
    hub.wait(30)


if __name__ == "__main__":
    run_tests([a_mistake_gets_the_usage_code_and_names_the_option, a_hub_that_is_away_is_named_with_what_to_do,
               a_demo_that_is_interrupted_takes_all_that_it_made_with_it, what_the_user_named_is_kept_when_a_demo_is_interrupted,
               a_city_that_runs_is_left_alone_and_its_hints_are_true])
