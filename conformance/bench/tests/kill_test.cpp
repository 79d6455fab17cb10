// 3-22.b, harder than the clause: every process of the bench is killed at random moments of a session. What
// is left must find back to the idle page with nothing of the session, and no log may hold half a record.
// Seeded: SHOGO_KILL_SEED plays another series. kill_test plays 10, kill_series_test 200.
#include "card_trace.h"
#include "reference_session.h"
#include <cstdlib>
#include <map>
#include <thread>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/base/rng.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr std::string_view kPcscd = "pcscd";
constexpr std::string_view kVictims[] = {kReader, kHostAgent, kFrontEnd, kPcscd};
/// Moments lie between the card and a little after the end: so much longer than an undisturbed session.
constexpr double kBeyond = 1.1;
constexpr milliseconds kBack{20'000};

/// The whole way of a patient. Where the victim dies it just ends.
Result<void> patient(Stage& stage) {
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(kWho)));
  SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_CHECK_OK(stage.wait_result(entered, milliseconds(5'000)));
  SHOGO_CHECK_OK(stage.wait_event(
      "the first page after the PIN", entered,
      [](const Event& event) {
        const std::string name = event.kind == "state" ? text_of(event.data, "name") : "";
        return name.starts_with("consent_") || name == "result_ok";
      },
      milliseconds(5'000)));
  const auto asked = [&] {
    const auto state = stage.last_state();
    return state && text_of(state->data, "name").starts_with("consent_");
  };
  while (asked()) SHOGO_CHECK_OK(press(stage, words::kAgree, "agree"));
  SHOGO_CHECK_OK(stage.wait_state({"result_ok"}, milliseconds(5'000)));
  return {};
}

/// Numbers start again at 0 with every process; between they rise by one. Lines that are no record: none.
void expect_whole(const std::filesystem::path& file) {
  const auto text = read_text(file);
  if (!text.ok()) return;  // nothing was ever written
  EXPECT_TRUE(text->empty() || text->back() == '\n') << file;
  std::int64_t next = 0;
  int number = 0;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    ++number;
    const auto record = parse_json(line, "log");
    ASSERT_TRUE(record.ok() && record->is_object()) << file << " line " << number << ": " << line;
    const auto object = JsonObject::of(*record, "log");
    const auto seq = object->integer("seq");
    ASSERT_TRUE(seq.ok()) << file << " line " << number;
    EXPECT_TRUE(*seq == next || *seq == 0)
        << file << " line " << number << ": " << *seq << " after " << next - 1;
    next = *seq + 1;
  }
}

class Kill : public testing::Test {
 protected:
  ReferenceSession session{DeviceRequest{}};

  void kill(std::string_view victim) {
    if (victim == kPcscd)
      session.world().crash_pcscd();
    else
      session.dut->processes().crash(victim);
  }
  /// What a service manager would do. False: it did not come up, or not to the idle page.
  bool bring_back(std::string_view victim) {
    const auto back = victim == kPcscd ? session.world().restart_pcscd() : session.dut->start_again(victim);
    EXPECT_TRUE(back.ok()) << victim << ": " << (back.ok() ? "" : back.error().describe());
    return back.ok();
  }
  std::string shown() {
    const auto tree = session.stage->ui_tree();
    return tree.ok() ? tree->state + " " + tree->screen_id : tree.error().describe();
  }
  bool idle() { return shown() == "idle idle"; }
  /// Idle for good, of its own: no reset.
  bool comes_to_rest() {
    RealClock clock;
    for (const Nanoseconds deadline = clock.now() + kBack; clock.now() < deadline;) {
      if (idle()) return true;
      // A device that asks for something (a card left behind, time is up) is answered as a patient would.
      const Mark now = session.stage->mark();
      (void)session.stage->wait_event(
          "any change", now, [](const Event&) { return true; }, milliseconds(100));
    }
    return false;
  }
  /// The notice of a card taken away stays for a moment only.
  void quicken() {
    ASSERT_TRUE(session.stage->set_settings({{"reminder_ms", 300}, {"heartbeat_ms", 500}}).ok());
  }
  void series(int kills) {
    ASSERT_NE(session.dut, nullptr);
    const char* given = std::getenv("SHOGO_KILL_SEED");
    const std::uint64_t seed = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
    Rng rng(seed, "kill");
    quicken();
    RealClock clock;
    const Nanoseconds begun = clock.now();
    const auto undisturbed = patient(*session.stage);
    ASSERT_TRUE(undisturbed.ok()) << undisturbed.error().describe();
    const double whole_ms = static_cast<double>((clock.now() - begun).count()) / 1e6;
    session.world().take_card();
    ASSERT_TRUE(comes_to_rest());
    std::map<std::string, int> moments;
    for (int n = 1; n <= kills; ++n) {
      const std::string_view victim = kVictims[rng.below(std::size(kVictims))];
      const milliseconds moment(static_cast<std::int64_t>(rng.unit() * kBeyond * whole_ms));
      SCOPED_TRACE(fmt::format("seed {}, kill {}: {} after {} ms", seed, n, victim, moment.count()));
      std::string reached = "nothing";
      {
        std::thread hand([&] {
          RealClock().sleep_for(moment);  // the moment is the stimulus; nothing is waited for
          if (const auto state = session.stage->last_state())
            if (const auto* name = state->data.if_contains("name")) reached = name->as_string();
          kill(victim);
          session.stage->cancel();
        });
        (void)patient(*session.stage);
        hand.join();
      }
      ++moments[reached];
      session.world().take_card();
      ASSERT_TRUE(bring_back(victim));
      session.begin();
      if (victim == kReader) quicken();  // it knows its settings no more
      ASSERT_TRUE(comes_to_rest()) << "shows " << shown();
    }
    for (const auto& [state, count] : moments) fmt::print("killed in {}: {}\n", state, count);
    // What all that has left: a patient is served.
    const auto served = patient(*session.stage);
    EXPECT_TRUE(served.ok()) << served.error().describe();
    const std::filesystem::path logs = session.world().bench().log_folder;
    for (const char* name : {"reader.log", "host-agent.log", "nfc.log"}) expect_whole(logs / name);
    for (const std::string& text : session.world().hand_overs())
      EXPECT_NE(text.find("</XmlMsg>"), std::string::npos) << "half a hand-over";
  }
};

TEST_F(Kill, after_kills_at_random_moments_the_reader_is_idle_and_its_logs_are_whole) {
  series(SHOGO_KILLS);
}

}  // namespace
}  // namespace shogo::conformance
