// What the clinic's staff have to do with the reader, over the reader link: settings, restart, how far the
// patient is, and the mirror (3-21, 1-22). base/contract/reader_link.h lists the messages.
#include "reader.h"
#include "staff/mirror.h"

#include <shogo/base/json_reader.h>

namespace shogo::reader {

void Reader::begin_with(const boost::json::object& changes) {
  begun_ = true;
  const auto settings = read_settings(boost::json::serialize(changes), settings_);
  if (!settings.ok()) return;
  changes_ = changes;
  settings_ = *settings;
  speaker_.set_volume(hooks_.volume(static_cast<int>(settings_.volume)));
}

Result<void> Reader::change(std::string_view text) {
  SHOGO_TRY(const Settings settings, read_settings(text, settings_));
  SHOGO_TRY(const json::value document, parse_json(text, "settings"));
  for (const auto& [key, value] : document.get_object()) changes_[key] = value;
  apply(settings);
  if (outlets_.store(changes_)) return {};
  return Error{Code::kExhausted,
               "the settings are in force, but could not be stored: they will not survive a restart"};
}

void Reader::forget_changes() {
  changes_.clear();
  (void)outlets_.store(changes_);
  apply(first_settings());
}

void Reader::delivered(std::string_view text) {
  if (!begun_) return;  // at the start, what staff have changed since it came stays on top
  const auto document = parse_json(text, "settings");
  if (!document.ok() || !document->is_object()) return;
  for (const auto& [key, value] : document->get_object()) changes_.erase(key);
  (void)outlets_.store(changes_);
}

void Reader::tell_staff_everything() {
  // A host that is new knows nothing, and has no mirror on.
  mirroring_ = false;
  tell_settings();
  tell_activity();
  tell_versions();
}

void Reader::tell_settings() {
  outlets_.send({{"type", "settings"}, {"settings", print_settings(settings_)}});
}

void Reader::tell_activity() {
  const JourneyState& now = journey_.state(state_);
  outlets_.send({{"type", "activity"},
                 {"phase", phase_of(now.state)},
                 {"fault", messages_.screen(now.screen, language_).number},
                 {"lang", code_of(language_)}});
}

void Reader::restart() {
  log_.write("restart_asked");
  outlets_.restart();
}

bool Reader::staff_message(const boost::json::object& body) {
  const boost::json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto type = object->string("type");
  if (!type.ok()) return false;
  if (*type == "set_settings") {
    const auto request = object->integer("request");
    const boost::json::value* changes = body.if_contains("settings");
    if (!request.ok() || changes == nullptr) return true;
    const auto changed = change(boost::json::serialize(*changes));
    boost::json::object done{{"type", "done"}, {"request", *request}};
    if (!changed.ok()) done["error"] = changed.error().message();
    outlets_.send(done);
    return true;
  }
  if (*type == "restart") {
    const auto request = object->integer("request");
    if (!request.ok()) return true;
    outlets_.send({{"type", "done"}, {"request", *request}});
    restart();
    return true;
  }
  if (*type == "mirror") {
    const auto on = object->boolean("on");
    mirroring_ = on.ok() && *on;
    mirror_shown_.reset();
    if (mirroring_) redraw();
    return true;
  }
  return false;
}

void Reader::show_mirror(const PageInput& shown, contract::State state) {
  if (!mirroring_ || (hooks_.mirror_frozen && mirror_shown_)) return;
  PageInput seen = mirrored(shown, state);
  hooks_.mirror(seen, shown, state);
  // What looks the same is not sent again: not even that something was touched gets out.
  if (mirror_shown_ && *mirror_shown_ == seen) return;
  mirror_shown_ = seen;
  const Page page = draw_page(seen, panel_, fonts_, messages_);
  for (const boost::json::object& part : mirror_parts(++mirror_seq_, mirror_picture(page.frame)))
    outlets_.send(part);
}

}  // namespace shogo::reader
