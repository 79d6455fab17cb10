#include "spoken_pages.h"

#include "clock_agreement.h"
#include <algorithm>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

bool flag_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

bool SpokenPage::is_notice() const {
  return state == "result_ok" || state == "result_ng" || state == "error" || state == "out_of_service" ||
         substate == "wrong_pin" || substate == "not_approved";
}

std::string SpokenPage::name() const {
  return substate.empty() ? screen : fmt::format("{} ({})", screen, substate);
}

bool is_instruction(std::string_view text) {
  for (const std::string_view word : {"ください", "please", "Please", "Take ", "Place ", "Hold ", "Try "})
    if (text.find(word) != std::string_view::npos) return true;
  return false;
}

std::vector<SpokenPage> spoken_pages(const Transcript& transcript) {
  std::vector<SpokenPage> pages;
  int unreadable = 0;
  const std::vector<HeardStretch> heard = heard_in(transcript, unreadable);
  for (const Event* event : transcript.select(source::kHarness, kPage)) {
    SpokenPage page;
    page.step = text_of(event->data, "step");
    page.state = text_of(event->data, "state");
    page.substate = text_of(event->data, "substate");
    page.screen = text_of(event->data, "screen");
    page.shown = Nanoseconds(integer_of(event->data, "t_shown_ns", 0));
    page.left = Nanoseconds(integer_of(event->data, "t_left_ns", 0));
    page.waits = flag_of(event->data, "waits");
    const std::int64_t number = integer_of(event->data, "page", -1);
    for (const Event* told : transcript.select(source::kHarness, kRecognised)) {
      if (integer_of(told->data, "page", -2) != number) continue;
      page.phrases.push_back({text_of(told->data, "text"), text_of(told->data, "role"),
                              flag_of(told->data, "shown"), flag_of(told->data, "heard"),
                              flag_of(told->data, "recorded"),
                              Nanoseconds(integer_of(told->data, "t_begin_ns", 0)),
                              Nanoseconds(integer_of(told->data, "t_end_ns", 0))});
    }
    // The samples decide whether anything is words at all: a phrase found in a beep does not count.
    for (const HeardStretch& stretch : heard) {
      if (stretch.end <= page.shown || stretch.begin > page.left) continue;
      for (const sound::Sounding& sounding : sound::soundings(stretch.sound)) {
        if (sounding.kind != sound::Kind::kSpeech) continue;
        if (stretch.begin + sounding.end <= page.shown) continue;
        // What runs on from the page before, or from a key's tone, begins with the page.
        const Nanoseconds after = std::max(Nanoseconds{0}, stretch.begin + sounding.begin - page.shown);
        if (!page.words_after || after < *page.words_after) page.words_after = after;
      }
    }
    if (!page.words_after)
      for (Phrase& phrase : page.phrases) phrase.heard = false;
    pages.push_back(std::move(page));
  }
  return pages;
}

std::optional<Judgement> cannot_hear(const Transcript& transcript, const std::vector<SpokenPage>& pages) {
  const auto no_tool = [](std::string_view en, std::string_view ja) {
    return inconclusive(Reason::kToolUnavailable, fmt::format("{}; ci/voice-pack makes them", en),
                        fmt::format("{}。ci/voice-packで作成できる", ja));
  };
  if (!transcript.select(source::kStimulus, kNoRecordings).empty())
    return no_tool("there are no recordings to compare with what is heard", "聞こえた音声と比べる録音がない");
  for (const SpokenPage& page : pages)
    for (const Phrase& phrase : page.phrases)
      if (phrase.shown && !phrase.recorded)
        return no_tool(fmt::format("there is no recording of \"{}\"", phrase.text),
                       fmt::format("「{}」の録音がない", phrase.text));
  int unreadable = 0;
  (void)heard_in(transcript, unreadable);
  if (pages.empty() || unreadable > 0 || !sound_is_whole(transcript))
    return inconclusive(Reason::kControlFailed, "the recording is not whole, so silence says nothing",
                        "録音が欠けており、無音かどうかを判断できない");
  return clock_unverified(transcript);
}

}  // namespace shogo::conformance
