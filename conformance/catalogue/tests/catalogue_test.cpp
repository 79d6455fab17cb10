#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/conformance/catalogue.h>

namespace shogo::conformance {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path kSource = fs::path(SHOGO_SOURCE_DIR) / "conformance/catalogue";

const Catalogue& built_in() {
  static const Catalogue catalogue = load_catalogue().value();
  return catalogue;
}

TEST(Catalogue, holds_all_69_items_in_document_order) {
  ASSERT_EQ(built_in().items().size(), 69U);
  for (std::size_t i = 0; i < 69; ++i) EXPECT_EQ(built_in().items()[i].id, document_order()[i]);
  EXPECT_EQ(document_order().front(), "1-1");
  EXPECT_EQ(document_order()[22], "2-1");
  EXPECT_EQ(document_order()[27], "3-1");
  EXPECT_EQ(document_order().back(), "5-9");
}

// The rows of the requirement tables: 178 rows of one clause, "4-1.a/.b" and "4-2.a/.b/.c"; and 1-13.m, split
// off 1-13.e.
TEST(Catalogue, holds_184_clauses) {
  EXPECT_EQ(built_in().clause_count(), 184U);
  std::map<Level, int> count;
  std::set<std::string> ids;
  for (const Item& item : built_in().items()) {
    for (const Clause& clause : item.clauses) {
      ++count[clause.level];
      EXPECT_TRUE(ids.insert(clause.id).second) << clause.id;
    }
  }
  EXPECT_EQ(count[Level::kMandatory], 138);
  EXPECT_EQ(count[Level::kRecommended], 21);
  EXPECT_EQ(count[Level::kDerived], 25);
}

TEST(Catalogue, only_the_items_of_rule_2_are_recommended) {
  std::vector<std::string> recommended;
  for (const Item& item : built_in().items()) {
    if (item.level == Level::kRecommended) recommended.push_back(item.id);
  }
  EXPECT_EQ(recommended, (std::vector<std::string>{"1-14", "1-17", "1-22", "3-12"}));
}

TEST(Catalogue, every_mutant_has_a_well_formed_name) {
  const std::regex form(R"(m\.[a-z][a-z0-9]*\.[a-z0-9][a-z0-9_]*|fixture\.form)");
  for (const Item& item : built_in().items()) {
    for (const Clause& clause : item.clauses) {
      EXPECT_FALSE(clause.mutants.empty()) << clause.id;
      for (const std::string& mutant : clause.mutants)
        EXPECT_TRUE(std::regex_match(mutant, form)) << clause.id << " " << mutant;
    }
  }
}

// The † in a text and the origin of a number are two ways to say the same thing; both must say it.
TEST(Catalogue, numbers_of_our_own_are_marked_in_the_texts) {
  for (const Item& item : built_in().items()) {
    for (const Clause& clause : item.clauses) {
      if (std::none_of(clause.numbers.begin(), clause.numbers.end(), [](const Number& n) { return n.ours; }))
        continue;
      EXPECT_NE((clause.procedure.en + clause.criterion.en).find("†"), std::string::npos) << clause.id;
      EXPECT_NE((clause.procedure.ja + clause.criterion.ja).find("†"), std::string::npos) << clause.id;
    }
  }
}

TEST(Catalogue, limits_are_found_by_clause_and_name) {
  EXPECT_EQ(built_in().number("3-10.i", "key_gap_min").value(), 3.0);
  EXPECT_FALSE(built_in().clause("3-10.i")->number("key_gap_min")->ours);
  EXPECT_TRUE(built_in().clause("1-8.a")->number("listed_within")->ours);
  EXPECT_THAT(built_in().number("3-10.i", "key_gap").error().message(),
              HasSubstr("3-10.i has no number \"key_gap\""));
  EXPECT_THAT(built_in().number("9-9", "x").error().message(), HasSubstr("9-9"));
}

TEST(Catalogue, its_hash_is_that_of_the_item_files_in_document_order) {
  std::string all;
  for (const std::string& id : document_order()) all += read_text(kSource / "items" / (id + ".json")).value();
  EXPECT_EQ(built_in().sha256(), sha256_hex(as_bytes(all)));
  EXPECT_EQ(load_catalogue(kSource).value().sha256(), built_in().sha256());
}

TEST(Catalogue, a_clause_written_and_read_again_is_the_same) {
  for (const Item& item : built_in().items()) {
    for (const Clause& clause : item.clauses) {
      const json::value value = to_json(clause);
      const auto back = read_clause(JsonObject::of(value, "again").value());
      ASSERT_TRUE(back.ok()) << back.error().describe();
      EXPECT_EQ(*back, clause);
    }
  }
}

TEST(ClauseClass, names_its_parts) {
  EXPECT_TRUE(class_from("A+P")->needs_person());
  EXPECT_TRUE(class_from("A+P")->has_automatic());
  EXPECT_FALSE(class_from("A|P")->needs_person());
  EXPECT_TRUE(class_from("P+D")->needs_person());
  EXPECT_FALSE(class_from("P+D")->has_automatic());
  for (const char* wrong : {"", "X", "A+", "+A", "AP", "A+P|D", "A+A", "a"})
    EXPECT_FALSE(class_from(wrong)) << wrong;
  for (const char* right : {"A", "S", "A+P+D", "P|A", "D+A"}) EXPECT_EQ(to_string(*class_from(right)), right);
}

/// A copy of the catalogue in which one thing is wrong.
class BrokenCatalogue : public ::testing::Test {
 protected:
  TemporaryFolder folder = TemporaryFolder::create("shogo-catalogue").value();
  void SetUp() override {
    fs::copy(kSource / "source.json", folder.path() / "source.json");
    fs::copy(kSource / "items", folder.path() / "items");
  }
  void edit(const std::string& file, const std::string& from, const std::string& to) const {
    const fs::path path = folder.path() / "items" / file;
    std::string text = read_text(path).value();
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    ASSERT_TRUE(write_text(path, text).ok());
  }
  [[nodiscard]] std::string refusal() const {
    const auto loaded = load_catalogue(folder.path());
    return loaded.ok() ? "accepted" : loaded.error().describe();
  }
};

TEST_F(BrokenCatalogue, given_an_untouched_copy_then_it_loads) {
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(BrokenCatalogue, given_one_defect_when_loaded_then_one_line_names_the_file_and_the_defect) {
  struct Case {
    const char* from;
    const char* to;
    const char* said;
  };
  const Case cases[] = {
      {"\"stimuli\"", "\"stimulus\"", "stimul"},
      {"\"class\": \"A\"", "\"class\": \"Z\"", "\"Z\""},
      {"\"tier\": \"T0\"", "\"tier\": \"T9\"", "T9"},
      {"\"level\": \"mandatory\"", "\"level\": \"must\"", "must"},
      {"\"op\": \"=\"", "\"op\": \"==\"", "=="},
      {"\"origin\": \"document\"", "\"origin\": \"hearsay\"", "hearsay"},
      {"\"channels\": [\"scr\"", "\"channels\": [\"telepathy\"", "telepathy"},
      {"\"3-10.b\"", "\"3-11.b\"", "3-11.b"},
      {"\"3-10.b\"", "\"3-10.a\"", "twice"},
      {"\"m.ui.keypad_2x5\"", "\"keypad\"", "keypad"},
      {"\"group\": 3", "\"group\": 2", "group"},
      {"\"id\": \"3-10\"", "\"id\": \"3-11\"", "3-11"},
      {"\"numbers\"", "\"number\"", "number"},
      {"{", "[", "3-10.json"},
      {"\n", "\r\n", "LF"},
  };
  const std::string original = read_text(folder.path() / "items/3-10.json").value();
  for (const Case& each : cases) {
    edit("3-10.json", each.from, each.to);
    const std::string said = refusal();
    EXPECT_THAT(said, HasSubstr("3-10.json")) << each.from;
    EXPECT_THAT(said, HasSubstr(each.said)) << each.from;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
    ASSERT_TRUE(write_text(folder.path() / "items/3-10.json", original).ok());
  }
}

// A report in one language only would leave half of its readers out.
TEST_F(BrokenCatalogue, given_any_text_without_one_language_when_loaded_then_it_is_refused) {
  const std::string original = read_text(folder.path() / "items/3-12.json").value();
  int refused = 0;
  for (const std::string language : {"\"ja\": ", "\"en\": "}) {
    for (std::size_t at = original.find(language); at != std::string::npos;
         at = original.find(language, at + 1)) {
      std::string text = original;
      text.replace(at, language.size(), "\"xx\": ");
      ASSERT_TRUE(write_text(folder.path() / "items/3-12.json", text).ok());
      EXPECT_THAT(refusal(), HasSubstr("3-12.json"));
      ++refused;
    }
  }
  EXPECT_EQ(refused, 12);  // title, paraphrase, text, procedure, criterion, evidence
}

TEST_F(BrokenCatalogue, given_a_missing_or_a_stray_item_when_loaded_then_it_is_named) {
  fs::rename(folder.path() / "items/4-2.json", folder.path() / "items/4-10.json");
  EXPECT_THAT(refusal(), HasSubstr("4-2"));
  fs::copy(kSource / "items/4-2.json", folder.path() / "items/4-2.json");
  EXPECT_THAT(refusal(), HasSubstr("4-10.json"));
  fs::remove_all(folder.path() / "items");
  EXPECT_THAT(refusal(), HasSubstr("items"));
}

}  // namespace
}  // namespace shogo::conformance
