#include "update_stage.h"

#include "card_trace.h"
#include "link_stage.h"
#include <algorithm>

#include <shogo/base/json_reader.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

constexpr std::int64_t kOften_ms = 250;
constexpr milliseconds kGlance{50};

bool gives(const Event& event, std::string_view sha256) {
  const std::string path = text_of(event.data, "path");
  return event.source == source::kServer && event.kind == "update_request" && path.ends_with(sha256) &&
         integer_of(event.data, "status", 0) == 200;
}

std::string sha256_of(const Transcript& transcript, std::string_view name) {
  for (const Event* event : transcript.select(source::kStimulus, "offer"))
    if (text_of(event->data, "name") == name) return text_of(event->data, "sha256");
  return {};
}

}  // namespace

Bytes sound_package(Stage& stage, const PackageHeader& header, std::string_view content) {
  return contract::write_package(header, as_bytes(content), stage.world().update_key());
}

Result<void> look_often(Stage& stage) {
  bool set = false;
  if (stage.device().has(contract::cap::kSettings)) {
    const auto done = stage.set_settings({{"update_poll_ms", kOften_ms}});
    if (!done.ok() && is_timeout(done.error())) return done.error();
    set = done.ok();
  }
  stage.note("update_poll", {{"ms", kOften_ms}, {"from", set ? "settings" : "device"}});
  return {};
}

bool looked_often(const Transcript& transcript) {
  for (const Event* event : transcript.select(source::kStimulus, "update_poll"))
    return text_of(event->data, "from") == "settings";
  return false;
}

std::string offer(Stage& stage, std::string_view name, const Bytes& package) {
  std::string sha256 = sha256_hex(package);
  boost::json::object data{{"name", name}, {"sha256", sha256}, {"size", package.size()}};
  if (const auto header = contract::claimed_header(package)) {
    data["kind"] = contract::to_string(header->kind);
    data["version"] = header->version.text();
    data["sequence"] = header->sequence;
    data["roll_back"] = header->roll_back;
  }
  stage.note("offer", std::move(data));
  (void)stage.world().offer_update(package);
  return sha256;
}

Result<void> wait_fetched(Stage& stage, std::string_view sha256, milliseconds limit) {
  const auto given = stage.wait_event(
      "the device fetching the package", Mark{}, [&](const Event& event) { return gives(event, sha256); },
      limit);
  if (!given.ok()) return is_timeout(given.error()) ? Result<void>() : Result<void>(given.error());
  // It is judged in the moments after its last byte.
  return stage.linger();
}

Result<boost::json::object> note_versions(Stage& stage) {
  SHOGO_TRY(const boost::json::value told, stage.call("get_versions"));
  if (!told.is_object()) return Error{Code::kCorrupt, "get_versions answered no object"};
  stage.record(source::kDevice, "versions", told.get_object());
  return told.get_object();
}

Result<void> wait_version(Stage& stage, std::string_view part, std::string_view version, milliseconds limit) {
  RealClock clock;
  const Nanoseconds until = clock.now() + limit;
  for (;;) {
    // Past the transcript: how often it has to be asked is a matter of time.
    SHOGO_TRY(const boost::json::value told, stage.device().call("get_versions", {}, kAnswerWait));
    const bool there = told.is_object() && text_of(told.get_object(), part) == version;
    if (there || clock.now() > until) break;
    SHOGO_CHECK_OK(stage.linger(kGlance));
  }
  SHOGO_TRY(const boost::json::object last, note_versions(stage));
  return {};
}

Bytes without_signature(Bytes package) {
  constexpr std::size_t kSignature = 22, kSize = 64;  // docs/updates.md
  std::fill_n(package.begin() + kSignature, kSize, std::uint8_t{0});
  return package;
}

Bytes forged(Stage& stage, const PackageHeader& header, std::string_view content) {
  Bytes seed(32);
  stage.rng().fill(seed);
  return contract::write_package(header, as_bytes(content), *contract::SigningKey::from_seed(seed));
}

bool update_logged(const Transcript& transcript, std::string_view outcome, std::string_view version,
                   std::string_view reason) {
  for (const Event* event : transcript.select(source::kDevice, "log")) {
    const Bytes* log = transcript.blob(event->blob);
    if (log == nullptr) continue;
    std::string_view rest = as_text(*log);
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      const auto record = parse_json(line, "log");
      if (!record.ok() || !record->is_object()) continue;
      const json::object& fields = record->get_object();
      if (text_of(fields, "event") == "update" && text_of(fields, "outcome") == outcome &&
          (version.empty() || text_of(fields, "version") == version) &&
          (reason.empty() || text_of(fields, "reason") == reason))
        return true;
    }
  }
  return false;
}

bool fetched(const Transcript& transcript, std::string_view name) {
  const std::string sha256 = sha256_of(transcript, name);
  if (sha256.empty()) return false;
  for (const Event* event : transcript.select(source::kServer, "update_request"))
    if (gives(*event, sha256)) return true;
  return false;
}

std::string version_told(const Transcript& transcript, std::string_view part, std::string_view step) {
  std::string version;
  const std::vector<Step> steps = steps_of(transcript);
  for (const Step& at : steps) {
    for (const Event* event : at.select(source::kDevice, "versions")) version = text_of(event->data, part);
    if (at.name() == step) return version;
  }
  return {};
}

}  // namespace shogo::conformance
