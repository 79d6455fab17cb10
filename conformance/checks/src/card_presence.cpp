// 1-8.a: the device is a PC/SC reader that finds Type B cards, connects, shows the right ATR and UID, and
// says when the card has gone. The bench lays a card down and takes it away; a PC/SC client of its own
// watches.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "presence_probe.h"
#include "whole_script.h"
#include <algorithm>
#include <optional>
#include <set>

#include <fmt/core.h>

#include <shogo/base/bytes.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kQuickCycles = 4;
constexpr int kFullCycles = 100;
/// The client waits longer than the limits, so that late and never are told apart.
constexpr milliseconds kListWait{12'000};
constexpr milliseconds kCardWait{5'000};
constexpr milliseconds kDeviceWait{2'000};
constexpr milliseconds kCardQuiet{150};
constexpr milliseconds kMargin{5'000};  // of the harness for the client's own answer
constexpr const char* kGetUid = "apdu FFCA000000";

std::string question(std::string_view word, milliseconds limit) {
  return fmt::format("{} {}", word, limit.count());
}

/// The device's own dealings with the card belong to the placement too, or the evidence would depend on who
/// is faster. What it shows is no matter here: other clauses judge that.
void let_device_finish(Stage& stage, const std::set<std::string>& states, Mark since) {
  (void)stage.wait_state(states, since, kDeviceWait);
  const auto of_the_card = [](const Event& event) { return event.source == source::kCard; };
  for (Mark mark = stage.mark(); stage.wait_event("a card command", mark, of_the_card, kCardQuiet).ok();)
    mark = stage.mark();
}

/// One card down and up. False: the device has lost the thread, more cycles would tell nothing new.
Result<bool> cycle(Stage& stage, PresenceProbe& client, int n, const contract::Atqb& atqb) {
  json::object seen{{"n", n},
                    {"pupi", to_hex(atqb.pupi)},
                    {"application_data", to_hex(atqb.application_data)},
                    {"protocol_info", to_hex(atqb.protocol_info)},
                    {"mbli", atqb.mbli}};
  const Mark placed = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  SHOGO_TRY(const std::string found, client.ask(question("card", kCardWait), kCardWait + kMargin));
  seen["found"] = found;
  if (found == "card") {
    SHOGO_TRY(const std::string atr, client.ask("connect", kCardWait + kMargin));
    seen["atr"] = atr;
    SHOGO_TRY(const std::string uid, client.ask(kGetUid, kCardWait + kMargin));
    seen["uid"] = uid;
    SHOGO_CHECK_OK(client.ask("release", kMargin));
    let_device_finish(stage, {"method"}, placed);
  }
  const Mark taken = stage.mark();
  stage.world().take_card();
  SHOGO_TRY(const std::string gone, client.ask(question("empty", kCardWait), kCardWait + kMargin));
  seen["gone"] = gone;
  stage.record(source::kHarness, "cycle", std::move(seen));
  if (gone == "empty") let_device_finish(stage, {"idle"}, taken);
  return found == "card" && gone == "empty";
}

/// PC/SC part 3, 3.1.3.2.3.2: 3B 88 80 01, eight historical bytes (application data, protocol info, MBLI in
/// the high nibble), and the exclusive-or of all but the first. Written here from the document, not taken
/// from what a reader might use.
std::string atr_for(const json::object& cycle) {
  const auto body = from_hex("888001" + text_of(cycle, "application_data") + text_of(cycle, "protocol_info") +
                             fmt::format("{:02X}", integer_of(cycle, "mbli", 0) * 16 % 256));
  if (!body.ok() || body->size() != 11) return "";
  std::uint8_t check = 0;
  for (const std::uint8_t byte : *body) check = static_cast<std::uint8_t>(check ^ byte);
  return "3B" + to_hex(*body) + fmt::format("{:02X}", check);
}

struct Seen {
  std::set<std::int64_t> cycles;
  std::int64_t connected = 0;
  double slowest_removal_s = 0;
  std::string broken_en;
  std::string broken_ja;

  void complain(std::string en, std::string ja) {
    if (!broken_en.empty()) return;
    broken_en = std::move(en);
    broken_ja = std::move(ja);
  }
};

void look_at_cycle(const Event& event, const Event* taken, double removal_max_s, Seen& seen) {
  const json::object& cycle = event.data;
  const std::int64_t n = integer_of(cycle, "n", 0);
  if (!seen.cycles.insert(n).second) return;
  if (text_of(cycle, "found") != "card") {
    seen.complain(fmt::format("placement {}: no card was seen in {} s", n, kCardWait.count() / 1000),
                  fmt::format("{}回目：置いたカードが{}秒たっても検出されない", n, kCardWait.count() / 1000));
    return;
  }
  const std::string atr = text_of(cycle, "atr");
  const std::string wanted = atr_for(cycle);
  const std::string pupi = text_of(cycle, "pupi");
  const std::string uid = text_of(cycle, "uid");
  if (wanted.empty() || atr != wanted) {
    seen.complain(fmt::format("placement {}: ATR {} where PC/SC part 3 asks for {}", n, atr, wanted),
                  fmt::format("{}回目：ATRは{}だが、PC/SC第3部では{}になる", n, atr, wanted));
  } else if (uid != pupi + "9000") {
    seen.complain(fmt::format("placement {}: get-UID answers {}, the card's PUPI is {}", n, uid, pupi),
                  fmt::format("{}回目：UID取得の応答は{}、カードのPUPIは{}", n, uid, pupi));
  } else {
    ++seen.connected;
  }
  const bool told = text_of(cycle, "gone") == "empty" && taken != nullptr;
  const double after_s = taken == nullptr ? 0 : static_cast<double>(event.t_ns - taken->t_ns) / 1e9;
  seen.slowest_removal_s = std::max(seen.slowest_removal_s, after_s);
  if (!told || after_s > removal_max_s)
    seen.complain(fmt::format("placement {}: {}", n,
                              told ? fmt::format("the removal was told after {:.2f} s", after_s)
                                   : "the removal was not told"),
                  fmt::format("{}回目：{}", n,
                              told ? fmt::format("取り外しの通知まで{:.2f}秒かかった", after_s)
                                   : "取り外しが通知されない"));
}

}  // namespace

Result<void> stimulate_card_presence(Stage& stage) {
  begin_step(stage, "presence", kWho);
  SHOGO_TRY(auto client, stage.ours(PresenceProbe::start(stage.world().bench())));
  SHOGO_TRY(const std::string listed, client->ask(question("list", kListWait), kListWait + kMargin));
  stage.record(source::kHarness, "reader", {{"listed", listed}});
  const contract::Atqb atqb = stage.world().facts_of(kWho).atqb;
  const int cycles = stage.count(kQuickCycles, kFullCycles);
  for (int n = 1; listed == "listed" && n <= cycles; ++n) {
    SHOGO_TRY(const bool well, cycle(stage, *client, n, atqb));
    // A device that lost the thread may not find back to idle either.
    if (!well) return end_script(stage);
  }
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_card_presence(const Transcript& transcript, const CheckContext& context) {
  const auto needed = context.profile == "quick" ? std::int64_t{kQuickCycles}
                                                 : static_cast<std::int64_t>(context.number("cycles"));
  const double listed_max_s = context.number("listed_within");
  const double removal_max_s = context.number("removal_event_within");
  Seen seen;
  std::optional<double> listed_s;
  const Event* taken = nullptr;
  const Event* begin = nullptr;
  std::int64_t placed = 0;
  for (const Event& event : transcript.events()) {
    if (event.source == source::kStimulus && event.kind == "step") begin = &event;
    if (event.source == source::kCard && event.kind == "placed") ++placed;
    if (event.source == source::kCard && event.kind == "taken") taken = &event;
    if (event.source != source::kHarness) continue;
    if (event.kind == "reader" && begin != nullptr && !listed_s) {
      listed_s = static_cast<double>(event.t_ns - begin->t_ns) / 1e9;
      if (text_of(event.data, "listed") != "listed" || *listed_s > listed_max_s)
        seen.complain(fmt::format("PC/SC does not list the reader within {:.0f} s", listed_max_s),
                      fmt::format("リーダーが{:.0f}秒以内にPC/SCの一覧に現れない", listed_max_s));
    }
    if (event.kind == "cycle") {
      look_at_cycle(event, taken, removal_max_s, seen);
      taken = nullptr;
    }
  }
  const auto cycles = static_cast<std::int64_t>(seen.cycles.size());
  Judgement judgement;
  if (!listed_s || (seen.broken_en.empty() && cycles < needed) || placed < cycles) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} of {} placements were played, {} cards were laid down", cycles, needed, placed),
        fmt::format("{}回中{}回しか実施できなかった（置いたカード{}枚）", needed, cycles, placed));
  } else if (!seen.broken_en.empty()) {
    judgement = fail(seen.broken_en, seen.broken_ja);
  } else {
    judgement = pass(
        fmt::format(
            "{0} of {0} placements: card found, ATR by PC/SC part 3, UID answered; removal told after "
            "{1:.2f} s at most",
            cycles, seen.slowest_removal_s),
        fmt::format(
            "{0}回中{0}回、検出・接続・UID取得に成功。ATRはPC/SC第3部のとおり。取り外しの通知は最長{1:.2f}秒",
            cycles, seen.slowest_removal_s));
  }
  judgement.measurements = {
      {"listed_within", listed_s.value_or(0), "s", fmt::format("<= {:g}", listed_max_s), 1},
      {"connected", static_cast<double>(seen.connected), "count", fmt::format("= {}", needed), cycles},
      {"removal_event_within", seen.slowest_removal_s, "s", fmt::format("<= {:g}", removal_max_s), cycles}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
