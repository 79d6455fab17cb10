#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/conformance/device.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

json::object good() {
  return {
      {"proto", 1},
      {"caps", {"input.touch", "screen.frames"}},
      {"identity",
       {{"model", "m"}, {"serial", "s"}, {"fw", "1"}, {"engine", "e"}, {"os", "o"}, {"sbom_sha256", "0"}}},
      {"panel", {{"inches", 8.0}, {"width_px", 800}, {"height_px", 1280}}},
      {"phone_area", "right"},
      {"keypad", "none"}};
}

TEST(Hello, what_is_printed_reads_back_the_same) {
  const Hello hello = parse_hello(good()).value();

  EXPECT_EQ(hello.panel_height_px, 1280);
  EXPECT_EQ(hello.phone_area, "right");
  EXPECT_EQ(to_json(parse_hello(to_json(hello)).value()), to_json(hello));
}

TEST(Hello, panel_and_keypad_are_optional) {
  json::object answer = good();
  answer.erase("panel");
  answer.erase("keypad");
  answer.erase("phone_area");

  EXPECT_EQ(parse_hello(answer).value().panel_width_px, 0);
}

TEST(Hello, each_missing_or_impossible_part_is_named) {
  const auto error = [](auto change) {
    json::object answer = good();
    change(answer);
    return parse_hello(answer).error().describe();
  };
  EXPECT_THAT(error([](json::object& a) { a["proto"] = 2; }), HasSubstr("version 1"));
  EXPECT_THAT(error([](json::object& a) { a.erase("caps"); }), HasSubstr("caps"));
  EXPECT_THAT(error([](json::object& a) { a["caps"] = json::array(1, json::value(1)); }), HasSubstr("caps"));
  EXPECT_THAT(error([](json::object& a) { a["identity"].as_object().erase("model"); }), HasSubstr("model"));
  EXPECT_THAT(error([](json::object& a) { a["panel"].as_object()["inches"] = 0; }), HasSubstr("panel"));
  EXPECT_THAT(error([](json::object& a) { a["panel"].as_object()["width_px"] = 1e9; }),
              HasSubstr("width_px"));
  EXPECT_THAT(error([](json::object& a) { a["keypad"] = "blue"; }), HasSubstr("keypad"));
  EXPECT_THAT(error([](json::object& a) { a["phone_area"] = "there"; }), HasSubstr("phone_area"));
}

}  // namespace
}  // namespace shogo::conformance
