#!/usr/bin/python3
"""placement: provider: each provider's own connector converts, checks and minimises its record; the hub gets the granted
fields and commitments to all of them, never the rest, and the asker gets the same document as under placement: hub."""
import json
import pathlib
import re
import shutil
import tempfile

from harness import ROOT, bin_folder, run_tests
from asker import Asker, leaves
from city import City
from sealed import records_of

SEED = 41
RESOURCE = "housing-fund.loan-eligibility.yaml"
PROVIDERS = {"certificate": "610100.housing-fund", "employment": "610100.social-security", "homes": "640100.real-estate",
             "tax": "640100.tax"}


def configs_with_the_middle_at_the_providers(folder):
    shutil.copytree(ROOT / "configs", folder)
    resource = folder / "resources" / RESOURCE
    text, changed = re.subn(r"(?m)^placement: hub\b", "placement: provider", resource.read_text())
    assert changed == 1, "the resource does not say its placement"
    resource.write_text(text)
    for member in PROVIDERS.values():
        connector = folder / "connectors" / f"{member}.yaml"
        connector.write_text(connector.read_text() + f"engine: {ROOT}\n")
    return folder


class Told:
    """One exchange about the same person in a city of its own, and all that its hub keeps of it."""

    def __init__(self, options=()):
        with City(bin_folder(), seed=SEED, options=options) as city:
            asker = Asker(city)
            outcome = asker.exchange(asker.request(city.request_bytes("--serial", "PLACEMENT-1")))
            self.state = asker.state(outcome)
            self.findings = [(finding.code, finding.part, finding.shape) for finding in outcome.findings]
            self.document = outcome.document
            self.envelopes = dict(outcome.envelopes)
            (key_file,) = (city.data / "hub").glob("*seal*")
            self.records = records_of(city.data / "hub" / "hub.db", key_file, outcome.exchange_id)
            (self.leaf,) = [leaf for leaf in leaves(city.data) if leaf.get("exchange") == outcome.exchange_id]
            self.trace = json.loads(city.tongban("trace", outcome.exchange_id, "--data", city.data, "--format", "json").stdout)
            self.verified = city.tongban("audit", "verify", "--data", city.data, "--journals", check=False)


def paths_of(value, path):
    """Every path of a canonical record that holds a value, lists without numbers."""
    if isinstance(value, dict):
        return {found for name, below in value.items() for found in paths_of(below, f"{path}.{name}")}
    if isinstance(value, list):
        return {found for below in value for found in paths_of(below, path)}
    return {path}


def granted():
    """The paths that the agreement names."""
    text = (ROOT / "configs" / "agreements" / "A-640100-hf-0001.yaml").read_text()
    return re.findall(r"(?m)^  - ([a-z_.]+)$", text.split("\nfields:\n", 1)[1])


def body_of(document):
    """Without the head, whose numbers are the exchange's own."""
    text = document.decode("utf-8")
    assert text.count("<Head>") == 1, text[:200]
    return re.sub(r"(?s)<Head>.*?</Head>", "", text)


def the_asker_gets_the_same_document():
    assert (HUB.state, HUB.findings) == ("delivered", []), (HUB.state, HUB.findings)
    # The hub judges what came: a rule that needs a withheld field is undecided there, and says so.
    assert PROVIDER.state == "delivered" and all(".undecided" in str(one) for one in PROVIDER.findings), PROVIDER.findings
    for told in (HUB, PROVIDER):
        assert set(told.envelopes) == set(PROVIDERS)
    assert body_of(PROVIDER.document) == body_of(HUB.document)
    assert PROVIDER.leaf["delivered"] == HUB.leaf["delivered"]
    assert PROVIDER.leaf["document_sha256"] == PROVIDER.trace["document"]["sha256"]


def the_hub_gets_granted_fields_and_a_commitment_and_no_native_bytes():
    allowed = granted()
    for part in PROVIDERS:
        name = f"answer/{part}"
        assert set(HUB.records[name]) == {f"{name}.native"}, set(HUB.records[name])
        answer = PROVIDER.records[name]
        assert set(answer) == {f"{name}.canonical", f"{name}.commitments_root"}, set(answer)
        assert len(answer[f"{name}.commitments_root"]) in (32, 64), answer[f"{name}.commitments_root"]
        paths = paths_of(json.loads(answer[f"{name}.canonical"]), part)
        assert paths, f"{part}: nothing came"
        for path in paths:
            assert any(path == grant or path.startswith(grant + ".") for grant in allowed), path


def what_was_withheld_stands_in_no_record_of_the_hub():
    values = re.compile(rb">([^<>\s][^<>]{7,})<|\"([^\"\s][^\"]{7,})\"")
    native = {one or other for part in PROVIDERS for one, other in
              values.findall(HUB.records[f"answer/{part}"][f"answer/{part}.native"])}
    # Offices write GB18030 and their own forms of dates: what is compared is plain digits and letters.
    native = {value for value in native if re.fullmatch(rb"[0-9A-Za-z]{8,}", value)}
    kept = b"\n".join(value for items in PROVIDER.records.values() for value in items.values())
    at_hub = b"\n".join(value for items in HUB.records.values() for value in items.values())
    delivered = HUB.document
    withheld = {value for value in native if value not in delivered and value not in PROVIDER.records["request"]["request.body"]}
    assert all(value in at_hub for value in withheld)
    left = {value for value in withheld if value in kept}
    assert len(withheld) > len(PROVIDERS), f"{len(withheld)} values were withheld: nothing is shown"
    assert not left, f"{len(left)} of {len(withheld)} withheld values reached the hub"


def the_log_and_the_journals_of_both_ends_agree():
    for told in (HUB, PROVIDER):
        assert told.verified.returncode == 0, told.verified.stdout + told.verified.stderr
    for part in PROVIDER.leaf["parts"]:
        assert part["status"] == "answered" and re.fullmatch("[0-9a-f]{64}", part["native_sha256"]), part


if __name__ == "__main__":
    HUB = Told()
    with tempfile.TemporaryDirectory(prefix="tongban-configs-") as temporary:
        PROVIDER = Told(["--configs", configs_with_the_middle_at_the_providers(pathlib.Path(temporary, "configs"))])
    run_tests([the_asker_gets_the_same_document,
               the_hub_gets_granted_fields_and_a_commitment_and_no_native_bytes,
               what_was_withheld_stands_in_no_record_of_the_hub,
               the_log_and_the_journals_of_both_ends_agree])
