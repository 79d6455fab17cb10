"""ci/test, ci/build and ci/conform on a copy of ci/ with stand-ins for cmake, ctest and shogo: nothing that fails
inside may look green outside."""
import shutil
import subprocess
import unittest

from helpers import CI, TreeTest

GREEN = 'echo "100% tests passed, 0 tests failed out of 12"\n'


class Tiers(TreeTest):
    def setUp(self):
        super().setUp()
        (self.root / "ci").mkdir()
        for name in ("lib.sh", "test", "build", "conform"):
            shutil.copy(CI / name, self.root / "ci" / name)
        for name in ("setup", "check-format", "check-includes", "check-tree"):
            self.stub(name, "exit 0\n")
        self.program("ninja", "exit 0\n")
        self.program("cmake", 'case $1 in\n'
                     '  --list-presets=*) printf \'  "release" - a\\n  "asan" - b\\n\' ;;\n'
                     '  --preset) mkdir -p build/$2; : >build/$2/build.ninja ;;\n'
                     f'  --build) echo "built $*" >>{self.root}/built ;;\n'
                     'esac\n')
        self.program("ctest", GREEN)

    def stub(self, name, script):
        self.write(f"ci/{name}", "#!/bin/bash\n" + script).chmod(0o755)

    def shogo(self, script):
        self.write("build/release/build.ninja")
        self.write("build/release/bin/shogo", f'#!/bin/bash\necho "$*" >>{self.root}/calls\n' + script).chmod(0o755)

    def run_copy(self, script, *arguments):
        return self.run_ci(self.root / "ci" / script, *arguments)

    def last_line(self, run):
        return run.stdout.rstrip("\n").split("\n")[-1]

    def test_all_green_is_counted_and_exits_0(self):
        run = self.run_copy("test")
        self.assert_run(run, 0)
        self.assertEqual(self.last_line(run), "27 passed, 0 failed")  # 3 checks and twice 12 tests

    def in_git(self):
        """Only a git clone has a state that can be the same again."""
        self.write(".gitignore", "/build\n/out\n/logs\n/stamps\n/calls\n/built\n")
        subprocess.run(["git", "init", "-q", self.root], check=True)

    def test_what_passed_for_this_tree_is_not_run_again_until_told_to_or_changed(self):
        self.in_git()
        self.program("ctest", f"echo run >>{self.root}/calls\n" + GREEN)
        for arguments, runs in (((), 2), ((), 2), (("--again",), 4)):
            run = self.run_copy("test", *arguments)
            self.assert_run(run, 0)
            self.assertEqual(self.last_line(run), "27 passed, 0 failed")
            self.assertEqual(len((self.root / "calls").read_text().splitlines()), runs)
        self.write("base/changed.cpp")
        self.run_copy("test")
        self.assertEqual(len((self.root / "calls").read_text().splitlines()), 6)

    def test_what_failed_is_run_again(self):
        self.in_git()
        self.program("ctest", 'echo "92% tests passed, 1 tests failed out of 12"\nexit 8\n')
        for _ in range(2):
            self.assert_run(self.run_copy("test"), 1)

    def test_one_failing_test_makes_it_red(self):
        self.program("ctest", 'echo " 6/12 Test  #6: fine ... Passed"\necho "chatter"\n'
                              'echo " 7/12 Test  #7: given_a_then_b ...***Failed"\necho "Expected 4.5, came 4.4"\n'
                              'echo "92% tests passed, 1 tests failed out of 12"\necho "The following tests FAILED:"\n'
                              'echo "  7 - given_a_then_b (Failed)"\nexit 8\n')
        run = self.run_copy("test")
        self.assert_run(run, 1, "   | Expected 4.5, came 4.4", "   |   7 - given_a_then_b")
        self.assertNotIn("chatter", run.stdout)
        self.assertEqual(self.last_line(run), "25 passed, 2 failed")

    def test_a_run_without_any_test_is_red(self):
        self.program("ctest", 'echo "No tests were found!!!"\nexit 8\n')
        self.assertEqual(self.last_line(self.run_copy("test")), "3 passed, 2 failed")

    def test_a_runner_that_says_nothing_and_exits_0_is_red(self):
        self.program("ctest", "exit 0\n")
        self.assert_run(self.run_copy("test"), 1)

    def test_a_runner_that_says_green_but_exits_1_is_red(self):
        self.program("ctest", GREEN + "exit 1\n")
        self.assert_run(self.run_copy("test"), 1)

    def test_a_failing_check_is_red_even_when_all_tests_pass(self):
        self.stub("check-tree", "echo out of order; exit 1\n")
        run = self.run_copy("test")
        self.assert_run(run, 1, "   | out of order")
        self.assertEqual(self.last_line(run), "26 passed, 1 failed")

    def test_a_build_that_fails_is_red_and_shows_why(self):
        self.program("cmake", 'case $1 in --list-presets=*) printf \'  "release" - a\\n  "asan" - b\\n\' ;;\n'
                              '--build) echo "error: no such type"; exit 1 ;; esac\n')
        run = self.run_copy("test")
        self.assert_run(run, 1, "   | error: no such type")
        self.assertEqual(self.last_line(run), "3 passed, 2 failed")

    def test_an_unknown_preset_is_wrong_usage_and_names_the_known_ones(self):
        self.assert_run(self.run_copy("build", "relaese"), 2, "no preset 'relaese' (there are: release asan)")

    def test_a_build_folder_of_another_place_is_refused(self):
        self.write("build/release/CMakeCache.txt", "CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere\n")
        self.assert_run(self.run_copy("build", "release"), 2, "was configured in /elsewhere")

    def test_conform_proves_then_runs_with_the_defaults_and_passes_the_exit_code_on(self):
        self.shogo(f"case $1 in run) mkdir -p {self.root}/out/conform; echo '{{}}' >{self.root}/out/conform/report.json;"
                   " exit ${VERDICT:-1} ;; esac\n")
        self.assert_run(self.run_copy("conform"), 1, "== Report: ")
        calls = (self.root / "calls").read_text().splitlines()
        self.assertTrue(calls[0].startswith("prove --if-stale"), calls)
        self.assertEqual(calls[1], "run --dut reference --profile quick --seed 1 --out out/conform")

    def test_conform_judges_the_evidence_again_when_nothing_changed(self):
        self.in_git()
        self.shogo(f"[[ $1 == run ]] && {{ mkdir -p {self.root}/out/conform; echo $RANDOM >{self.root}/out/conform/report.json; }}\n"
                   f"[[ $1 == rejudge && -f {self.root}/stamps/tampered ]] && exit 2\nexit 0\n")
        def calls(*arguments):
            (self.root / "calls").write_text("")
            self.assert_run(self.run_copy("conform", *arguments), 0, "== Report: ")
            return [line.split()[0] for line in (self.root / "calls").read_text().splitlines()]

        self.assertEqual(calls(), ["prove", "run"])
        self.assertEqual(calls(), ["prove", "rejudge", "report"])
        self.assertEqual(calls("--again"), ["prove", "run"])
        self.assertEqual(calls("--seed", "2"), ["prove", "run"])
        self.assertEqual(calls("--seed", "2"), ["prove", "rejudge", "report"])
        self.write("stamps/tampered")
        self.assertEqual(calls("--seed", "2"), ["prove", "rejudge", "run"])

    def test_conform_lets_given_options_win(self):
        self.shogo("exit 0\n")
        self.run_copy("conform", "--seed", "7", "--clause=1-8.b")
        calls = (self.root / "calls").read_text().splitlines()
        self.assertEqual(calls[1], "run --dut reference --profile quick --out out/conform --seed 7 --clause=1-8.b")

    def test_conform_without_a_report_is_never_green(self):
        self.shogo("exit 0\n")
        self.assert_run(self.run_copy("conform"), 2, "This run wrote no report")

    def test_conform_does_not_judge_when_the_checks_could_not_be_proven(self):
        self.shogo("[[ $1 == prove ]] && exit 2\nexit 0\n")
        self.assert_run(self.run_copy("conform"), 2)
        self.assertNotIn("run ", (self.root / "calls").read_text())

    def test_conform_judges_on_when_a_mutant_survived_and_shows_it(self):
        self.shogo("[[ $1 == prove ]] && { echo m.x.y survives; exit 1; }\nexit 0\n")
        self.assertIn("   | m.x.y survives", self.run_copy("conform").stdout)
        self.assertIn("run ", (self.root / "calls").read_text())

    def test_an_old_report_is_not_shown_as_todays(self):
        self.write("out/conform/report.json", "{}")
        self.shogo("[[ $1 == run ]] && exit 2\nexit 0\n")
        run = self.run_copy("conform")
        self.assert_run(run, 2, "This run wrote no report")
        self.assertNotIn("== Report:", run.stdout)


if __name__ == "__main__":
    unittest.main()
