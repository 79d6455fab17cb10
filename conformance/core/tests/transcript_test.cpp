#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/conformance/transcript.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

Transcript example(std::int64_t clock_offset = 0) {
  Transcript transcript;
  transcript.add({10 + clock_offset, "stimulus", "touch", {{"x", 3}, {"y", 4.25}}, ""});
  const std::string frame = transcript.keep("frame", "png", "89504E47"_hex);
  transcript.add(
      {20 + clock_offset, "device", "frame", {{"seq", 1}, {"t_dev_ns", 900 + clock_offset}}, frame});
  transcript.add({30 + clock_offset, "card", "apdu", {{"ins", "20"}, {"note", "顔\n\"x\""}}, ""});
  return transcript;
}

void expect_same(const Transcript& a, const Transcript& b) {
  ASSERT_EQ(a.events().size(), b.events().size());
  for (std::size_t i = 0; i < a.events().size(); ++i) {
    EXPECT_EQ(a.events()[i].t_ns, b.events()[i].t_ns);
    EXPECT_EQ(a.events()[i].source, b.events()[i].source);
    EXPECT_EQ(a.events()[i].kind, b.events()[i].kind);
    EXPECT_EQ(json::value(a.events()[i].data), json::value(b.events()[i].data));
    EXPECT_EQ(a.events()[i].blob, b.events()[i].blob);
  }
  EXPECT_EQ(a.blobs(), b.blobs());
}

class SavedTranscript : public ::testing::Test {
 protected:
  TemporaryFolder folder = TemporaryFolder::create("shogo-transcript").value();
  void SetUp() override { ASSERT_TRUE(example().save(folder.path()).ok()); }
  [[nodiscard]] std::string read(const char* name) const { return read_text(folder.path() / name).value(); }
  void write(const char* name, std::string_view text) const {
    ASSERT_TRUE(write_text(folder.path() / name, text).ok());
  }
  [[nodiscard]] std::string refusal() const {
    const auto loaded = Transcript::load(folder.path());
    return loaded.ok() ? "accepted" : loaded.error().describe();
  }
};

TEST(Transcript, select_keeps_the_order_and_takes_only_the_named_source) {
  Transcript transcript = example();
  transcript.add({40, "device", "apdu", {}, ""});
  transcript.add({50, "card", "apdu", {{"ins", "B0"}}, ""});
  const auto apdus = transcript.select(source::kCard, "apdu");
  ASSERT_EQ(apdus.size(), 2U);
  EXPECT_EQ(apdus[0]->data.at("ins").as_string(), "20");
  EXPECT_EQ(apdus[1]->data.at("ins").as_string(), "B0");
}

TEST(Transcript, kept_bytes_get_unique_names_that_stay_in_the_folder) {
  Transcript transcript;
  EXPECT_EQ(transcript.keep("frame", "png", "01"_hex), "frame-0001.png");
  EXPECT_EQ(transcript.keep("frame", ".png", "02"_hex), "frame-0002.png");
  EXPECT_EQ(transcript.keep("../etc/x", "log", "03"_hex).find('/'), std::string::npos);
  EXPECT_EQ(*transcript.blob("frame-0002.png"), "02"_hex);
  EXPECT_EQ(transcript.blob("nothing"), nullptr);
}

TEST(Transcript, one_text_holds_everything_but_the_blobs) {
  const auto back = Transcript::from_jsonl(example().to_jsonl(), "here");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->to_jsonl(), example().to_jsonl());
}

TEST_F(SavedTranscript, load_gives_back_what_was_saved) {
  const auto back = Transcript::load(folder.path());
  ASSERT_TRUE(back.ok()) << back.error().describe();
  expect_same(*back, example());
}

TEST_F(SavedTranscript, events_are_the_same_bytes_when_only_the_clock_differs) {
  const auto other = TemporaryFolder::create("shogo-transcript").value();
  ASSERT_TRUE(example(123456).save(other.path()).ok());
  EXPECT_EQ(read("events.jsonl"), read_text(other.path() / "events.jsonl").value());
  EXPECT_NE(read("times.jsonl"), read_text(other.path() / "times.jsonl").value());
}

TEST(Transcript, events_are_the_same_bytes_however_two_streams_raced) {
  const Event touch{1, "stimulus", "touch", {{"x", 3}}, ""};
  const Event state{2, "device", "state", {{"name", "pin"}, {"seq", 4}}, ""};
  const Event later_state{2, "device", "state", {{"name", "pin"}, {"seq", 7}}, ""};
  const Event command{3, "card", "apdu", {{"ins", 32}}, ""};
  Transcript one, two;
  for (const Event& event : {touch, state, command}) one.add(event);
  for (const Event& event : {command, touch, later_state}) two.add(event);
  const auto first = TemporaryFolder::create("shogo-transcript").value();
  const auto second = TemporaryFolder::create("shogo-transcript").value();
  ASSERT_TRUE(one.save(first.path()).ok());
  ASSERT_TRUE(two.save(second.path()).ok());
  EXPECT_EQ(read_text(first.path() / "events.jsonl").value(),
            read_text(second.path() / "events.jsonl").value());
  expect_same(Transcript::load(first.path()).value(), one);
  expect_same(Transcript::load(second.path()).value(), two);
}

TEST(Transcript, a_network_capture_is_measured_as_a_whole_and_leaves_the_events_the_same) {
  const Event touch{1, "stimulus", "touch", {{"x", 3}}, ""};
  const Event beat{2, "net", "bytes", {{"line", "reader_link"}, {"size", 60}}, ""};
  const Event state{3, "device", "state", {{"name", "pin"}}, ""};
  Transcript quiet, loud;
  for (const Event& event : {touch, state}) quiet.add(event);
  for (const Event& event : {beat, touch, beat, state, beat}) loud.add(event);
  const auto first = TemporaryFolder::create("shogo-transcript").value();
  const auto second = TemporaryFolder::create("shogo-transcript").value();
  ASSERT_TRUE(quiet.save(first.path()).ok());
  ASSERT_TRUE(loud.save(second.path()).ok());
  EXPECT_EQ(read_text(first.path() / "events.jsonl").value(),
            read_text(second.path() / "events.jsonl").value());
  expect_same(Transcript::load(second.path()).value(), loud);
  ASSERT_TRUE(write_text(second.path() / "capture.jsonl", "").ok());
  EXPECT_FALSE(Transcript::load(second.path()).ok()) << "a capture that was emptied leaves holes";
}

TEST_F(SavedTranscript, given_a_capture_that_speaks_for_the_device_when_loaded_then_it_is_refused) {
  write("capture.jsonl", R"({"position":3,"t_ns":1,"source":"device","kind":"state","data":{"name":"idle"}})"
                         "\n");
  EXPECT_NE(refusal().find("does not speak"), std::string::npos) << refusal();
}

TEST_F(SavedTranscript, given_an_order_that_is_none_or_turns_a_stream_around_when_loaded_then_it_is_refused) {
  const auto times = [](int a, int b, int c) {
    std::string text;
    for (const int position : {a, b, c})
      text += "{\"position\":" + std::to_string(position) + ",\"t_ns\":1}\n";
    return text;
  };
  for (const auto& wrong : {times(0, 0, 2), times(0, 1, 3), times(0, 1, -1)}) {
    write("times.jsonl", wrong);
    EXPECT_NE(refusal().find("each of 3 places once"), std::string::npos) << refusal();
  }
  write("times.jsonl", times(1, 0, 2));
  EXPECT_NE(refusal().find("turns the order"), std::string::npos) << refusal();
  write("times.jsonl", times(1, 2, 0));
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(SavedTranscript, given_fewer_or_more_times_than_events_when_loaded_then_it_is_refused) {
  const std::string times = read("times.jsonl");
  write("times.jsonl", times.substr(0, times.find('\n') + 1));
  EXPECT_NE(refusal().find("1 times for 3 events"), std::string::npos) << refusal();
  write("times.jsonl", times + "{\"position\":3,\"t_ns\":1}\n");
  EXPECT_NE(refusal().find("more times"), std::string::npos) << refusal();
}

TEST_F(SavedTranscript,
       given_times_that_carry_other_data_when_loaded_then_they_cannot_replace_an_observation) {
  write("times.jsonl", "{\"position\":0,\"t_ns\":1,\"data\":{\"x\":99}}\n");
  EXPECT_NE(refusal().find("no measurement"), std::string::npos) << refusal();
}

TEST_F(SavedTranscript, given_a_missing_blob_or_file_when_loaded_then_the_error_names_it) {
  std::filesystem::remove(folder.path() / "frame-0001.png");
  EXPECT_NE(refusal().find("frame-0001.png"), std::string::npos) << refusal();
  std::filesystem::remove(folder.path() / "times.jsonl");
  EXPECT_NE(refusal().find("times.jsonl"), std::string::npos) << refusal();
}

TEST_F(SavedTranscript, given_a_broken_line_when_loaded_then_the_error_names_file_and_line) {
  const std::string events = read("events.jsonl");
  const char* broken[] = {
      "{\"source\":\"device\"",
      "[]",
      "{\"source\":\"device\",\"kind\":\"\"}",
      "{\"source\":\"device\",\"kind\":\"x\",\"data\":7}",
      "{\"source\":\"device\",\"kind\":\"x\",\"surprise\":7}",
      "{\"source\":\"device\",\"kind\":\"x\",\"blob\":\"../../secret\"}",
      "{\"source\":\"device\",\"kind\":\"x\",\"blob\":\"events.jsonl\"}",
      "",
  };
  for (const char* line : broken) {
    write("events.jsonl", events + line + "\n");
    EXPECT_NE(refusal().find("events.jsonl:4"), std::string::npos) << line << " -> " << refusal();
  }
}

TEST_F(SavedTranscript, given_any_prefix_of_the_events_when_loaded_then_nothing_is_invented) {
  const std::string events = read("events.jsonl");
  for (std::size_t n = 0; n < events.size() - 1; ++n) {  // without its last newline the text is still whole
    write("events.jsonl", events.substr(0, n));
    EXPECT_FALSE(Transcript::load(folder.path()).ok()) << n;
  }
}

TEST(Transcript, an_event_that_names_bytes_nobody_kept_cannot_be_saved) {
  Transcript transcript;
  transcript.add({1, "device", "frame", {}, "ghost.png"});
  const auto folder = TemporaryFolder::create("shogo-transcript").value();
  EXPECT_FALSE(transcript.save(folder.path()).ok());
}

}  // namespace
}  // namespace shogo::conformance
