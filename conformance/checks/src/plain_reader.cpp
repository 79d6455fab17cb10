// 2-1.c: under Linux (pcsc-lite) the device is a plain PC/SC reader while its own software is stopped:
// listed, connected shared and exclusively, asked, with the error that PC/SC names for each mistake. It says
// nothing about Windows (2-1.a).
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "presence_probe.h"
#include "whole_script.h"
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kQuickLoops = 20;
constexpr int kFullLoops = 1'000;
/// A card is taken away in the first loops, where it also shows what a lost card is called.
constexpr int kRemovals = 3;
constexpr milliseconds kWait{5'000};
constexpr milliseconds kMargin{5'000};
/// SELECT of the visual application, which every card of the bench has.
constexpr const char* kSelect = "apdu 00A4040C0AD3921000310001010402";

/// One question of a loop and what PC/SC says to it when all is well; "*" stands for any text without
/// "error".
struct Question {
  const char* name;
  const char* words;
  const char* answer;
};
constexpr Question kLoop[] = {
    {"list", "list 5000", "listed"},
    {"connect", "connect", "*"},
    {"uid", "apdu FFCA000000", "*9000"},
    {"select", kSelect, "*9000"},
    {"rival_shared", "rival shared", "ok"},
    {"rival_exclusive", "rival exclusive", "error: connect: Sharing violation."},
    {"exclusive", "exclusive", "*"},
    {"select_exclusive", kSelect, "*9000"},
    {"rival_at_exclusive", "rival shared", "error: connect: Sharing violation."},
    {"stranger", "stranger", "error: connect: Unknown reader specified."},
    {"release", "release", "ok"},
};
constexpr Question kRemoval[] = {
    {"connect", "connect", "*"},
    {"gone", "empty 5000", "empty"},
    {"after_removal", kSelect, "error: transmit: Card was removed."},
    {"release_gone", "release", "ok"},
    {"connect_empty", "connect", "error: connect: No smart card inserted."},
    {"card_again", "card 5000", "card"},
};

bool as_it_should(const std::string& answer, std::string_view wanted) {
  if (!wanted.starts_with('*')) return answer == wanted;
  return !answer.starts_with("error") && answer.ends_with(wanted.substr(1)) && !answer.empty();
}

const Question* question_named(const std::string& name) {
  for (const Question& question : kLoop)
    if (name == question.name) return &question;
  for (const Question& question : kRemoval)
    if (name == question.name) return &question;
  return nullptr;
}

/// False: an answer was not as it should be. Only such answers are written down, and how many were right.
Result<bool> ask(Stage& stage, PresenceProbe& client, const Question& question, int loop) {
  SHOGO_TRY(const std::string answer, client.ask(question.words, kWait + kMargin));
  if (as_it_should(answer, question.answer)) return true;
  stage.record(source::kHarness, "pcsc_answer",
               {{"loop", loop}, {"question", question.name}, {"answer", answer}});
  return false;
}

Result<bool> play_loop(Stage& stage, PresenceProbe& client, int loop) {
  bool well = true;
  for (const Question& question : kLoop) {
    SHOGO_TRY(const bool right, ask(stage, client, question, loop));
    well = well && right;
  }
  if (loop >= kRemovals || !well) return well;
  for (const Question& question : kRemoval) {
    if (std::string_view(question.name) == "gone") stage.world().take_card();
    if (std::string_view(question.name) == "card_again")
      SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
    SHOGO_TRY(const bool right, ask(stage, client, question, loop));
    well = well && right;
  }
  return well;
}

}  // namespace

Result<void> stimulate_plain_reader(Stage& stage) {
  SHOGO_TRY(HostSide * host, stage.host());
  // The device's own software is stopped before a card comes, and comes back with the next case.
  SHOGO_CHECK_OK(stage.ours(host->crash_agent()));
  stage.note("host_software", {{"running", false}});
  SHOGO_TRY(const auto client, PresenceProbe::start(stage.world().bench()));
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  SHOGO_TRY(const std::string found, client->ask("card 5000", kWait + kMargin));
  stage.record(source::kHarness, "card_found", {{"answer", found}});
  const int loops = stage.count(kQuickLoops, kFullLoops);
  int played = 0;
  bool well = found == "card";
  while (well && played < loops) {
    SHOGO_TRY(well, play_loop(stage, *client, played));
    ++played;
  }
  stage.record(source::kHarness, "loops", {{"played", played}, {"removals", std::min(played, kRemovals)}});
  stage.world().take_card();
  SHOGO_CHECK_OK(stage.ours(host->start_agent()));
  return end_script(stage);
}

Judgement judge_plain_reader(const Transcript& transcript, const CheckContext& context) {
  const auto allowed = static_cast<std::int64_t>(context.number("failures"));
  std::int64_t loops = 0, removals = 0, failures = 0;
  std::string broken;
  for (const Event* event : transcript.select(source::kHarness, "loops")) {
    loops = integer_of(event->data, "played", 0);
    removals = integer_of(event->data, "removals", 0);
  }
  for (const Event* event : transcript.select(source::kHarness, "card_found")) {
    if (text_of(event->data, "answer") == "card") continue;
    ++failures;
    broken = fmt::format("with its software stopped the reader finds no card (\"{}\")",
                         text_of(event->data, "answer"));
  }
  for (const Event* event : transcript.select(source::kHarness, "pcsc_answer")) {
    ++failures;
    const Question* question = question_named(text_of(event->data, "question"));
    if (broken.empty())
      broken = fmt::format("loop {}, {}: \"{}\" where \"{}\" is right", integer_of(event->data, "loop", 0),
                           text_of(event->data, "question"), text_of(event->data, "answer"),
                           question == nullptr ? "?" : question->answer);
  }
  const auto applets = transcript.select(source::kCard, "apdu").size();
  Judgement judgement;
  if (failures > allowed) {
    judgement = fail(broken, fmt::format("端末側ソフトを止めた状態で正しく使えない：{}", broken));
  } else if (loops == 0 || removals == 0 || applets == 0) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     fmt::format("{} loops were played and {} commands reached the card", loops, applets),
                     fmt::format("{}回しか繰り返せず、カードに届いた命令は{}件である", loops, applets));
  } else {
    judgement = pass(
        fmt::format("{} loops of {} questions with the device's software stopped: each answered as PC/SC "
                    "says; {} removals",
                    loops, std::size(kLoop), removals),
        fmt::format(
            "端末側ソフトを止めて{}回繰り返し、{}種の問いはすべてPC/SCの規定どおりに応答した（取り外し{}回）",
            loops, std::size(kLoop), removals));
  }
  judgement.measurements = {
      {"failures", static_cast<double>(failures), "count", fmt::format("<= {}", allowed), loops}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
