#include "flow/diagram.h"

#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo::reader {
namespace {

TEST(Diagram, the_picture_in_the_document_is_the_journey_as_it_is) {
  const std::string document = *read_text(SHOGO_SOURCE_DIR "/docs/reader.md");
  EXPECT_NE(document.find("```mermaid\n" + state_diagram(Journey::built_in()) + "```\n"), std::string::npos)
      << "put the output of shogo-reader --state-diagram into docs/reader.md";
}

TEST(Diagram, every_state_is_in_it) {
  const std::string text = state_diagram(Journey::built_in());
  for (const auto& [name, state] : Journey::built_in().states())
    EXPECT_NE(text.find("--> " + name), std::string::npos) << name;
}

}  // namespace
}  // namespace shogo::reader
