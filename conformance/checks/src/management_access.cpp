// 3-20.b: the management gives nothing away without a login, knows no default password, and slows down
// whoever guesses. The doors are tried while a login opens them, so that a shut one means something.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "staff_client.h"
#include "whole_script.h"
#include <array>
#include <chrono>
#include <poll.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/socket.h>

#include <shogo/base/json_reader.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr const char* kReads[] = {"/api/status", "/api/settings", "/api/logs?of=operation",
                                  "/api/logs?of=audit"};
constexpr const char* kActs[] = {"/api/settings", "/api/restart", "/api/visual-check", "/api/password",
                                 "/api/logout"};
/// What devices are delivered with, most frequent first.
constexpr const char* kDefaults[] = {"admin", "password", "", "1234"};
constexpr std::size_t kMostText = 20'000;
constexpr int kGuessesQuick = 12;
constexpr int kGuessesFull = 40;
constexpr int kFuzzQuick = 60;
constexpr int kFuzzFull = 1'000;
constexpr int kFloodQuick = 80;
constexpr int kFloodFull = 400;
constexpr std::chrono::seconds kPartingTime{5};
constexpr int kLoginsAfterFlood = 10;

void attempt(Stage& stage, std::string_view kind, std::string_view what, const Result<HttpAnswer>& answer) {
  // The text may hold a time to wait: measured. What is no text (a picture) is not kept.
  const bool text =
      answer.ok() && answer->body.size() <= kMostText && parse_json(answer->body, "answer").ok();
  stage.record(source::kHost, "attempt",
               {{"kind", kind},
                {"what", what},
                {"status", answer.ok() ? answer->status : 0},
                {"t_text", text ? answer->body : std::string()}});
}

void knock(Stage& stage, const StaffClient& client, std::string_view kind, const StaffKeys& keys) {
  for (const char* path : kReads)
    attempt(stage, kind, fmt::format("GET {}", path), client.ask("GET", path, nullptr, keys));
}

/// A request with something wrong in it.
std::string broken_request(Rng& rng) {
  std::string text = fmt::format(
      "{} {} HTTP/1.{}\r\nHost: 127.0.0.1\r\nCookie: shogo_staff={:x}\r\nX-Shogo-Proof: "
      "{:x}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{{\"armed\":true}}",
      rng.below(2) == 0 ? "GET" : "POST", kReads[rng.below(std::size(kReads))], rng.below(3), rng.next(),
      rng.next(), rng.below(40));
  for (std::uint64_t i = rng.below(8); i > 0; --i) {
    const std::size_t at = rng.below(text.size());
    switch (rng.below(3)) {
      case 0:
        text[at] = static_cast<char>(rng.below(256));
        break;
      case 1:
        text.erase(at, 1 + rng.below(20));
        break;
      default:
        text.insert(at, text.substr(rng.below(text.size()), rng.below(30)));
    }
    if (text.empty()) text = "x";
  }
  return text;
}

void fuzz(Stage& stage, const StaffClient& client) {
  const int count = stage.count(kFuzzQuick, kFuzzFull);
  int opened = 0;
  for (int i = 0; i < count; ++i) {
    const auto bytes = client.raw(broken_request(stage.rng()));
    const auto answer = bytes.ok() ? parse_http_answer(*bytes) : Result<HttpAnswer>(bytes.error());
    if (answer.ok() && answer->status >= 200 && answer->status < 300) ++opened;
  }
  stage.record(source::kHost, "fuzz", {{"requests", count}, {"opened", opened}});
}

/// Ends a connection and sees the other side end it, too: what this flood leaves behind must not count
/// against whoever comes next.
void part(int fd, std::chrono::steady_clock::time_point until) {
  ::shutdown(fd, SHUT_WR);
  char room[256];
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    pollfd ready{fd, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) != 1) break;
    if (::recv(fd, room, sizeof room, 0) <= 0) break;
  }
  ::close(fd);
}

void flood(Stage& stage, const StaffClient& client) {
  const int count = stage.count(kFloodQuick, kFloodFull);
  std::vector<int> open;
  for (int i = 0; i < count; ++i) {
    open.push_back(client.connect());
    (void)client.ask("GET", "/api/status");
  }
  const auto until = std::chrono::steady_clock::now() + kPartingTime;
  for (const int fd : open)
    if (fd >= 0) part(fd, until);
  stage.record(source::kHost, "flood", {{"connections", count}});
}

bool is_open(std::int64_t status) {
  return status >= 200 && status < 300;
}

}  // namespace

Result<void> stimulate_management_access(Stage& stage) {
  SHOGO_TRY(const StaffClient client, StaffClient::find(stage));
  SHOGO_TRY(const StaffKeys keys, client.login(stage));
  knock(stage, client, "control", keys);
  knock(stage, client, "nobody", {});
  attempt(stage, "nobody", "GET /api/mirror.png", client.ask("GET", "/api/mirror.png"));
  for (const char* path : kActs)
    attempt(stage, "nobody", fmt::format("POST {}", path), client.ask("POST", path, json::object{}));
  knock(stage, client, "cookie_alone", {keys.cookie, ""});
  knock(stage, client, "guessed_keys", {fmt::format("shogo_staff={:064x}", stage.rng().next()), "0"});
  attempt(stage, "foreign_site", "GET /api/status",
          client.ask("GET", "/api/status", nullptr, keys, "Origin: http://elsewhere.example\r\n"));
  // What was heard on the way is of no use once the staff have left.
  attempt(stage, "control", "POST /api/logout", client.ask("POST", "/api/logout", json::object{}, keys));
  knock(stage, client, "replay", keys);
  fuzz(stage, client);
  const int guesses = stage.count(kGuessesQuick, kGuessesFull);
  for (int i = 0; i < guesses; ++i) {
    const std::string guess =
        i < static_cast<int>(std::size(kDefaults)) ? kDefaults[i] : fmt::format("guess {}", i);
    attempt(stage, "guess", guess, client.try_password(guess));
  }
  flood(stage, client);
  // Whoever floods must not keep the staff out for good; a refusal in the first moments is none.
  auto again = client.login(stage);
  for (int i = 1; i < kLoginsAfterFlood && !again.ok(); ++i) {
    SHOGO_CHECK_OK(stage.linger(std::chrono::seconds(1)));
    again = client.login(stage);
  }
  stage.record(source::kHost, "after_all", {{"login", again.ok()}});
  return end_script(stage);
}

Judgement judge_management_access(const Transcript& transcript, const CheckContext& context) {
  std::int64_t controls = 0, closed_controls = 0, tries = 0, open_doors = 0;
  std::int64_t guesses = 0, looked_at = 0;
  std::string fault, fault_ja;
  const auto blame = [&](std::string en, std::string ja) {
    if (!fault.empty()) return;
    fault = std::move(en);
    fault_ja = std::move(ja);
  };
  for (const Event* event : transcript.select(source::kHost, "attempt")) {
    const std::string kind = text_of(event->data, "kind");
    const std::string what = text_of(event->data, "what");
    const std::string text = text_of(event->data, "t_text");
    const std::int64_t status = integer_of(event->data, "status", 0);
    if (kind == "control") {
      ++controls;
      if (!is_open(status)) ++closed_controls;
      continue;
    }
    if (kind == "guess") {
      ++guesses;
      if (status == 401 || status == 403 || is_open(status) || status == 400) ++looked_at;
      if (is_open(status))
        blame(fmt::format("the password \"{}\" opens the management", what),
              fmt::format("パスワード「{}」で管理機能に入れる", what));
      continue;
    }
    ++tries;
    const auto tells = [&](const std::string& word) {
      return word.size() > 3 && text.find(word) != std::string::npos;
    };
    if (!is_open(status) && !tells(context.device.serial) && !tells(context.device.firmware)) continue;
    ++open_doors;
    blame(fmt::format("{} ({}) is answered with {}", what, kind, status),
          fmt::format("認証なし（{}）で{}に応答した（{}）", kind, what, status));
  }
  for (const Event* event : transcript.select(source::kHost, "fuzz")) {
    tries += integer_of(event->data, "requests", 0);
    const std::int64_t opened = integer_of(event->data, "opened", 0);
    open_doors += opened;
    if (opened > 0)
      blame(fmt::format("{} broken requests without a login are answered", opened),
            fmt::format("認証のない壊れた要求{}件に応答した", opened));
  }
  if (guesses > 0 && looked_at == guesses)
    blame(fmt::format("{} wrong passwords in a row were looked at without a wait", guesses),
          fmt::format("誤ったパスワード{}回を待たせずに受け付けた", guesses));
  const auto after = transcript.select(source::kHost, "after_all");
  const json::value* in = after.empty() ? nullptr : after.back()->data.if_contains("login");
  if (in != nullptr && in->is_bool() && !in->get_bool())
    blame("after a flood and wrong guesses the staff cannot log in any more",
          "大量の接続と誤入力の後、職員が入れなくなった");
  Judgement judgement;
  if (!fault.empty()) {
    judgement = fail(fault, fault_ja);
  } else if (controls < 5 || closed_controls > 0 || tries < 20 || guesses == 0 || in == nullptr) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} of {} doors did not open with a login either; {} tries without one, {} guesses",
                    closed_controls, controls, tries, guesses),
        fmt::format("正しく認証しても{}件中{}件が開かない。認証なしの試行{}件、推測{}回", controls,
                    closed_controls, tries, guesses));
  } else {
    judgement = pass(
        fmt::format(
            "{} tries without a login got nothing, {} of {} guesses were looked at, and no default password "
            "opens the management",
            tries, looked_at, guesses),
        fmt::format(
            "認証なしの試行{}件に情報は出ず、推測{}回のうち受け付けたのは{}回で、初期パスワードもなかった",
            tries, guesses, looked_at));
  }
  judgement.measurements = {{"unauthenticated_answers", static_cast<double>(open_doors), "count",
                             fmt::format("= {:g}", context.number("unauthenticated_answers")), tries},
                            {"guesses_looked_at", static_cast<double>(looked_at), "count", "", guesses}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
