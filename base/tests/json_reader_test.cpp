#include <gtest/gtest.h>

#include <shogo/base/json_reader.h>

namespace shogo {
namespace {

TEST(ParseJson, says_which_file_is_broken) {
  const auto broken = parse_json("{\"a\": ", "1-8.json");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().message().rfind("1-8.json: ", 0), 0U);
  EXPECT_FALSE(parse_json("{} x", "f").ok());
  EXPECT_TRUE(parse_json("{} \n", "f").ok());
  EXPECT_FALSE(parse_json(std::string(100, '['), "f").ok());
}

TEST(JsonObject, names_the_path_and_the_expected_kind) {
  const json::value doc = parse_json(R"({"a": {"b": 3}, "list": [{"c": "x"}]})", "f").value();
  const auto object = JsonObject::of(doc, "f").value();
  EXPECT_EQ(object.object("a").value().integer("b").value(), 3);
  EXPECT_EQ(object.object("a").value().string("b").error().message(),
            "f: a: \"b\" must be a string, got an integer");
  EXPECT_EQ(object.objects("list").value()[0].string("d").error().message(),
            "f: list[0]: \"d\" is missing (expected a string)");
  EXPECT_FALSE(object.only({"a"}).ok());
  EXPECT_TRUE(object.only({"a", "list"}).ok());
}

TEST(PrettyJson, is_stable_and_parses_back) {
  const json::value doc = parse_json(R"({"b":[1,2,{"c":null}],"a":{},"t":"\u7167"})", "f").value();
  const std::string text = pretty_json(doc);
  EXPECT_EQ(parse_json(text, "f").value(), doc);
  EXPECT_EQ(text, pretty_json(parse_json(text, "f").value()));
}

}  // namespace
}  // namespace shogo
