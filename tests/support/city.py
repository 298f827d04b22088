"""A running city pair for system tests: hub, five connectors, five offices, started by `tongban demo --keep`.

demo.json in the data folder says how each process was started and where it listens, so that a test can kill and
restart any of them on the same data and port.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FINAL = ("delivered", "verified", "refused", "failed")  # states of a request
ASKER = "640100.housing-fund"
OFFICES = ("610100.housing-fund", "610100.social-security", "640100.housing-fund", "640100.real-estate", "640100.tax")


class City:
    def __init__(self, bin_folder, seed=1, dirty=False, options=()):
        self.bin = pathlib.Path(bin_folder)
        self.seed = seed
        self.dirty = dirty
        self.options = [str(option) for option in options]  # more of `tongban demo`
        self.environment = {}  # of every process that the demo starts
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="tongban-city-"))
        self.children = {}  # name -> Popen of what this test restarted
        self.description = {}

    def __enter__(self):
        command = [str(self.bin / "tongban"), "demo", "--keep", "--no-exchange", "--data", str(self.data),
                   "--seed", str(self.seed), "--format", "json"] + (["--dirty"] if self.dirty else []) + self.options
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, **self.environment})
        if done.returncode != 0:
            raise RuntimeError(f"demo --keep: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        self.description = json.loads((self.data / "demo.json").read_text())
        return self

    def __exit__(self, kind, value, trace):
        for name in list(self.description.get("processes", {})):
            self.kill(name, signal.SIGKILL)
        if kind is None or (kind is SystemExit and not value.code):
            shutil.rmtree(self.data, ignore_errors=True)
        else:
            print(f"city data kept for inspection: {self.data}")

    @property
    def names(self):
        return list(self.description["processes"])

    def process(self, name):
        return self.description["processes"][name]

    def pid(self, name):
        child = self.children.get(name)
        return child.pid if child else self.process(name)["pid"]

    def kill(self, name, how=signal.SIGKILL):
        try:
            os.kill(self.pid(name), how)
        except ProcessLookupError:
            return
        child = self.children.pop(name, None)
        if child:
            child.wait(timeout=30)
            return
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                os.kill(self.process(name)["pid"], 0)
                with open(f"/proc/{self.process(name)['pid']}/stat", encoding="ascii") as stat:
                    if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                        return
            except (ProcessLookupError, FileNotFoundError):
                return
            time.sleep(0.01)

    def start(self, name, wait=True, environment=None):
        process = self.process(name)
        ready = pathlib.Path(process["ready_file"])
        ready.unlink(missing_ok=True)
        with open(process["log"], "ab") as log:
            self.children[name] = subprocess.Popen(process["restart"], stdout=log, stderr=log,
                                                   stdin=subprocess.DEVNULL, start_new_session=True,
                                                   env={**os.environ, **(environment or {})})
        if wait:
            self.wait_ready(name)

    def wait_ready(self, name, seconds=30):
        ready = pathlib.Path(self.process(name)["ready_file"])
        deadline = time.monotonic() + seconds
        while not ready.exists():
            child = self.children.get(name)
            if child and child.poll() is not None:
                raise RuntimeError(f"{name} ended with {child.returncode}: see {self.process(name)['log']}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} was not ready: see {self.process(name)['log']}")
            time.sleep(0.02)

    def reload(self, name="hub", seconds=30):
        """SIGHUP; the program's own word on it ("reloaded", "reload refused"), and all that it said on the way."""
        log = pathlib.Path(self.process(name)["log"])
        before = log.stat().st_size
        os.kill(self.pid(name), signal.SIGHUP)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            said = log.read_bytes()[before:].decode("utf-8", "replace").replace('"', "")
            for word in ("reloaded", "reload refused"):
                if f"event={word}" in said:
                    return word, said
            time.sleep(0.02)
        raise RuntimeError(f"{name} did not say that it has read its files again: see {log}")

    # --- what an office system does -------------------------------------------------------------------------------

    def request_bytes(self, *extra):
        command = [str(self.bin / "tongban-sandbox"), "request", "--seed", str(self.seed)]
        command += (["--dirty"] if self.dirty else []) + list(extra)
        return subprocess.run(command, capture_output=True, check=True, timeout=30).stdout

    def requests_url(self, member=ASKER):
        return f"http://127.0.0.1:{self.process('connector ' + member)['port']}/requests"

    def post_request(self, body, member=ASKER, timeout=30):
        """The office hands its own native request to its connector: (HTTP status, JSON answer)."""
        request = urllib.request.Request(self.requests_url(member), data=body, method="POST",
                                         headers={"Content-Type": "text/xml; charset=utf-8"})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")

    def request_state(self, request_id, member=ASKER, timeout=30):
        try:
            with urllib.request.urlopen(f"{self.requests_url(member)}/{request_id}", timeout=timeout) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return json.loads(refusal.read() or b"{}")

    def wait_final(self, request_id, seconds=60):
        deadline = time.monotonic() + seconds
        state = {}
        while time.monotonic() < deadline:
            try:
                state = self.request_state(request_id)
            except OSError:
                state = {}
            if state.get("state") in FINAL:
                return state
            time.sleep(0.05)
        raise RuntimeError(f"request {request_id} did not end: {state}")

    # --- the tool --------------------------------------------------------------------------------------------------

    def tongban(self, *arguments, check=True, timeout=120):
        done = subprocess.run([str(self.bin / "tongban"), *map(str, arguments)], capture_output=True, timeout=timeout,
                              check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"tongban {' '.join(map(str, arguments))}: exit {done.returncode}\n"
                               f"{done.stdout.decode(errors='replace')}\n{done.stderr.decode(errors='replace')}")
        return done
