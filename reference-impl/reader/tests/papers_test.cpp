// The lists on the pages for subsidies, prescriptions and referral letters (1-13.j): what is kept of them,
// how they are drawn, and the whole firmware but its main() choosing by touch and by key.
#include "flow/papers.h"

#include "device_bench.h"
#include "sound/announcement.h"
#include "ui/page_check.h"

namespace shogo::reader {
namespace {

json::array told(std::string_view kind, int count) {
  json::array papers;
  for (int i = 1; i <= count; ++i)
    papers.push_back({{"kind", kind},
                      {"id", fmt::format("{}-{}", kind, i)},
                      {"name", fmt::format("架空第{}病院　眼科", i)}});
  return papers;
}

TEST(Papers, one_alone_is_chosen_and_stays_so_and_of_several_none_is) {
  Papers papers;
  const json::value one = told("referral", 1);
  papers.take(&one);
  EXPECT_TRUE(may_agree(papers.of("referral")));
  EXPECT_FALSE(papers.turn("referral", 0));
  const json::value three = told("referral", 3);
  papers.take(&three);
  EXPECT_FALSE(may_agree(papers.of("referral")));
  EXPECT_TRUE(papers.turn("referral", 1));
  EXPECT_TRUE(may_agree(papers.of("referral")));
  EXPECT_EQ(papers.chosen(), (json::object{{"referral", {"referral-2"}}}));
  EXPECT_TRUE(papers.turn("referral", 1));
  EXPECT_FALSE(may_agree(papers.of("referral")));
  EXPECT_FALSE(papers.turn("referral", 3));
  EXPECT_FALSE(papers.turn("operations", 0));
}

TEST(Papers, what_is_no_entry_is_left_out_and_a_list_has_an_end) {
  Papers papers;
  json::array list = told("subsidy", 12);
  list.insert(list.begin(), {nullptr, 7, json::object{{"kind", "subsidy"}, {"id", "x"}},
                             json::object{{"kind", "operations"}, {"id", "x"}, {"name", "y"}},
                             json::object{{"kind", "subsidy"}, {"id", ""}, {"name", "y"}},
                             json::object{{"kind", "subsidy"}, {"id", "x"}, {"name", " \n"}}});
  const json::value all = list;
  papers.take(&all);
  EXPECT_EQ(papers.of("subsidy").size(), Papers::kMost);
  EXPECT_EQ(papers.of("subsidy").front().id, "subsidy-1");
  EXPECT_TRUE(papers.of("operations").empty());
  papers.take(nullptr);
  EXPECT_TRUE(papers.of("subsidy").empty());
}

TEST(Papers, a_name_has_one_line_and_is_cut_between_two_characters) {
  Papers papers;
  std::string longest = "ab\ncd";
  while (longest.size() < Papers::kLongestName + 2) longest += "𠮷";
  const json::value one = json::array{json::object{{"kind", "subsidy"}, {"id", "1"}, {"name", longest}}};
  papers.take(&one);
  const std::string& kept = papers.of("subsidy").front().name;
  EXPECT_EQ(kept.substr(0, 5), "ab cd");
  EXPECT_LE(kept.size(), Papers::kLongestName);
  EXPECT_EQ((kept.size() - 5) % 4, 0U);
}

class PaperPage : public testing::Test {
 protected:
  Page draw(std::size_t count, const std::string& name = "架空みなと病院　眼科") {
    input.screen = "consent_referral";
    input.key_legends = true;
    input.papers.assign(count, {"id", name, count == 1});
    return lay_out_page(input, panel, *fonts, Messages::built_in());
  }
  static const Node* find(const Page& page, std::string_view id) {
    for (const Node& node : page.nodes)
      if (node.id == id) return &node;
    return nullptr;
  }
  std::unique_ptr<Fonts> fonts = *Fonts::open();
  Panel panel = *load_panel("panel-8-portrait");
  PageInput input;
};

TEST_F(PaperPage, one_paper_is_no_button_and_nothing_has_to_be_chosen) {
  const Page page = draw(1);
  ASSERT_NE(find(page, "paper_1"), nullptr);
  EXPECT_EQ(find(page, "paper_1")->role, "entry");
  EXPECT_TRUE(find(page, "paper_1")->event.empty());
  EXPECT_TRUE(find(page, "agree")->enabled);
}

TEST_F(PaperPage, every_paper_is_met_while_going_on_and_the_list_begins_again) {
  for (const std::string_view name : kPanelNames) {
    panel = *load_panel(name);
    for (const std::string_view paper :
         {"架空みなと病院　眼科",
          "架空県立たいへん長い名前の総合医療研究センター附属病院　耳鼻咽喉科・頭頸部外科"}) {
      input.first_paper = 0;
      std::set<std::string> met;
      for (int pages = 0; pages < 9; ++pages) {
        const Page page = draw(Papers::kMost, std::string(paper));
        for (const Node& node : page.nodes)
          if (node.event.starts_with("paper:")) met.insert(node.id);
        const Node* more = find(page, "more_papers");
        ASSERT_NE(more, nullptr);
        EXPECT_EQ(page.by_key('2'), more);
        input.first_paper = static_cast<std::size_t>(more->event.back() - '0');
        if (input.first_paper == 0) break;
      }
      EXPECT_EQ(met.size(), Papers::kMost) << name;
      EXPECT_EQ(input.first_paper, 0U) << name;
    }
  }
}

TEST_F(PaperPage, a_name_that_calls_itself_a_button_covers_none_and_is_no_more_than_its_box) {
  const Page page = draw(2, "提供する");
  const Node* agree = find(page, "agree");
  EXPECT_EQ(agree->event, "agree");
  EXPECT_FALSE(agree->enabled);
  for (const Node& node : page.nodes) {
    EXPECT_TRUE(node.event != "agree" || node.id == "agree") << node.id;
  }
  EXPECT_TRUE(check_page(page, input, panel, *fonts).ok());
}

TEST_F(PaperPage, no_name_is_said_in_any_language_with_or_without_keys) {
  const std::string name = "架空みなと病院　眼科";
  for (const auto& [language, code] : kLanguages) {
    input.language = language;
    for (const std::size_t count : {1, 3, 8}) {
      const Page page = draw(count, name);
      for (const bool keys : {false, true})
        for (const std::string& text : announcement(page, Messages::built_in(), language, keys))
          EXPECT_EQ(text.find(name), std::string::npos) << text;
      for (const Node& node : page.nodes) EXPECT_EQ(spoken(node).find(name), std::string::npos);
    }
  }
}

TEST_F(PaperPage, each_box_is_said_by_its_number_and_whether_it_is_chosen) {
  input.language = Language::kJapanese;
  Page page = draw(3);
  EXPECT_EQ(spoken(*find(page, "paper_2")), "2番、選んでいません。");
  input.papers[1].chosen = true;
  page = lay_out_page(input, panel, *fonts, Messages::built_in());
  EXPECT_EQ(spoken(*find(page, "paper_2")), "2番、選びました。");
  const auto texts = announcement(page, Messages::built_in(), Language::kJapanese, true, Part::kPapers);
  ASSERT_GE(texts.size(), 4U);
  EXPECT_EQ(texts[0], "4のキー。");
  EXPECT_EQ(texts[3], "2番、選びました。");
}

class ChoosingWithKeys : public Device {
 protected:
  ChoosingWithKeys() : Device(false, "built_in") {}
  void key(std::string_view place) {
    harness.call("key", {{"code", place}, {"phase", "down"}});
    harness.call("key", {{"code", place}, {"phase", "up"}});
  }
  void identify_with(json::array papers) {
    set(R"({"ask_high_cost": false, "ask_prescription": true, "ask_referral": true})");
    go_to_pin();
    bench.host().answer_with({{"type", "result"},
                              {"outcome", "ok"},
                              {"reason", "none"},
                              {"tries_left", 3},
                              {"records", true},
                              {"over_40", true},
                              {"notice", "none"},
                              {"papers", std::move(papers)}});
    harness.type("1234");
    harness.tap("key_done");
  }
  json::value chosen() {
    harness.call("ping");
    for (const json::object& message : bench.host().messages())
      if (message.at("type") == "hand_over") return message.at("chosen");
    return nullptr;
  }
  std::string texts() {
    std::string all;
    const json::value tree = harness.call("get_ui_tree");
    for (const json::value& node : tree.at("nodes").as_array())
      all += std::string(node.at("text").as_string()) + "\n";
    return all;
  }
};

TEST_F(ChoosingWithKeys, what_is_chosen_by_touch_and_by_key_is_handed_over) {
  json::array papers = told("prescription", 5);
  for (json::value& paper : told("referral", 2)) papers.push_back(paper);
  const std::size_t start = harness.seen();
  identify_with(std::move(papers));
  harness.wait_state("consent_bundle", start);
  key("r1c1");
  harness.wait_state("consent_prescription", start);
  EXPECT_NE(texts().find("架空第1病院　眼科"), std::string::npos);
  harness.tap("electronic");  // nothing chosen yet
  EXPECT_EQ(harness.call("get_ui_tree").at("screen_id"), "consent_prescription");
  key("r2c2");
  for (int pages = 0; pages < 5 && texts().find("架空第5病院") == std::string::npos; ++pages) key("r1c2");
  harness.tap("paper_5");
  harness.tap("paper_5");
  harness.tap("paper_5");
  key("r1c1");
  harness.wait_state("consent_referral", start);
  harness.tap("paper_1");
  key("r1c3");
  harness.wait_state("result_ok", start);
  EXPECT_EQ(chosen(), (json::value{{"prescription", {"prescription-2", "prescription-5"}},
                                   {"referral", {"referral-1"}}}));
  EXPECT_EQ(handed_over().at("referral"), "disagree") << "what goes with a no the host agent leaves out";
}

TEST_F(ChoosingWithKeys, no_name_gets_into_the_log_and_the_next_patient_sees_none) {
  const std::size_t start = harness.seen();
  identify_with(told("prescription", 2));
  harness.wait_state("consent_bundle", start);
  key("r1c1");
  harness.wait_state("consent_prescription", start);
  harness.tap("paper_1");
  take();
  harness.wait_state("idle", start);
  EXPECT_EQ(bench.log().find("架空第"), std::string::npos);
  const std::size_t again = harness.seen();
  identify_with({});
  harness.wait_state("consent_bundle", again);
  key("r1c1");
  harness.wait_state("consent_prescription", again);
  EXPECT_EQ(texts().find("架空第"), std::string::npos);
  EXPECT_NE(texts().find("処方箋の形を選んでください。"), std::string::npos);
}

}  // namespace
}  // namespace shogo::reader
