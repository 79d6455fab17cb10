"""Writes the sample bundle and holds it against the committed schemas; reads the derived pages as XML.

usage: check_bundle.py REPORT_SAMPLE SOURCE_DIR
Every check is also given something wrong, so that a check which accepts anything is noticed.
"""
import copy
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import jsonschema  # Debian and Ubuntu: python3-jsonschema (ci/packages.txt)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def validator(path):
    schema = load(path)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def expect_invalid(check, document, change, what):
    broken = copy.deepcopy(document)
    change(broken)
    assert not check.is_valid(broken), f"the schema accepts {what}"


def check_report(check, report):
    check.validate(report)
    expect_invalid(check, report, lambda r: r["items"].pop(), "68 items")
    expect_invalid(check, report, lambda r: r.pop("catalogue_sha256"), "a report without catalogue_sha256")
    expect_invalid(check, report, lambda r: r["items"][0].update(verdict="GOOD"), "an unknown verdict")
    expect_invalid(check, report, lambda r: r["items"][0]["clauses"][0].update(evidence=["/etc/passwd"]), "evidence elsewhere")
    expect_invalid(check, report, lambda r: r["items"][0]["clauses"][0].pop("simulated"), "a clause without simulated")
    expect_invalid(check, report, lambda r: r["items"][0]["clauses"][0].update(surprise=1), "an unknown key")
    expect_invalid(check, report, lambda r: r.update(seed=-1), "a negative seed")


def check_manifest(check, manifest, bundle):
    check.validate(manifest)
    expect_invalid(check, manifest, lambda m: m["items"].pop(), "68 items")
    expect_invalid(check, manifest, lambda m: m["files"][0].update(sha256="00"), "a short hash")
    expect_invalid(check, manifest, lambda m: m["files"][0].update(path="/etc/passwd"), "an absolute path")
    for file in manifest["files"]:
        content = (bundle / file["path"]).read_bytes()
        assert len(content) == file["size"], file
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file
    paths = [file["path"] for file in manifest["files"]]
    assert paths == sorted(paths) and "report.json" in paths


def check_kill_matrix(check):
    matrix = {
        "schema": "urn:shogo:kill-matrix:1",
        "build_id": "0123456789ab",
        "mutants": [{"id": "m.ui.key_9_8mm", "clauses": ["3-10.i"], "killed": True, "killed_by": ["3-10.i"],
                     "also_killed_by": [], "others_asked": False},
                    {"id": "m.pin.double_verify", "clauses": ["3-11.d"], "killed": False, "killed_by": [],
                     "also_killed_by": ["3-11.a"], "others_asked": True}],
        "survivors": ["m.pin.double_verify"],
        "undecidable": ["2-1.a"],
        "baseline_failures": [],
    }
    check.validate(matrix)
    for key in ("mutants", "survivors", "build_id"):
        expect_invalid(check, matrix, lambda m, k=key: m.pop(k), f"a kill matrix without {key}")
    expect_invalid(check, matrix, lambda m: m["mutants"][0].update(killed="yes"), "killed that is no boolean")
    expect_invalid(check, matrix, lambda m: m["mutants"][0].update(clauses=[]), "a mutant of no clause")


def check_html(path, bundle):
    # The page is written as well-formed XML so that any tool can read it.
    text = path.read_text(encoding="utf-8").replace("<!DOCTYPE html>", "", 1)
    root = ElementTree.fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), "ids are unique"
    assert len(ids) >= 69 + 184
    links = 0
    for element in root.iter():
        for name in ("href", "src"):
            target = element.get(name)
            if target is None:
                continue
            links += 1
            if target.startswith("#"):
                assert target[1:] in ids, f"{path.name}: {target} leads nowhere"
            else:
                assert (bundle / target).is_file(), f"{path.name}: {target} leads nowhere"
    assert links > 69


def check_junit(path, report):
    root = ElementTree.parse(path).getroot()
    cases = list(root.iter("testcase"))
    assert len(cases) == 184
    plain = {case.get("name").split(" ")[0] for case in cases if len(case) == 0}
    passed = {clause["id"] for item in report["items"] for clause in item["clauses"] if clause["verdict"] in ("PASS", "MET")}
    assert plain == passed, plain ^ passed


def check_catalogue(source):
    check = validator(source / "conformance/catalogue/schema/item.schema.json")
    files = list((source / "conformance/catalogue/items").glob("*.json"))
    assert len(files) == 69
    for file in files:
        check.validate(load(file))
    expect_invalid(check, load(files[0]), lambda i: i["clauses"][0]["text"].pop("ja"), "an item without Japanese")
    validator(source / "conformance/catalogue/schema/source.schema.json").validate(load(source / "conformance/catalogue/source.json"))


def main():
    sample, source = sys.argv[1], pathlib.Path(sys.argv[2])
    schemas = source / "docs/schemas"
    check_catalogue(source)
    check_kill_matrix(validator(schemas / "kill-matrix.schema.json"))
    with tempfile.TemporaryDirectory(prefix="shogo-sample-") as folder:
        bundle = pathlib.Path(folder) / "bundle"
        subprocess.run([sample, str(bundle)], check=True)
        report = load(bundle / "report.json")
        check_report(validator(schemas / "report.schema.json"), report)
        check_manifest(validator(schemas / "manifest.schema.json"), load(bundle / "manifest.json"), bundle)
        for language in ("ja", "en"):
            check_html(bundle / f"report.{language}.html", bundle)
        check_junit(bundle / "junit.xml", report)
    print("the sample bundle keeps its schemas")


main()
