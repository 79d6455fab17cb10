"""ci/check-tree: each thing that it looks for is found, on both sides of each limit."""
import unittest

from helpers import TreeTest


class CheckTree(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("README.md", "# shogo\n")
        self.write("sim/README.md", "# sim\n")

    def check(self):
        return self.run_ci("check-tree", "--root", self.root)

    def test_a_tree_in_order_passes(self):
        self.write("sim/src/a.cpp", "int a;\n")
        self.assert_run(self.check(), 0, "0 complaints")

    def test_a_top_folder_without_readme_is_found(self):
        self.write("conformance/a.cpp", "int a;\n")
        self.assert_run(self.check(), 1, "conformance/: a top folder without README.md")

    def test_600_lines_pass_and_601_do_not(self):
        self.write("sim/a.cpp", "//\n" * 600)
        self.assert_run(self.check(), 0)
        self.write("sim/a.cpp", "//\n" * 601)
        self.assert_run(self.check(), 1, "sim/a.cpp: 601 lines")

    def test_a_long_script_is_found_by_its_first_line(self):
        self.write("sim/tool", "#!/usr/bin/env bash\n" + ":\n" * 600)
        self.assert_run(self.check(), 1, "sim/tool: 601 lines")

    def test_long_data_is_not_code(self):
        self.write("sim/table.csv", "1,2\n" * 5000)
        self.assert_run(self.check(), 0)

    def test_two_megabytes_pass_and_one_byte_more_does_not(self):
        self.write("sim/a.png", bytes(2 * 1024 * 1024))
        self.assert_run(self.check(), 0)
        self.write("sim/a.png", bytes(2 * 1024 * 1024 + 1))
        self.assert_run(self.check(), 1, "sim/a.png: 2097153 bytes")

    def test_paths_of_one_machine_are_found(self):
        for path in ("/home/" + "taro/shogo", "/wor" + "k/main", "/roo" + "t/x", "/Use" + "rs/taro"):
            self.write("sim/notes.md", f"first\nsee {path} there\n")
            self.assert_run(self.check(), 1, "sim/notes.md:2: a path of one machine")

    def test_words_that_only_look_like_such_paths_pass(self):
        self.write("sim/notes.md", "the frame/work/flow, https://example.org/home/page, $ROOT/root/x, ~/work/shogo\n")
        self.assert_run(self.check(), 0)

    def test_a_left_over_conflict_mark_is_found(self):
        self.write("sim/a.cpp", "int a;\n" + "<" * 7 + " HEAD\n")
        self.assert_run(self.check(), 1, "sim/a.cpp:2: a left-over conflict mark")

    def test_text_that_is_not_utf8_is_found(self):
        self.write("sim/notes.md", "券面".encode("shift_jis"))
        self.assert_run(self.check(), 1, "sim/notes.md: not UTF-8 at byte 0")

    def test_a_package_without_licence_and_reason_is_found(self):
        self.write("ci/README.md", "# ci\n")
        self.write("docs/README.md", "# docs\n")
        self.write("ci/packages.txt", "# list\n[fast]\ng++   g++   compiler\nlibx1.2-dev   libx-dev   x\n")
        self.write("docs/dependencies.md", "| g++, libx1.2-dev | MIT |\n")
        self.assert_run(self.check(), 0)
        self.write("docs/dependencies.md", "| g++ | GPL |\n")
        self.assert_run(self.check(), 1, "ci/packages.txt:4: libx1.2-dev is not in docs/dependencies.md")

    def test_an_empty_folder_is_wrong_usage(self):
        (self.root / "empty").mkdir()
        self.assert_run(self.run_ci("check-tree", "--root", self.root / "empty"), 2)


if __name__ == "__main__":
    unittest.main()
