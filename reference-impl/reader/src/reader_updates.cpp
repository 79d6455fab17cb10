// What the reader has to do with update packages (4-9): it writes down what the host agent tells of them, and
// knows which versions are in force.
#include "reader.h"
#include "ui/page_check.h"
#include "updates/firmware_data.h"
#include "version.h"
#include <filesystem>
#include <utility>

#include <shogo/base/json_reader.h>
#include <shogo/reference/time_box.h>
#include <shogo/reference/update_words.h>

namespace shogo::reader {
namespace {

/// Two starts of a version that never gets through its trial, and the one after: well below the 10 minutes of
/// 4-9.i.
constexpr std::chrono::minutes kLongestTrial{2};

template <std::size_t N>
PublicText word(const std::string_view (&table)[N], const Result<std::string>& given) {
  return PublicText::from_table(reference::known_word(table, given.ok() ? *given : ""));
}

PublicText version_of(const Result<std::string>& given) {
  const auto text = PublicText::device_identity(given.ok() ? *given : "");
  return text.ok() ? *text : PublicText::from_table("unknown");
}

}  // namespace

/// The engine is part of the device and lies beside its program.
void Reader::open_engine() {
  if (engine_) return;
  std::error_code ec;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
  if (auto engine = FaceEngine::open(here.parent_path() / "lib" / "libshogo-matcher-sim.so"); engine.ok())
    engine_ = *std::move(engine);
}

void Reader::keep_updates(reference::Storage& storage, std::vector<reference::PublicKey> keys) {
  open_engine();  // a device without one takes no accuracy file
  std::vector<reference::PackageUser> users{{contract::PackageKind::kSettings,
                                             [this](ByteView content) {
                                               const auto settings =
                                                   read_settings(as_text(content), settings_);
                                               if (!settings.ok()) return false;
                                               delivered_settings_ =
                                                   *read_settings(as_text(content), Settings{});
                                               delivered(as_text(content));
                                               apply(*settings);
                                               return true;
                                             },
                                             [this] {
                                               if (std::exchange(delivered_settings_, std::nullopt))
                                                 apply(Settings{});
                                             }}};
  // A screen that cannot be used is worse than an old word: every page is laid out before one is shown.
  users.push_back({contract::PackageKind::kFirmwareData,
                   [this](ByteView content) {
                     const reference::TimeBox limit(kLongestTrial);
                     auto words = read_firmware_data(content);
                     if (!words.ok() || !check_pages(*words, panel_, fonts_).ok()) return false;
                     use_words(*std::move(words));
                     return true;
                   },
                   [this] { use_words(hooks_.messages()); }});
  if (engine_)
    users.push_back({contract::PackageKind::kAccuracy,
                     [this](ByteView content) {
                       const auto threshold = read_accuracy_file(content);
                       if (threshold.ok()) engine_->set_threshold(hooks_.threshold(*threshold));
                       return threshold.ok();
                     },
                     [this] { engine_->set_threshold(kBuiltInThreshold); }});
  installer_.emplace(Installer::Parts{storage, std::move(keys), std::move(users), [this] { return idle(); },
                                      [this](const boost::json::object& body) { outlets_.send(body); },
                                      [this](const reference::UpdateNews& news) {
                                        log_.write("update",
                                                   {{"kind", PublicText::from_table(news.kind)},
                                                    {"version", version_of(news.version)},
                                                    {"outcome", PublicText::from_table(news.outcome)},
                                                    {"reason", PublicText::from_table(news.reason)}});
                                        tell_versions();
                                      }},
                     hooks_.installer);
  installer_->open();
}

Result<bool> Reader::same_person(const Image& probe, const Image& reference) {
  if (!engine_) return Error{Code::kUnsupported, "this device has no face engine"};
  return engine_->same_person(probe, reference);
}

bool Reader::update_message(std::string_view type, const boost::json::object& body) {
  const boost::json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  if (type == "update") {
    log_.write("update", {{"kind", word(reference::kUpdateKinds, object->string("kind"))},
                          {"version", version_of(object->string("version"))},
                          {"outcome", word(reference::kUpdateOutcomes, object->string("outcome"))},
                          {"reason", word(reference::kUpdateReasons, object->string("reason"))}});
    return true;
  }
  if (type == "versions") {
    host_versions_.clear();
    const auto parts = object->objects("parts");
    if (!parts.ok()) return true;
    for (const JsonObject& part : *parts)
      host_versions_[word(reference::kUpdateKinds, part.string("part")).text()] =
          version_of(part.string("version")).text();
    return true;
  }
  if (type == "update_offer" || type == "update_part") {
    if (installer_) (void)installer_->message(body);
    return true;
  }
  if (type == "updates_forgotten") {
    if (forgotten_) std::exchange(forgotten_, nullptr)();
    return true;
  }
  return false;
}

void Reader::use_words(Messages messages) {
  messages_ = std::move(messages);
  if (begun_) redraw();
}

void Reader::tell_update_poll() {
  outlets_.send({{"type", "update_poll"}, {"every_ms", settings_.update_poll_ms}});
}

void Reader::tell_versions() {
  boost::json::array parts;
  if (installer_)
    for (const auto& [part, version] : installer_->versions())
      parts.push_back({{"part", part}, {"version", version}});
  outlets_.send({{"type", "versions"}, {"parts", std::move(parts)}});
}

void Reader::forget_updates(std::function<void()> done) {
  if (installer_) installer_->forget();
  tell_versions();
  forgotten_ = std::move(done);
  outlets_.send({{"type", "forget_updates"}});
}

boost::json::object Reader::versions() const {
  boost::json::object all{{"firmware", kFirmware}};
  for (const auto& [part, version] : host_versions_) all[part] = version;
  if (installer_)
    for (const auto& [part, version] : installer_->versions()) all[part] = version;
  return all;
}

}  // namespace shogo::reader
