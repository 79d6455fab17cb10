"""ci/lib.sh: a failing step is a failure with its log's tail; stamps follow what is in the working tree."""
import subprocess
import unittest

from helpers import CI, TreeTest


class Lib(TreeTest):
    def bash(self, script):
        self.write("bin/script", f"#!/bin/bash\nset -uo pipefail\nsource {CI}/lib.sh\n{script}\n").chmod(0o755)
        return self.run_ci(self.root / "bin/script")

    def git(self, *arguments):
        subprocess.run(["git", "-C", self.root / "repo", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
                       check=True, capture_output=True)

    def test_a_step_keeps_its_output_in_the_log(self):
        run = self.bash("step one 'First step' echo chatter")
        self.assert_run(run, 0, "== First step", "   ok, ")
        self.assertNotIn("chatter", run.stdout)
        self.assertEqual((self.root / "logs/one.log").read_text(), "chatter\n")

    def test_a_failing_step_shows_the_end_of_its_log_and_its_exit_code(self):
        run = self.bash("step two 'Second step' bash -c 'seq 100; exit 7'")
        self.assert_run(run, 7, "FAILED (exit 7)", "   | 100")
        self.assertNotIn("| 50\n", run.stdout)

    def test_a_long_step_is_seen_to_move(self):
        run = self.bash(f"mkfifo {self.root}/go\nexport SHOGO_HEARTBEAT_S=0.01\n"
                        f"step three 'Long step' bash -c 'echo compiling; read -r <{self.root}/go' > {self.root}/seen &\n"
                        f"until grep -q '… compiling' {self.root}/seen 2>/dev/null; do :; done\n"
                        f"echo >{self.root}/go; wait; cat {self.root}/seen")
        self.assert_run(run, 0, "   … compiling", "   ok, ")

    def test_the_state_of_a_tree_follows_every_change_but_not_ignored_files(self):
        self.write("repo/.gitignore", "/build/\n")
        self.write("repo/a", "1")
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "a")

        def state():
            run = self.bash(f"cd {self.root}/repo && tree_state")
            self.assertRegex(run.stdout, r"^[0-9a-f]{40,64}\n$")
            return run.stdout

        clean = state()
        self.assertEqual(clean, state())
        self.write("repo/build/x", "ignored")
        self.assertEqual(clean, state())
        self.write("repo/a", "2")
        changed = state()
        self.assertNotEqual(clean, changed)
        self.write("repo/new", "3")
        self.assertNotEqual(changed, state())
        status = subprocess.run(["git", "-C", self.root / "repo", "status", "--short"], text=True, capture_output=True,
                                check=True).stdout
        self.assertEqual(status, " M a\n?? new\n", "asking for the state must not stage anything")

    def test_a_stamp_is_current_only_for_its_own_state(self):
        self.assert_run(self.bash("stamp_set x one; stamp_current x one"), 0)
        self.assert_run(self.bash("stamp_current x two"), 1)
        self.assert_run(self.bash("stamp_current never one"), 1)

    def test_without_a_state_nothing_is_ever_skipped(self):
        self.assert_run(self.bash("stamp_set x ''; stamp_current x ''"), 1)

    def test_a_small_memory_limits_the_compilers_but_never_to_none(self):
        self.assert_run(self.bash("SHOGO_JOBS=3 jobs_count"), 0, "3")
        self.assertGreaterEqual(int(self.bash("jobs_count").stdout), 1)


if __name__ == "__main__":
    unittest.main()
