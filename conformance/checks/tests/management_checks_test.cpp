// Judges of 3-20.b, 3-21, 1-22.c, 1-22.d and 3-11.c.
#include "checks.h"
#include "hostile_transcripts.h"
#include "screen_mirror.h"
#include "staff_client.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

TEST(StaffClient, reads_an_answer_and_nothing_else) {
  const auto answer = parse_http_answer(
      "HTTP/1.1 429 Too Many\r\nretry-after: 3\r\nSet-Cookie: shogo_staff=ab; HttpOnly\r\nETag: "
      "\"4\"\r\n\r\n{\"a\":1}");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 429);
  EXPECT_EQ(answer->retry_after, "3");
  EXPECT_EQ(answer->cookie, "shogo_staff=ab");
  EXPECT_EQ(answer->tag, "\"4\"");
  EXPECT_EQ(text_at(*answer, {"a"}), "1");
  for (const char* bad : {"", "HTTP/1.1 200", "HTTP/1.1 xyz\r\n\r\n", "ok\r\n\r\n"})
    EXPECT_FALSE(parse_http_answer(bad).ok()) << bad;
}

// --- 3-20.b

struct Doors {
  TranscriptBuilder t;
  Doors& attempt(const char* kind, int status, const char* text = "{}",
                 const char* what = "GET /api/status") {
    t.add(source::kHost, "attempt", {{"kind", kind}, {"what", what}, {"status", status}, {"t_text", text}});
    return *this;
  }
  Doors& sound() {
    for (int i = 0; i < 5; ++i) attempt("control", i == 4 ? 204 : 200);
    for (int i = 0; i < 20; ++i) attempt(i % 2 == 0 ? "nobody" : "replay", 401);
    for (int i = 0; i < 5; ++i) attempt("guess", 401, "{}", "admin");
    return *this;
  }
  Judgement verdict(int held = 429, int opened = 0, bool login = true) {
    attempt("guess", held, "{}", "guess 6");
    t.add(source::kHost, "fuzz", {{"requests", 60}, {"opened", opened}});
    t.add(source::kHost, "after_all", {{"login", login}});
    t.end();
    CheckContext context = context_of("3-20.b");
    context.device.serial = "S-2026-1";
    context.device.firmware = "0.1.0";
    return judge_management_access(t.build(), context);
  }
};

TEST(ManagementAccess, given_shut_doors_and_a_limit_then_pass) {
  EXPECT_EQ(Doors().sound().verdict().verdict, Verdict::kPass);
}

TEST(ManagementAccess, given_one_door_open_without_a_login_then_fail) {
  for (const char* kind : {"nobody", "replay", "cookie_alone", "guessed_keys", "foreign_site"})
    EXPECT_EQ(Doors().sound().attempt(kind, 200).verdict().verdict, Verdict::kFail) << kind;
}

TEST(ManagementAccess, given_a_refusal_that_tells_the_serial_number_then_fail) {
  EXPECT_EQ(Doors().sound().attempt("nobody", 401, "{\"serial\":\"S-2026-1\"}").verdict().verdict,
            Verdict::kFail);
}

TEST(ManagementAccess, given_a_default_password_then_fail) {
  EXPECT_EQ(Doors().sound().attempt("guess", 200, "{}", "admin").verdict().verdict, Verdict::kFail);
}

TEST(ManagementAccess, given_every_guess_is_looked_at_then_fail) {
  EXPECT_EQ(Doors().sound().verdict(401).verdict, Verdict::kFail);
}

TEST(ManagementAccess, given_a_broken_request_that_opens_or_staff_locked_out_for_good_then_fail) {
  EXPECT_EQ(Doors().sound().verdict(429, 1).verdict, Verdict::kFail);
  EXPECT_EQ(Doors().sound().verdict(429, 0, false).verdict, Verdict::kFail);
}

TEST(ManagementAccess, given_doors_that_open_for_nobody_then_control_failed) {
  EXPECT_EQ(Doors().sound().attempt("control", 401).verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(judge_management_access(Transcript(), context_of("3-20.b")).reason, Reason::kControlFailed);
}

TEST(ManagementAccess, hostile_transcripts_never_pass) {
  Doors doors;
  (void)doors.sound().verdict();
  expect_no_pass_when_cut_off(judge_management_access, doors.t.build(), context_of("3-20.b"));
  expect_to_survive_garbage(judge_management_access, doors.t.build(), context_of("3-20.b"));
}

// --- 3-21

struct Truth {
  TranscriptBuilder t;
  Truth& see(const char* part, int took_ms = 100, const char* seen = "x", json::object more = {}) {
    more["part"] = part;
    more["wanted"] = "x";
    more["seen"] = seen;
    more["t_took_ms"] = took_ms;
    t.add(source::kHost, "seen", more);
    return *this;
  }
  Truth& until_restart() {
    return see("version").see("busy").see("idle_again").see("setting", 100, "x", {{"told", "x"}});
  }
  Judgement verdict(bool goes = true) {
    t.add(source::kStimulus, "restart").add(source::kHost, "asked", {{"what", "restart"}, {"status", 200}});
    if (goes) t.link("closed", 1).link("connected", 2);
    see("restart");
    t.end();
    return judge_management_truth(t.build(), context_of("3-21"));
  }
};

TEST(ManagementTruth, given_everything_true_in_time_then_pass) {
  EXPECT_EQ(Truth().until_restart().verdict().verdict, Verdict::kPass);
}

TEST(ManagementTruth, given_five_seconds_then_pass_and_one_millisecond_more_then_fail) {
  EXPECT_EQ(Truth().until_restart().see("busy", 5'000).verdict().verdict, Verdict::kPass);
  EXPECT_EQ(Truth().until_restart().see("busy", 5'001).verdict().verdict, Verdict::kFail);
}

TEST(ManagementTruth, given_another_value_then_fail) {
  EXPECT_EQ(Truth().until_restart().see("busy", 100, "idle").verdict().verdict, Verdict::kFail);
  EXPECT_EQ(Truth().until_restart().see("setting", 100, "x", {{"told", "old"}}).verdict().verdict,
            Verdict::kFail);
}

TEST(ManagementTruth, given_a_restart_that_leaves_no_trace_on_the_line_then_fail) {
  EXPECT_EQ(Truth().until_restart().verdict(false).verdict, Verdict::kFail);
}

TEST(ManagementTruth, given_a_part_not_looked_at_then_control_failed) {
  EXPECT_EQ(Truth().see("version").see("busy").see("idle_again").verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(judge_management_truth(Transcript(), context_of("3-21")).reason, Reason::kControlFailed);
}

TEST(ManagementTruth, hostile_transcripts_never_pass) {
  Truth truth;
  (void)truth.until_restart().verdict();
  expect_no_pass_when_cut_off(judge_management_truth, truth.t.build(), context_of("3-21"));
  expect_to_survive_garbage(judge_management_truth, truth.t.build(), context_of("3-21"));
}

// --- 1-22.c, 1-22.d

Bytes grey_png(int width, int height, std::uint8_t level) {
  Image image;
  image.width = width;
  image.height = height;
  image.channels = 3;
  image.pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, level);
  return *encode_png(image);
}

struct Mirror {
  TranscriptBuilder t;
  Mirror& picture(const char* digest, std::uint8_t level = 100) {
    t.file(source::kHost, "mirror", {{"sha256", digest}}, "mirror", "png", grey_png(10, 16, level));
    return *this;
  }
  Mirror& strip(const char* begin, const char* end, json::object data, std::vector<const char*> inside = {},
                int later_ms = 0) {
    t.add(source::kStimulus, begin, data);
    t.later(later_ms);
    for (const char* digest : inside) picture(digest);
    t.add(source::kStimulus, end, data);
    return *this;
  }
  /// The first part of the script: a card comes and goes.
  Mirror& card(int delay_ms = 300, std::uint8_t mirror_level = 100) {
    picture("idle");
    t.state("method").later(delay_ms - 1);
    picture("method", mirror_level);
    t.frame("method", grey_png(20, 32, 100)).add(source::kStimulus, "compare");
    t.state("idle").later(99);
    return picture("idle");
  }
  Mirror& discreet() {
    picture("pin");
    strip("typing", "typed", {{"entry", 0}}).strip("typing", "typed", {{"entry", 1}});
    picture("questions");
    return strip("answering", "answered", {{"way", "agree"}})
        .strip("answering", "answered", {{"way", "disagree"}});
  }
  Judgement follows() { return judge_mirror_follows(t.end().build(), context_of("1-22.c")); }
  Judgement discretion() { return judge_mirror_discretion(t.end().build(), context_of("1-22.d")); }
};

TEST(MirrorFollows, given_a_second_then_pass_and_a_little_more_then_fail) {
  EXPECT_EQ(Mirror().card(1'000).follows().verdict, Verdict::kPass);
  EXPECT_EQ(Mirror().card(1'001).follows().verdict, Verdict::kFail);
}

TEST(MirrorFollows, given_a_mirror_that_stands_still_then_fail) {
  Mirror mirror;
  mirror.picture("idle");
  mirror.t.state("method").later(1'500);
  mirror.t.frame("method", grey_png(20, 32, 100)).add(source::kStimulus, "compare").state("idle");
  EXPECT_EQ(mirror.follows().verdict, Verdict::kFail);
}

TEST(MirrorFollows,
     given_a_picture_that_overtakes_the_word_then_pass_and_one_from_before_the_card_then_fail) {
  const auto with = [](bool card_first) {
    Mirror mirror;
    mirror.picture("idle");
    if (card_first) mirror.t.add(source::kCard, "placed");
    mirror.picture("method");
    if (!card_first) mirror.t.add(source::kCard, "placed");
    mirror.t.state("method").later(1'500);
    mirror.t.frame("method", grey_png(20, 32, 100)).add(source::kStimulus, "compare").state("idle");
    return mirror.picture("idle").follows().verdict;
  };
  EXPECT_EQ(with(true), Verdict::kPass);
  EXPECT_EQ(with(false), Verdict::kFail);
}

TEST(MirrorFollows, given_another_page_than_the_devices_then_fail) {
  EXPECT_EQ(Mirror().card(300, 112).follows().verdict, Verdict::kPass);
  EXPECT_EQ(Mirror().card(300, 113).follows().verdict, Verdict::kFail);
}

TEST(MirrorFollows, given_nothing_seen_then_control_failed) {
  EXPECT_EQ(Mirror().follows().reason, Reason::kControlFailed);
  Mirror mirror;
  mirror.card();
  (void)mirror.follows();
  expect_no_pass_when_cut_off(judge_mirror_follows, mirror.t.build(), context_of("1-22.c"));
  expect_to_survive_garbage(judge_mirror_follows, mirror.t.build(), context_of("1-22.c"));
}

TEST(MirrorDiscretion, given_the_same_pictures_for_every_entry_and_answer_then_pass) {
  EXPECT_EQ(Mirror().card().discreet().discretion().verdict, Verdict::kPass);
}

TEST(MirrorDiscretion, given_a_picture_of_its_own_for_one_entry_then_fail) {
  EXPECT_EQ(
      Mirror().card().discreet().strip("typing", "typed", {{"entry", 2}}, {"key 7"}).discretion().verdict,
      Verdict::kFail);
  Mirror standing;
  standing.card().discreet().picture("another layout").strip("typing", "typed", {{"entry", 2}});
  EXPECT_EQ(standing.discretion().verdict, Verdict::kFail);
}

TEST(MirrorDiscretion, given_answers_that_look_different_then_fail) {
  Mirror mirror;
  mirror.card().discreet().strip("answering", "answered", {{"way", "other"}}, {"disagree pressed"});
  EXPECT_EQ(mirror.discretion().verdict, Verdict::kFail);
}

TEST(MirrorDiscretion, given_one_frame_apart_then_pass_and_more_then_fail) {
  const auto apart = [](int ms) {
    Mirror mirror;
    mirror.card().picture("pin");
    mirror.strip("typing", "typed", {{"entry", 0}}, {"still pin"}).picture("pin");
    mirror.strip("typing", "typed", {{"entry", 1}}, {"still pin"}, ms);
    mirror.picture("questions").strip("answering", "answered", {{"way", "a"}});
    return mirror.strip("answering", "answered", {{"way", "b"}}).discretion().verdict;
  };
  EXPECT_EQ(apart(100), Verdict::kPass);
  EXPECT_EQ(apart(101), Verdict::kFail);
}

TEST(MirrorDiscretion, given_a_mirror_that_shows_nothing_then_control_failed) {
  Mirror blind;
  blind.picture("black").strip("typing", "typed", {{"entry", 0}}).strip("typing", "typed", {{"entry", 1}});
  blind.strip("answering", "answered", {{"way", "a"}}).strip("answering", "answered", {{"way", "b"}});
  EXPECT_EQ(blind.discretion().reason, Reason::kControlFailed);
  Mirror mirror;
  mirror.card().discreet();
  (void)mirror.discretion();
  expect_no_pass_when_cut_off(judge_mirror_discretion, mirror.t.build(), context_of("1-22.d"));
  expect_to_survive_garbage(judge_mirror_discretion, mirror.t.build(), context_of("1-22.d"));
}

// --- 3-11.c

struct Wording {
  TranscriptBuilder t;
  static json::object node(const char* id, const char* role, const char* text, int x, int y, int w, int h) {
    return {{"id", id},
            {"role", role},
            {"text", text},
            {"bounds_px", {x, y, w, h}},
            {"enabled", true},
            {"font_px", 20},
            {"colour", {"#000000", "#ffffff"}},
            {"spoken", text}};
  }
  Wording& screen(const char* moment, const char* text, int text_height = 40, std::uint8_t level = 50,
                  int button_y = 100) {
    const json::array nodes{node("body", "text", text, 0, 0, 100, text_height),
                            node("staff", "button", "職員を呼ぶ", 0, button_y, 100, 50)};
    t.file(source::kDevice, "screen",
           {{"moment", moment},
            {"tree", {{"state", "idle"}, {"screen_id", "idle"}, {"lang", "ja"}, {"nodes", nodes}}},
            {"width", 100},
            {"height", 200}},
           "screen", "png", grey_png(100, 200, level));
    return *this;
  }
  Wording& text(const char* moment, const char* given, const char* back, const char* shown, int height = 40,
                std::uint8_t level = 60, int button_y = 100) {
    t.add(source::kStimulus, "set", {{"text", given}, {"taken", true}});
    t.add(source::kStimulus, "wording", {{"moment", moment}, {"given", given}, {"back", back}});
    return screen(moment, shown, height, level, button_y);
  }
  Wording& sound() { return screen("before", "ours").text("text 1", "<b>𠮷</b>", "<b>𠮷</b>", "<b>𠮷</b>"); }
  Judgement verdict(bool restarted = true, bool staff = true) {
    if (restarted) text("after restart", "<b>𠮷</b>", "<b>𠮷</b>", "<b>𠮷</b>");
    t.add(source::kStimulus, "staff_called", {{"shown", staff}}).end();
    return judge_custom_wording(t.build(), context_of("3-11.c"));
  }
};

TEST(CustomWording, given_texts_shown_as_set_and_kept_then_pass) {
  EXPECT_EQ(Wording().sound().verdict().verdict, Verdict::kPass);
}

TEST(CustomWording, given_a_text_changed_cut_or_not_shown_then_fail) {
  EXPECT_EQ(Wording().sound().text("text 2", "<i>a</i>", "<i>a</i>", "a").verdict().verdict, Verdict::kFail);
  EXPECT_EQ(Wording().sound().text("text 2", "abc", "ab", "abc").verdict().verdict, Verdict::kFail);
  EXPECT_EQ(Wording().sound().text("text 2", "abc", "abc", "ours").verdict().verdict, Verdict::kFail);
}

TEST(CustomWording, given_a_tree_that_says_so_and_a_picture_that_does_not_then_fail) {
  EXPECT_EQ(Wording().sound().text("text 2", "abc", "abc", "abc", 40, 50).verdict().verdict, Verdict::kFail);
}

TEST(CustomWording, given_a_text_that_touches_a_button_then_pass_and_one_pixel_more_then_fail) {
  EXPECT_EQ(Wording().sound().text("text 2", "abc", "abc", "abc", 100).verdict().verdict, Verdict::kPass);
  EXPECT_EQ(Wording().sound().text("text 2", "abc", "abc", "abc", 101).verdict().verdict, Verdict::kFail);
  EXPECT_EQ(Wording().sound().text("text 2", "abc", "abc", "abc", 40, 60, 151).verdict().verdict,
            Verdict::kFail);
}

TEST(CustomWording, given_a_button_that_does_nothing_any_more_then_fail) {
  EXPECT_EQ(Wording().sound().verdict(true, false).verdict, Verdict::kFail);
}

TEST(CustomWording, given_no_restart_then_control_failed) {
  EXPECT_EQ(Wording().sound().verdict(false).reason, Reason::kControlFailed);
}

TEST(CustomWording, given_a_text_that_the_device_refuses_then_partial) {
  Wording wording;
  wording.sound().t.add(source::kStimulus, "set", {{"text", "𠮷"}, {"taken", false}});
  EXPECT_EQ(wording.verdict().reason, Reason::kPartial);
}

TEST(CustomWording, hostile_transcripts_never_pass) {
  Wording wording;
  (void)wording.sound().verdict();
  expect_no_pass_when_cut_off(judge_custom_wording, wording.t.build(), context_of("3-11.c"));
  expect_to_survive_garbage(judge_custom_wording, wording.t.build(), context_of("3-11.c"));
}

}  // namespace
}  // namespace shogo::conformance
