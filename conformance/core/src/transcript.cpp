#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/transcript.h>

namespace shogo::conformance {
namespace {

constexpr std::string_view kEventsFile = "events.jsonl";
constexpr std::string_view kTimesFile = "times.jsonl";
constexpr std::string_view kCaptureFile = "capture.jsonl";
constexpr std::string_view kMeasuredTimePrefix = "t_";

/// "seq" counts every message of a connection and so tells how busy the device was before, not what it did.
bool is_measured(std::string_view key) {
  return key.starts_with(kMeasuredTimePrefix) || key == "seq";
}

/// Who speaks in turn: events of one stream follow from each other, those of two streams race. The script and
/// the answers it waits for are one stream; what device, card and server say by themselves are one each.
/// A network capture comes last: it is measured as a whole and has a file of its own.
enum class Stream { kScript, kNotification, kCommand, kServer, kOther, kCapture };

/// What a device says without being asked (docs/device-protocol.md).
bool is_notification(std::string_view kind) {
  return kind == "state" || kind == "result" || kind == "apdu_trace" || kind == "score";
}

Stream stream_of(const Event& event) {
  if (event.source == source::kStimulus || event.source == source::kHarness || event.source == source::kHost)
    return Stream::kScript;
  if (event.source == source::kDevice)
    return is_notification(event.kind) ? Stream::kNotification : Stream::kScript;
  if (event.source == source::kCard) return event.kind == "apdu" ? Stream::kCommand : Stream::kScript;
  if (event.source == source::kNet) return Stream::kCapture;
  return event.source == source::kServer ? Stream::kServer : Stream::kOther;
}

/// A blob's name becomes a path: it must stay in its folder and not replace the transcript itself.
bool is_safe_name(std::string_view name) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= 120 && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), safe) && name != kEventsFile && name != kTimesFile &&
         name != kCaptureFile;
}

json::object event_object(const Event& event, json::object data) {
  json::object line;
  line["source"] = event.source;
  line["kind"] = event.kind;
  line["data"] = std::move(data);
  if (!event.blob.empty()) line["blob"] = event.blob;
  return line;
}

/// Non-empty lines with their numbers. A last line without a newline is a line: the writer may have been
/// killed, and the JSON parser will say whether it is whole.
template <typename Each>
Result<void> each_line(std::string_view text, std::string_view where, Each each) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    if (line.empty()) return Error{Code::kCorrupt, fmt::format("{}:{}: empty line", where, number)};
    const std::string place = fmt::format("{}:{}", where, number);
    SHOGO_TRY(const json::value value, parse_json(line, place));
    SHOGO_TRY(const JsonObject object, JsonObject::of(value, place));
    SHOGO_CHECK_OK(each(object));
  }
  return {};
}

Result<json::object> data_of(const JsonObject& line) {
  if (line.missing("data")) return json::object{};
  SHOGO_TRY(const JsonObject data, line.object("data"));
  return data.raw();
}

Result<Event> read_event(const JsonObject& line) {
  Event event;
  SHOGO_TRY(event.source, line.string("source"));
  SHOGO_TRY(event.kind, line.string("kind"));
  if (event.source.empty() || event.kind.empty())
    return Error{Code::kInvalid, fmt::format("{}: \"source\" and \"kind\" must not be empty", line.where())};
  SHOGO_TRY(event.data, data_of(line));
  if (!line.missing("blob")) {
    SHOGO_TRY(event.blob, line.string("blob"));
    if (!is_safe_name(event.blob))
      return Error{Code::kInvalid, fmt::format("{}: \"blob\" must be a plain file name", line.where())};
  }
  return event;
}

/// The events as they came: `positions` must be a permutation that keeps every stream in its own order.
Result<std::vector<Event>> in_order(std::vector<Event> events, const std::vector<std::size_t>& positions,
                                    const std::string& where) {
  std::vector<Event> ordered(events.size());
  std::vector<bool> taken(events.size(), false);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::size_t position = positions[i];
    if (position >= events.size() || taken[position])
      return Error{Code::kCorrupt, fmt::format("{}:{}: \"position\" must name each of {} places once", where,
                                               i + 1, events.size())};
    if (i > 0 && stream_of(events[i]) == stream_of(events[i - 1]) && position < positions[i - 1])
      return Error{Code::kCorrupt,
                   fmt::format("{}:{}: \"position\" turns the order of one stream around", where, i + 1)};
    taken[position] = true;
    ordered[position] = events[i];
  }
  return ordered;
}

}  // namespace

void Transcript::add(Event event) {
  events_.push_back(std::move(event));
}

std::string Transcript::keep(std::string_view stem, std::string_view extension, Bytes bytes) {
  std::string clean;
  for (const char c : stem) clean += is_safe_name(std::string(1, c)) ? c : '_';
  if (clean.empty()) clean = "blob";
  if (extension.starts_with('.')) extension.remove_prefix(1);
  for (std::size_t number = 1;; ++number) {
    std::string name = fmt::format("{}-{:04}.{}", clean, number, extension);
    if (blobs_.try_emplace(name, bytes).second) return name;
  }
}

const Bytes* Transcript::blob(const std::string& name) const {
  const auto found = blobs_.find(name);
  return found == blobs_.end() ? nullptr : &found->second;
}

std::vector<const Event*> Transcript::select(std::string_view source, std::string_view kind) const {
  std::vector<const Event*> chosen;
  for (const Event& event : events_) {
    if (event.source == source && event.kind == kind) chosen.push_back(&event);
  }
  return chosen;
}

std::string Transcript::to_jsonl() const {
  std::string text;
  for (const Event& event : events_) {
    json::object line = event_object(event, event.data);
    line["t_ns"] = event.t_ns;
    text += json::serialize(line) + "\n";
  }
  return text;
}

Result<Transcript> Transcript::from_jsonl(std::string_view text, std::string_view where) {
  Transcript transcript;
  const auto take_line = [&](const JsonObject& line) -> Result<void> {
    SHOGO_CHECK_OK(line.only({"t_ns", "source", "kind", "data", "blob"}));
    SHOGO_TRY(Event event, read_event(line));
    SHOGO_TRY(event.t_ns, line.integer("t_ns"));
    transcript.add(std::move(event));
    return {};
  };
  SHOGO_CHECK_OK(each_line(text, where, take_line));
  return transcript;
}

Result<void> Transcript::save(const std::filesystem::path& folder) const {
  for (const auto& [name, bytes] : blobs_) SHOGO_CHECK_OK(write_file(folder / name, bytes));
  std::string events;
  std::string times;
  std::string capture;
  std::vector<std::size_t> order(events_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return stream_of(events_[a]) < stream_of(events_[b]);
  });
  for (const std::size_t position : order) {
    const Event& event = events_[position];
    if (!event.blob.empty() && !blobs_.contains(event.blob))
      return Error{Code::kInternal, fmt::format("an event names \"{}\", which was never kept", event.blob)};
    if (stream_of(event) == Stream::kCapture) {
      json::object line = event_object(event, event.data);
      line["position"] = position;
      line["t_ns"] = event.t_ns;
      capture += json::serialize(line) + "\n";
      continue;
    }
    json::object same;
    json::object measured;
    for (const auto& [key, value] : event.data) (is_measured(key) ? measured : same)[key] = value;
    events += json::serialize(event_object(event, std::move(same))) + "\n";
    json::object time;
    time["position"] = position;
    time["t_ns"] = event.t_ns;
    if (!measured.empty()) time["data"] = std::move(measured);
    times += json::serialize(time) + "\n";
  }
  SHOGO_CHECK_OK(write_text(folder / kTimesFile, times));
  if (!capture.empty()) SHOGO_CHECK_OK(write_text(folder / kCaptureFile, capture));
  // Last, so that a folder with events.jsonl holds everything that its events name.
  return write_text(folder / kEventsFile, events);
}

Result<Transcript> Transcript::load(const std::filesystem::path& folder) {
  const std::filesystem::path events_path = folder / kEventsFile;
  const std::filesystem::path times_path = folder / kTimesFile;
  SHOGO_TRY(const std::string events_text, read_text(events_path));
  SHOGO_TRY(const std::string times_text, read_text(times_path));

  std::vector<Event> events;
  std::vector<std::size_t> positions;
  const auto take_event = [&](const JsonObject& line) -> Result<void> {
    SHOGO_CHECK_OK(line.only({"source", "kind", "data", "blob"}));
    SHOGO_TRY(Event event, read_event(line));
    events.push_back(std::move(event));
    return {};
  };
  SHOGO_CHECK_OK(each_line(events_text, events_path.string(), take_event));

  std::size_t index = 0;
  const auto take_time = [&](const JsonObject& line) -> Result<void> {
    SHOGO_CHECK_OK(line.only({"position", "t_ns", "data"}));
    if (index >= events.size())
      return Error{Code::kCorrupt, fmt::format("{}: more times than the {} events of {}", line.where(),
                                               events.size(), events_path.string())};
    Event& event = events[index++];
    SHOGO_TRY(event.t_ns, line.integer("t_ns"));
    SHOGO_TRY(const std::int64_t position, line.integer("position"));
    positions.push_back(static_cast<std::size_t>(position));
    SHOGO_TRY(const json::object measured, data_of(line));
    for (const auto& [key, value] : measured) {
      // Otherwise a changed times.jsonl could replace what the device was seen to do.
      if (!is_measured(key))
        return Error{Code::kCorrupt,
                     fmt::format("{}: \"{}\" is no measurement", line.where(), std::string(key))};
      event.data[key] = value;
    }
    return {};
  };
  SHOGO_CHECK_OK(each_line(times_text, times_path.string(), take_time));
  if (index != events.size())
    return Error{Code::kCorrupt,
                 fmt::format("{}: {} times for {} events", times_path.string(), index, events.size())};

  const std::filesystem::path capture_path = folder / kCaptureFile;
  std::error_code ec;
  if (std::filesystem::exists(capture_path, ec)) {
    SHOGO_TRY(const std::string capture_text, read_text(capture_path));
    const auto take_captured = [&](const JsonObject& line) -> Result<void> {
      SHOGO_CHECK_OK(line.only({"position", "t_ns", "source", "kind", "data", "blob"}));
      SHOGO_TRY(Event event, read_event(line));
      if (stream_of(event) != Stream::kCapture)
        return Error{Code::kCorrupt,
                     fmt::format("{}: \"{}\" does not speak in a capture", line.where(), event.source)};
      SHOGO_TRY(event.t_ns, line.integer("t_ns"));
      SHOGO_TRY(const std::int64_t position, line.integer("position"));
      positions.push_back(static_cast<std::size_t>(position));
      events.push_back(std::move(event));
      return {};
    };
    SHOGO_CHECK_OK(each_line(capture_text, capture_path.string(), take_captured));
  }
  SHOGO_TRY(std::vector<Event> ordered, in_order(std::move(events), positions, times_path.string()));
  Transcript transcript;
  for (Event& event : ordered) {
    if (!event.blob.empty() && !transcript.blobs_.contains(event.blob)) {
      SHOGO_TRY(Bytes bytes, read_file(folder / event.blob));
      transcript.blobs_.emplace(event.blob, std::move(bytes));
    }
    transcript.add(std::move(event));
  }
  return transcript;
}

}  // namespace shogo::conformance
