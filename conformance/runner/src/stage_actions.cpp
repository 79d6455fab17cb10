// Stage: what a script does to the device, and what it takes from it.
#include "stage_impl.h"

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
namespace cap = contract::cap;

Error no_such_node(const UiTree& tree, std::string_view wanted) {
  return Error{Code::kNotFound, fmt::format("the screen {} has no {}", tree.screen_id, wanted)};
}

/// The frame that a UI tree names is the running number of a message: how often the device has drawn before,
/// not what it shows. So it lies with what is measured, as the frame's own does.
json::object answer_of(std::string_view method, json::value result) {
  json::object data{{"method", method}};
  if (method == "get_ui_tree" && result.is_object()) {
    json::object& tree = result.get_object();
    if (const json::value* frame = tree.if_contains("frame"); frame != nullptr) {
      data["seq"] = *frame;
      tree.erase("frame");
    }
  }
  data["result"] = std::move(result);
  return data;
}

}  // namespace

void Stage::note(std::string_view kind, json::object data) {
  record(source::kStimulus, kind, std::move(data));
}

Result<json::value> Stage::call(std::string_view method, json::object params, milliseconds timeout) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->cancelled) return Error{Code::kCancelled, "the run was stopped"};
    impl_->add(source::kStimulus, "request", {{"method", method}, {"params", params}});
  }
  const auto left = std::chrono::duration_cast<milliseconds>(impl_->left());
  auto answer = left <= milliseconds{0}
                    ? Result<json::value>(Error{Code::kTimeout, "the check's time is over"})
                    : impl_->setup.device->call(method, std::move(params), std::min(timeout, left));
  if (answer) {
    record(source::kDevice, "answer", answer_of(method, *answer));
  } else {
    record(source::kDevice, "answer",
           {{"method", method},
            {"error", to_string(answer.error().code())},
            {"message", answer.error().describe()}});
  }
  return answer;
}

Result<void> Stage::touch(int x, int y) {
  note("touch", {{"x", x}, {"y", y}});
  for (const std::string_view phase : {"down", "up"}) {
    json::array point{x, y};
    json::array points;
    points.push_back(std::move(point));
    SHOGO_CHECK_OK(call("touch", {{"points", std::move(points)}, {"phase", phase}}));
  }
  return {};
}

Result<void> Stage::key(std::string_view place) {
  note("key", {{"code", place}});
  for (const std::string_view phase : {"down", "up"})
    SHOGO_CHECK_OK(call("key", {{"code", place}, {"phase", phase}}));
  return {};
}

Result<void> Stage::tap(std::string_view node_id) {
  SHOGO_TRY(const UiTree tree, ui_tree());
  const UiNode* node = tree.find(node_id);
  if (node == nullptr) return no_such_node(tree, fmt::format("node \"{}\"", node_id));
  return touch(node->centre_x(), node->centre_y());
}

Result<void> Stage::tap(std::string_view role, std::string_view text) {
  SHOGO_TRY(const UiTree tree, ui_tree());
  const UiNode* node = tree.find(role, text);
  if (node == nullptr) return no_such_node(tree, fmt::format("enabled {} \"{}\"", role, text));
  return touch(node->centre_x(), node->centre_y());
}

Result<void> Stage::set_settings(const json::object& settings) {
  if (!device().has(cap::kSettings))
    return Error{Code::kUnsupported, "the device does not declare config.settings"};
  SHOGO_CHECK_OK(call("put_file", {{"kind", "settings"}, {"text", json::serialize(settings)}}));
  return {};
}

Result<Bytes> Stage::export_log() {
  if (!device().has(cap::kLogExport))
    return Error{Code::kUnsupported, "the device does not declare log.export"};
  SHOGO_TRY(const json::value answer, call("export_logs", {{"since", 0}}));
  SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer to export_logs"));
  SHOGO_TRY(const std::int64_t seq, object.integer("seq"));
  SHOGO_TRY(const std::int64_t length, object.integer("length"));

  std::shared_ptr<const Bytes> log;
  {
    std::unique_lock lock(impl_->mutex);
    const auto key = static_cast<std::uint64_t>(seq);
    SHOGO_CHECK_OK(
        impl_->wait(lock, kAnswerWait, "the bytes of the log", [&] { return impl_->logs.count(key) > 0; }));
    log = impl_->logs[key];
    impl_->logs.clear();
  }
  if (log == nullptr || static_cast<std::int64_t>(log->size()) != length)
    return Error{Code::kInvalid, fmt::format("export_logs announces {} bytes, {} came", length,
                                             log == nullptr ? 0 : log->size())};
  record(source::kDevice, "log", {{"length", length}}, "device_log", "jsonl", *log);
  return *log;
}

}  // namespace shogo::conformance
