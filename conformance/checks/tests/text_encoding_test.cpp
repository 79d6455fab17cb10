#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

#include <shogo/base/bytes.h>

namespace shogo::conformance {
namespace {

Bytes text(std::string_view words) {
  const ByteView view = as_bytes(words);
  return {view.begin(), view.end()};
}

class Texts {
 public:
  Texts& log(std::string_view words) {
    t.file(source::kDevice, "log", {}, "device_log", "jsonl", text(words));
    return *this;
  }
  Texts& handed_over(std::string_view words) {
    t.file(source::kHarness, "text_file", {{"kind", "hand_over"}, {"file", "a.xml"}}, "hand_over", "txt",
           text(words));
    return *this;
  }
  Texts& name(const char* given, const char* back, bool shown = true) {
    t.add(source::kHarness, "name", {{"given", given}, {"back", back}, {"shown", shown}});
    return *this;
  }
  Judgement verdict() {
    t.end();
    return judge_text_encoding(t.build(), context_of("2-5"));
  }
  TranscriptBuilder t;
};

Texts good(std::string_view more = "") {
  Texts texts;
  texts.log("")
      .name("𠮷野家", "𠮷野家")
      .log("{\"message\":\"サーバー\"}" + std::string(more))
      .handed_over("<a/>");
  return texts;
}

TEST(TextEncoding, given_utf8_everywhere_and_names_that_come_back_then_pass) {
  EXPECT_EQ(good().verdict().verdict, Verdict::kPass);
}

TEST(TextEncoding, given_any_byte_that_is_no_utf8_then_fail) {
  for (const std::string_view broken :
       {std::string_view("\x83\x54\x81\x5B"),  // CP932
        std::string_view("\xE3\x82"),          // cut
        std::string_view("\xC0\xAF"),          // overlong
        std::string_view("\xE0\x80\xAF"), std::string_view("\xF0\x80\x80\xAF"),
        std::string_view("\xED\xA0\x80"),  // a surrogate
        std::string_view("\xF4\x90\x80\x80"), std::string_view("\xFF"), std::string_view("\x80")}) {
    Texts texts = good(broken);
    EXPECT_EQ(texts.verdict().verdict, Verdict::kFail) << to_hex(as_bytes(broken));
    Texts file = good();
    file.handed_over(broken);
    EXPECT_EQ(file.verdict().verdict, Verdict::kFail) << to_hex(as_bytes(broken));
  }
}

TEST(TextEncoding, the_edges_of_every_length_are_utf8) {
  for (const char* sound : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                            "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(good(sound).verdict().verdict, Verdict::kPass) << to_hex(as_bytes(sound));
}

TEST(TextEncoding, given_a_name_that_comes_back_cut_or_is_not_shown_then_fail) {
  Texts cut = good();
  cut.name("髙﨑クリニック", "髙﨑クリニ");
  EXPECT_EQ(cut.verdict().verdict, Verdict::kFail);
  Texts hidden = good();
  hidden.name("髙﨑クリニック", "髙﨑クリニック", false);
  EXPECT_EQ(hidden.verdict().verdict, Verdict::kFail);
}

TEST(TextEncoding, given_no_custom_text_then_partial) {
  Texts texts;
  texts.log("").log("サーバー").handed_over("<a/>");
  EXPECT_EQ(texts.verdict().reason, Reason::kPartial);
  Texts refused = good();
  refused.t.add(source::kHarness, "name", {{"given", "㈱"}, {"refused", true}});
  EXPECT_EQ(refused.verdict().reason, Reason::kPartial);
}

TEST(TextEncoding, given_nothing_was_written_then_control_failed) {
  Texts texts;
  texts.name("𠮷", "𠮷").log("a").log("a").handed_over("<a/>");
  EXPECT_EQ(texts.verdict().reason, Reason::kControlFailed);
  Texts nothing;
  nothing.name("𠮷", "𠮷").log("").log("a");
  EXPECT_EQ(nothing.verdict().reason, Reason::kControlFailed);
}

TEST(TextEncoding, hostile_transcripts_never_pass) {
  Texts texts = good();
  texts.t.end();
  expect_no_pass_when_cut_off(judge_text_encoding, texts.t.build(), context_of("2-5"));
  expect_to_survive_garbage(judge_text_encoding, texts.t.build(), context_of("2-5"));
}

}  // namespace
}  // namespace shogo::conformance
