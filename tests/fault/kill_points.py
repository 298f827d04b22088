#!/usr/bin/env python3
"""Enumerated kill points of a joint filing: each process dies at each failpoint (base/failpoint.h), at the first pass, the second
and so on, while a sale goes from review through reserve, decision and confirm to its end. Started again, it must end as it would
have: the decision unflipped, and both offices' tables and the hub agreeing (design.md 4, I4).

    kill_points.py --bin build/dev/bin [--seed N] [--process hub] [--point cases.after_commit] [--most 40] [--short]

Two ways through: both offices reserve and confirm; and the registry refuses the first time, so that the first filing is cancelled
and the second confirmed. One sale a kill; a point is left when a whole sale passed without reaching its next pass.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from sales_city import REGISTRY, TAX, SalesCity  # noqa: E402

HUB = ["cases.before_commit", "cases.after_commit", "cases.remembered", "cases.before_call", "cases.after_call", "cases.resumed",
       "exchange.before_open", "exchange.opened", "exchange.leased", "exchange.completing", "exchange.before_answer",
       "exchange.answered", "exchange.before_end", "exchange.ended"]
CONNECTOR = ["connector.before_commit", "connector.after_commit", "connector.before_ask", "connector.asked", "connector.reported"]
FOLDERS = ["file_drop.meant", "file_drop.written", "file_drop.taken"]
OFFICE = ["office.before_commit", "office.after_commit", "office.before_taking", "office.taken"]
POINTS = {
    "hub": HUB,
    "connector " + TAX: CONNECTOR,
    "connector " + REGISTRY: CONNECTOR + FOLDERS,
    "office " + TAX: OFFICE,
    "office " + REGISTRY: [*OFFICE, "office.answer_written", "office.answer_noted"],
}
SHORT = [("hub", "cases.before_commit", 5), ("hub", "cases.after_commit", 6), ("hub", "cases.after_call", 3),
         ("connector " + TAX, "connector.asked", 2), ("connector " + REGISTRY, "file_drop.taken", 3),
         ("office " + TAX, "office.after_commit", 2), ("office " + REGISTRY, "office.after_commit", 3)]
LEASE_MS = 2_000  # so that a connector's death is noticed soon


class Points:
    def __init__(self, chosen):
        self.chosen = chosen
        self.city, self.ready, self.cities = None, [], 0
        self.problems, self.kills = [], 0

    # --- sales that stand before the review ------------------------------------------------------------------------

    def take_sale(self):
        if not self.ready:
            self.close()
            self.cities += 1
            city = SalesCity(self.chosen.bin, ["G10"] * self.chosen.batch, seed=self.chosen.seed + self.cities,
                             options=["--configs", str(self.configs())])
            self.city = city
            city.__enter__()
            city.play_all(until="D_REVIEW")
            self.ready = list(city.sales)
        return self.ready.pop()

    def configs(self):
        """The project's, with short leases."""
        source = HERE.parents[1] / "configs"
        target = pathlib.Path(self.chosen.work) / "configs"
        if not target.exists():
            subprocess.run(["cp", "-r", str(source), str(target)], check=True)
            hub = target / "hub.yaml"
            text = hub.read_text()
            assert "  lease_ms: 30000\n" in text
            hub.write_text(text.replace("  lease_ms: 30000\n", f"  lease_ms: {LEASE_MS}\n"))
        return target

    def close(self):
        if self.city is None:
            return
        self.problems += self.city.log_problems()
        self.city.__exit__(SystemExit if self.problems else None, SystemExit(1) if self.problems else None, None)
        self.city = None

    # --- one kill --------------------------------------------------------------------------------------------------

    def run(self, process, point, hit, cancelled):
        """True when the process died there."""
        sale = self.take_sale()
        city = self.city
        if cancelled:
            city.misbehave(REGISTRY, "refuse", only=["9200501"], times=1)
        city.kill(process)
        city.start(process, wait=False, environment={"TONGBAN_FAILPOINT": f"{point}:hit={hit}:kill"})
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
            died = city.children[process].poll() is not None
            time.sleep(0.01)
        if died:
            before = city.joint_decisions()
            self.kills += 1
            if process.endswith(REGISTRY):
                city.behave(REGISTRY)  # an office that was started again has forgotten that it refused
            city.start(process, wait=False)
        player.join()
        city.behave(REGISTRY)
        if not died:
            city.kill(process)  # it still carries the failpoint
            city.start(process)
        label = f"{process} at {point}, pass {hit}{', cancelled once' if cancelled else ''}"
        wrong = self.wrong(sale, ended[0], before)
        self.problems += [f"{label}: {one}" for one in wrong]
        if wrong or died:
            print(f"  {'FAILED' if wrong else 'ok'}  {label}: {'; '.join(wrong) or sale.case['state']}", flush=True)
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

    def enumerate(self, process, point, cancelled):
        hit = 1
        most = 3 if point == "cases.resumed" else self.chosen.most  # one each shard that is taken over
        while hit <= most and self.run(process, point, hit, cancelled):
            hit += 1


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--seed", type=int, default=int(time.time()) % 10_000)
    options.add_argument("--process", help="this one alone")
    options.add_argument("--point", help="this one alone")
    options.add_argument("--most", type=int, default=40, help="passes of one point")
    options.add_argument("--batch", type=int, default=20, help="sales of one city")
    options.add_argument("--short", action="store_true", help="a few of the points, for ctest")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="tongban-points-") as work:
        chosen.work = work
        if chosen.short:
            chosen.batch = len(SHORT)
        points = Points(chosen)
        print(f"kill points, seed {chosen.seed}", flush=True)
        try:
            if chosen.short:
                for process, point, hit in SHORT:
                    if not points.run(process, point, hit, cancelled=False):
                        points.problems.append(f"{process} does not come to {point} {hit} times")
            else:
                for cancelled in (False, True):
                    for process, names in POINTS.items():
                        for point in names:
                            if chosen.process in (None, process) and chosen.point in (None, point):
                                points.enumerate(process, point, cancelled)
        finally:
            points.close()
    print("\n".join(points.problems))
    print(f"{points.kills} kills, {len(points.problems)} problems")
    return 1 if points.problems else 0


if __name__ == "__main__":
    sys.exit(main())
