#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/sim/card_profile.h>

namespace shogo::sim {
namespace {

/// The standard profile with its application files put in.
std::string standard_text() {
  return json::serialize(find_card_profile("standard").value());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string with_applications(std::string_view applications) {
  return fmt::format(R"({{"schema": "shogo-card-profile/1", "name": "own", "about": "mine",
    "atqb": {{"application_data": "000005E0", "protocol_info": "B381A1", "mbli": 0}},
    "applications": [{}]}})",
                     applications);
}

std::string problem(std::string_view text) {
  const auto profile = parse_card_profile(text, "own.json");
  return profile.ok() ? "none" : profile.error().describe();
}

TEST(CardProfile, the_standard_profile_gives_the_atr_of_a_my_number_card) {
  auto profile = builtin_card_profile("standard");
  ASSERT_TRUE(profile.ok()) << profile.error().describe();
  EXPECT_EQ(to_hex(contract::atr_of(profile->atqb)), "3B888001000005E0B381A1007F");
}

TEST(CardProfile, negatives_give_the_published_atrs_of_their_kind) {
  EXPECT_EQ(to_hex(contract::atr_of(builtin_card_profile("old-resident-card")->atqb)),
            "3B888001000014E0B38191005E");
  EXPECT_EQ(to_hex(contract::atr_of(builtin_card_profile("driving-licence")->atqb)),
            "3B888001000000009181C100D8");
}

TEST(CardProfile, an_unknown_name_is_not_found_and_the_known_ones_are_told) {
  const Error error = builtin_card_profile("nothing").error();
  EXPECT_EQ(error.code(), Code::kNotFound);
  EXPECT_NE(error.describe().find("standard"), std::string::npos);
}

TEST(CardProfile, mistakes_in_a_profile_are_found_and_named_with_their_place) {
  const std::string good = standard_text();
  ASSERT_TRUE(parse_card_profile(good, "own.json").ok());
  struct Mistake {
    const char* from;
    const char* to;
    const char* told;
  };
  const Mistake mistakes[] = {
      {R"("read":["001B"])", R"("read":["001C"])", "file 0001: \"read\" names the PIN 001C"},
      {R"("id":"0002")", R"("id":"0001")", "applications[0]: the id 0001 is used twice"},
      {R"("read":"free")", R"("read":"always")", "files[1]: \"read\" must be \"free\""},
      {R"("read":"free")", R"("read":7)", "files[1]: \"read\" must be \"free\""},
      {R"("tries":3)", R"("tries":16)", "pins[0]: \"tries\" must be 1 to 15"},
      {R"("tries":3)", R"("tries":"3")", "pins[0]: \"tries\" must be an integer"},
      {R"("tries":3)", R"("tries":3,"tries_left":4)", "\"tries_left\" must be 0 to 3"},
      {R"("max":16)", R"("max":17)", "\"min\" and \"max\" must be 1 to 16"},
      {R"("alphabet":"digits")", R"("alphabet":"any")", "\"alphabet\" must be one of digits"},
      {R"("change":"reference_data")", R"("change":"always")", "\"change\" must be one of no"},
      {R"("change")", R"("chnage")", "pins[0]: unknown key \"chnage\""},
      {R"("form":"records")", R"("form":"rows")", "\"form\" must be one of transparent, records"},
      {R"(profile/1)", R"(profile/2)", "\"schema\" is \"shogo-card-profile/2\""},
      {R"(D392F000260100000001)", R"(D392F0)", "\"aid\" must be 5 to 16 bytes in hex, got \"D392F0\""},
      {R"("ins":"FC")", R"("ins":"FCX")", "fixed_answers[0]: \"ins\" must be 1 bytes in hex, got \"FCX\""},
      {R"("name":"visual")", R"("name":"jpki")", "two applications have the \"name\" jpki"},
      {R"("mbli":0)", R"("mbli":16)", "\"mbli\" must be 0 to 15, got 16"},
  };
  for (const Mistake& mistake : mistakes) {
    const std::string told = problem(replaced(good, mistake.from, mistake.to));
    EXPECT_EQ(told.find("own.json"), 0U) << told;
    EXPECT_NE(told.find(mistake.told), std::string::npos) << "expected " << mistake.told << "\ngot " << told;
  }
}

std::string words(const AccessRule& rule) {
  if (rule.kind != AccessRule::Kind::kAnyOf) return rule.kind == AccessRule::Kind::kFree ? "free" : "never";
  std::string text;
  for (const std::uint16_t id : rule.secrets) text += fmt::format("{}{:04X}", text.empty() ? "" : " or ", id);
  if (rule.by_holder) text += text.empty() ? "holder" : " or holder";
  if (rule.by_terminal) text += text.empty() ? "terminal" : " or terminal";
  return text;
}

TEST(CardProfile, the_table_in_the_documentation_says_what_the_files_say) {
  const std::string page = read_text(std::string(SHOGO_SOURCE_DIR) + "/docs/cards.md").value();
  const auto expect_row = [&](const std::string& row) {
    EXPECT_NE(page.find(row + "\n"), std::string::npos) << "docs/cards.md lacks\n" << row;
  };
  // Every application as it is on the first profile that has it unchanged, which the table is about.
  for (const char* name : {"standard", "residence-integrated", "next-generation", "driving-licence"}) {
    const auto profile = builtin_card_profile(name);
    ASSERT_TRUE(profile.ok());
    for (const CardApplication& application : profile->applications) {
      const auto row = [&](std::uint16_t id, const std::string& what, const std::string& access,
                           const std::string& source) {
        expect_row(fmt::format("| {} | {:04X} | {} | {} | {} |", application.name, id, what, access, source));
      };
      for (const CardFile& file : application.files)
        row(file.id, file.content, words(file.read), file.source);
      for (const CardPin& pin : application.pins)
        row(pin.id, "PIN " + pin.secret, fmt::format("{} of {} tries", pin.tries_left, pin.tries),
            pin.source);
      for (const CardKey& key : application.keys) row(key.id, "key " + key.key, words(key.use), key.source);
    }
    if (std::string_view(name) == "standard")
      for (const DataObject& object : profile->data_objects)
        expect_row(fmt::format("| GET DATA | {:04X} | {} | {} | {} |", object.tag, object.content,
                               object.everywhere ? "always" : "with no application selected", object.source));
  }
  for (const std::string& name : builtin_card_profiles())
    expect_row(fmt::format("| `{}` | {} |", name, builtin_card_profile(name)->about));
}

TEST(CardProfile, applications_come_from_files_with_the_changes_that_the_profile_asks_for) {
  const auto profile = parse_card_profile(
      with_applications(
          R"({"use": "jpki", "set": {"0018": {"tries_left": 1}}, "without": ["0001"], "aid": "A0000000FF"})"),
      "own.json");
  ASSERT_TRUE(profile.ok()) << profile.error().describe();
  const CardApplication& jpki = profile->applications.at(0);
  EXPECT_EQ(jpki.pins.at(0).tries_left, 1);
  EXPECT_EQ(jpki.pins.at(0).tries, 3);
  EXPECT_EQ(jpki.files.at(0).id, 0x0002);
  EXPECT_EQ(to_hex(jpki.aid), "A0000000FF");
}

TEST(CardProfile, wishes_that_cannot_be_met_are_named) {
  EXPECT_NE(problem(with_applications("\"japki\"")).find("no application \"japki\""), std::string::npos);
  EXPECT_NE(problem(with_applications("\"../x\"")).find("not the name of an application"), std::string::npos);
  EXPECT_NE(
      problem(with_applications(R"({"use": "jpki", "set": {"0077": {}}})")).find("\"0077\" must be the id"),
      std::string::npos);
  EXPECT_NE(problem(with_applications(R"({"use": "jpki", "without": ["0077"]})")).find("names 0077"),
            std::string::npos);
  EXPECT_NE(problem(with_applications(R"({"use": "jpki", "sat": {}})")).find("unknown key \"sat\""),
            std::string::npos);
  EXPECT_NE(problem(with_applications("7")).find("applications[0]: expected an object"), std::string::npos);
  EXPECT_NE(problem("{}").find("\"applications\" must be an array"), std::string::npos);
}

TEST(CardProfile, a_profile_in_a_folder_of_ones_own_finds_its_own_application_files_first) {
  auto folder = TemporaryFolder::create("profile");
  ASSERT_TRUE(folder.ok());
  std::filesystem::create_directory(folder->path() / "applications");
  ASSERT_TRUE(write_text(folder->path() / "own.json", with_applications(R"("jpki", "visual")")).ok());
  ASSERT_TRUE(write_text(folder->path() / "applications" / "jpki.json",
                         R"({"name": "jpki", "aid": "A000000001", "files": [], "pins": [], "keys": []})")
                  .ok());
  const auto document = find_card_profile((folder->path() / "own.json").string());
  ASSERT_TRUE(document.ok()) << document.error().describe();
  const auto profile = read_card_profile(*document, "own.json");
  ASSERT_TRUE(profile.ok()) << profile.error().describe();
  EXPECT_EQ(to_hex(profile->applications.at(0).aid), "A000000001");
  EXPECT_EQ(to_hex(profile->applications.at(1).aid), "D3921000310001010402");
}

}  // namespace
}  // namespace shogo::sim
