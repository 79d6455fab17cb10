#include <fmt/core.h>

#include <shogo/conformance/png.h>
#include <shogo/conformance/replay_device.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

std::string_view text_at(const boost::json::object& data, std::string_view key) {
  const boost::json::value* value = data.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

bool is_answer(const Event& event) {
  return event.source == source::kDevice && event.kind == "answer";
}

/// The recorded name of an error's code; a name this build does not know becomes "unavailable".
Code code_from(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Code::kInternal); ++i)
    if (to_string(static_cast<Code>(i)) == name) return static_cast<Code>(i);
  return Code::kUnavailable;
}

/// A frame lies in the bundle as PNG; on the wire it is a screen payload.
std::shared_ptr<const Bytes> payload_of(const Event& event, const Transcript& transcript) {
  const Bytes* blob = event.blob.empty() ? nullptr : transcript.blob(event.blob);
  if (blob == nullptr) return nullptr;
  if (event.kind != "frame") return std::make_shared<const Bytes>(*blob);
  const auto image = decode_png(*blob);
  if (!image) return nullptr;
  return std::make_shared<const Bytes>(contract::encode_screen_payload(*image));
}

}  // namespace

Result<std::unique_ptr<ReplayDevice>> ReplayDevice::create(std::vector<Transcript> cases) {
  for (const Transcript& transcript : cases)
    for (const Event* event : transcript.select(source::kDevice, "hello")) {
      SHOGO_TRY(Hello hello, parse_hello(event->data));
      return std::unique_ptr<ReplayDevice>(new ReplayDevice(std::move(hello), std::move(cases)));
    }
  return Error{Code::kNotFound, "the recording holds no hello of a device"};
}

ReplayDevice::ReplayDevice(Hello hello, std::vector<Transcript> cases)
    : hello_(std::move(hello)), cases_(std::move(cases)) {
  for (const Transcript& transcript : cases_)
    for (const Event& event : transcript.events())
      if (event.source == source::kDevice || event.kind == "request")
        entries_.push_back({&event, &transcript});
}

void ReplayDevice::show(const Entry& entry) {
  const Event& event = *entry.event;
  if (!observer_ || event.source != source::kDevice || is_answer(event) || event.kind == "hello") return;
  observer_({event.kind, event.data, payload_of(event, *entry.of)});
}

Result<boost::json::value> ReplayDevice::call(std::string_view method, boost::json::object,
                                              std::chrono::milliseconds) {
  std::size_t found = position_;
  while (found < entries_.size() &&
         !(is_answer(*entries_[found].event) && text_at(entries_[found].event->data, "method") == method))
    ++found;
  if (found == entries_.size())
    return Error{Code::kNotFound, fmt::format("the recording holds no further answer to \"{}\"", method)};

  for (; position_ < found; ++position_) show(entries_[position_]);
  const boost::json::object& data = entries_[position_++].event->data;
  // What the device said of its own accord before the next request has no other moment to be shown.
  for (; position_ < entries_.size() && entries_[position_].event->kind != "request"; ++position_)
    show(entries_[position_]);

  if (const boost::json::value* result = data.if_contains("result")) return *result;
  return Error{code_from(text_at(data, "error")), std::string(text_at(data, "message"))};
}

}  // namespace shogo::conformance
