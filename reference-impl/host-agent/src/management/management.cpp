#include "management/management.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo::agent {
namespace {

constexpr int kUsualLines = 100;
constexpr int kMostLines = 1'000;
constexpr std::size_t kMostLogBytes = 16U << 20;
constexpr milliseconds kRefusalsNoted{1'000};

WebAnswer answer_of(const Result<void>& done) {
  if (done.ok()) return json_answer(200, json::object{});
  switch (done.error().code()) {
    case Code::kInvalid:
      return refusal(400, "not_accepted", done.error().message());
    case Code::kTimeout:
      return refusal(504, "no_answer", done.error().message());
    default:
      return refusal(503, "not_connected", done.error().message());
  }
}

/// The last lines of a log that nobody keeps whole in memory.
json::array last_lines(const std::string& file, int count) {
  json::array lines;
  if (file.empty()) return lines;
  std::string text;
  for (const std::string& path : {file + ".1", file})
    if (auto part = read_text(path, kMostLogBytes); part.ok()) text += *part;
  std::size_t from = text.size();
  for (int n = 0; n <= count && from != std::string::npos && from > 0; ++n) from = text.rfind('\n', from - 1);
  std::size_t at = from == std::string::npos || from == 0 ? 0 : from + 1;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  while (lines.size() > static_cast<std::size_t>(count)) lines.erase(lines.begin());
  return lines;
}

}  // namespace

Management::Management(Passwords passwords, ReaderDesk& desk, VisualCheck& visual_check, AboutAgent about,
                       ManagementHooks hooks, const Clock& clock, Log& audit)
    : passwords_(std::move(passwords)),
      desk_(desk),
      visual_check_(visual_check),
      about_(std::move(about)),
      hooks_(std::move(hooks)),
      clock_(clock),
      audit_(audit),
      began_(clock.now()) {
  attempts_.resume(passwords_.failures(), clock_.now());
}

void Management::handle(WebRequest request, std::uint16_t port, Respond respond) {
  if (request.method != "GET" && request.method != "POST")
    return respond(refusal(405, "method", "GET and POST only"));
  if (!is_from_here(request, port)) {
    note_refused();
    return respond(refusal(403, "origin", "asked by another site"));
  }
  if (request.path == "/api/login" && request.method == "POST") return respond(login(request));
  if (!sessions_.known(request.token, request.proof, clock_.now()) && !hooks_.open_to_all(request)) {
    note_refused();
    return respond(refusal(401, "login", "log in first"));
  }
  if (request.path == "/api/password" && request.method == "POST") return respond(change_password(request));
  if (request.path == "/api/logout" && request.method == "POST") {
    if (hooks_.ends_sessions) sessions_.end(request.token);
    audit_.write("logout");
    return respond(json_answer(200, json::object{}));
  }
  // The one-time secret opens nothing else: it lay in a file.
  if (passwords_.one_time() && !hooks_.open_to_all(request))
    return respond(refusal(403, "password_must_be_set", "set a password first"));
  act(request, std::move(respond));
}

WebAnswer Management::login(WebRequest& request) {
  auto body = read_body(request, {"password"});
  wipe(request.body.data(), request.body.size());
  if (!body.ok()) return refusal(400, "request", body.error().message());
  const auto password = take_password(*body, "password");
  if (!password.ok()) return refusal(400, "request", password.error().message());
  const milliseconds wait = hooks_.limits_attempts ? attempts_.wait(clock_.now()) : milliseconds{0};
  if (wait.count() > 0) {
    // Once a wait: a flood must not fill the audit log either.
    if (!std::exchange(told_to_wait_, true))
      audit_.write("login_made_to_wait", {{"failures", attempts_.failures()}});
    WebAnswer answer = refusal(
        429, "wait", fmt::format("too many wrong passwords: wait {} s", (wait.count() + 999) / 1'000));
    answer.headers.emplace_back("Retry-After", fmt::format("{}", (wait.count() + 999) / 1'000));
    return answer;
  }
  told_to_wait_ = false;
  if (!passwords_.matches(*password) && !hooks_.other_password(*password)) {
    failed();
    audit_.write("login_failed", {{"failures", attempts_.failures()}});
    return refusal(401, "password", "wrong password");
  }
  succeeded();
  const SessionKeys keys = sessions_.begin(clock_.now());
  audit_.write("login", {{"one_time", passwords_.one_time()}});
  WebAnswer answer =
      json_answer(200, {{"proof", keys.proof}, {"password_must_be_set", passwords_.one_time()}});
  answer.headers.emplace_back(
      "Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", kSessionCookie, keys.token));
  return answer;
}

void Management::failed() {
  attempts_.failed(clock_.now());
  // Before the answer: who learns that a password is wrong has paid for it, whatever becomes of this program.
  if (!passwords_.keep_failures(attempts_.failures()).ok()) audit_.write("attempts_not_stored");
}

void Management::succeeded() {
  attempts_.succeeded();
  if (!passwords_.keep_failures(0).ok()) audit_.write("attempts_not_stored");
}

WebAnswer Management::change_password(WebRequest& request) {
  auto body = read_body(request, {"old", "new"});
  wipe(request.body.data(), request.body.size());
  if (!body.ok()) return refusal(400, "request", body.error().message());
  const auto old = take_password(*body, "old");
  const auto next = take_password(*body, "new");
  if (!old.ok() || !next.ok()) return refusal(400, "request", "\"old\" and \"new\" must be texts");
  // A session left open is no licence to lock its owner out, and no way past the limit.
  if (hooks_.limits_attempts && attempts_.wait(clock_.now()).count() > 0)
    return refusal(429, "wait", "too many wrong passwords: wait");
  if (!passwords_.matches(*old)) {
    failed();
    audit_.write("password_refused", {{"why", "old"}});
    return refusal(403, "password", "the old password is wrong");
  }
  const auto set = passwords_.set(*next);
  if (!set.ok()) {
    audit_.write("password_refused", {{"why", "new"}});
    return refusal(set.error().code() == Code::kInvalid ? 400 : 503, "not_accepted", set.error().message());
  }
  succeeded();
  sessions_.end_all();
  audit_.write("password_set");
  return json_answer(200, json::object{});
}

void Management::act(const WebRequest& request, Respond respond) {
  const bool get = request.method == "GET";
  const std::string& path = request.path;
  if (get && path == "/api/status") return respond(status());
  if (get && path == "/api/settings") {
    const auto settings = desk_.settings();
    return respond(settings ? json_answer(200, *settings)
                            : refusal(503, "not_connected", "the reader is not connected"));
  }
  if (get && path == "/api/logs") return respond(logs(request));
  if (get && path == "/api/mirror.png") return respond(picture(request));
  if (!get && path == "/api/settings") return change_settings(request, std::move(respond));
  if (!get && path == "/api/restart") {
    audit_.write("restart");
    if (!hooks_.restarts) return respond(json_answer(200, json::object{}));
    return desk_.restart(
        [respond = std::move(respond)](const Result<void>& done) { respond(answer_of(done)); });
  }
  if (!get && path == "/api/visual-check") return respond(visual_check(request));
  respond(refusal(404, "path", "no such page"));
}

WebAnswer Management::status() const {
  const ReaderStatus reader = hooks_.status(desk_.status());
  json::object versions;
  for (const auto& [kind, version] : reader.versions) versions[kind] = version;
  json::object answer{
      {"reader",
       {{"connected", reader.connected},
        {"serial", reader.serial},
        {"firmware", reader.firmware},
        {"phase", reader.phase},
        {"fault", reader.fault},
        {"language", reader.language},
        {"connections", reader.starts}}},
      {"card_reader", reader.card_reader},
      {"agent", about_.agent},
      {"fund_program", about_.fund_program},
      {"running_s", std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - began_).count()},
      {"time", format_jst(clock_.wall_now())},
      {"visual_check",
       {{"armed", visual_check_.armed()}, {"left_s", (visual_check_.left().count() + 999) / 1'000}}},
      {"versions", std::move(versions)}};
  if (reader.last_update)
    answer["last_update"] = {{"kind", reader.last_update->kind},
                             {"version", reader.last_update->version},
                             {"outcome", reader.last_update->outcome},
                             {"reason", reader.last_update->reason},
                             {"time", reader.last_update->time}};
  return json_answer(200, answer);
}

WebAnswer Management::logs(const WebRequest& request) const {
  int count = kUsualLines;
  if (const auto lines = request.query.find("lines"); lines != request.query.end()) {
    const std::string& text = lines->second;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || count < 1 || count > kMostLines)
      return refusal(400, "request", fmt::format("\"lines\" must be 1 to {}", kMostLines));
  }
  const auto which = request.query.find("of");
  const bool audit = which != request.query.end() && which->second == "audit";
  if (which != request.query.end() && !audit && which->second != "operation")
    return refusal(400, "request", "\"of\" must be operation or audit");
  return json_answer(200, {{"lines", last_lines(audit ? about_.audit_file : about_.log_file, count)}});
}

WebAnswer Management::visual_check(const WebRequest& request) {
  auto body = read_body(request, {"armed"});
  const json::value* armed = body.ok() ? body->if_contains("armed") : nullptr;
  if (armed == nullptr || !armed->is_bool())
    return refusal(400, "request", "\"armed\" must be true or false");
  if (armed->get_bool()) {
    visual_check_.arm();
  } else {
    visual_check_.disarm();
  }
  audit_.write("visual_check", {{"armed", armed->get_bool()}});
  return json_answer(
      200, {{"armed", visual_check_.armed()}, {"left_s", (visual_check_.left().count() + 999) / 1'000}});
}

WebAnswer Management::picture(const WebRequest& request) {
  MirrorPicture picture = desk_.mirror();
  if (picture.seq == 0) return {204, "", "", {}};
  const std::string tag = fmt::format("\"{}\"", picture.seq);
  if (request.known_picture == tag) return {304, "", "", {{"ETag", tag}}};
  return {200, "image/png", std::move(picture.png), {{"ETag", tag}}};
}

void Management::change_settings(const WebRequest& request, Respond respond) {
  if (request.content_type != "application/json")
    return respond(refusal(400, "request", "the body must be application/json"));
  auto document = parse_json(request.body, "settings");
  if (!document.ok() || !document->is_object())
    return respond(refusal(400, "request", "expected an object of settings"));
  // Which keys is no secret; what a clinic writes on its screen is none of a log's business.
  audit_.write("settings", {{"keys", static_cast<std::int64_t>(document->get_object().size())}});
  desk_.change_settings(
      std::move(document->get_object()),
      [respond = std::move(respond)](const Result<void>& done) { respond(answer_of(done)); });
}

void Management::note_refused() {
  ++refused_;
  if (clock_.now() - refused_noted_ < kRefusalsNoted) return;
  refused_noted_ = clock_.now();
  audit_.write("refused", {{"requests", std::exchange(refused_, 0)}});
}

void Management::look_at_the_clock() {
  desk_.look_at_the_clock();
  if (refused_ > 0 && clock_.now() - refused_noted_ >= kRefusalsNoted) {
    refused_noted_ = clock_.now();
    audit_.write("refused", {{"requests", std::exchange(refused_, 0)}});
  }
}

}  // namespace shogo::agent
