#include "test_card.h"
#include <functional>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/sim/apdu_text.h>
#include <shogo/sim/card_file.h>

namespace shogo::sim {
namespace {

std::string card_text(const std::string& profile = "standard", std::uint64_t seed = 1) {
  auto order = order_for(profile, seed, parse_jst("2026-04-01"));
  if (!order.ok()) throw std::runtime_error(order.error().describe());
  const auto prepared = test_issuer().prepare(*order);
  if (!prepared.ok()) throw std::runtime_error(prepared.error().describe());
  return print_card_file(*prepared, *order);
}

class CardFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto folder = TemporaryFolder::create("card");
    ASSERT_TRUE(folder.ok());
    folder_.emplace(std::move(folder).value());
    path_ = folder_->path() / "taro.card";
    ASSERT_TRUE(write_text(path_, card_text()).ok());
  }
  static std::string send(FiledCard& card, std::string_view hex) {
    return to_hex(card.card().transmit(from_hex(hex).value()));
  }
  std::optional<TemporaryFolder> folder_;
  std::filesystem::path path_;
};

TEST_F(CardFileTest, counters_and_a_changed_pin_survive_closing_without_a_goodbye) {
  {
    auto card = FiledCard::open(path_);
    ASSERT_TRUE(card.ok()) << card.error().describe();
    ASSERT_EQ(send(**card, "00A4040C0AD392F000260100000001"), "9000");
    ASSERT_EQ(send(**card, kVerifyWrongPin), "63C2");
    ASSERT_EQ(send(**card, kVerifySignPassword), "9000");
    ASSERT_EQ(send(**card, "0024019B06414141414141"), "9000");
    // What is on the disk now is what a torn-out plug leaves behind.
    const auto stored = parse_card_file(read_text(path_).value(), "taro.card");
    ASSERT_TRUE(stored.ok());
    EXPECT_EQ(stored->memory.at(0).tries_left, 2);
  }
  auto again = FiledCard::open(path_);
  ASSERT_TRUE(again.ok()) << again.error().describe();
  ASSERT_EQ(send(**again, "00A4040C0AD392F000260100000001"), "9000");
  EXPECT_EQ(send(**again, "00200098"), "63C2");
  EXPECT_EQ(send(**again, "0020009B06414141414141"), "9000");
}

TEST_F(CardFileTest, a_card_whose_memory_cannot_be_written_opens_nothing) {
  auto card = FiledCard::open(path_);
  ASSERT_TRUE(card.ok());
  ASSERT_EQ(send(**card, "00A4040C0AD392F000260100000001"), "9000");
  std::filesystem::remove_all(folder_->path());
  EXPECT_EQ(send(**card, kVerifyWrongPin), "6581");
  EXPECT_EQ(send(**card, kVerifyAuthPin), "6581") << "the counter's way back up is a change, too";
  EXPECT_EQ(send(**card, "802A0397010100"), "6982");
}

TEST_F(CardFileTest, one_program_at_a_time_has_a_card) {
  auto first = FiledCard::open(path_);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(FiledCard::open(path_).error().code(), Code::kConflict);
  first->reset();
  EXPECT_TRUE(FiledCard::open(path_).ok());
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".lock")) << "nothing is left behind";
}

TEST_F(CardFileTest, the_same_order_gives_the_same_file) {
  EXPECT_EQ(card_text(), card_text());
  EXPECT_NE(card_text(), card_text("standard", 2));
}

TEST_F(CardFileTest, damaged_files_are_refused_with_what_is_wrong_and_where) {
  const std::string good = read_text(path_).value();
  const auto told = [&](const std::string& text) {
    const auto card = parse_card_file(text, "taro.card");
    return card.ok() ? std::string("nothing") : card.error().describe();
  };
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
  };
  EXPECT_EQ(told(good), "nothing");
  EXPECT_NE(told("").find("taro.card: not valid JSON"), std::string::npos);
  EXPECT_NE(told(good.substr(0, good.size() / 2)).find("not valid JSON"), std::string::npos);
  EXPECT_NE(told("[]").find("expected an object"), std::string::npos);
  EXPECT_NE(told(with("shogo-card/1", "shogo-card/9")).find("\"schema\" is \"shogo-card/9\""),
            std::string::npos);
  EXPECT_NE(told(with("架空県", "実在県")).find("does not match its checksum"), std::string::npos);
  EXPECT_NE(told(with("\"memory\":[]", "\"memory\":7")).find("\"memory\" must be an array"),
            std::string::npos);
  EXPECT_NE(told(with("\"memory\":[]",
                      R"("memory":[{"application":"jpki","id":"0018","tries_left":99,"value":""}])"))
                .find("memory[0]: expected an id"),
            std::string::npos);
  // A seal that is right again does not make contents right.
  const auto resealed = [&](const std::function<void(json::object&)>& change) {
    json::value document = parse_json(good, "good").value();
    json::object& file = document.as_object();
    change(file["issued"].as_object());
    file["sha256"] = sha256_hex(as_bytes(json::serialize(file["issued"])));
    return told(json::serialize(document));
  };
  EXPECT_EQ(resealed([](json::object&) {}), "nothing");
  EXPECT_NE(resealed([](json::object& card) { card["pupi"] = "12 3"; }).find("\"pupi\" must be hex"),
            std::string::npos);
  EXPECT_NE(resealed([](json::object& card) { card["keys"].as_object()["visual"] = "x"; }).find("in PEM"),
            std::string::npos);
  EXPECT_NE(
      resealed([](json::object& card) { card["profile"].as_object()["atqb"] = 1; }).find("\"atqb\" must be"),
      std::string::npos);
}

TEST_F(CardFileTest, a_file_that_lacks_what_its_profile_needs_cannot_be_opened) {
  json::value document = parse_json(read_text(path_).value(), "good").value();
  json::object& file = document.as_object();
  file["issued"].as_object()["files"].as_object().erase("card_face");
  file["sha256"] = sha256_hex(as_bytes(json::serialize(file["issued"])));
  ASSERT_TRUE(write_text(path_, json::serialize(document)).ok());
  const auto card = FiledCard::open(path_);
  ASSERT_FALSE(card.ok());
  EXPECT_NE(card.error().describe().find("no file \"card_face\""), std::string::npos);
}

TEST_F(CardFileTest, a_description_tells_pins_certificates_and_rules) {
  const auto stored = parse_card_file(read_text(path_).value(), "taro.card");
  ASSERT_TRUE(stored.ok());
  const json::value told = describe_card(*stored);
  EXPECT_EQ(told.at("atr").as_string(), "3B888001000005E0B381A1007F");
  const json::value& jpki = told.at("applications").as_array().at(0);
  EXPECT_EQ(jpki.at("pins").as_array().at(0).at("value").as_string(), "1234");
  EXPECT_EQ(jpki.at("pins").as_array().at(0).at("tries_left").as_int64(), 3);
  const json::value& certificate = jpki.at("files").as_array().at(5).at("certificate");
  EXPECT_EQ(certificate.at("serial").as_string(), told.at("certificate_serial").as_string());
}

TEST_F(CardFileTest, certificates_have_the_state_of_their_profile) {
  const auto days_left = [](const char* profile) {
    const auto stored = parse_card_file(card_text(profile), profile);
    const auto certificate =
        Certificate::from_der(stored->contents.files.at("user_authentication_certificate"));
    int days = 0, seconds = 0;
    ASN1_TIME* today = ASN1_TIME_set(nullptr, 1'774'969'200);  // 2026-04-01 in Japan
    ASN1_TIME_diff(&days, &seconds, today, X509_get0_notAfter(certificate->get()));
    ASN1_TIME_free(today);
    return days;
  };
  EXPECT_GT(days_left("standard"), 365);
  EXPECT_EQ(days_left("expiring"), 60);
  EXPECT_EQ(days_left("grace"), -30);
  EXPECT_EQ(days_left("expired"), -200);
  const auto child = parse_card_file(card_text("child"), "child");
  EXPECT_TRUE(child->contents.files.at("signature_certificate").empty());
  EXPECT_EQ(to_hex(child->contents.files.at("certificate_availability")), "008F00");
}

TEST(ApduText, a_trace_reads_as_a_sentence_without_any_secret) {
  auto issued = issue_standard();
  std::vector<std::string> lines;
  std::vector<std::string> objects;
  issued.card->trace([&](const ApduTrace& trace) {
    lines.push_back(apdu_text(trace, issued.card->profile()));
    objects.push_back(json::serialize(apdu_json(trace, issued.card->profile())));
  });
  for (const char* apdu :
       {"00A4040C0AD3921000310001010402", "002000920E3939393939393939393939393939", "00B0820000", "00200092"})
    (void)issued.card->transmit(from_hex(apdu).value());
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "00 A4 04 0C  SELECT visual, 10 bytes -> 9000 ok");
  EXPECT_EQ(lines[1], "00 20 00 92  VERIFY visual/0012 number_b, 14 bytes (masked) -> 63C9 9 tries left");
  EXPECT_EQ(lines[2], "00 B0 82 00  READ BINARY visual/0002 card_face -> 6982 not allowed yet");
  EXPECT_EQ(lines[3], "00 20 00 92  VERIFY visual/0012 number_b -> 63C9 9 tries left");
  for (const std::string& line : objects) EXPECT_EQ(line.find("9999"), std::string::npos) << line;
}

}  // namespace
}  // namespace shogo::sim
