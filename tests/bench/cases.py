"""./dev bench cases: durable steps of cases and reads over many of them, as the store alone gives them."""
import json
import subprocess

GOAL = 20_000  # steps a second, one member of docs/bench.md's table of goals


def run(programs, options):
    command = [programs / "tongban-bench-cases", "--seconds", str(min(options.seconds, 5)), "--board", str(options.board)]
    output = subprocess.run(command, check=True, timeout=1800, stdout=subprocess.PIPE, text=True).stdout
    return {"bench": "cases", "goal_steps_per_second": GOAL, **json.loads(output)}


def text(result):
    lines = [
        f"Store alone, SQLite, {result['cases']:,} cases under way; a step is nine row writes of about 3 kB.",
        f"The disk: {result['fsync_per_second']:,.0f} fsync/s before, {result['fsync_per_second_after']:,.0f} after; "
        f"{result['openings_per_second']:,.0f} cases opened a second.",
        f"One row of 3 kB in SQLite alone, a hundred to a commit: {result['row_alone_cpu_us']:.1f} us of CPU now (10.3 on a quiet "
        "reference machine).",
        "",
        f"{'steps a commit':>14}{'shards':>8}{'callers':>9}{'steps/s':>10}{'CPU us':>9}{'p50 ms':>9}{'p99 ms':>9}",
    ]
    for one in result["steps"]:
        lines.append(f"{one['batch']:>14}{one['shards']:>8}{one['callers']:>9}{one['steps_per_second']:>10,.0f}{one['cpu_us']:>9.1f}"
                     f"{one['commit_p50_us'] / 1000:>9.2f}{one['commit_p99_us'] / 1000:>9.2f}")
    if "board" in result:
        board = result["board"]
        lines += ["", f"Reads over {board['cases']:,} cases ({board['file_bytes'] / 1e9:.2f} GB):", "",
                  f"{'read':42}{'rows':>9}{'first ms':>10}{'p50 ms':>9}{'max ms':>9}"]
        for one in board["reads"]:
            lines.append(f"{one['read']:42}{one['rows']:>9,}{one['first_ms']:>10.2f}{one['p50_ms']:>9.2f}{one['max_ms']:>9.2f}")
    return "\n".join(lines)
