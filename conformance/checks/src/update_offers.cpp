// 4-9.a: updates install themselves; what is unsigned or older does not. 4-9.d: nothing is asked of anybody
// but the claim network's server. One script: a sound package, two that nobody trusted has signed, an older
// one, and at the end another sound one: a device that takes that one has looked at those before.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "update_stage.h"
#include "whole_script.h"

#include <fmt/core.h>

#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

constexpr std::string_view kPart = "card_profiles";
constexpr const char* kFirst = "signed";
constexpr const char* kUnsigned = "unsigned";
constexpr const char* kForged = "forged";
constexpr const char* kOlder = "older";
constexpr const char* kLast = "signed_again";
constexpr const char* kFirstVersion = "2.1.0";
constexpr const char* kLastVersion = "2.2.0";
constexpr milliseconds kInstall{6'000};
/// *Synthetic*: any card that is not on the bench.
constexpr std::string_view kContent =
    R"({"format":1,"profiles":[{"name":"other","application":"F053484F474F01","pin_file":"0018"}]})";

PackageHeader header(PackageVersion version, std::uint64_t sequence) {
  return {PackageKind::kCardProfiles, version, sequence, false};
}

int operator_actions(const Transcript& transcript) {
  int actions = 0;
  for (const Event& event : transcript.events())
    if (event.source == source::kStimulus && (event.kind == "touch" || event.kind == "key")) ++actions;
  return actions;
}

}  // namespace

Result<void> stimulate_update_offers(Stage& stage) {
  SHOGO_CHECK_OK(look_often(stage));
  stage.note("step", {{"name", "before"}});
  SHOGO_TRY(const boost::json::object before, note_versions(stage));
  stage.note("step", {{"name", kFirst}});
  SHOGO_CHECK_OK(wait_fetched(
      stage, offer(stage, kFirst, sound_package(stage, header({2, 1, 0}, 10), kContent)), kInstall));
  SHOGO_CHECK_OK(wait_version(stage, kPart, kFirstVersion, kInstall));
  const std::pair<const char*, Bytes> bad[] = {
      {kUnsigned, without_signature(sound_package(stage, header({9, 0, 0}, 11), kContent))},
      {kForged, forged(stage, header({9, 0, 1}, 11), kContent)},
      {kOlder, sound_package(stage, header({1, 0, 0}, 12), kContent)}};
  for (const auto& [name, package] : bad) {
    stage.note("step", {{"name", name}});
    SHOGO_CHECK_OK(wait_fetched(stage, offer(stage, name, package), kInstall));
    SHOGO_TRY(const boost::json::object told, note_versions(stage));
  }
  stage.note("step", {{"name", kLast}});
  SHOGO_CHECK_OK(wait_fetched(
      stage, offer(stage, kLast, sound_package(stage, header({2, 2, 0}, 13), kContent)), kInstall));
  SHOGO_CHECK_OK(wait_version(stage, kPart, kLastVersion, kInstall));
  SHOGO_TRY(const Bytes log, stage.export_log());
  if (const auto all = stage.world().destinations()) {
    for (const auto& to : *all)
      stage.record(source::kNet, "destination",
                   {{"address", to.address}, {"port", to.port}, {"part", to.part}});
    stage.note("destinations_recorded");
  }
  return end_script(stage);
}

Judgement judge_update_automatic(const Transcript& transcript, const CheckContext&) {
  const std::string before = version_told(transcript, kPart, "before"),
                    first = version_told(transcript, kPart, kFirst),
                    last = version_told(transcript, kPart, kLast);
  const int actions = operator_actions(transcript);
  Judgement judgement;
  std::string taken;
  for (const char* name : {kUnsigned, kForged, kOlder}) {
    const std::string version = version_told(transcript, kPart, name);
    if (taken.empty() && !version.empty() && version != kFirstVersion) taken = name;
  }
  if (actions > 0 || before == kFirstVersion) {
    judgement =
        inconclusive(Reason::kControlFailed, "somebody operated the device, or it had the version before",
                     "操作が行われたか、提供前からその版であった");
  } else if (!fetched(transcript, kFirst) && !looked_often(transcript)) {
    judgement =
        inconclusive(Reason::kControlFailed, "the device has not looked for updates while one was offered",
                     "更新の提供中に、装置が更新を取りに来なかった");
  } else if (first != kFirstVersion) {
    judgement = fail(fmt::format("the signed package was not installed by itself (reported \"{}\")", first),
                     fmt::format("署名済みの更新が自動で導入されない（報告された版「{}」）", first));
  } else if (!taken.empty()) {
    judgement = fail(fmt::format("a package that must be refused was installed: {}", taken),
                     fmt::format("拒むべき更新が導入された: {}", taken));
  } else if (last != kLastVersion) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     "the last sound package was not installed: those before it were perhaps never judged",
                     "最後の正しい更新が導入されず、それまでの更新を見たか分からない");
  } else if (!update_logged(transcript, "installed", kFirstVersion) ||
             !update_logged(transcript, "installed", kLastVersion)) {
    judgement = fail("the log holds no record of an installed version", "導入した版の記録がログにない");
  } else {
    judgement = pass(
        "signed packages install by themselves, are reported and logged; unsigned, forged and older "
        "ones are not installed",
        "署名済みの更新は自動で導入され、版の報告と記録がある。署名のないもの・偽のもの・古い版は"
        "導入されない");
  }
  judgement.measurements = {{"operator_actions", static_cast<double>(actions), "count", "= 0", 1}};
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_update_network(const Transcript& transcript, const CheckContext&) {
  int server = 0, other = 0;
  std::string where;
  for (const Event* event : transcript.select(source::kNet, "destination")) {
    const std::string part = text_of(event->data, "part");
    if (part == "server") ++server;
    if (part != "server" && part != "reader_link") {
      ++other;
      where = fmt::format("{} port {}", text_of(event->data, "address"), integer_of(event->data, "port", 0));
    }
  }
  Judgement judgement;
  if (transcript.select(source::kStimulus, "destinations_recorded").empty()) {
    judgement = inconclusive(Reason::kNoChannel, "the bench does not see this device's connections",
                             "この装置の通信先を試験台が記録できない");
  } else if (other > 0) {
    judgement =
        fail(fmt::format("connected to {} destinations outside the claim network, the last {}", other, where),
             fmt::format("オンライン請求ネットワーク外の{}か所に接続した（最後は{}）", other, where));
  } else if (server == 0 || !fetched(transcript, kFirst) ||
             version_told(transcript, kPart, kLast) != kLastVersion) {
    judgement =
        inconclusive(Reason::kControlFailed, "no update came over the claim network: nothing was tried",
                     "請求ネットワーク経由の更新が成立せず、試せていない");
  } else {
    judgement = pass("the update came over the claim network, and nothing else was connected to",
                     "更新は請求ネットワーク経由で届き、ほかの宛先への通信はない");
  }
  judgement.measurements = {{"other_destinations", static_cast<double>(other), "count", "= 0", 1}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
