"""What the tests of the checks share: a small tree in a temporary folder, and running one script of ci/ on it."""
import os
import pathlib
import subprocess
import tempfile
import unittest

CI = pathlib.Path(__file__).resolve().parent.parent


class TreeTest(unittest.TestCase):
    """Gives each test an empty folder, self.root, without git."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, name, content=""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def program(self, name, script):
        """A stand-in for a program of the system, found first when self.root/bin leads PATH."""
        self.write(f"bin/{name}", "#!/bin/bash\n" + script).chmod(0o755)

    def run_ci(self, script, *arguments, env=None, cwd="/"):
        environment = {**os.environ, "PATH": f"{self.root}/bin:{os.environ['PATH']}",
                       "SHOGO_LOGS": f"{self.root}/logs", "SHOGO_STAMPS": f"{self.root}/stamps", **(env or {})}
        return subprocess.run([str(CI / script), *map(str, arguments)], env=environment, cwd=cwd, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              check=False)

    def assert_run(self, run, code, *wanted):
        self.assertEqual(run.returncode, code, run.stdout)
        for text in wanted:
            self.assertIn(text, run.stdout)
