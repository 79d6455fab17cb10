"""ci/setup with stand-ins for dpkg and apt-get: what it asks for, and how it ends when things are not as hoped."""
import os
import unittest

from helpers import TreeTest

PACKAGES = """\
# a comment
[fast]
one-dev   one1.83-dev   why
two       -             why
[all]
three     three         why
"""


class Setup(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("packages.txt", PACKAGES)
        self.write("debian", "ID=debian\nVERSION_ID=\"12\"\n")
        self.write("ubuntu", "ID=ubuntu\nVERSION_ID=\"24.04\"\n")
        self.write("installed", "")
        # dpkg-query answers from a file; apt-get install writes its names there.
        self.program("dpkg-query", f'for p; do grep -qx "$p" {self.root}/installed && echo "installed $p"; done; exit 1\n')
        self.program("apt-get", f'echo "$*" >>{self.root}/asked\n'
                     f'[[ " $* " == *" install "* ]] && printf "%s\\n" "$@" | grep -v "^-" >>{self.root}/installed\nexit 0\n')
        self.write("requirements.txt", "# nothing\n")
        # A Python whose venv module makes a folder with itself in it, and whose pip writes down what it was asked.
        self.program("python", f'if [[ "$2" == venv ]]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi\n'
                     f'echo "$*" >>{self.root}/pip; exit 0\n')
        self.program("sudo", '[[ $1 == -v ]] && exit 0\nexec "$@"\n')

    def setup_run(self, *arguments, system="debian"):
        return self.run_ci("setup", *arguments, env={"SHOGO_OS_RELEASE": str(self.root / system),
                                                     "SHOGO_PACKAGES": str(self.root / "packages.txt"),
                                                     "SHOGO_REQUIREMENTS": str(self.root / "requirements.txt"),
                                                     "SHOGO_VENV": str(self.root / "venv"),
                                                     "SHOGO_PYTHON": str(self.root / "bin/python")})

    def asked(self):
        path = self.root / "asked"
        return path.read_text() if path.exists() else ""

    def test_check_names_what_is_missing_and_installs_nothing(self):
        self.write("installed", "two\n")
        self.assert_run(self.setup_run("--check"), 1, "1 of 2 packages are missing", "  one-dev")
        self.assertEqual(self.asked(), "")

    def test_check_is_content_when_all_is_there(self):
        self.write("installed", "one-dev\ntwo\n")
        self.assert_run(self.setup_run("--check"), 0, "all 2 packages are installed")

    def test_setup_installs_only_what_is_missing_without_recommended_packages(self):
        self.write("installed", "two\n")
        self.assert_run(self.setup_run(), 0, "all 2 packages are installed")
        install = [line for line in self.asked().splitlines() if " install " in line]
        self.assertEqual(len(install), 1)
        self.assertIn("--no-install-recommends one-dev", install[0])
        self.assertNotIn("two", install[0])

    def test_a_second_setup_asks_apt_for_nothing(self):
        self.assert_run(self.setup_run(), 0)
        (self.root / "asked").unlink()
        self.assert_run(self.setup_run(), 0)
        self.assertEqual(self.asked(), "")

    def test_all_adds_the_second_tier(self):
        self.assert_run(self.setup_run("--all", "--list"), 0, "three")
        self.assertNotIn("three", self.setup_run("--list").stdout)

    def test_ubuntu_gets_its_own_names(self):
        self.assertEqual(self.setup_run("--list", system="ubuntu").stdout.split(), ["one1.83-dev"])

    def test_another_system_gets_the_list_and_exit_2(self):
        self.write("arch", "ID=arch\n")
        self.assert_run(self.setup_run(system="arch"), 2, "this is: arch", "  one-dev")
        self.write("debian13", "ID=debian\nVERSION_ID=13\n")
        self.assert_run(self.setup_run("--check", system="debian13"), 2, "this is: debian 13")
        self.assertEqual(self.asked(), "")

    def test_apt_that_fails_is_a_failure(self):
        self.program("apt-get", 'echo "E: no such package"; exit 100\n')
        self.assert_run(self.setup_run(), 1, "E: no such package")

    def test_apt_that_claims_success_is_not_believed(self):
        self.program("apt-get", "exit 0\n")
        self.assert_run(self.setup_run(), 1, "still missing: one-dev two")

    def test_a_broken_list_is_wrong_usage(self):
        self.write("packages.txt", "[fast]\none-dev\n")
        self.assert_run(self.setup_run(), 2, "expected [fast] or [all] sections")

    def pip_calls(self):
        path = self.root / "pip"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def test_python_packages_are_installed_once_for_each_list(self):
        self.write("installed", "one-dev\ntwo\n")
        self.write("requirements.txt", "numpy==1\n")
        self.assert_run(self.setup_run("--check"), 1, "are not in")
        self.assertEqual(self.pip_calls(), 0)
        for calls, content in ((1, "numpy==1\n"), (1, "numpy==1\n"), (2, "numpy==2\n")):
            self.write("requirements.txt", content)
            self.assert_run(self.setup_run(), 0, "all 2 packages are installed")
            self.assertEqual(self.pip_calls(), calls)
        self.assert_run(self.setup_run("--check"), 0)

    def test_pip_that_fails_is_a_failure_and_is_asked_again(self):
        self.write("installed", "one-dev\ntwo\n")
        self.write("requirements.txt", "numpy==1\n")
        self.program("python", 'if [[ "$2" == venv ]]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi\n'
                     'echo "no such version"; exit 1\n')
        for _ in range(2):
            self.assert_run(self.setup_run(), 1, "no such version")

    @unittest.skipIf(os.geteuid() != 0, "runs as root only")
    def test_root_does_not_need_sudo(self):
        self.program("sudo", "echo sudo was called; exit 1\n")
        self.assert_run(self.setup_run(), 0)


if __name__ == "__main__":
    unittest.main()
