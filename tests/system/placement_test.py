#!/usr/bin/python3
"""placement: provider: each provider's own connector converts, checks and minimises its record; the hub gets the granted
fields, what its rules found and commitments to all of it, signed, never the rest; and the asker gets the same document and the
same findings as under placement: hub, in clean worlds and in dirty ones."""
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from harness import ROOT, bin_folder, run_tests
from asker import Asker, leaves, misbehaving
from city import City
from sealed import records_of

SEED = 41
RESOURCE = "housing-fund.loan-eligibility.yaml"
PROVIDERS = {"certificate": "610100.housing-fund", "employment": "610100.social-security", "homes": "640100.real-estate",
             "tax": "640100.tax"}
# By the ledger (C), the survival state (P-09), what the hub alone can compare (C-13), the offices' own persons (P-02, P-05).
FAULTS = ("C-02-gap", "C-03", "C-09", "C-12", "C-13", "C-14", "P-09", "R-18", "P-05", "P-02-other")
COMPARES_PARTS = "C-13"  # judged by the hub at either placement; under provider it has never seen the native bytes


def files_with_the_middle_at_the_providers(root):
    """schemas/, mapping/ and configs/ of a city's own: hub and connectors read the same."""
    for one in ("configs", "schemas", "mapping"):
        shutil.copytree(ROOT / one, root / one)
    folder = root / "configs"
    resource = folder / "resources" / RESOURCE
    text, changed = re.subn(r"(?m)^placement: hub\b", "placement: provider", resource.read_text())
    assert changed == 1, "the resource does not say its placement"
    resource.write_text(text)
    for member in PROVIDERS.values():
        connector = folder / "connectors" / f"{member}.yaml"
        connector.write_text(connector.read_text() + f"engine: {root}\n")
    return root


class Place:
    """A city whose middle runs at one end, with an asker; its offices hold whatever world a test wants."""

    def __init__(self, options=()):
        self.city = City(bin_folder(), seed=SEED, options=options)

    def __enter__(self):
        self.city.__enter__()
        self.asker = Asker(self.city)
        self.fault = []
        return self

    def __exit__(self, *ended):
        self.city.__exit__(*ended)

    def hold(self, fault):
        """The offices' books with this one fault."""
        self.fault = ["--fault", fault] if fault else []
        for member in PROVIDERS.values():
            process = self.city.process(member_process(self.city, member))
            process.setdefault("clean", process["restart"])
            process["restart"] = process["clean"] + self.fault
            self.city.kill(member_process(self.city, member))
            self.city.start(member_process(self.city, member))

    def ask(self):
        return Told(self, self.asker.exchange(self.asker.request(self.asker.body(*self.fault))))


def member_process(city, member):
    """The name of the office's process."""
    (name,) = [name for name in city.names if name.endswith(member) and not name.startswith("connector")]
    return name


class Told:
    """One exchange, and all that its hub keeps of it."""

    def __init__(self, place, outcome):
        city = place.city
        self.state = place.asker.state(outcome)
        self.findings = sorted((finding.code, finding.severity, finding.part, finding.field, finding.shape, finding.path,
                                finding.line, finding.column) for finding in outcome.findings)
        self.document = outcome.document
        self.envelopes = dict(outcome.envelopes)
        (key_file,) = (city.data / "hub").glob("*seal*")
        self.records = records_of(city.data / "hub" / "hub.db", key_file, outcome.exchange_id)
        (self.leaf,) = [leaf for leaf in leaves(city.data) if leaf.get("exchange") == outcome.exchange_id]
        self.exchange = outcome.exchange_id
        self.trace = json.loads(city.tongban("trace", self.exchange, "--data", city.data, "--format", "json").stdout)

    def codes(self):
        return {finding[0] for finding in self.findings}


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
    assert (CLEAN_HUB.state, CLEAN_HUB.findings) == ("delivered", []), (CLEAN_HUB.state, CLEAN_HUB.findings)
    assert (CLEAN.state, CLEAN.findings) == ("delivered", []), (CLEAN.state, CLEAN.findings)
    for told in (CLEAN_HUB, CLEAN):
        assert set(told.envelopes) == set(PROVIDERS)
    assert body_of(CLEAN.document) == body_of(CLEAN_HUB.document)
    assert CLEAN.leaf["delivered"] == CLEAN_HUB.leaf["delivered"]
    assert CLEAN.leaf["document_sha256"] == CLEAN.trace["document"]["sha256"]


def a_dirty_world_is_found_out_at_either_end(fault):
    """The rules of most of these faults need fields that the agreement does not give; the findings are those that the
    generator promises, alike to the last column, and nothing is undecided."""
    def run():
        sheet = json.loads(subprocess.run([str(HUB.city.bin / "tongban-sandbox"), "answer-sheet", "--seed", str(SEED), "--fault",
                                           fault], capture_output=True, check=True, timeout=30).stdout)
        told = []
        for place in (HUB, PROVIDER):
            place.hold(fault)
            told.append(place.ask())
        at_hub, at_provider = told
        assert at_hub.findings, sheet
        if fault == COMPARES_PARTS:
            for one in told:
                one.findings = [finding[:5] for finding in one.findings]  # without the place in those bytes
        assert at_provider.findings == at_hub.findings, (at_provider.findings, at_hub.findings)
        assert at_provider.codes() == {finding["code"] for finding in sheet["expected_findings"]}, (at_provider.findings, sheet)
        assert at_provider.state == at_hub.state == sheet["outcome"], (at_provider.state, at_hub.state, sheet)
        if at_hub.document:
            assert body_of(at_provider.document) == body_of(at_hub.document)
        for part in at_provider.leaf["parts"]:
            assert "judgement_sha256" in part, part
    run.__name__ = f"a_dirty_world_is_found_out_at_either_end({fault})"
    return run


def an_exempt_purchase_is_not_blocked_at_either_end():
    """The exemption's document is withheld from the hub; where it lies it clears the tax."""
    record = json.loads(subprocess.run([str(HUB.city.bin / "tongban-sandbox"), "record", PROVIDERS["tax"], "--seed", str(SEED)],
                                       capture_output=True, check=True, timeout=30).stdout)
    for payment in record["wsxx"]:
        payment["jkzt"], payment["mswsh"] = "2", "MS20260071"
    for place in (HUB, PROVIDER):
        place.hold("")
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as answer:
            json.dump(record, answer, ensure_ascii=False)
            answer.flush()
            with misbehaving(place.city, PROVIDERS["tax"], "none", body_file=answer.name):
                told = place.ask()
        assert (told.state, told.findings) == ("delivered", []), (told.state, told.findings)


def the_hub_gets_granted_fields_and_a_commitment_and_no_native_bytes():
    allowed = granted()
    for part in PROVIDERS:
        name = f"answer/{part}"
        assert set(CLEAN_HUB.records[name]) == {f"{name}.native"}, set(CLEAN_HUB.records[name])
        answer = CLEAN.records[name]
        assert set(answer) == {f"{name}.canonical", f"{name}.commitments_root", f"{name}.judgement"}, set(answer)
        assert len(answer[f"{name}.commitments_root"]) in (32, 64), answer[f"{name}.commitments_root"]
        paths = paths_of(json.loads(answer[f"{name}.canonical"]), part)
        assert paths, f"{part}: nothing came"
        for path in paths:
            assert any(path == grant or path.startswith(grant + ".") for grant in allowed), path


def what_was_withheld_stands_in_no_record_of_the_hub():
    values = re.compile(rb">([^<>\s][^<>]{7,})<|\"([^\"\s][^\"]{7,})\"")
    native = {one or other for part in PROVIDERS for one, other in
              values.findall(CLEAN_HUB.records[f"answer/{part}"][f"answer/{part}.native"])}
    # Offices write GB18030 and their own forms of dates: what is compared is plain digits and letters.
    native = {value for value in native if re.fullmatch(rb"[0-9A-Za-z]{8,}", value)}
    kept = b"\n".join(value for items in CLEAN.records.values() for value in items.values())
    at_hub = b"\n".join(value for items in CLEAN_HUB.records.values() for value in items.values())
    delivered = CLEAN_HUB.document
    withheld = {value for value in native if value not in delivered and value not in CLEAN.records["request"]["request.body"]}
    assert all(value in at_hub for value in withheld)
    left = {value for value in withheld if value in kept}
    assert len(withheld) > len(PROVIDERS), f"{len(withheld)} values were withheld: nothing is shown"
    assert not left, f"{len(left)} of {len(withheld)} withheld values reached the hub"


def the_provider_signed_all_that_was_told_in_its_name():
    """openssl and hashlib, over what `tongban trace` writes and what the hub sealed."""
    with tempfile.TemporaryDirectory(prefix="tongban-envelopes-") as folder:
        PROVIDER.city.tongban("trace", CLEAN.exchange, "--data", PROVIDER.city.data, "--envelopes", folder)
        for part, member in PROVIDERS.items():
            text = pathlib.Path(folder, f"{part}.json")
            signed = json.loads(text.read_text())
            answer = {name.removeprefix(f"answer/{part}."): value for name, value in CLEAN.records[f"answer/{part}"].items()}
            assert signed["v"] == "tongban/envelope/v2"
            assert signed["canonical_sha256"] == hashlib.sha256(answer["canonical"]).hexdigest()
            assert signed["judgement_sha256"] == hashlib.sha256(answer["judgement"]).hexdigest()
            assert signed["commitments_root"] == answer["commitments_root"].decode()
            judged = json.loads(answer["judgement"])
            assert judged["findings"] == [] and judged["judged"], judged
            (leaf,) = [one for one in CLEAN.leaf["parts"] if one["part"] == part]
            for digest in ("canonical_sha256", "commitments_root", "judgement_sha256"):
                assert leaf[digest] == signed[digest], (part, digest)
            certificate = PROVIDER.city.data / "pki" / member / "signing.pem"
            key = pathlib.Path(folder, f"{part}.pub.pem")
            key.write_bytes(subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True,
                                           check=True).stdout)
            subprocess.run(["openssl", "dgst", "-sha256", "-verify", key, "-signature", pathlib.Path(folder, f"{part}.sig"),
                            text], capture_output=True, check=True)


def a_mapping_that_changed_is_used_by_a_connector_once_it_has_read_it():
    """The hub reads a mapping that changed; the connectors follow one after the other."""
    city, asker = PROVIDER.city, PROVIDER.asker
    PROVIDER.hold("")

    def asked():
        outcome = asker.exchange(asker.request(asker.body()))
        return set(outcome.envelopes), {finding.part: finding.shape for finding in outcome.findings if not finding.rule_version}

    def asked_until(parts):  # an office that could not answer is left alone for a while, and probed then
        deadline = time.monotonic() + 30
        while (seen := asked())[0] != parts and time.monotonic() < deadline:
            time.sleep(0.5)
        return seen
    mapping = FILES / "mapping" / "maps" / "640100.tax" / "deed-tax.v1.yaml"
    good = mapping.read_text()
    before = asked_until(set(PROVIDERS))
    assert before[0] == set(PROVIDERS), before
    mapping.write_text(good + "# another word\n")
    assert city.reload()[0] == "reloaded"
    parts, findings = asked()
    assert parts == set(), parts
    assert all("provider.version" in findings[part] for part in PROVIDERS), findings
    mapping.write_text("mapping: [")
    word, said = city.reload("connector 640100.tax")
    assert word == "reload refused" and "deed-tax.v1.yaml" in said, (word, said)
    assert asked()[0] == set()
    mapping.write_text(good + "# another word\n")
    assert {city.reload(f"connector {member}")[0] for member in PROVIDERS.values()} == {"reloaded"}
    assert asked_until(set(PROVIDERS)) == before


def the_log_and_the_journals_of_both_ends_agree():
    for place in (HUB, PROVIDER):
        verified = place.city.tongban("audit", "verify", "--data", place.city.data, "--journals", check=False)
        assert verified.returncode == 0, verified.stdout + verified.stderr
    for part in CLEAN.leaf["parts"]:
        assert part["status"] == "answered" and re.fullmatch("[0-9a-f]{64}", part["native_sha256"]), part
    for part in CLEAN_HUB.leaf["parts"]:
        assert not {"canonical_sha256", "commitments_root", "judgement_sha256"} & set(part), part


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tongban-files-") as temporary:
        FILES = files_with_the_middle_at_the_providers(pathlib.Path(temporary))
        with Place() as HUB, Place(["--root", FILES, "--configs", FILES / "configs"]) as PROVIDER:
            CLEAN_HUB, CLEAN = HUB.ask(), PROVIDER.ask()
            run_tests([the_asker_gets_the_same_document,
                       the_hub_gets_granted_fields_and_a_commitment_and_no_native_bytes,
                       what_was_withheld_stands_in_no_record_of_the_hub,
                       the_provider_signed_all_that_was_told_in_its_name,
                       *map(a_dirty_world_is_found_out_at_either_end, FAULTS),
                       an_exempt_purchase_is_not_blocked_at_either_end,
                       a_mapping_that_changed_is_used_by_a_connector_once_it_has_read_it,
                       the_log_and_the_journals_of_both_ends_agree])
