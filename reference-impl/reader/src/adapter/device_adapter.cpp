#include "adapter/device_adapter.h"

#include "version.h"
#include <algorithm>
#include <future>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/contract/frame_ring.h>
#include <shogo/contract/management.h>
#include <shogo/contract/screen_change.h>

namespace shogo::reader {
namespace {

namespace json = boost::json;
constexpr milliseconds kResetLimit{10'000};
constexpr milliseconds kLook{5};
constexpr milliseconds kConnectivityLimit{10'000};  // longer than the host agent waits for the server
constexpr Nanoseconds kLongestAdvance = std::chrono::hours(24 * 366);
/// So long (of real time) may one moment of virtual time keep somebody busy.
constexpr milliseconds kBusyLimit{20'000};
constexpr milliseconds kQuiescentLimit{1'000};

AdapterError bad_params(const Error& error) {
  return {contract::kRpcInvalidParams, error.message()};
}

}  // namespace

Result<std::unique_ptr<DeviceAdapter>> DeviceAdapter::listen(const std::string& address, Reader& reader,
                                                             std::string log_file, std::string mutant,
                                                             Clock& clock, Log& log, std::string keypad,
                                                             bool updates, ManagementPlace management) {
  auto adapter = std::unique_ptr<DeviceAdapter>(new DeviceAdapter(
      reader, std::move(log_file), std::move(mutant), clock, log, std::move(keypad), updates));
  adapter->management_ = std::move(management);
  DeviceAdapter* self = adapter.get();
  SHOGO_TRY(adapter->server_,
            AdapterServer::listen(
                address, clock,
                [self](const std::string& method, const json::object& params,
                       std::optional<AdapterError>& fail) { return self->handle(method, params, fail); },
                [self] {
                  self->watched_ = self->greeted_ = false;
                  self->reader_.post([self] { self->reader_.listen(false); });
                  self->back_to_real_time();
                },
                [self] { self->reader_.post([self] { self->show_whole(); }); },
                // The code and nothing else: what was asked may be anything.
                [self](int code) {
                  self->log_.write("request_refused", {{"code", code}});
                }));
  return adapter;
}

std::unique_ptr<DeviceAdapter> DeviceAdapter::detached(Reader& reader, Clock& clock, Log& log) {
  return std::unique_ptr<DeviceAdapter>(new DeviceAdapter(reader, "", "", clock, log, "built_in", true));
}

void DeviceAdapter::present(const Image& frame) {
  if (!watched_ || !server_) return;
  if (shown_seq_ == 0) {
    shown_seq_ = server_->send_screen(
        changes_wanted_ ? contract::encode_screen_runs(frame) : contract::encode_screen_payload(frame), true);
  } else {
    const auto change = contract::encode_screen_change(frame, shown_, shown_seq_);
    if (!change) return;  // the harness has this picture
    shown_seq_ = changes_wanted_ ? server_->send_screen(*change, false)
                                 : server_->send_screen(contract::encode_screen_payload(frame), true);
  }
  shown_ = frame;
}

void DeviceAdapter::play(const Heard& piece) {
  if (server_) server_->send_sound(contract::encode_sound_payload(kSpeakerRate, piece.samples), piece.at);
}

void DeviceAdapter::show_whole() {
  shown_seq_ = 0;
  present(reader_.page().frame);
}

json::object DeviceAdapter::hello() const {
  json::object answer{{"proto", contract::kProtocolVersion},
                      {"caps",
                       {contract::cap::kScreenFrames, contract::cap::kScreenUi, contract::cap::kInputTouch,
                        contract::cap::kCardRf, contract::cap::kHostPath, contract::cap::kLinkPath,
                        contract::cap::kConnectivity, contract::cap::kLogExport, contract::cap::kSettings,
                        contract::cap::kAudio}},
                      {"identity",
                       {{"model", kModel},
                        {"serial", kSerial},
                        {"fw", kFirmware},
                        {"engine", kEngine},
                        {"os", "Linux"},
                        {"sbom_sha256", ""}}},
                      {"panel",
                       {{"inches", reader_.panel().inches},
                        {"width_px", reader_.panel().width_px},
                        {"height_px", reader_.panel().height_px}}},
                      {"phone_area", reader_.panel().phone_area},
                      {"keypad", keypad_}};
  if (!management_.address.empty()) answer["caps"].as_array().emplace_back(contract::cap::kManagement);
  if (keypad_ == "built_in") answer["caps"].as_array().emplace_back(contract::cap::kInputKey);
  if (keypad_ == "external") answer["caps"].as_array().emplace_back(contract::cap::kKeypadPort);
  if (reader_.has_camera()) answer["caps"].as_array().emplace_back(contract::cap::kCameraInfo);
  if (updates_) answer["caps"].as_array().emplace_back(contract::cap::kUpdates);
  if (shared_clock_ != nullptr) answer["caps"].as_array().emplace_back(contract::cap::kClockVirtual);
  if (!mutant_.empty()) answer["mutant"] = mutant_;
  return answer;
}

json::value DeviceAdapter::handle(const std::string& method, const json::object& params,
                                  std::optional<AdapterError>& fail) {
  if (method == "hello") {
    const json::value* proto = params.if_contains("proto");
    if (proto == nullptr || *proto != contract::kProtocolVersion)
      return fail = AdapterError{contract::kRpcInvalidParams,
                                 fmt::format("hello: \"proto\" must be {}", contract::kProtocolVersion)},
             nullptr;
    greeted_ = true;
    return hello();
  }
  if (!greeted_) return fail = AdapterError{contract::kRpcBadState, "hello comes first"}, nullptr;
  if (method == "ping") {
    const json::value* t = params.if_contains("t");
    return {{"t", t == nullptr ? json::value(nullptr) : *t},
            {"t_dev", static_cast<std::int64_t>(clock_.now().count())}};
  }
  if (method == "begin_case") {
    const json::value document = params;
    const auto object = JsonObject::of(document, "begin_case");
    const auto seed = object->integer("seed");
    if (!seed.ok()) return fail = bad_params(seed.error()), nullptr;
    reader_.run_on_loop([&] { reader_.reseed(static_cast<std::uint64_t>(*seed)); });
    return json::object{};
  }
  if (method == "end_case") {
    reader_.run_on_loop([&] { reader_.listen(false); });
    return json::object{};
  }
  if (method == "expect_restart") return json::object{};
  if (method == "reset") return reset(params, fail);
  if (method == "subscribe_frames") {
    const json::value* formats = params.if_contains("formats");
    const bool changes = formats != nullptr && formats->is_array() &&
                         std::count(formats->get_array().begin(), formats->get_array().end(),
                                    json::value(contract::kScreenChange)) > 0;
    reader_.run_on_loop([&] {
      changes_wanted_ = changes;
      watched_ = true;
      show_whole();
    });
    return {{"width", reader_.panel().width_px}, {"height", reader_.panel().height_px}};
  }
  if (method == "subscribe_audio") {
    reader_.run_on_loop([&] { reader_.listen(true); });
    return {{"rate", kSpeakerRate}};
  }
  if (method == "get_ui_tree") {
    json::object tree;
    reader_.run_on_loop([&] {
      tree = reader_.ui_tree();
      // A picture that moves by itself is never at rest.
      if (watched_ && !reader_.shows_camera()) tree["frame"] = shown_seq_;
    });
    return tree;
  }
  if (method == "touch") return touch(params, fail);
  if (method == "key") return key(params, fail);
  if (method == "put_file") return put_file(params, fail);
  if (method == "get_settings") {
    json::object settings;
    reader_.run_on_loop([&] { settings = print_settings(reader_.settings()); });
    return settings;
  }
  if (method == "match_faces") return match_faces(params, fail);
  if (method == "camera_info" && reader_.has_camera()) return camera_info();
  if (method == "get_versions") {
    json::object versions;
    reader_.run_on_loop([&] { versions = reader_.versions(); });
    return versions;
  }
  if (method == "export_logs") return export_logs(fail);
  if (method == "check_connectivity") return check_connectivity();
  if (method == "management" && !management_.address.empty()) return management();
  if (method == "clock_mode" || method == "advance" || method == "quiescent")
    return time(method, params, fail);
  fail = AdapterError{contract::kRpcUnimplemented,
                      fmt::format("this device has no \"{}\"", method.substr(0, 64))};
  return nullptr;
}

void DeviceAdapter::back_to_real_time() {
  if (shared_clock_ != nullptr) shared_clock_->set_virtual(false);
}

json::value DeviceAdapter::time(const std::string& method, const json::object& params,
                                std::optional<AdapterError>& fail) {
  if (shared_clock_ == nullptr)
    return fail = AdapterError{contract::kRpcUnimplemented, "this device keeps the machine's time"}, nullptr;
  const json::value document = params;
  const auto object = JsonObject::of(document, method);
  if (method == "clock_mode") {
    const auto mode = object->string("mode");
    if (!mode.ok()) return fail = bad_params(mode.error()), nullptr;
    if (*mode != "real" && *mode != "virtual")
      return fail = AdapterError{contract::kRpcInvalidParams, "clock_mode: \"mode\" is real or virtual"},
             nullptr;
    shared_clock_->set_virtual(*mode == "virtual");
  } else if (method == "advance") {
    const auto duration = object->integer("ns");
    const auto step = object->missing("step_ns") ? Result<std::int64_t>(0) : object->integer("step_ns");
    if (!duration.ok() || *duration < 0 || *duration > kLongestAdvance.count() || !step.ok() || *step < 0)
      return fail = AdapterError{contract::kRpcInvalidParams,
                                 "advance needs \"ns\", 0 to a year, and \"step_ns\" of 0 or more"},
             nullptr;
    const auto moved = shared_clock_->advance(Nanoseconds(*duration), Nanoseconds(*step), kBusyLimit);
    if (!moved.ok())
      return fail = AdapterError{moved.error().code() == Code::kConflict ? contract::kRpcBadState
                                                                         : contract::kRpcBusy,
                                 moved.error().message()},
             nullptr;
  }
  json::object answer{{"t_dev", static_cast<std::int64_t>(clock_.now().count())}};
  if (method == "quiescent") answer["quiescent"] = shared_clock_->settle(kQuiescentLimit).ok();
  return answer;
}

json::value DeviceAdapter::reset(const json::object& params, std::optional<AdapterError>& fail) {
  const json::value document = params;
  const auto level = JsonObject::of(document, "reset")->string("level");
  if (!level.ok()) return fail = bad_params(level.error()), nullptr;
  if (*level != "app" && *level != "os" && *level != "power" && *level != "factory")
    return fail = AdapterError{contract::kRpcInvalidParams, "reset: \"level\" is app, os, power or factory"},
           nullptr;
  if (*level == "os") {
    // The adapter goes with the firmware: the answer is all that can be said before.
    log_.write("reset", {{"level", "os"}});
    reader_.post([this] { reader_.restart(); });
    return json::object{};
  }
  if (*level != "app" && *level != "factory")
    return fail = AdapterError{contract::kRpcUnimplemented,
                               "only the levels \"app\", \"os\" and \"factory\" can be reset here"},
           nullptr;
  const bool factory = *level == "factory";
  if (factory) {
    log_.write("reset", {{"level", "factory"}});
  } else {
    log_.write("reset", {{"level", "app"}});
  }
  back_to_real_time();
  reader_.run_on_loop([&] {
    reader_.forget_changes();
    reader_.fire("reset");
  });
  // The host may still be on its way after a start.
  const Nanoseconds deadline = clock_.now() + kResetLimit;
  for (;;) {
    bool idle = false;
    reader_.run_on_loop([&] { idle = reader_.idle(); });
    if (idle && factory && updates_ && !forget_updates())
      return fail = AdapterError{contract::kRpcBadState, "the host agent has not forgotten its updates"},
             nullptr;
    if (idle) return json::object{};
    if (clock_.now() > deadline)
      return fail = AdapterError{contract::kRpcBadState, "the host agent does not answer"}, nullptr;
    clock_.sleep_for(kLook);
  }
}

/// Which frame, and its hash: no picture leaves the device.
json::value DeviceAdapter::camera_info() {
  View view;
  reader_.run_on_loop([&] { view = reader_.look(); });
  json::object patient{{"name", "patient"}, {"state", to_string(view.sight)}};
  if (view.number > 0) {
    patient["number"] = view.number;
    patient["age_ms"] = std::chrono::duration_cast<milliseconds>(view.age).count();
  }
  if (view.frame) {
    const Image& image = view.frame->image;
    patient["width"] = image.width;
    patient["height"] = image.height;
    patient["channels"] = image.channels;
    patient["sha256"] = sha256_hex(image.pixels);
  }
  return {{"cameras", json::array{std::move(patient)}}};
}

json::value DeviceAdapter::match_faces(const json::object& params, std::optional<AdapterError>& fail) {
  const json::value document = params;
  const auto object = JsonObject::of(document, "match_faces");
  const auto picture = [&](std::string_view name) -> Result<Image> {
    SHOGO_TRY(const JsonObject given, object->object(name));
    SHOGO_TRY(const std::int64_t width, given.integer("width"));
    SHOGO_TRY(const std::int64_t height, given.integer("height"));
    SHOGO_TRY(const std::int64_t channels, given.integer("channels"));
    SHOGO_TRY(const std::string data, given.string("data"));
    SHOGO_TRY(Bytes pixels, from_base64(data));
    constexpr std::int64_t kLargest = 4'096;
    if (width < 1 || width > kLargest || height < 1 || height > kLargest || (channels != 1 && channels != 3))
      return Error{Code::kInvalid,
                   "match_faces: a picture has 1 to 4096 pixels each way and 1 or 3 channels"};
    Image image{static_cast<int>(width), static_cast<int>(height), static_cast<int>(channels),
                std::move(pixels)};
    if (!image.valid())
      return Error{Code::kInvalid, "match_faces: \"data\" is not what width and height say"};
    return image;
  };
  // What is compared is a picture of the bench's, or what the device's own camera sees.
  const auto capture = [&](const JsonObject& given) -> Result<Image> {
    SHOGO_TRY(const std::string camera, given.string("camera"));
    if (camera != "patient" || !reader_.has_camera())
      return Error{Code::kInvalid, "match_faces: this device has no such camera"};
    View view;
    reader_.run_on_loop([&] { view = reader_.look(); });
    if (!view.frame)
      return Error{Code::kUnavailable,
                   fmt::format("match_faces: the patient camera has no picture: {}", to_string(view.sight))};
    return std::move(view.frame->image);
  };
  const auto probed = [&]() -> Result<Image> {
    SHOGO_TRY(const JsonObject given, object->object("probe"));
    return given.missing("camera") ? picture("probe") : capture(given);
  };
  const auto probe = probed();
  if (!probe.ok() && probe.error().code() == Code::kUnavailable)
    return fail = AdapterError{contract::kRpcBadState, probe.error().message()}, nullptr;
  if (!probe.ok()) return fail = bad_params(probe.error()), nullptr;
  const auto reference = picture("reference");
  if (!reference.ok()) return fail = bad_params(reference.error()), nullptr;
  Result<bool> same = Error{Code::kUnsupported, "the device is ending"};
  reader_.run_on_loop([&] { same = reader_.same_person(*probe, *reference); });
  if (!same.ok() && same.error().code() == Code::kUnsupported)
    return fail = AdapterError{contract::kRpcUnimplemented, same.error().message()}, nullptr;
  if (!same.ok()) return fail = bad_params(same.error()), nullptr;
  return {{"same", *same}};
}

bool DeviceAdapter::forget_updates() {
  auto told = std::make_shared<std::promise<void>>();
  auto forgotten = told->get_future();
  reader_.run_on_loop([&] { reader_.forget_updates([told] { told->set_value(); }); });
  return forgotten.wait_for(kResetLimit) == std::future_status::ready;
}

json::value DeviceAdapter::touch(const json::object& params, std::optional<AdapterError>& fail) {
  const json::value document = params;
  const auto object = JsonObject::of(document, "touch");
  const auto phase = object->string("phase");
  const json::value* points = params.if_contains("points");
  const json::array* point = points != nullptr && points->is_array() && points->get_array().size() == 1
                                 ? points->get_array()[0].if_array()
                                 : nullptr;
  json::error_code ec;
  double x = 0;
  double y = 0;
  if (point != nullptr && point->size() == 2) {
    x = (*point)[0].to_number<double>(ec);
    if (!ec) y = (*point)[1].to_number<double>(ec);
  } else {
    ec = json::error::not_array;
  }
  if (ec || !phase.ok() || (*phase != "down" && *phase != "up"))
    return fail = AdapterError{contract::kRpcInvalidParams,
                               "touch needs one point, points [[x, y]], and phase down or up"},
           nullptr;
  if (!(x >= 0 && y >= 0 && x < reader_.panel().width_px && y < reader_.panel().height_px))
    return fail = AdapterError{contract::kRpcInvalidParams, "the point lies outside the panel"}, nullptr;
  // Pixels are counted from their corner, fingers touch their middle.
  reader_.run_on_loop([&] { reader_.touch(x + 0.5, y + 0.5, *phase == "down"); });
  return json::object{};
}

json::value DeviceAdapter::key(const json::object& params, std::optional<AdapterError>& fail) {
  if (keypad_ != "built_in")
    return fail = AdapterError{contract::kRpcUnimplemented, "this device has no keypad in its housing"},
           nullptr;
  const json::value document = params;
  const auto object = JsonObject::of(document, "key");
  const auto code = object->string("code");
  const auto phase = object->string("phase");
  const auto pressed = code.ok() ? key_at(*code) : std::nullopt;
  if (!pressed || !phase.ok() || (*phase != "down" && *phase != "up"))
    return fail = AdapterError{contract::kRpcInvalidParams,
                               "key needs a place, code r1c1 to r4c3, and phase down or up"},
           nullptr;
  // Keys act when they go down.
  if (*phase == "down") reader_.run_on_loop([&] { reader_.press(*pressed); });
  return json::object{};
}

json::value DeviceAdapter::check_connectivity() {
  auto told = std::make_shared<std::promise<std::string>>();
  auto answer = told->get_future();
  reader_.run_on_loop([&] {
    reader_.check_connectivity([told](std::string_view reason) { told->set_value(std::string(reason)); });
  });
  // A host agent that says nothing is no connection either.
  const bool came = answer.wait_for(kConnectivityLimit) == std::future_status::ready;
  return {{"reason", came ? answer.get() : "server_timeout"}, {"limit_ms", kConnectivityLimit.count()}};
}

json::value DeviceAdapter::put_file(const json::object& params, std::optional<AdapterError>& fail) {
  const json::value document = params;
  const auto object = JsonObject::of(document, "put_file");
  const auto kind = object->string("kind");
  const auto text = object->string("text");
  if (!kind.ok()) return fail = bad_params(kind.error()), nullptr;
  if (*kind != "settings")
    return fail = AdapterError{contract::kRpcUnimplemented, "only files of the kind settings are taken"},
           nullptr;
  if (!text.ok()) return fail = bad_params(text.error()), nullptr;
  std::optional<Error> refused;
  reader_.run_on_loop([&] {
    const auto changed = reader_.change(*text);
    if (!changed.ok()) refused = changed.error();
  });
  if (refused) fail = bad_params(*refused);
  return json::object{};
}

/// A bench may log in once with what the host agent has left for its administrator.
json::value DeviceAdapter::management() const {
  const auto first = read_text(management_.folder + "/first-password.txt", 256);
  return {{"address", management_.address}, {"one_time_password", first.ok() ? *first : ""}};
}

json::value DeviceAdapter::export_logs(std::optional<AdapterError>& fail) {
  if (log_file_.empty())
    return fail = AdapterError{contract::kRpcUnimplemented, "this device keeps no log file"}, nullptr;
  Bytes all;
  for (const std::string& path : {log_file_ + ".1", log_file_}) {
    if (const auto part = read_file(path); part.ok()) append(all, *part);
  }
  const std::uint64_t seq = server_->send_log(all);
  return {{"channel", static_cast<int>(contract::Channel::kLog)}, {"seq", seq}, {"length", all.size()}};
}

}  // namespace shogo::reader
