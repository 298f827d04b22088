"""`tongban mapping test`, as an integrator uses it: all examples pass as they are checked in; one that does not do what it
says is told with its file and line, and the exit code says so."""
import json
import pathlib
import shutil
import subprocess
import tempfile

import harness


def tongban(*words):
    return subprocess.run([f"{harness.bin_folder()}/tongban", "mapping", "test", *words], text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def copy_to(folder):
    for name in ("schemas", "mapping"):
        shutil.copytree(harness.ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.cpp", "*.h"))
    return folder


def line_of(path, words):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def every_example_of_the_project_passes():
    done = tongban("--root", str(harness.ROOT), "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["failures"] == [] and told["examples"] > 500, told


def one_name_runs_its_examples_alone():
    rule = json.loads(tongban("L-02", "--root", str(harness.ROOT), "--format", "json").stdout)
    member = json.loads(tongban("610100.housing-fund", "--root", str(harness.ROOT), "--format", "json").stdout)
    assert 4 <= rule["examples"] < 20 < member["examples"], (rule, member)
    nobody = tongban("L-99", "--root", str(harness.ROOT))
    assert nobody.returncode == 2 and "L-99" in nobody.stderr, nobody


def a_rule_that_no_longer_holds_is_told_with_file_and_line(folder):
    path = folder / "mapping" / "rules" / "loan" / "L-02.v1.yaml"
    text = path.read_text(encoding="utf-8")
    assert "money('0.00')" in text
    path.write_text(text.replace("money('0.00')", "money('0.01')"), encoding="utf-8")
    done = tongban("L-02", "--root", str(folder))
    assert done.returncode == 1, done
    assert f"L-02.v1.yaml:{line_of(path, 'one fen is owed')}: fires \"one fen is owed\"" in done.stdout, done.stdout
    path.write_text(text, encoding="utf-8")


def a_mapping_that_no_longer_holds_is_told_with_file_and_line(folder):
    path = folder / "mapping" / "maps" / "610100.housing-fund" / "certificate.v1.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("codec: money(yuan)", "codec: money(fen)")
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    done = tongban("610100.housing-fund/certificate", "--root", str(folder))
    assert done.returncode == 1, done
    assert "certificate.v1.yaml:" in done.stdout and "failed" in done.stdout, done.stdout
    path.write_text(text, encoding="utf-8")


def a_file_that_does_not_load_is_a_fault_of_configuration(folder):
    path = folder / "mapping" / "rules" / "loan" / "L-02.v1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("severity: block", "severity: blok", 1), encoding="utf-8")
    done = tongban("--root", str(folder))
    assert done.returncode == 2 and "L-02.v1.yaml:" in done.stderr, done


def main():
    every_example_of_the_project_passes()
    one_name_runs_its_examples_alone()
    with tempfile.TemporaryDirectory() as folder:
        copied = copy_to(pathlib.Path(folder))
        a_rule_that_no_longer_holds_is_told_with_file_and_line(copied)
        a_mapping_that_no_longer_holds_is_told_with_file_and_line(copied)
        a_file_that_does_not_load_is_a_fault_of_configuration(copied)


if __name__ == "__main__":
    main()
