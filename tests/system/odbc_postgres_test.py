#!/usr/bin/python3
"""The social-security view in a real PostgreSQL instead of the demo's SQLite, behind the same connector configuration."""
import contextlib
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

from harness import bin_folder, run_tests
from asker import Asker
from city import City

SOCIAL = "610100.social-security"
SEED = 41
PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


class Cluster:
    """A PostgreSQL cluster of its own, run by an ordinary user: initdb refuses root."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tongban-pg-"))
        self.data = self.folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def run(self, *command, text=None):
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run([*as_user, *map(str, command)], input=text, capture_output=True, text=True, cwd="/",
                              timeout=60, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def __enter__(self):
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        try:
            self.run(PROGRAMS / "initdb", "-D", self.data, "-E", "UTF8", "--locale=C", "-A", "trust", "-U", "office", "-N")
            settings = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off"
            self.start = [PROGRAMS / "pg_ctl", "-D", self.data, "-w", "-t", "30", "-l", self.folder / "log", "-o", settings]
            self.run(*self.start, "start")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        with contextlib.suppress(RuntimeError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self):
        self.run(PROGRAMS / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def sql(self, text):
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port, "-U",
                        "office", "-d", "postgres", text=text)

    @property
    def connection(self):
        return f"Driver=PostgreSQL Unicode;Server=127.0.0.1;Port={self.port};Database=postgres;Uid=office"


def statements():
    """What the view holds, as the office's generator wrote it."""
    return subprocess.run([bin_folder() / "tongban-sandbox", "office-sql", SOCIAL, "--seed", str(SEED)],
                          capture_output=True, text=True, check=True).stdout


def ask():
    outcome = YINCHUAN.exchange(YINCHUAN.request())
    return outcome, {(finding.part, finding.code) for finding in outcome.findings}


def the_employment_part_is_answered_from_postgresql():
    outcome, findings = ask()
    assert YINCHUAN.state(outcome) == "delivered", findings
    assert findings == set(), findings
    assert SOCIAL == outcome.envelopes["employment"].member
    employers = [line for line in DATABASE.sql("SELECT DISTINCT aab004 FROM v_cbjf").splitlines() if line]
    assert employers and all(employer.encode() in outcome.document for employer in employers)


def what_the_database_says_now_is_what_is_delivered():
    DATABASE.sql("UPDATE cbjf SET aab004 = '西安乙字𠮷㐂样本有限公司'")
    outcome, findings = ask()
    assert "西安乙字𠮷㐂样本有限公司".encode() in outcome.document, (YINCHUAN.state(outcome), findings)


def a_database_that_is_away_costs_that_part_only_and_comes_back():
    DATABASE.stop()
    outcome, findings = ask()
    assert YINCHUAN.state(outcome) == "delivered", findings
    assert "employment" not in outcome.envelopes
    assert {part for part, _ in findings} == {"employment"}, findings
    DATABASE.run(*DATABASE.start, "start")
    for _ in range(30):  # the hub leaves a failing office alone for a while
        outcome, findings = ask()
        if "employment" in outcome.envelopes:
            break
    assert YINCHUAN.state(outcome) == "delivered" and "employment" in outcome.envelopes, findings


if __name__ == "__main__":
    with Cluster() as DATABASE:
        DATABASE.sql(statements())
        with City(bin_folder(), seed=SEED, options=["--odbc-connection", DATABASE.connection]) as CITY:
            YINCHUAN = Asker(CITY)
            run_tests([the_employment_part_is_answered_from_postgresql, what_the_database_says_now_is_what_is_delivered,
                       a_database_that_is_away_costs_that_part_only_and_comes_back])
