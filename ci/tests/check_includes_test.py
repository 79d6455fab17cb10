"""ci/check-includes: an arrow that points upward is found, one that points down is not."""
import unittest

from helpers import TreeTest


class CheckIncludes(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("base/include/shogo/base/bytes.h", "#pragma once\n")
        self.write("sim/card/include/shogo/card/card.h", "#include <shogo/base/bytes.h>\n")
        self.write("reference-impl/reader/include/shogo/reader/flow.h", "#include <shogo/base/bytes.h>\n")
        self.write("conformance/core/include/shogo/conformance/device.h", "#include <shogo/card/card.h>\n")

    def check(self):
        return self.run_ci("check-includes", "--root", self.root)

    def test_arrows_that_point_down_are_fine(self):
        self.assert_run(self.check(), 0, "0 arrows the wrong way")

    def test_base_that_uses_the_simulator_is_found_with_its_line(self):
        self.write("base/src/x.cpp", "// x\n#include <shogo/card/card.h>\n")
        self.assert_run(self.check(), 1, "base/src/x.cpp:2: base must not use sim")

    def test_a_judge_that_uses_the_reference_reader_is_found(self):
        self.write("conformance/checks/x.cpp", "#  include <shogo/reader/flow.h>\n")
        self.assert_run(self.check(), 1, "conformance must not use reference-impl")

    def test_a_reader_that_uses_the_harness_is_found_in_its_tests_too(self):
        self.write("reference-impl/reader/tests/x_test.cpp", "#include <shogo/conformance/device.h>\n")
        self.assert_run(self.check(), 1, "reference-impl must not use conformance")

    def test_a_reader_that_uses_the_simulator_is_found(self):
        self.write("reference-impl/reader/src/x.cpp", "#include <shogo/card/card.h>\n")
        self.assert_run(self.check(), 1, "reference-impl must not use sim")

    def test_a_relative_path_into_another_room_is_found(self):
        self.write("sim/x.cpp", '#include "../reference-impl/reader/include/shogo/reader/flow.h"\n')
        self.assert_run(self.check(), 1, "sim must not use reference-impl")

    def test_a_path_from_the_root_into_another_room_is_found(self):
        self.write("sim/x.cpp", '#include "conformance/core/include/shogo/conformance/device.h"\n')
        self.assert_run(self.check(), 1, "sim must not use conformance")

    def test_a_component_that_no_room_has_is_found(self):
        self.write("sim/x.cpp", "#include <shogo/nobody/x.h>\n")
        self.assert_run(self.check(), 1, "no room has such a component")

    def test_the_standard_library_and_own_files_are_nobodys_business(self):
        self.write("base/src/own.h")
        self.write("base/src/x.cpp", '#include <vector>\n#include "own.h"\n#include <boost/json.hpp>\n')
        self.assert_run(self.check(), 0)

    def test_linking_a_library_of_a_higher_room_is_found(self):
        self.write("sim/card/CMakeLists.txt", "shogo_library(shogo_card SOURCES a.cpp PUBLIC shogo_base)\n")
        self.write("base/CMakeLists.txt", "shogo_library(shogo_base\n  SOURCES b.cpp\n  PRIVATE shogo_card)\n")
        self.assert_run(self.check(), 1, "base must not link shogo_card of sim")

    def test_building_the_reader_before_the_judges_tests_is_not_linking(self):
        self.write("reference-impl/CMakeLists.txt", "add_executable(shogo-reader main.cpp)\n")
        self.write("conformance/CMakeLists.txt", "add_dependencies(conformance_test shogo-reader)\n")
        self.assert_run(self.check(), 0)

    def test_a_folder_without_rooms_is_wrong_usage(self):
        self.assert_run(self.run_ci("check-includes", "--root", self.root / "base/src"), 2)


if __name__ == "__main__":
    unittest.main()
