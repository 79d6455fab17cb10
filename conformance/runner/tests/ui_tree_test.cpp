#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/json_reader.h>
#include <shogo/conformance/ui_tree.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;

Result<UiTree> tree_of(std::string_view nodes) {
  const std::string text =
      R"({"state":"pin","screen_id":"pin","lang":"ja","nodes":)" + std::string(nodes) + "}";
  return parse_ui_tree(parse_json(text, "test").value());
}

TEST(UiTree, only_enabled_nodes_are_found_by_their_text) {
  const auto tree =
      tree_of(R"([{"id":"a","role":"button","text":"OK","bounds_px":[0,0,10,10],"enabled":false},
                               {"id":"b","role":"button","text":"OK","bounds_px":[20,0,10,10]}])");
  ASSERT_TRUE(tree.ok()) << tree.error().describe();
  EXPECT_EQ(tree->find("button", "OK")->id, "b");
  EXPECT_EQ(tree->find("label", "OK"), nullptr);
  EXPECT_EQ(tree->find("a")->enabled, false);
}

TEST(UiTree, impossible_nodes_are_refused) {
  for (const char* bounds : {"[0,0,10]", "[0,0,-1,10]", "[0,0,1e9,10]", "\"all\"", "[0,0,1.5,2]"}) {
    const auto tree =
        tree_of(std::string(R"([{"id":"a","role":"button","text":"","bounds_px":)") + bounds + "}]");
    ASSERT_FALSE(tree.ok()) << bounds;
    EXPECT_THAT(tree.error().message(), HasSubstr("bounds_px"));
  }
  EXPECT_FALSE(tree_of(R"([{"id":"a"}])").ok());
  EXPECT_FALSE(tree_of("[1]").ok());
}

}  // namespace
}  // namespace shogo::conformance
