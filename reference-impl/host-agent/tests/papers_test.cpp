#include "papers.h"

#include <cstring>
#include <memory>

#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

void add(shogo_fund_person& person, int kind, std::string_view id, std::string_view name) {
  shogo_fund_paper& paper = person.papers[person.paper_count++];
  paper.kind = kind;
  std::memcpy(paper.id, id.data(), id.size());
  std::memcpy(paper.name, name.data(), name.size());
}

TEST(Papers, what_the_fund_program_tells_goes_to_the_reader_in_its_order) {
  shogo_fund_person person{};
  add(person, SHOGO_FUND_PAPER_REFERRAL, "referral-1", "架空みなと病院　眼科");
  add(person, SHOGO_FUND_PAPER_SUBSIDY, "subsidy-1", "𠮷野町　こども医療費受給者証");
  const auto papers = papers_for_reader(person);
  ASSERT_EQ(papers.size(), 2U);
  EXPECT_EQ(papers[0].at("kind"), "referral");
  EXPECT_EQ(papers[0].at("name"), "架空みなと病院　眼科");
  EXPECT_EQ(papers[1].at("id"), "subsidy-1");
  EXPECT_EQ(paper_ids(person), (PaperIds{{"referral", {"referral-1"}}, {"subsidy", {"subsidy-1"}}}));
}

TEST(Papers, an_entry_without_kind_id_or_name_is_none) {
  shogo_fund_person person{};
  add(person, 0, "x-1", "name");
  add(person, 99, "x-2", "name");
  add(person, SHOGO_FUND_PAPER_REFERRAL, "", "name");
  add(person, SHOGO_FUND_PAPER_REFERRAL, "<x>", "name");
  add(person, SHOGO_FUND_PAPER_REFERRAL, "x-3", "");
  add(person, SHOGO_FUND_PAPER_REFERRAL, "x-4", "\n\t");
  EXPECT_TRUE(papers_for_reader(person).empty());
}

TEST(Papers, a_count_beyond_the_array_and_a_name_without_an_end_are_survived) {
  const auto person = std::make_unique<shogo_fund_person>();
  std::memset(person.get(), 'A', sizeof *person);
  person->paper_count = 0xFFFFFFFF;
  for (auto& paper : person->papers) paper.kind = SHOGO_FUND_PAPER_SUBSIDY;
  const auto papers = papers_for_reader(*person);
  ASSERT_EQ(papers.size(), static_cast<std::size_t>(SHOGO_FUND_MAX_PAPERS));
  EXPECT_EQ(papers[0].at("name").as_string().size(), sizeof person->papers[0].name);
}

TEST(Papers, a_name_becomes_text_that_a_page_can_show) {
  EXPECT_EQ(plain_name("架空\n病院"), "架空 病院");
  EXPECT_EQ(plain_name("a\xE2\x80\xAE"
                       "b"),
            "a b")
      << "it would be read from the right";
  EXPECT_EQ(plain_name("\xC0\xAF\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(plain_name("𠮷\xF0\xA0"), "𠮷\uFFFD\uFFFD");
  EXPECT_EQ(plain_name(std::string_view("a\0b", 3)), "a b");
}

TEST(Papers, the_longest_answer_fits_into_a_message_of_the_reader_link) {
  shogo_fund_person person{};
  for (int i = 0; i < SHOGO_FUND_MAX_PAPERS; ++i)
    add(person, SHOGO_FUND_PAPER_PRESCRIPTION, std::string(31, 'p'), std::string(191, '"'));
  EXPECT_LT(boost::json::serialize(papers_for_reader(person)).size(), 15'000U);
}

TEST(Papers, only_what_was_offered_can_be_chosen_and_only_once) {
  const PaperIds offered{{"referral", {"referral-1", "referral-2"}}, {"subsidy", {"subsidy-1"}}};
  const boost::json::object told{{"referral", {"referral-2", "referral-2", "referral-9", 7, nullptr}},
                                 {"subsidy", "subsidy-1"},
                                 {"prescription", {"prescription-1"}}};
  EXPECT_EQ(chosen_papers(told, offered), (PaperIds{{"referral", {"referral-2"}}}));
}

}  // namespace
}  // namespace shogo::agent
