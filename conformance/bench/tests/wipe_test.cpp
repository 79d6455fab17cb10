// 3-16.b as a test of our own programs: whatever way a transaction ends, a second later none of its secrets
// lies in the memory of reader, host agent or front end. The search is shown to find the PIN while it is
// needed. pcscd is not ours: what it keeps of its last command is not looked at.
#include "memory_search.h"
#include "reference_session.h"
#include <map>
#include <unistd.h>

#include <fmt/core.h>

#include <shogo/base/bytes.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kCanary;
constexpr std::string_view kOurs[] = {kReader, kHostAgent, kFrontEnd};
/// 3-16.b: the picture of the memory is taken within a second of the end.
constexpr milliseconds kWithin{1'000};

/// A PIN that is not written like a year, a date or a number of the programs' own texts.
constexpr std::string_view kWrong = "7391";

DeviceRequest looked_at() {
  DeviceRequest request;
  if (::geteuid() != 0) request.mutant = "m.dump.ptrace_ok";
  return request;
}

class Wipe : public testing::Test {
 protected:
  ReferenceSession session{looked_at()};
  std::map<std::string, Bytes> secrets;
  /// What lay there before anybody came is chance: four digits are not much.
  std::map<std::pair<std::string, std::string>, std::set<MemoryHit>> before;

  Stage& stage() { return *session.stage; }
  int pid(std::string_view program) { return session.dut->processes().pid(program); }

  void SetUp() override {
    ASSERT_NE(session.dut, nullptr);
    const sim::PatientFacts& facts = session.world().facts_of(kWho);
    const auto bytes = [](std::string_view text) {
      const ByteView view = as_bytes(text);
      return Bytes(view.begin(), view.end());
    };
    secrets = {{"pin", bytes(as_text(session.world().pin_of(kWho).expose()))},
               {"wrong pin", bytes(kWrong)},
               {"name", bytes(facts.name)},
               {"birth date", bytes(facts.birth_date)},
               {"address", bytes(facts.address)},
               {"number B", bytes(facts.number_b)},
               {"referral", bytes(session.world().papers_of(kWho).back().name)}};
    ASSERT_TRUE(stage()
                    .set_settings({{"reminder_ms", 300},
                                   {"idle_timeout_ms", 60'000},
                                   {"ask_high_cost", false},
                                   {"ask_referral", true}})
                    .ok());
    for (const std::string_view program : kOurs)
      for (const auto& [what, value] : secrets) before[{std::string(program), what}] = look(program, value);
  }
  std::set<MemoryHit> look(std::string_view program, const Bytes& value) {
    const MemorySearch search = search_memory(pid(program), value);
    EXPECT_TRUE(search.readable) << program;
    return search.hits;
  }
  /// New since before the first patient.
  std::vector<MemoryHit> found(std::string_view program, const std::string& what) {
    std::vector<MemoryHit> fresh;
    const auto& old = before[{std::string(program), what}];
    for (const MemoryHit& hit : look(program, secrets.at(what)))
      if (old.count(hit) == 0) fresh.push_back(hit);
    return fresh;
  }
  void type(const std::string& what) {
    auto pad = PinPad::find(stage());
    ASSERT_TRUE(pad.ok()) << pad.error().describe();
    ASSERT_TRUE(pad->type(stage(), as_text(secrets.at(what))).ok());
    EXPECT_FALSE(found(kReader, what).empty()) << "the search must find what is there";
    ASSERT_TRUE(pad->done(stage()).ok());
  }
  void go() {
    const auto gone = go_to_pin(stage(), kWho);
    ASSERT_TRUE(gone.ok()) << gone.error().describe();
  }
  void leave() {
    const Mark taken = stage().mark();
    session.world().take_card();
    const auto idle = stage().wait_state({"idle", "out_of_service"}, taken);
    ASSERT_TRUE(idle.ok()) << idle.error().describe();
  }
  /// Nothing of nobody in none of our processes, within a second.
  void expect_forgotten() {
    RealClock clock;
    const Nanoseconds deadline = clock.now() + kWithin;
    std::string left;
    do {
      left.clear();
      for (const std::string_view program : kOurs)
        for (const auto& [what, value] : secrets)
          for (const MemoryHit& hit : found(program, what))
            left += fmt::format("{} in {} at {:x} {}\n", what, program, hit.address, hit.mapping);
    } while (!left.empty() && clock.now() < deadline);
    EXPECT_EQ(left, "");
  }
};

TEST_F(Wipe, success) {
  go();
  const Mark entered = stage().mark();
  type("pin");
  ASSERT_TRUE(stage().wait_result(entered).ok());
  ASSERT_TRUE(press(stage(), words::kAgree, "agree").ok());
  ASSERT_TRUE(stage().wait_state({"consent_referral"}).ok());
  EXPECT_FALSE(found(kReader, "referral").empty()) << "the page shows its name";
  ASSERT_TRUE(press(stage(), words::kAgree, "share").ok());
  ASSERT_TRUE(stage().wait_state({"result_ok"}).ok());
  leave();
  expect_forgotten();
}

TEST_F(Wipe, a_wrong_pin_and_then_nothing_more) {
  go();
  const Mark entered = stage().mark();
  type("wrong pin");
  ASSERT_TRUE(stage().wait_state({"pin"}, entered).ok());
  leave();
  expect_forgotten();
}

TEST_F(Wipe, the_patient_ends) {
  go();
  auto pad = PinPad::find(stage());
  ASSERT_TRUE(pad.ok() && pad->type(stage(), as_text(secrets.at("pin"))).ok());
  ASSERT_FALSE(found(kReader, "pin").empty());
  ASSERT_TRUE(press(stage(), words::kEnd, "end").ok());
  expect_forgotten();
}

TEST_F(Wipe, time_is_up) {
  go();
  auto pad = PinPad::find(stage());
  ASSERT_TRUE(pad.ok() && pad->type(stage(), as_text(secrets.at("pin"))).ok());
  ASSERT_FALSE(found(kReader, "pin").empty());
  const Mark waiting = stage().mark();
  ASSERT_TRUE(stage().set_settings({{"idle_timeout_ms", 300}}).ok());
  ASSERT_TRUE(stage().wait_state({"take_card"}, waiting).ok());
  expect_forgotten();
}

TEST_F(Wipe, the_card_is_taken_while_the_pin_is_typed) {
  go();
  auto pad = PinPad::find(stage());
  ASSERT_TRUE(pad.ok() && pad->type(stage(), as_text(secrets.at("pin"))).ok());
  ASSERT_FALSE(found(kReader, "pin").empty());
  leave();
  expect_forgotten();
}

TEST_F(Wipe, the_clinic_pc_is_lost_while_the_pin_is_typed) {
  go();
  auto pad = PinPad::find(stage());
  ASSERT_TRUE(pad.ok() && pad->type(stage(), as_text(secrets.at("pin"))).ok());
  ASSERT_FALSE(found(kReader, "pin").empty());
  const Mark cut = stage().mark();
  session.world().set_line(sim::World::Line::kReaderLink, sim::LineFault::kRefused);
  ASSERT_TRUE(stage().wait_state({"out_of_service"}, cut).ok());
  expect_forgotten();
}

TEST_F(Wipe, the_clinic_pc_is_lost_while_the_server_is_asked) {
  session.world().set_server(sim::ServerFault::kSlow);
  go();
  type("pin");
  const Mark cut = stage().mark();
  ASSERT_TRUE(stage().wait_state({"verifying"}).ok());
  EXPECT_FALSE(found(kHostAgent, "pin").empty()) << "the host agent is asking with it";
  session.world().set_line(sim::World::Line::kReaderLink, sim::LineFault::kRefused);
  ASSERT_TRUE(stage().wait_state({"out_of_service"}, cut).ok());
  EXPECT_TRUE(found(kReader, "pin").empty());
  expect_forgotten();
}

TEST_F(Wipe, the_server_answers_with_an_error) {
  session.world().set_server(sim::ServerFault::kError500);
  go();
  const Mark entered = stage().mark();
  type("pin");
  ASSERT_TRUE(stage().wait_state({"error"}, entered).ok());
  expect_forgotten();
}

TEST_F(Wipe, a_locked_card_that_was_tried_and_an_unregistered_one_that_declines) {
  const std::string pin(as_text(session.world().pin_of(sim::Patient::kNotRegistered).expose()));
  secrets["other pin"] = Bytes(pin.begin(), pin.end());
  for (const std::string_view program : kOurs)
    before[{std::string(program), "other pin"}] = look(program, secrets["other pin"]);
  ASSERT_TRUE(go_to_pin(stage(), sim::Patient::kNotRegistered).ok());
  const Mark entered = stage().mark();
  type("other pin");
  ASSERT_TRUE(stage().wait_state({"register_ask"}, entered).ok());
  EXPECT_FALSE(found(kReader, "other pin").empty()) << "kept for the registration";
  ASSERT_TRUE(press(stage(), words::kDisagree, "decline").ok());
  expect_forgotten();
}

}  // namespace
}  // namespace shogo::conformance
