// Transcript: everything that was done to a device and everything that was seen of it during one case, in
// order. It is the only input of a judge and the evidence of a clause: events.jsonl plus the files its events
// name. Not synchronised; the Stage that records it holds a lock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>

namespace shogo::conformance {

/// Who an event comes from. A judge trusts `card`, `server` and `net` (ours) over `device` (its own words).
namespace source {
inline constexpr std::string_view kStimulus = "stimulus";
inline constexpr std::string_view kDevice = "device";
inline constexpr std::string_view kCard = "card";
inline constexpr std::string_view kServer = "server";
inline constexpr std::string_view kNet = "net";    ///< the bench's network lines: connections, bytes, faults
inline constexpr std::string_view kHost = "host";  ///< what reached the clinic's other programs
inline constexpr std::string_view kHarness = "harness";
}  // namespace source

struct Event {
  std::int64_t t_ns = 0;  ///< since the start of the case, harness clock
  std::string source;
  std::string kind;  ///< "state", "apdu", "touch", …
  boost::json::object data;
  std::string blob;  ///< name of a file in the same evidence folder, or empty
};

class Transcript {
 public:
  void add(Event event);
  /// Keeps bytes (a frame, a log) under a unique name made of `stem`, a number and `extension`; returns the
  /// name for Event::blob.
  std::string keep(std::string_view stem, std::string_view extension, Bytes bytes);

  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] const std::map<std::string, Bytes>& blobs() const { return blobs_; }
  [[nodiscard]] const Bytes* blob(const std::string& name) const;

  /// Events of one source and kind, in order.
  [[nodiscard]] std::vector<const Event*> select(std::string_view source, std::string_view kind) const;

  /// One event a line, times included; from_jsonl reads it back. `where` opens every error message.
  [[nodiscard]] std::string to_jsonl() const;
  [[nodiscard]] static Result<Transcript> from_jsonl(std::string_view text, std::string_view where);

  /// events.jsonl and the blobs in `folder` (which exists). What is measured (t_ns, every key of an event's
  /// data that begins with "t_", such as t_dev_ns, and "seq") goes to times.jsonl, line by line beside
  /// events.jsonl, and so does the order in which racing streams came: first the script with its answers,
  /// then the device's notifications, the card's commands and the server's requests, each in its own order.
  /// A network capture (source "net") is a measurement as a whole and lies in capture.jsonl, when there is
  /// one. A real pcscd keeps its own clock; what remains is byte for byte the same for the same seed and
  /// script. load() puts the two together again. A blob that no event names is saved, but is no part of what
  /// a judge may see: load() leaves it out.
  [[nodiscard]] Result<void> save(const std::filesystem::path& folder) const;
  [[nodiscard]] static Result<Transcript> load(const std::filesystem::path& folder);

 private:
  std::vector<Event> events_;
  std::map<std::string, Bytes> blobs_;
};

}  // namespace shogo::conformance
