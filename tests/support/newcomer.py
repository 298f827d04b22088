"""A member that joins a city: its row of the directory, its formats, agreement, routes and connector, written after those of
a member that is there. What it has to know of itself, its keys, comes from the demo authority."""
import pathlib
import re
import shutil
import subprocess

from city import ASKER

MEMBER_FILE = """member: {member}
zh: 新加入的住房公积金管理中心
en: a housing fund centre that joins
uscc: {uscc}
valid_from: 2026-01-01
roles: [requester]
rate: {{per_second: 50, burst: 200}}
in_flight: 16
signing:
  - {{certificate: {member}/signing.pem, from: 2026-01-01}}
"""


def uscc(first):
    """A unified social credit code with its check character (GB 32100)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(first))
    return first + letters[(31 - total % 31) % 31]


def issue_keys(tool, member, data, role="member"):
    roles = [] if role == "member" else ["--role", role]
    subprocess.run([tool, "pki", "issue", member, *roles, "--data", data], check=True, capture_output=True)


def write_member(configs, member):
    file = pathlib.Path(configs, "members", f"{member}.yaml")
    file.write_text(MEMBER_FILE.format(member=member, uscc=uscc("12640200MB1A0002X")))
    return file


def write_formats(root, member):
    """Its schemas, code lists and mappings are those of the other one, under its own name."""
    for folder in ("schemas/native", "schemas/codes/crosswalk", "mapping/maps"):
        own = pathlib.Path(root, folder, member)
        shutil.copytree(pathlib.Path(root, folder, ASKER), own)
        for path in own.rglob("*.yaml"):
            path.write_text(path.read_text().replace(ASKER, member))


def write_agreement(configs, member, name):
    agreements = pathlib.Path(configs, "agreements")
    text = (agreements / "A-640100-hf-0001.yaml").read_text().replace(ASKER, member)
    (agreements / f"{name}.yaml").write_text(text.replace("agreement: A-640100-hf-0001", f"agreement: {name}"))


def write_routes(configs, resource, division, as_division="640100"):
    """Who answers for the other division answers for this one too."""
    path = pathlib.Path(configs, "resources", resource)
    row = re.compile(rf'(?m)^( +)- division: "{as_division}"\n((?:\1  .*\n)+)')
    text, added = row.subn(lambda found: found[0] + found[0].replace(f'"{as_division}"', f'"{division}"'), path.read_text())
    assert added > 0, f"{resource} has no route for {as_division}"
    path.write_text(text)


def write_connector(configs, member):
    connectors = pathlib.Path(configs, "connectors")
    path = connectors / f"{member}.yaml"
    path.write_text((connectors / f"{ASKER}.yaml").read_text().replace(ASKER, member))
    return path
