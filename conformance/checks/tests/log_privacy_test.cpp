// 3-17.b: the search must find whatever was planted, or its silence says nothing. Planted forms are made here
// by other means than the search's own, most of them written down.
#include "canary_search.h"
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"
#include <algorithm>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/rng.h>

namespace shogo::conformance {
namespace {

Bytes text(std::string_view utf8) {
  const ByteView view = as_bytes(utf8);
  return {view.begin(), view.end()};
}

Canary name() {
  return {"name", text("照合花子"), false};  // synthetic
}

Canary pin() {
  return {"pin", text("8362"), true};
}

Canary photo() {
  Bytes bytes(6000);
  Rng rng(11, "photo");
  rng.fill(bytes);
  return {"chip photo", bytes, false};
}

/// The form in the middle of an innocent log.
Bytes log_with(ByteView form) {
  Bytes log = text("2026-04-01T09:00:00+09:00 info op=start x=");
  append(log, form);
  append(log, as_bytes(" y=7\n2026-04-01T09:00:09+09:00 info op=end\n"));
  return log;
}

bool found(const Canary& canary, ByteView form) {
  return !search(log_with(form), {canary}).empty();
}

bool found(const Canary& canary, std::string_view form) {
  return found(canary, as_bytes(form));
}

std::string lower(std::string hex) {
  std::transform(hex.begin(), hex.end(), hex.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  return hex;
}

std::string wrapped(const std::string& whole, std::size_t width) {
  std::string lines;
  for (std::size_t at = 0; at < whole.size(); at += width) lines += whole.substr(at, width) + "\n";
  return lines;
}

TEST(CanarySearch, every_form_that_it_says_to_look_for_is_found) {
  for (const Canary& canary : {name(), pin(), photo()}) {
    const auto forms = disguises(canary);
    ASSERT_FALSE(forms.empty());
    for (const auto& [encoding, form] : forms)
      EXPECT_TRUE(found(canary, form)) << canary.what << " as " << encoding;
  }
}

TEST(CanarySearch, a_name_is_found_in_each_encoding_of_the_criterion) {
  EXPECT_TRUE(found(name(), "照合花子"));
  EXPECT_TRUE(found(name(), "67710854B182505B"_hex)) << "UTF-16, little end first";
  EXPECT_TRUE(found(name(), "7167540882B15B50"_hex)) << "UTF-16, big end first";
  EXPECT_TRUE(found(name(), "8FC68D8789D48E71"_hex)) << "CP932";
  EXPECT_TRUE(found(name(), "E785A7E59088E88AB1E5AD90")) << "hex";
  EXPECT_TRUE(found(name(), "e785a7e59088e88ab1e5ad90")) << "hex";
  EXPECT_TRUE(found(name(), "%E7%85%A7%E5%90%88%E8%8A%B1%E5%AD%90")) << "URL";
  EXPECT_TRUE(found(name(), "%e7%85%a7%e5%90%88%e8%8a%b1%e5%ad%90")) << "URL in lower case";
  EXPECT_TRUE(found(name(), "照\n合花子"));
  EXPECT_TRUE(found(name(), "照合花\n子"));
  EXPECT_TRUE(found(name(), "照合\r\n花子"));
  Bytes reversed = name().value;
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_TRUE(found(name(), reversed)) << "bytes reversed";
  EXPECT_TRUE(found(name(), "子花合照")) << "characters reversed";
  for (std::size_t lead = 0; lead < 6; ++lead) {
    for (std::size_t tail = 0; tail < 4; ++tail) {
      Bytes embedded(lead, 'x');
      append(embedded, name().value);
      embedded.insert(embedded.end(), tail, 'y');
      EXPECT_TRUE(found(name(), to_base64(embedded))) << "base64 after " << lead << " before " << tail;
    }
  }
}

TEST(CanarySearch, a_pin_is_found_in_each_encoding_and_as_a_digest) {
  for (const std::string_view form :
       {"8362", "2638", "38333632", "%38%33%36%32", "ODM2Mg==", "d27b95cac4c27feb850aaa4070cc4675",
        "7cb50eaf30d7de30314fa91ed793298570755154", "7CB50EAF30D7DE30314FA91ED793298570755154",
        "0f0213af69ae68e40aa2a4d160290283fc71be471d8b132a25bdd63eba5c680e"})
    EXPECT_TRUE(found(pin(), form)) << form;
  EXPECT_TRUE(found(pin(), sha256_hex(pin().value)));
  EXPECT_TRUE(found(pin(), to_hex(sha256(pin().value))));
  EXPECT_TRUE(found(pin(), to_base64(sha256(pin().value))));
  EXPECT_TRUE(found(pin(), "3800330036003200"_hex));
  EXPECT_TRUE(found(pin(), "0038003300360032"_hex));
}

TEST(CanarySearch, a_pin_is_found_at_the_very_beginning_and_end_of_a_log) {
  EXPECT_EQ(search(text("8362 typed"), {pin()}).size(), 1U);
  EXPECT_EQ(search(text("typed 8362"), {pin()}).size(), 1U);
  EXPECT_EQ(search(text("8362"), {pin()}).size(), 1U);
}

/// Lines whose field `name` holds these values, one after the other.
std::string lines_of(const std::string& name, const std::vector<int>& values) {
  std::string log;
  for (const int value : values)
    log += fmt::format("{{\"t\":\"09:10:04\",\"{}\":{},\"e\":1}}\n", name, value);
  return log;
}

TEST(CanarySearch, a_running_number_that_passes_the_pin_is_no_hit_and_a_pin_that_stands_there_is) {
  const auto hits = [&](const std::vector<int>& values) {
    return search(text(lines_of("seq", values)), {pin()}).size();
  };
  EXPECT_EQ(hits({8361, 8362, 8363}), 0U);
  EXPECT_EQ(hits({2637, 2638, 2639}), 0U) << "reversed";
  EXPECT_EQ(hits({8354, 8362, 8370}), 0U) << "eight records in between";
  EXPECT_EQ(hits({8353, 8362, 8370}), 1U);
  EXPECT_EQ(hits({8354, 8362, 8371}), 1U);
  EXPECT_EQ(hits({8361, 8362}), 0U) << "the last line";
  EXPECT_EQ(hits({8362, 8363}), 0U) << "the first line";
  EXPECT_EQ(hits({8362}), 1U) << "nothing tells that it runs";
  EXPECT_EQ(hits({8362, 8362, 8362}), 1U) << "the same PIN again and again";
  EXPECT_EQ(hits({8361, 8362, 8362}), 1U);
  EXPECT_EQ(hits({1234, 8362, 5678}), 1U) << "the PINs of three people";
}

TEST(CanarySearch, digits_of_a_pin_inside_a_longer_number_are_no_hit_but_a_later_plain_one_is) {
  for (const std::string_view number : {"1883621", "83620", "18362", "1771583622638", "t=1.83629"})
    EXPECT_TRUE(search(text(number), {pin()}).empty()) << number;
  EXPECT_EQ(search(text("id 18362, pin=8362"), {pin()}).size(), 1U);
  EXPECT_TRUE(search("31003800330036003200"_hex, {pin()}).empty()) << "UTF-16, after a 1";
  EXPECT_TRUE(search("00380033003600320035"_hex, {pin()}).empty()) << "UTF-16, before a 5";
}

TEST(CanarySearch, a_pin_in_the_hex_dump_of_a_command_is_found) {
  EXPECT_FALSE(search(text("apdu=002000800438333632"), {pin()}).empty());
  EXPECT_FALSE(search(text("38333632"), {pin()}).empty());
}

TEST(CanarySearch, a_photo_is_found_in_base64_with_any_lead_in_one_piece_or_in_lines) {
  const Canary canary = photo();
  for (std::size_t lead = 0; lead < 64; ++lead) {
    Bytes embedded(lead, '{');
    append(embedded, canary.value);
    const std::string base64 = to_base64(embedded);
    EXPECT_TRUE(found(canary, base64)) << lead;
    EXPECT_TRUE(found(canary, wrapped(base64, 64))) << lead;
    EXPECT_TRUE(found(canary, wrapped(base64, 76))) << lead;
  }
}

TEST(CanarySearch, a_part_of_a_photo_is_found_raw_and_in_hex_dumps) {
  const Canary canary = photo();
  for (std::size_t start = 0; start < 300; start += 7) {
    const Bytes part(canary.value.begin() + static_cast<std::ptrdiff_t>(start),
                     canary.value.begin() + static_cast<std::ptrdiff_t>(start + 4000));
    EXPECT_TRUE(found(canary, part)) << start;
    EXPECT_TRUE(found(canary, to_hex(part))) << start;
    EXPECT_TRUE(found(canary, wrapped(lower(to_hex(part)), 32))) << "16 bytes a line from " << start;
  }
}

TEST(CanarySearch, nothing_is_found_where_nothing_was_planted) {
  Bytes noise(200'000);
  Rng rng(1, "noise");
  rng.fill(noise);
  std::string lines;
  for (int i = 0; i < 2000; ++i)
    lines += fmt::format("2026-04-01T09:{:02}:{:02}.{:06}+09:00 info op=state n={}\n", i / 60 % 60, i % 60,
                         rng.below(1'000'000), rng.next());
  EXPECT_TRUE(search(noise, {name(), photo()}).empty());
  EXPECT_TRUE(search(text(lines), {name(), pin(), photo()}).empty());
}

TEST(CanarySearch, empty_logs_canaries_and_flat_photos_hit_nothing) {
  EXPECT_TRUE(search({}, {name(), pin(), photo()}).empty());
  EXPECT_TRUE(search(text("anything"), {{"nothing", {}, true}, {"nothing", {}, false}}).empty());
  EXPECT_TRUE(search(Bytes(5000, 0), {{"chip photo", Bytes(4000, 0), false}}).empty());
}

constexpr const char* kInnocent =
    "2026-04-01T09:00:00+09:00 info op=start\n2026-04-01T09:00:09+09:00 info seq=1836291 op=pin result=ok\n";

struct Story {
  std::string before = "boot\n";
  std::string after = std::string("boot\n") + kInnocent;
  std::string host = "connected\n";
  int sw = 0x9000;
  bool all_canaries = true;
};

TranscriptBuilder told(const Story& story) {
  TranscriptBuilder t;
  boost::json::object facts{{"name", "照合花子"},
                            {"address", "架空県目印市一丁目二番三号"},
                            {"birth_date", "1903-02-29"},
                            {"number_b", "90832716450912"}};
  if (story.all_canaries) facts["pin"] = "8362";
  t.add(source::kStimulus, "canaries", facts);
  t.file(source::kHarness, "canary_photo", {}, "canary_photo", "jp2", photo().value);
  t.file(source::kDevice, "log", {}, "log", "txt", text(story.before));
  t.step("wrong_pin").tries(3).verify(4, 0x63C2).state("pin", "wrong_pin");
  t.step("right_pin").tries(2).verify(4, story.sw).result("ok", "none").state("idle");
  t.file(source::kDevice, "log", {}, "log", "txt", text(story.after));
  t.file(source::kHarness, "host_log", {{"file", "host.log"}}, "host_log", "txt", text(story.host));
  return t.end();
}

Judgement judged(const Story& story) {
  return judge_log_privacy(told(story).build(), context_of("3-17.b"));
}

TEST(LogPrivacy, logs_that_grew_and_name_nobody_pass) {
  const Judgement judgement = judged({});
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(LogPrivacy, any_detail_in_any_log_fails_and_the_finding_does_not_repeat_it) {
  for (const std::string& detail :
       {std::string("照合花子"), std::string("架空県目印市一丁目二番三号"), std::string("1903-02-29"),
        std::string("90832716450912"), std::string("pin=8362"), sha256_hex(pin().value),
        to_base64(photo().value)}) {
    Story device;
    device.after += detail + "\n";
    Story earlier;
    earlier.before += detail + "\n";
    earlier.after = earlier.before + kInnocent;
    Story host;
    host.host += detail + "\n";
    for (const Story& story : {device, earlier, host}) {
      const Judgement judgement = judged(story);
      EXPECT_EQ(judgement.verdict, Verdict::kFail) << detail;
      EXPECT_EQ(judgement.because_en.find(detail), std::string::npos) << judgement.because_en;
    }
  }
}

TEST(LogPrivacy, an_empty_log_or_one_that_did_not_grow_is_inconclusive) {
  Story empty;
  empty.before = empty.after = "";
  EXPECT_EQ(judged(empty).verdict, Verdict::kInconclusive);
  Story same;
  same.after = same.before;
  EXPECT_EQ(judged(same).verdict, Verdict::kInconclusive);
  Story shrunk;
  shrunk.after = "b";
  EXPECT_EQ(judged(shrunk).verdict, Verdict::kInconclusive);
}

TEST(LogPrivacy, a_journey_that_never_reached_the_card_is_inconclusive) {
  Story refused;
  refused.sw = 0x63C1;
  EXPECT_EQ(judged(refused).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_log_privacy(Transcript(), context_of("3-17.b")).verdict, Verdict::kInconclusive);
}

TEST(LogPrivacy, a_canary_less_is_inconclusive_even_when_the_others_are_told_twice) {
  Story story;
  story.all_canaries = false;
  EXPECT_EQ(judged(story).verdict, Verdict::kInconclusive);
}

TEST(LogPrivacy, cut_repeated_or_reordered_transcripts_never_become_a_pass) {
  const CheckContext context = context_of("3-17.b");
  expect_no_pass_when_cut_off(judge_log_privacy, told({}).build(), context);
  Story leak;
  leak.after += "name=照合花子\n";
  Story silent;
  silent.before = silent.after = "";
  Story four;
  four.all_canaries = false;
  Story shrunk;
  shrunk.after = "b";
  for (const Story& story : {leak, silent, four, shrunk}) {
    expect_no_pass_when_cut_off(judge_log_privacy, told(story).build(), context);
    expect_no_pass_when_repeated_or_reordered(judge_log_privacy, told(story).build(), context, 1, 60);
  }
}

TEST(LogPrivacy, garbage_does_not_crash_the_judge) {
  expect_to_survive_garbage(judge_log_privacy, told({}).build(), context_of("3-17.b"), 60);
}

}  // namespace
}  // namespace shogo::conformance
