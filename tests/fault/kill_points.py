#!/usr/bin/env python3
"""Enumerated kill points of a joint filing: each process dies at each failpoint (base/failpoint.h), at the first pass, the second
and so on, while a sale goes to its end. Started again, it must end as it would have: the decision unflipped, and both offices'
tables and the hub agreeing.

    kill_points.py --bin build/dev/bin [--seed N] [--jobs 3] [--process hub] [--point cases.after_commit] [--most 200] [--whole]
    kill_points.py --bin build/dev/bin --short

Two ways through: both offices reserve and confirm; and the registry refuses the first time, so that the first filing is cancelled
and the second confirmed. Two more for the points that these do not pass: the registry is busy once; and tax, which would not know a
declaration that comes twice, is asked what became of it. Nothing is listed by hand: the points come from the sources
(failpoints.py), and a first sale of each way tells which process passes which of them. A point of the sources that no process
passes is a problem, and so is one that was still passed after `--most` kills.

One sale a kill. It begins before the review (reserve, decision and confirm are to come); where the process passes the point only
before that, or with --whole, at the counter. A point is left when a whole sale passed without reaching its next pass.
"""
import argparse
import collections
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from failpoints import Passed, of_the_sources  # noqa: E402
from sales_city import REGISTRY, TAX, SalesCity  # noqa: E402

RESERVE = "9200501"  # the registry's kind of message
Way = collections.namedtuple("Way", "name trouble queryable")  # trouble: how the registry takes the first reservation
PLAIN = Way("", None, False)
CANCELLED = Way(", cancelled once", "refuse", False)
BUSY = Way(", busy once", "fail", False)
ASKED = Way(", asked what became of it", None, True)
WAYS = [PLAIN, CANCELLED, BUSY, ASKED]
WHOLE_WAYS = [PLAIN, CANCELLED]  # the others: what these do not pass
SHORT = [("hub", "cases.after_commit", 6), ("hub", "cases.after_call", 3), ("hub", "store.before_commit", 9),
         ("hub", "log.after_commit", 4),
         ("connector " + TAX, "connector.asked", 2), ("connector " + REGISTRY, "file_drop.taken", 3),
         ("office " + TAX, "office.after_commit", 2), ("office " + REGISTRY, "office.after_commit", 3)]
SHORT_WAYS = [PLAIN, BUSY]
LEASE_MS = 2_000  # so that a connector's death is noticed soon
REVIEW = "D_REVIEW"

Task = collections.namedtuple("Task", "process point way begin")  # begin: REVIEW, or None for the counter


def changed(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def configs_of(work, queryable):
    """The project's configuration, with short leases; and with a declaration at tax that may not be sent twice."""
    source, target = HERE.parents[1] / "configs", pathlib.Path(work) / ("queryable" if queryable else "usual")
    subprocess.run(["cp", "-r", str(source), str(target)], check=True)
    changed(target / "hub.yaml", "  lease_ms: 30000\n", f"  lease_ms: {LEASE_MS}\n")
    if queryable:
        submission = target / "resources" / "tax.joint-declaration.yaml"
        changed(submission, "effect: idempotent", "effect: queryable")
        changed(submission, "        operation: declaration\n", "        operation: declaration\n        status: {operation: "
                "declaration, query: 640100.tax/joint-declaration-request@1, record: 640100.tax/declaration@1}\n")
        before = "      resource: tax/joint-declaration\n      kind: submit\n      effect: "
        for item in (target / "items").glob("real-estate.joint-sale.*.yaml"):
            changed(item, before + "idempotent\n", before + "queryable\n")
    return target


class Report:
    """What all workers found."""

    def __init__(self):
        self.lock = threading.Lock()
        self.problems, self.kills, self.left = [], 0, 0

    def problem(self, text):
        with self.lock:
            self.problems.append(text)
            print(f"  FAILED  {text}", flush=True)

    def killed(self, text):
        with self.lock:
            self.kills += 1
            print(f"  ok  {text}", flush=True)


def begin_trouble(city, way):
    if way.trouble:
        city.misbehave(REGISTRY, way.trouble, only=[RESERVE], times=1)


class Worker:
    """A city of its own at a time, and sales in it that stand where a task wants them."""

    def __init__(self, chosen, report, number):
        self.chosen, self.report, self.number = chosen, report, number
        self.city, self.ready, self.kind, self.cities, self.before = None, [], None, 0, 0

    def open(self, sales, kind, environment=None):
        self.close()
        self.cities += 1
        seed = self.chosen.seed + 100 * self.number + self.cities
        self.city = SalesCity(self.chosen.bin, ["G10"] * sales, seed=seed, options=["--configs", str(self.chosen.configs[kind[1]])])
        self.city.environment = environment or {}
        self.city.__enter__()
        self.kind, self.ready, self.before = kind, list(self.city.sales), len(self.report.problems)

    def bring(self):
        """The sales to where they begin."""
        if self.kind[0] and self.ready:
            self.city.play_all(self.ready, until=self.kind[0])

    def take_sale(self, task):
        kind = task.begin, task.way.queryable
        if not self.ready or self.kind != kind:
            self.open(self.chosen.batch, kind)
            self.bring()
        return self.ready.pop()

    def close(self):
        if self.city is None:
            return
        for problem in self.city.log_problems():
            self.report.problem(problem)
        bad = len(self.report.problems) > self.before
        self.city.__exit__(SystemExit if bad else None, SystemExit(1) if bad else None, None)
        self.city = None

    # --- one kill --------------------------------------------------------------------------------------------------

    def run(self, task, hit):
        """True when the process died there."""
        sale = self.take_sale(task)
        city = self.city
        begin_trouble(city, task.way)
        city.kill(task.process)
        city.start(task.process, wait=False, environment={"TONGBAN_FAILPOINT": f"{task.point}:hit={hit}:kill"})
        ended = []

        def play():
            try:
                sale.play()
                ended.append(None)
            except Exception as error:  # noqa: BLE001 - told with the point
                ended.append(error)
        player = threading.Thread(target=play, daemon=True)
        player.start()
        died, before = False, {}  # the decisions at that moment
        while player.is_alive() and not died:
            died = city.children[task.process].poll() is not None
            time.sleep(0.01)
        if died:
            before = city.joint_decisions()
            if task.process.endswith(REGISTRY):
                city.behave(REGISTRY)  # an office that was started again has forgotten that it refused
            city.start(task.process, wait=False)
        player.join()
        city.behave(REGISTRY)
        if not died:
            city.kill(task.process)  # it still carries the failpoint
            city.start(task.process)
        label = f"{task.process} at {task.point}, pass {hit}{task.way.name}"
        wrong = self.wrong(sale, ended[0], before)
        for one in wrong:
            self.report.problem(f"{label}: {one}")
        if died and not wrong:
            self.report.killed(f"{label}: {sale.case['state']}")
        return died

    def wrong(self, sale, error, before):
        if error is not None:
            return [str(error)]
        now = self.city.joint_decisions()
        found = [f"decision of {key} was {was} and is {now.get(key)}" for key, was in before.items()
                 if was != "open" and now.get(key) != was]
        found += sale.disagreement()
        if sale.case["state"] != "D_CLOSED":
            found.append(f"ended as {sale.case['state']}")
        return found

    def enumerate(self, task):
        for hit in range(1, self.chosen.most + 1):
            if not self.run(task, hit):
                return
        self.report.problem(f"{task.process} at {task.point}: cap reached, it is still passed after {self.chosen.most} kills")

    def work(self, tasks):
        try:
            while True:
                task = tasks.get_nowait()
                self.enumerate(task)
                with self.report.lock:
                    self.report.left -= 1
                    print(f"  -- {task.process} {task.point} done, {self.report.left} left", flush=True)
        except queue.Empty:
            pass
        except Exception as error:  # noqa: BLE001 - a city that does not start, say
            self.report.problem(f"worker {self.number}: {type(error).__name__}: {error}")
        finally:
            self.close()


# --- which points there are ------------------------------------------------------------------------------------------

class Survey:
    """One undisturbed sale of each way: which process passes which point, before the review and from then on."""

    def __init__(self):
        self.whole, self.late = {}, {}  # way -> counts

    def follow(self, city, sale, way, start):
        whole, late = Passed(city), Passed(city)
        whole.begin()
        sale.play(until=REVIEW)
        late.begin()
        begin_trouble(city, way)
        sale.play()
        city.behave(REGISTRY)
        self.whole[way], self.late[way] = whole.counts() + start, late.counts() + start

    def never(self):
        """Points of the sources that nobody passes."""
        passed = {point for counts in self.whole.values() for _, point in counts}
        return [f"{point} ({path}): no process passes it: who kills there?"
                for point, path in of_the_sources().items() if point not in passed]

    def tasks(self, chosen):
        found, before = [], set()
        for way in [way for way in WAYS if way in self.whole]:
            whole = self.whole[way]
            for process, point in sorted(whole):
                wanted = way in WHOLE_WAYS or (process, point) not in before
                if wanted and chosen.process in (None, process) and chosen.point in (None, point):
                    late = (process, point) in self.late[way] and not chosen.whole
                    found.append(Task(process, point, way, REVIEW if late else None))
            before |= set(whole)
        return sorted(found, key=lambda task: (task.way.queryable, task.begin is None, WAYS.index(task.way)))


def survey(chosen, report, ways, more_sales=0):
    """The survey, and a worker whose city has so many sales left."""
    found, worker = Survey(), Worker(chosen, report, 0)
    for queryable in sorted({way.queryable for way in ways}, reverse=True):
        here = [way for way in ways if way.queryable == queryable]
        worker.open(len(here) + more_sales, (REVIEW, queryable), {"TONGBAN_FAILPOINT": "list"})
        start = Passed(worker.city).counts()
        for way in here:
            found.follow(worker.city, worker.ready.pop(), way, start)
    return found, worker


def short(chosen, report):
    found, worker = survey(chosen, report, SHORT_WAYS, len(SHORT))
    try:
        for problem in found.never():
            if not problem.startswith("exchange.before_mark ") and not problem.startswith("exchange.marked "):
                report.problem(problem)  # those two ask for a city of their own: the whole enumeration has it
        worker.bring()
        for process, point, hit in SHORT:
            if not worker.run(Task(process, point, PLAIN, REVIEW), hit):
                report.problem(f"{process} does not come to {point} {hit} times")
    finally:
        worker.close()


def everything(chosen, report):
    found, worker = survey(chosen, report, WAYS)
    worker.close()
    for problem in found.never():
        report.problem(problem)
    tasks = queue.Queue()
    for task in found.tasks(chosen):
        tasks.put(task)
        passes = (found.whole if task.begin is None else found.late)[task.way][task.process, task.point]
        print(f"  {task.process} {task.point}{task.way.name}: {passes} passes", flush=True)
    report.left = tasks.qsize()
    workers = [Worker(chosen, report, number + 1) for number in range(chosen.jobs)]
    threads = [threading.Thread(target=one.work, args=(tasks,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--seed", type=int, default=int(time.time()) % 10_000)
    options.add_argument("--process", help="this one alone")
    options.add_argument("--point", help="this one alone")
    options.add_argument("--most", type=int, default=200, help="passes of one point; more is a problem")
    options.add_argument("--batch", type=int, default=20, help="sales of one city")
    options.add_argument("--jobs", type=int, default=3, help="cities at a time")
    options.add_argument("--whole", action="store_true", help="each sale from the counter on")
    options.add_argument("--short", action="store_true", help="the survey, and a few of the points, for ctest")
    chosen = options.parse_args()
    report, begun = Report(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tongban-points-") as work:
        chosen.configs = {queryable: configs_of(work, queryable) for queryable in (False, True)}
        print(f"kill points, seed {chosen.seed}", flush=True)
        (short if chosen.short else everything)(chosen, report)
    print("\n".join(report.problems))
    print(f"{report.kills} kills in {time.monotonic() - begun:.0f} s, {len(report.problems)} problems")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
