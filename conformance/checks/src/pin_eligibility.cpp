// 3-14.a: PIN authentication and eligibility through the fund program: right PIN, wrong PIN, locked, expired,
// revoked, server down. The order of messages is judged from the card's and the server's own records, the
// outcome from what the device then shows.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

struct Scenario {
  const char* name;
  sim::Patient patient;
  bool right_pin;
  sim::ServerFault server;
  const char* reason;         ///< what the device must give as the reason of its result
  const char* server_result;  ///< what the server must have answered; empty: it must not have been asked
};

constexpr std::array<Scenario, 6> kScenarios{{
    {"success", sim::Patient::kValid, true, sim::ServerFault::kNone, "none", "eligible"},
    {"wrong_pin", sim::Patient::kWrongPin, false, sim::ServerFault::kNone, "wrong_pin", ""},
    {"locked", sim::Patient::kLocked, true, sim::ServerFault::kNone, "pin_locked", ""},
    {"expired", sim::Patient::kExpired, true, sim::ServerFault::kNone, "cert_expired", "expired"},
    {"revoked", sim::Patient::kRevoked, true, sim::ServerFault::kNone, "cert_revoked", "revoked"},
    {"server_down", sim::Patient::kValid, true, sim::ServerFault::kRefused, "server_unreachable", ""},
}};

Result<void> play(Stage& stage, const Scenario& scenario) {
  stage.world().set_server(scenario.server);
  begin_step(stage, scenario.name, scenario.patient);
  const Mark start = stage.mark();
  SHOGO_TRY(const Event state, choose_pin(stage, scenario.patient));
  if (text_of(state.data, "name") == "pin") {
    SHOGO_TRY(PinPad pad, PinPad::find(stage));
    if (scenario.right_pin) {
      SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(scenario.patient)));
    } else {
      SHOGO_CHECK_OK(pad.type(stage, wrong_pin_for(stage, scenario.patient)));
    }
    if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
      SHOGO_CHECK_OK(pad.done(stage));
  }
  // A wrong PIN may be answered on the PIN page itself, without an end of the transaction.
  SHOGO_CHECK_OK(stage.wait_event("an answer to the entry", start, [](const Event& event) {
    if (event.source != source::kDevice) return false;
    return event.kind == "result" ||
           (event.kind == "state" && text_of(event.data, "substate") == "wrong_pin");
  }));
  SHOGO_CHECK_OK(stage.keep_frame(fmt::format("after_{}", scenario.name)));
  note_tries(stage, scenario.patient);
  stage.world().set_server(sim::ServerFault::kNone);
  return finish(stage);
}

struct Outcome {
  bool ok = false;  ///< the device claims success, by result or by screen
  std::string reason;
  std::vector<CardCommand> verifies;
  int signatures = 0;
  bool signed_before_verified = false;
  std::vector<std::string> paths;  ///< server requests in order
  std::string server_result;
  bool signature_ok = false;
  std::size_t card_commands = 0;
  const Bytes* frame = nullptr;
};

Outcome outcome_of(const Step& step, const Transcript& transcript) {
  Outcome out;
  bool verified = false;
  for (const CardCommand& command : step.commands()) {
    ++out.card_commands;
    if (command.carries_pin) {
      out.verifies.push_back(command);
      verified = verified || command.sw == 0x9000;
    }
    if (command.name == "COMPUTE_SIGNATURE") {
      ++out.signatures;
      out.signed_before_verified = out.signed_before_verified || !verified;
    }
  }
  for (const Event* event : step.select(source::kServer, "request")) {
    const std::string path = text_of(event->data, "path");
    out.paths.push_back(path);
    if (path == "/v1/eligibility") {
      out.server_result = text_of(event->data, "outcome");
      const boost::json::value* good = event->data.if_contains("signature_ok");
      out.signature_ok = good != nullptr && good->is_bool() && good->get_bool();
    }
  }
  for (const Event* event : step.select(source::kDevice, "result")) {
    out.ok = out.ok || text_of(event->data, "outcome") == "ok";
    // What came first is what the patient was told; a later user_ended or card_removed only ends the
    // transaction.
    if (out.reason.empty()) out.reason = text_of(event->data, "reason");
  }
  for (const Event* event : step.select(source::kDevice, "state")) {
    out.ok = out.ok || text_of(event->data, "name") == "result_ok";
    if (out.reason.empty() || out.reason == "card_removed") {
      if (text_of(event->data, "substate") == "wrong_pin") out.reason = "wrong_pin";
    }
  }
  for (const Event* event : step.select(source::kDevice, "frame")) out.frame = transcript.blob(event->blob);
  return out;
}

/// The golden record of every scenario in which the server decides: one verified PIN, one signature of the
/// card, a challenge and the question at the server. Empty when kept.
std::string departure_from_golden(const Outcome& out) {
  if (out.verifies.size() != 1 || out.verifies[0].sw != 0x9000 || out.signatures != 1)
    return "without one verified PIN and one signature of the card";
  if (out.paths != std::vector<std::string>{"/v1/challenge", "/v1/eligibility"})
    return fmt::format(
        "without exactly a challenge and then the eligibility request at the server "
        "({} requests came)",
        out.paths.size());
  return out.signature_ok ? "" : "without a good signature at the server";
}

/// Why this scenario is broken, or empty.
std::string fault_of(const Scenario& scenario, const Outcome& out) {
  const std::string name = scenario.name;
  if (out.verifies.size() > 1)
    return fmt::format("{}: the card received {} VERIFY for one entry", name, out.verifies.size());
  if (out.signed_before_verified)
    return fmt::format("{}: a signature was asked for before the PIN was verified", name);
  if (name == "success") {
    if (!out.ok)
      return fmt::format(
          "{}: right PIN and valid certificate, but the device did not succeed (reason \"{}\")", name,
          out.reason);
    if (out.server_result != "eligible")
      return fmt::format("{}: success shown, but the server did not confirm it (it answered \"{}\")", name,
                         out.server_result);
    if (const std::string how = departure_from_golden(out); !how.empty())
      return fmt::format("{}: success shown {}", name, how);
    return "";
  }
  if (out.ok) return fmt::format("{}: the device shows success", name);
  if (!out.verifies.empty() && out.verifies[0].sw != 0x9000 && out.signatures > 0)
    return fmt::format("{}: a signature was asked for although the PIN was refused", name);
  if (*scenario.server_result == '\0' && !out.server_result.empty())
    return fmt::format("{}: the server was asked for eligibility although the PIN was not verified", name);
  if (*scenario.server_result != '\0' && out.server_result != scenario.server_result)
    return fmt::format("{}: expected the server to answer \"{}\", it answered \"{}\"", name,
                       scenario.server_result, out.server_result);
  if (*scenario.server_result != '\0') {
    if (const std::string how = departure_from_golden(out); !how.empty())
      return fmt::format("{}: refused {}", name, how);
  }
  if (name == "wrong_pin" && (out.verifies.size() != 1 || out.verifies[0].sw == 0x9000))
    return fmt::format("{}: only the card knows a wrong PIN, but it was not asked and refused once", name);
  if (out.reason != scenario.reason)
    return fmt::format("{}: expected the reason {}, the device gave \"{}\"", name, scenario.reason,
                       out.reason);
  return "";
}

}  // namespace

Result<void> stimulate_pin_eligibility(Stage& stage) {
  for (const Scenario& scenario : kScenarios) SHOGO_CHECK_OK(play(stage, scenario));
  return end_script(stage);
}

Judgement judge_pin_eligibility(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  std::size_t played = 0;
  std::size_t card_commands = 0;
  std::vector<std::string> faults;
  std::vector<std::pair<std::string, const Bytes*>> screens;
  for (const Scenario& scenario : kScenarios) {
    const Step* step = find_step(steps, scenario.name);
    if (step == nullptr) continue;
    ++played;
    const Outcome out = outcome_of(*step, transcript);
    card_commands += out.card_commands;
    if (std::string fault = fault_of(scenario, out); !fault.empty()) faults.push_back(std::move(fault));
    // Every error has a screen of its own: two that look alike leave the patient guessing.
    if (out.frame != nullptr) {
      for (const auto& [other, bytes] : screens) {
        if (*bytes == *out.frame)
          faults.push_back(fmt::format("{} and {} show the same screen", other, scenario.name));
      }
      screens.emplace_back(scenario.name, out.frame);
    }
  }
  const auto n = static_cast<std::int64_t>(played);
  Judgement judgement;
  if (card_commands == 0 && std::none_of(faults.begin(), faults.end(), [](const std::string& f) {
        return f.find("shows success") != std::string::npos || f.find("success shown") != std::string::npos;
      })) {
    judgement =
        inconclusive(Reason::kControlFailed, "the device sent no command to any card: nothing was tried",
                     "カードに命令が一度も届かず、何も試せていない");
  } else if (!faults.empty()) {
    std::string all;
    for (const std::string& fault : faults) all += (all.empty() ? "" : "; ") + fault;
    judgement = fail(all, fmt::format("期待する順序・画面と異なる点が{}件ある：{}", faults.size(), all));
  } else if (played < kScenarios.size() || screens.size() < kScenarios.size()) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     fmt::format("{} of {} scenarios were played to their end", played, kScenarios.size()),
                     fmt::format("{}場面のうち{}場面しか実施できなかった", kScenarios.size(), played));
  } else {
    judgement = pass(
        fmt::format("{} scenarios: card and server saw the expected messages in the expected order, every "
                    "outcome has "
                    "its own screen",
                    played),
        fmt::format(
            "{}"
            "場面すべてで、カードとサーバーに期待どおりの順序で電文が届き、結果ごとに固有の画面が表示された",
            played));
  }
  judgement.measurements = {
      {"scenarios", static_cast<double>(played), "count", fmt::format("= {}", kScenarios.size()), n},
      {"deviations", static_cast<double>(faults.size()), "count", "= 0", n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
