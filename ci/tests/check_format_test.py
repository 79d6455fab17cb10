"""ci/check-format: a file out of shape is found and named, --fix repairs it, a remembered pass does not hide one."""
import unittest

from helpers import TreeTest


class CheckFormat(TreeTest):
    def setUp(self):
        super().setUp()
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.write("a.cpp", "int a = 1;\n")

    def check(self, *more):
        return self.run_ci("check-format", "--root", self.root, *more)

    def test_a_file_in_shape_passes_and_is_remembered(self):
        self.assert_run(self.check(), 0, "1 files")
        self.assert_run(self.check(), 0, "as before")

    def test_a_file_out_of_shape_is_named(self):
        self.write("b.h", "int  b  ;\n")
        self.assert_run(self.check(), 1, "  b.h")

    def test_a_remembered_pass_does_not_hide_a_later_change(self):
        self.assert_run(self.check(), 0)
        self.write("a.cpp", "int  a=1;\n")
        self.assert_run(self.check(), 1, "  a.cpp")

    def test_a_remembered_pass_does_not_hide_another_layout_file(self):
        self.write("a.cpp", "void f() {\n  g();\n  h();\n}\n")
        self.assert_run(self.check(), 0)
        self.write(".clang-format", "BasedOnStyle: Google\nIndentWidth: 8\n")
        self.assert_run(self.check(), 1, "  a.cpp")

    def test_fix_repairs(self):
        self.write("b.h", "int  b  ;\n")
        self.assert_run(self.check("--fix"), 0)
        self.assertEqual((self.root / "b.h").read_text(), "int b;\n")
        self.assert_run(self.check(), 0)

    def test_wrong_arguments_are_wrong_usage(self):
        self.assert_run(self.run_ci("check-format", "--wrong"), 2, "unknown argument --wrong")


if __name__ == "__main__":
    unittest.main()
