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

}  // namespace
}  // namespace shogo::reader
