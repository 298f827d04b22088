"""./dev bench cases: durable steps of cases, as the store alone gives them and as the engine makes them, and reads over many."""
import json
import subprocess

STORE_GOAL = 20_000  # steps a second on two cores
ENGINE_GOAL = 0.40  # of the store's
RESTART_GOAL = 5.0  # seconds, with every case of --open
READ_GOAL = 200.0  # ms


def run(programs, root, options):
    command = [programs / "tongban-bench-cases", "--seconds", str(min(options.seconds, 5)), "--board", str(options.board),
               "--open", str(options.open), "--root", root]
    output = subprocess.run(command, check=True, timeout=3600, stdout=subprocess.PIPE, text=True).stdout
    result = {"bench": "cases", **json.loads(output)}
    engine = result["engine"]
    store = max(one["steps_per_second"] for one in engine["replay"])
    few, many = engine["runs"][0], engine["runs"][-1]
    result["goals"] = [
        goal("store alone, steps/s", store, STORE_GOAL, store >= STORE_GOAL),
        goal("engine, steps/s over the store's", few["steps_per_second"] / store, ENGINE_GOAL,
             few["steps_per_second"] >= ENGINE_GOAL * store),
        goal(f"CPU a step, {many['open_cases']:,} open over {few['open_cases']:,}", many["cpu_us"] / few["cpu_us"], 1.10,
             many["cpu_us"] <= 1.10 * few["cpu_us"]),
        goal(f"seconds to start with {many['open_cases']:,} open", engine["restart_seconds"], RESTART_GOAL,
             engine["restart_seconds"] <= RESTART_GOAL)]
    if "board" in result:
        worst = max(one["max_ms"] for one in result["board"]["reads"])
        result["goals"].append(goal(f"slowest read over {result['board']['cases']:,} cases, ms", worst, READ_GOAL,
                                    worst <= READ_GOAL))
    return result


def goal(what, now, wanted, met):
    return {"what": what, "now": now, "goal": wanted, "met": met}


def text(result):
    engine = result["engine"]
    step = engine["step"]
    lines = [
        f"The disk: {result['fsync_per_second']:,.0f} fsync/s before, {result['fsync_per_second_after']:,.0f} after. One row of 3 kB "
        f"in SQLite alone, a hundred to a commit: {result['row_alone_cpu_us']:.1f} us of CPU",
        "now (10.3 on a quiet machine).",
        "",
        f"A step is a transition of configs/items' remote loan as the engine commits it, on the average of {step['steps']:,}: "
        f"{step['row_writes']:.1f} row writes:",
        "  " + ", ".join(f"{name.replace('_', ' ')} {step[name]:,.1f}" for name in sorted(step)
                         if name not in ("steps", "row_writes")),
        "",
        f"{'':34}{'steps/s':>10}{'CPU us':>9}   CPU us by thread",
    ]
    for one in engine["replay"]:
        lines.append(f"{'store alone, ' + str(one['batch']) + ' to a commit':34}{one['steps_per_second']:>10,.0f}{one['cpu_us']:>9.1f}")
    for one in engine["runs"]:
        threads = sorted(one["cpu_us_by_thread"].items(), key=lambda item: -item[1])
        lines.append(f"{'engine, ' + format(one['open_cases'], ',') + ' cases open':34}{one['steps_per_second']:>10,.0f}"
                     f"{one['cpu_us']:>9.1f}   " + ", ".join(f"{name} {us:.0f}" for name, us in threads))
    lines += ["", f"A made-up step of nine row writes and 3 kB, {result['cases']:,} cases under way; "
              f"{result['openings_per_second']:,.0f} cases opened a second.", "",
              f"{'steps a commit':>14}{'shards':>8}{'callers':>9}{'steps/s':>10}{'CPU us':>9}{'p50 ms':>9}{'p99 ms':>9}"]
    for one in result["steps"]:
        lines.append(f"{one['batch']:>14}{one['shards']:>8}{one['callers']:>9}{one['steps_per_second']:>10,.0f}{one['cpu_us']:>9.1f}"
                     f"{one['commit_p50_us'] / 1000:>9.2f}{one['commit_p99_us'] / 1000:>9.2f}")
    if "board" in result:
        board = result["board"]
        lines += ["", f"Reads over {board['cases']:,} cases ({board['file_bytes'] / 1e9:.2f} GB):", "",
                  f"{'read':42}{'rows':>9}{'first ms':>10}{'p50 ms':>9}{'max ms':>9}"]
        for one in board["reads"]:
            lines.append(f"{one['read']:42}{one['rows']:>9,}{one['first_ms']:>10.2f}{one['p50_ms']:>9.2f}{one['max_ms']:>9.2f}")
    lines += ["", f"{'goal':52}{'now':>12}{'goal':>10}"]
    for one in result["goals"]:
        lines.append(f"{one['what']:52}{one['now']:>12,.2f}{one['goal']:>10,.2f}   {'met' if one['met'] else 'not met'}")
    return "\n".join(lines)
