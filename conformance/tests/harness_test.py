"""The harness proves itself: devices that are silent, that say yes or no to everything, that break the protocol or
leave, judged by the real `shogo`. None of them may get a PASS or MET that it does not deserve, each trouble is one
clear line, and exit codes are those of `shogo run --help`.

usage: harness_test.py SHOGO SOURCE_DIR [unittest arguments]
"""
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import jsonschema  # Debian and Ubuntu: python3-jsonschema (ci/packages.txt)

HERE = pathlib.Path(__file__).parent
SHOGO = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "shogo")
SOURCE = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else HERE.parent.parent)
GOOD = {"PASS", "MET"}


class Device:
    """A foreign device as a process; its address is its first line."""

    def __init__(self, mode, *options):
        self.process = subprocess.Popen(
            [sys.executable, "-B", HERE / "foreign_adapter.py", mode, *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("ws://"), f"{mode} did not start"

    def __enter__(self):
        return self.address

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Outcome:
    def __init__(self, done, folder):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.folder = folder
        path = folder / "report.json"
        self.report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        self.clauses = {}
        for item in self.report["items"] if self.report else []:
            self.clauses.update({clause["id"]: clause for clause in item["clauses"]})

    def complaints(self):
        return [line for line in self.err.splitlines() if line.startswith("shogo ")]


def shogo(*arguments, timeout=200):
    return subprocess.run([SHOGO, *arguments], capture_output=True, text=True, timeout=timeout, check=False)


class HarnessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.build_id = re.search(r"build (\w+)", shogo("--version").stdout)[1]
        items = json.loads(shogo("list", "--json").stdout)["items"]
        cls.mutants_of = {clause["id"]: clause["mutants"] for item in items for clause in item["clauses"]}

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shogo-harness-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def full_proof(self):
        """A matrix in which every mutant was caught, so that nothing here is held back by CHECK_UNPROVEN alone."""
        clauses_of = {}
        for clause, mutants in self.mutants_of.items():
            for mutant in mutants:
                clauses_of.setdefault(mutant, []).append(clause)
        matrix = {
            "schema": "urn:shogo:kill-matrix:1",
            "build_id": self.build_id,
            "mutants": [
                {"id": mutant, "clauses": clauses, "killed": True, "killed_by": clauses, "also_killed_by": [],
                 "others_asked": False}
                for mutant, clauses in sorted(clauses_of.items())
            ],
            "survivors": [],
            "undecidable": [],
            "baseline_failures": [],
        }
        path = self.folder / "kill-matrix.json"
        path.write_text(json.dumps(matrix), encoding="utf-8")
        return str(path)

    def judge(self, mode, *arguments, device=(), timeout=200):
        with Device(mode, *device) as address:
            out = self.folder / "out"
            proof = ("--proof", self.full_proof())
            done = shogo("run", "--dut", address, "--out", str(out), "--lang", "en", *proof, *arguments, timeout=timeout)
        return Outcome(done, out)

    def assert_nothing_good(self, outcome, but=()):
        good = {clause["id"] for clause in outcome.clauses.values() if clause["verdict"] in GOOD}
        self.assertEqual(good, set(but), outcome.err)
        for item in outcome.report["items"]:
            self.assertNotIn(item["verdict"], GOOD, item["id"])

    def assert_refused(self, done, *words):
        """Exit 2 and one clear line."""
        self.assertEqual(done.returncode, 2, done.stderr)
        complaints = [line for line in done.stderr.splitlines() if line.startswith("shogo")]
        self.assertEqual(len(complaints), 1, done.stderr)
        for word in words:
            self.assertIn(word, complaints[0])


class DevicesThatDoNotAnswer(HarnessTest):
    def test_a_silent_device_cannot_be_judged(self):
        outcome = self.judge("silent")
        self.assertEqual(outcome.code, 2)
        self.assertIsNone(outcome.report)
        self.assertEqual(len(outcome.complaints()), 1, outcome.err)
        self.assertIn("hello: the device does not answer", outcome.complaints()[0])

    def test_a_device_that_says_no_to_hello_cannot_be_judged(self):
        outcome = self.judge("always_no")
        self.assertEqual(outcome.code, 2)
        self.assertIsNone(outcome.report)
        self.assertIn("UNIMPLEMENTED", outcome.complaints()[0])

    def test_a_device_that_says_no_to_everything_after_hello_is_undecided(self):
        outcome = self.judge("no_after", "--strict")
        self.assertEqual(outcome.code, 3, outcome.err)
        self.assert_nothing_good(outcome)
        self.assertEqual(outcome.report["summary"]["clauses"].get("FAIL", 0), 0)
        self.assertEqual(outcome.clauses["3-11.a"]["reason"], "NO_CHANNEL")

    def test_a_device_that_answers_only_hello_is_given_up_and_undecided(self):
        outcome = self.judge("hello_only")
        self.assertEqual(outcome.code, 2)
        self.assert_nothing_good(outcome)
        self.assertIn("does not answer any more", outcome.complaints()[-1])
        self.assertEqual(outcome.clauses["3-14.a"]["verdict"], "NOT_RUN")

    def test_ctrl_c_ends_everything_and_leaves_no_report(self):
        with Device("hello_only") as address:
            out = self.folder / "out"
            process = subprocess.Popen(
                [SHOGO, "run", "--dut", address, "--out", out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            self.addCleanup(process.stdout.close)
            self.addCleanup(process.stderr.close)
            while "Judging" not in process.stderr.readline():
                self.assertIsNone(process.poll())
            process.send_signal(signal.SIGINT)
            rest = process.stderr.read()
            self.assertEqual(process.wait(60), 2)
        self.assertIn("stopped; no report was written", rest)
        self.assertEqual(list(self.folder.iterdir()), [])


class DevicesThatLie(HarnessTest):
    # One clause of each kind of check; LiesToEveryCheck asks all of them, which takes every wait to its end.
    KINDS = ("--clause", "1-8.b,3-10.f,3-10.h,3-10.i,3-11.d,3-12,3-14.a,3-17.b")

    def test_a_device_that_says_yes_to_everything_gets_nothing_for_it(self):
        self.assert_nothing_gained(self.judge("always_yes", *self.KINDS))

    def assert_nothing_gained(self, outcome):
        self.assertIn(outcome.code, (0, 1), outcome.err)
        self.assert_nothing_good(outcome)
        # It offered every channel, so this was decided by looking, not by a missing capability.
        played = [c for c in outcome.clauses.values() if c["evidence"] and c["reason"] != "NO_CHANNEL"]
        self.assertGreaterEqual(len(played), 6)


class LiesToEveryCheck(DevicesThatLie):
    def test_a_device_that_says_yes_to_everything_gets_nothing_for_it(self):
        self.assert_nothing_gained(self.judge("always_yes", timeout=1500))


class DevicesThatBreakTheProtocol(HarnessTest):
    # Measured from frames alone, so a plausible keypad would pass these.
    MEASURED = ("--clause", "3-10.h,3-10.i")

    def test_nonsense_is_told_and_never_passes(self):
        outcome = self.judge("garbage", *self.MEASURED)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assert_nothing_good(outcome)
        self.assertEqual(outcome.clauses["3-10.i"]["reason"], "CONTROL_FAILED")
        self.assertIn("broke the protocol", json.dumps(outcome.clauses["3-10.i"], ensure_ascii=False))
        events = (outcome.folder / "evidence/keypad_geometry/events.jsonl").read_text(encoding="utf-8")
        self.assertIn('\\"lunch\\" is not in the list of states', events)
        self.assertIn("request 4711, which nobody asked", events)

    def test_lost_notifications_never_pass(self):
        outcome = self.judge("bad_seq", *self.MEASURED)
        self.assert_nothing_good(outcome)
        self.assertIn("seq", json.dumps(outcome.clauses["3-10.h"]))

    def assert_left(self, mode, *words):
        outcome = self.judge(mode, *self.MEASURED)
        self.assertEqual(outcome.code, 2, outcome.err)
        self.assert_nothing_good(outcome)
        self.assertEqual(outcome.clauses["3-10.i"]["verdict"], "NOT_RUN")
        self.assertEqual(len(outcome.complaints()), 1, outcome.err)
        for word in words:
            self.assertIn(word, outcome.complaints()[0])

    def test_a_text_that_is_no_text_ends_the_run_with_a_clear_line(self):
        self.assert_left("not_utf8", "not UTF-8")

    def test_a_message_of_80_MB_ends_the_run_with_a_clear_line(self):
        self.assert_left("huge", "larger than 64 MiB")

    def test_a_device_that_leaves_in_the_middle_ends_the_run_with_a_clear_line(self):
        self.assert_left("leaves", "closed the connection")


class PlausibleDevices(HarnessTest):
    def test_a_keypad_that_is_large_enough_passes_its_clauses_and_no_others(self):
        outcome = self.judge("keypad")
        self.assertEqual(outcome.code, 0, outcome.err)
        # 3-10.i also needs a person's scale, so even the right size only waits for one.
        self.assert_nothing_good(outcome, but={"3-10.h"})
        self.assertEqual(outcome.clauses["3-10.i"]["verdict"], "MANUAL_PENDING")
        self.assertEqual(set(outcome.clauses["3-10.i"]["mutants_killed"]), set(self.mutants_of["3-10.i"]))
        self.assertEqual(outcome.clauses["3-12"]["reason"], "NO_CHANNEL")
        schema = json.loads((SOURCE / "docs/schemas/report.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(outcome.report)
        self.judge_again(outcome.folder)

    def judge_again(self, folder):
        again = shogo("rejudge", str(folder))
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        for victim in ("evidence/keypad_geometry/events.jsonl", "evidence/keypad_geometry/pin_page-0001.png", "report.json"):
            path = folder / victim
            before = path.read_bytes()
            middle = len(before) // 2
            path.write_bytes(before[:middle] + bytes([before[middle] ^ 1]) + before[middle + 1 :])
            self.assert_refused(shogo("rejudge", str(folder)), victim.rsplit("/", 1)[-1])
            self.assert_refused(shogo("report", str(folder)))
            path.write_bytes(before)
        pages = {name: (folder / name).read_bytes() for name in ("report.en.html", "report.ja.html", "junit.xml")}
        for name in pages:
            (folder / name).unlink()
        self.assertEqual(shogo("report", str(folder)).returncode, 0)
        self.assertEqual(pages, {name: (folder / name).read_bytes() for name in pages})

    def test_a_keypad_that_is_too_small_fails(self):
        outcome = self.judge("keypad", "--clause", "3-10.h,3-10.i", device=("--key-mm", "9.7"))
        self.assertEqual(outcome.code, 1, outcome.err)
        self.assertEqual(outcome.clauses["3-10.i"]["verdict"], "FAIL")
        self.assertEqual(outcome.clauses["3-10.h"]["verdict"], "PASS")

    def test_the_same_keypad_passes_nothing_without_proof(self):
        with Device("keypad") as address:
            nothing = self.folder / "nothing.json"
            nothing.write_text(
                '{"schema":"urn:shogo:kill-matrix:1","build_id":"another","mutants":[],"survivors":[],'
                '"undecidable":[],"baseline_failures":[]}'
            )
            out = self.folder / "out"
            done = shogo("run", "--dut", address, "--out", out, "--proof", nothing, "--clause", "3-10.i")
        outcome = Outcome(done, out)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assert_nothing_good(outcome)
        self.assertEqual(outcome.clauses["3-10.i"]["reason"], "CHECK_UNPROVEN")
        self.assertIn("proof of another build", outcome.err)

    def test_the_same_seed_leaves_the_same_evidence(self):
        def evidence():
            outcome = self.judge("keypad", "--clause", "3-10.i,3-11.d", "--seed", "5")
            files = {
                str(path.relative_to(outcome.folder)): path.read_bytes()
                for path in (outcome.folder / "evidence").rglob("*")
                if path.is_file() and path.name != "times.jsonl"
            }
            return files, outcome.report["items"]

        self.assertEqual(evidence(), evidence())

    def test_a_device_without_capabilities_is_undecided_with_a_way_out(self):
        outcome = self.judge("no_caps")
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assert_nothing_good(outcome)
        self.assertEqual(outcome.clauses["3-10.i"]["reason"], "NO_CHANNEL")
        self.assertIn("Shortest way", json.dumps(outcome.clauses["3-10.i"]))


class AdapterCheck(HarnessTest):
    def check(self, mode):
        with Device(mode) as address:
            return shogo("adapter", "check", address)

    def test_a_right_adapter_is_right(self):
        for mode in ("keypad", "no_caps"):
            done = self.check(mode)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertNotIn("WRONG", done.stdout)

    def test_what_is_wrong_is_named(self):
        expected = {
            "silent": "hello",
            "always_no": "hello",
            "hello_only": "ping",
            "always_yes": "no_such_message",
            "garbage": "which nobody asked",
            "bad_seq": "seq",
            "not_utf8": "not UTF-8",
            "leaves": "closed the connection",
        }
        for mode, word in expected.items():
            with self.subTest(mode):
                done = self.check(mode)
                self.assertEqual(done.returncode, 1, done.stdout)
                wrong = done.stdout[done.stdout.index("WRONG") :]
                self.assertIn(word, wrong)
                self.assertIn("expected", wrong)

    def test_nobody_there(self):
        self.assert_refused(shogo("adapter", "check", "ws://127.0.0.1:1"), "cannot reach ws://127.0.0.1:1")


class ReferenceReader(HarnessTest):
    """The whole bench: real pcscd, three processes, frames. Everything but measurements is equal for the same seed."""

    def evidence(self, name):
        out = self.folder / name
        done = shogo("run", "--dut", "reference", "--clause", "3-10.i,3-11.d", "--seed", "5", "--out", str(out))
        self.assertEqual(done.returncode, 0, done.stderr)
        paths = (path for path in (out / "evidence").rglob("*") if path.is_file() and path.name != "times.jsonl")
        return {str(path.relative_to(out)): path.read_bytes() for path in paths}

    def test_the_same_seed_leaves_the_same_evidence(self):
        one, two = self.evidence("one"), self.evidence("two")
        self.assertEqual(sorted(one), sorted(two))
        self.assertEqual([path for path in one if one[path] != two[path]], [])
        self.assertTrue(any(path.endswith(".png") for path in one))


class CommandLine(HarnessTest):
    def test_wrong_usage_is_one_line_with_a_hint(self):
        out = ("--out", str(self.folder / "out"))
        self.assert_refused(shogo("run", "--sed", "1"), "--sed", "did you mean --seed?")
        self.assert_refused(shogo("run", "--seed"), "--seed needs a value")
        self.assert_refused(shogo("run", *out), "--dut is missing")
        self.assert_refused(shogo("run", "--dut", "reference"), "--out is missing")
        self.assert_refused(shogo("run", "--dut", "refrence", *out), "refrence")
        self.assert_refused(shogo("run", "--dut", "ws://h", *out), "ws://HOST:PORT")
        self.assert_refused(shogo("run", "--dut", "reference", "--profile", "slow", *out), "--profile")
        self.assert_refused(shogo("run", "--dut", "reference", "--seed", "-1", *out), "--seed")
        self.assert_refused(shogo("run", "--dut", "reference", "--clause", "9-1", *out), "9-1")
        self.assert_refused(shogo("lst"), "did you mean \"list\"?")
        self.assert_refused(shogo("rejudge"), "something is missing")
        self.assert_refused(shogo("list", "extra"), "extra")
        self.assertEqual(shogo().returncode, 2)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_help_of_every_command_has_examples_and_exit_codes(self):
        self.assertEqual(shogo("--help").returncode, 0)
        for command in ("list", "run", "report", "rejudge", "prove", "adapter check", "card serve", "measure scores",
                        "measure det", "measure compare", "measure pad", "measure plan"):
            done = shogo(*command.split(), "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("Examples\n  shogo " + command, done.stdout)
            self.assertIn("Exit codes", done.stdout)

    def test_what_is_wrong_here_is_told_before_any_device_is_asked(self):
        occupied = self.folder / "file"
        occupied.write_text("not a folder")
        photos = self.folder / "photos"
        photos.mkdir()
        (photos / "holiday.jpg").write_text("dear to somebody")
        unreachable = ("--dut", "ws://127.0.0.1:1")
        self.assert_refused(shogo("run", *unreachable, "--out", "/proc/out"), "/proc/out")
        self.assert_refused(shogo("run", *unreachable, "--out", str(occupied)), "not a folder")
        self.assert_refused(shogo("run", *unreachable, "--out", str(photos)), "not a shogo report")
        self.assert_refused(shogo("run", *unreachable, "--out", "x", "--catalogue", "/nowhere"), "/nowhere")
        self.assert_refused(shogo("run", *unreachable, "--out", str(self.folder / "o"), "--proof", "/nowhere"), "/nowhere")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["file", "photos"])

    def test_an_unreachable_device_is_one_line(self):
        done = shogo("run", "--dut", "ws://127.0.0.1:1", "--out", str(self.folder / "out"))
        self.assert_refused(done, "cannot reach ws://127.0.0.1:1")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_broken_catalogue_names_its_file(self):
        catalogue = self.folder / "catalogue"
        (catalogue / "items").mkdir(parents=True)
        built_in = SOURCE / "conformance/catalogue"
        (catalogue / "source.json").write_bytes((built_in / "source.json").read_bytes())
        for path in (built_in / "items").iterdir():
            (catalogue / "items" / path.name).write_bytes(path.read_bytes())
        self.assertEqual(shogo("list", "--catalogue", str(catalogue)).returncode, 0)
        item = catalogue / "items/3-11.json"
        item.write_bytes(item.read_bytes().replace(b'"level"', b'"leval"', 1))
        self.assert_refused(shogo("list", "--catalogue", str(catalogue)), "3-11.json")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
