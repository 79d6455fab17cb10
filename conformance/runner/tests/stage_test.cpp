#include "scripted_device.h"
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/conformance/png.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
constexpr milliseconds kSoon{20};

class StageTest : public testing::Test {
 protected:
  StageTest() {
    device.on_event([this](const DeviceEvent& event) { stage->on_device_event(event); });
    make();
  }
  ~StageTest() override { device.on_event(nullptr); }
  void make(milliseconds limit = milliseconds{60'000}) {
    StageSetup setup;
    setup.clause = "3-11.a";
    setup.clock = &clock;
    setup.device = &device;
    setup.limit = limit;
    stage = std::make_unique<Stage>(setup);
  }

  RealClock clock;
  ScriptedDevice device;
  std::unique_ptr<Stage> stage;
};

TEST_F(StageTest, a_state_that_was_left_again_is_still_found_since_the_mark) {
  const Mark start = stage->mark();
  device.show("verifying");
  device.show("result_ok");

  EXPECT_TRUE(stage->wait_state({"verifying"}, start).ok());
  EXPECT_EQ(stage->wait_state({"verifying"}, kSoon).error().code(), Code::kTimeout);
}

TEST_F(StageTest, a_state_from_before_the_mark_does_not_count) {
  device.show("idle");
  const Mark start = stage->mark();

  EXPECT_TRUE(stage->wait_state({"idle"}).ok());
  const auto waited = stage->wait_state({"idle"}, start, kSoon);

  EXPECT_EQ(waited.error().code(), Code::kTimeout);
  EXPECT_THAT(waited.error().message(), HasSubstr("the device shows idle"));
}

TEST_F(StageTest, a_wait_ends_when_the_state_comes_from_another_thread) {
  std::thread later([&] { device.show("pin"); });

  const auto state = stage->wait_state({"pin", "error"});
  later.join();

  EXPECT_EQ(state->data.at("name"), "pin");
}

TEST_F(StageTest, a_wait_ends_at_once_when_the_device_is_lost_or_the_run_is_stopped) {
  std::thread lost([&] {
    device.emit({"connection_lost", {{"text", "it closed the connection"}}, nullptr});
  });
  EXPECT_EQ(stage->wait_state({"pin"}, milliseconds{600'000}).error().code(), Code::kUnavailable);
  lost.join();

  make(milliseconds{600'000});
  std::thread stopper([&] { stage->cancel(); });
  EXPECT_EQ(stage->wait_state({"pin"}, milliseconds{600'000}).error().code(), Code::kCancelled);
  stopper.join();
  EXPECT_EQ(stage->call("ping").error().code(), Code::kCancelled);
}

TEST_F(StageTest, the_watchdog_ends_waits_and_says_so) {
  make(milliseconds{30});

  const auto waited = stage->wait_state({"pin"}, milliseconds{600'000});

  EXPECT_EQ(waited.error().code(), Code::kTimeout);
  EXPECT_THAT(waited.error().message(), HasSubstr("the check's time"));
  EXPECT_EQ(stage->linger().error().code(), Code::kTimeout);
  EXPECT_EQ(stage->call("ping").error().code(), Code::kTimeout);
}

TEST_F(StageTest, requests_answers_and_errors_are_recorded_in_order) {
  (void)stage->touch(3, 4);
  (void)stage->call("fly");

  const Transcript transcript = stage->finish();
  const auto answers = transcript.select(source::kDevice, "answer");
  ASSERT_EQ(transcript.select(source::kStimulus, "request").size(), 3U);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(transcript.select(source::kStimulus, "touch")[0]->data.at("y"), 4);
  EXPECT_EQ(answers[2]->data.at("error").as_string(), to_string(Code::kUnsupported));
}

TEST_F(StageTest, what_the_device_says_and_what_the_harness_says_of_it_have_different_sources) {
  device.show("pin");
  device.emit({"protocol_violation", {{"text", "seq 3 after 1"}}, nullptr});

  const Transcript transcript = stage->finish();

  EXPECT_EQ(transcript.select(source::kDevice, "state").size(), 1U);
  EXPECT_EQ(transcript.select(source::kHarness, "protocol_violation").size(), 1U);
  EXPECT_TRUE(transcript.select(source::kDevice, "protocol_violation").empty());
}

TEST_F(StageTest, nothing_is_recorded_after_the_end) {
  (void)stage->finish();
  device.show("pin");
  stage->note("late");

  EXPECT_TRUE(stage->finish().events().empty());
}

TEST_F(StageTest, a_flood_of_notifications_is_cut_and_told) {
  for (int i = 0; i < 50'100; ++i) device.emit({"noise", {}, nullptr});

  const Transcript transcript = stage->finish();

  EXPECT_LE(transcript.events().size(), 50'001U);
  EXPECT_EQ(transcript.select(source::kHarness, "protocol_violation").size(), 1U);
}

TEST_F(StageTest, a_kept_frame_is_the_settled_one_and_opens_as_png) {
  device.hello_.capabilities = {"screen.frames"};
  const Image old{1, 1, 3, {1, 1, 1}};
  const Image settled{1, 1, 3, {9, 8, 7}};
  device.answers["subscribe_frames"] = [&](const json::object&) {
    device.show(old, 1);
    device.show(settled, 2);
    return json::value(json::object{{"width", 1}, {"height", 1}});
  };

  const auto frame = stage->keep_frame("pin");

  ASSERT_TRUE(frame.ok());
  EXPECT_EQ(frame->image.pixels, settled.pixels);
  const Transcript transcript = stage->finish();
  const auto kept = transcript.select(source::kDevice, "frame");
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(decode_png(*transcript.blob(kept[0]->blob)).value().pixels, settled.pixels);
}

/// A device whose UI tree names the frame that shows it.
class RestTest : public StageTest {
 protected:
  RestTest() {
    device.hello_.capabilities = {"screen.frames", "screen.ui"};
    device.answers["subscribe_frames"] = [this](const json::object&) {
      device.show(Image{1, 1, 3, {1, 1, 1}}, 1);
      return json::value(json::object{});
    };
    device.answers["get_ui_tree"] = [this](const json::object&) { return tree(1); };
  }
  static json::value tree(int frame, const char* text = "") {
    return {{"state", "pin"},
            {"screen_id", "pin"},
            {"lang", "ja"},
            {"frame", frame},
            {"nodes", {{{"id", "title"}, {"role", "heading"}, {"text", text}, {"bounds_px", {0, 0, 1, 1}}}}}};
  }
};

TEST_F(RestTest, the_frame_that_the_tree_names_needs_no_quiet) {
  const Nanoseconds before = clock.now();
  int asked = 0;
  for (; asked < 3; ++asked) ASSERT_TRUE(stage->settled_frame().ok());

  EXPECT_LT(clock.now() - before, Nanoseconds(kShortWait) * asked);
  EXPECT_TRUE(stage->finish().select(source::kHarness, "screen_not_at_rest").empty());
}

TEST_F(RestTest, the_running_number_of_the_frame_a_tree_names_lies_with_the_measurements) {
  device.answers["get_ui_tree"] = [](const json::object&) { return tree(435); };
  ASSERT_TRUE(stage->ui_tree().ok());
  const Transcript transcript = stage->finish();
  const auto answers = transcript.select(source::kDevice, "answer");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]->data.at("seq"), 435);
  EXPECT_FALSE(answers[0]->data.at("result").get_object().contains("frame"));
}

TEST_F(RestTest, a_tree_that_names_an_older_frame_is_asked_again) {
  int asked = 0;
  device.answers["get_ui_tree"] = [&](const json::object&) {
    if (++asked == 1) {
      device.show(Image{1, 1, 3, {2, 2, 2}}, 2);
      return tree(1, "old");
    }
    return tree(2, "new");
  };

  const auto screen = stage->settled_screen();

  ASSERT_TRUE(screen.ok());
  EXPECT_EQ(screen->tree.nodes[0].text, "new");
  EXPECT_EQ(screen->frame.image.pixels, (Bytes{2, 2, 2}));
}

TEST_F(RestTest, a_picture_that_moves_after_it_was_called_at_rest_is_found_out) {
  std::atomic<int> frame = 1;
  device.answers["get_ui_tree"] = [&](const json::object&) { return tree(frame); };
  std::atomic<bool> over = false;
  std::thread restless([&] {
    for (int seq = 2; !over; ++seq) {
      frame = seq;
      device.show(Image{1, 1, 3, Bytes(3, static_cast<std::uint8_t>(seq))}, static_cast<std::uint64_t>(seq));
      std::this_thread::yield();
    }
  });

  // One look in eight is a long one, and not every long one finds a frame that came and a tree that stayed.
  for (int i = 0; i < 100; ++i) (void)stage->settled_frame(milliseconds{20});
  over = true;
  restless.join();

  EXPECT_FALSE(stage->finish().select(source::kHarness, "screen_not_at_rest").empty());
}

TEST_F(StageTest, a_frame_that_is_not_the_declared_panel_is_refused) {
  device.hello_.capabilities = {"screen.frames"};
  device.hello_.panel_width_px = 800;
  device.hello_.panel_height_px = 1280;
  device.answers["subscribe_frames"] = [&](const json::object&) {
    device.show(Image{1, 1, 3, {1, 1, 1}}, 1);
    return json::value(json::object{});
  };

  const auto frame = stage->latest_frame();

  EXPECT_EQ(frame.error().code(), Code::kInvalid);
  EXPECT_THAT(frame.error().message(), HasSubstr("hello declares 800 x 1280"));
}

TEST_F(StageTest, a_tap_goes_to_the_middle_of_the_node_and_needs_the_channel) {
  EXPECT_EQ(stage->tap("done").error().code(), Code::kUnsupported);
  device.hello_.capabilities = {"screen.ui"};
  device.answers["get_ui_tree"] = [](const json::object&) {
    return json::value(json::object{{"state", "pin"},
                                    {"screen_id", "pin"},
                                    {"lang", "ja"},
                                    {"nodes",
                                     {{{"id", "done"},
                                       {"role", "button"},
                                       {"text", "確定"},
                                       {"bounds_px", {10, 20, 100, 50}},
                                       {"enabled", true}}}}});
  };

  EXPECT_TRUE(stage->tap("button", "確定").ok());
  EXPECT_EQ(stage->tap("cancel").error().code(), Code::kNotFound);

  const Transcript transcript = stage->finish();
  const auto touches = transcript.select(source::kStimulus, "touch");
  ASSERT_EQ(touches.size(), 1U);
  EXPECT_EQ(touches[0]->data.at("x"), 60);
  EXPECT_EQ(touches[0]->data.at("y"), 45);
}

TEST_F(StageTest, the_log_must_have_the_announced_length) {
  device.hello_.capabilities = {"log.export"};
  device.answers["export_logs"] = [&](const json::object&) {
    device.emit({"log", {{"seq", 7U}}, std::make_shared<const Bytes>(Bytes{'a', 'b'})});
    return json::value(json::object{{"channel", 2}, {"seq", 7}, {"length", 2}});
  };
  EXPECT_EQ(stage->export_log().value(), (Bytes{'a', 'b'}));

  device.answers["export_logs"] = [&](const json::object&) {
    device.emit({"log", {{"seq", 8U}}, std::make_shared<const Bytes>(Bytes{'a'})});
    return json::value(json::object{{"channel", 2}, {"seq", 8}, {"length", 2}});
  };
  EXPECT_EQ(stage->export_log().error().code(), Code::kInvalid);
}

TEST_F(StageTest, the_random_stream_belongs_to_the_clause_and_the_seed) {
  const auto first = stage->rng().next();
  make();
  EXPECT_EQ(stage->rng().next(), first);
}

TEST_F(StageTest, trouble_of_the_bench_is_never_the_devices) {
  const auto ours = Stage::ours(Result<void>(Error{Code::kTimeout, "pcscd"}));
  EXPECT_EQ(ours.error().code(), Code::kInternal);
}

}  // namespace
}  // namespace shogo::conformance
