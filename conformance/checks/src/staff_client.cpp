#include "staff_client.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <shogo/base/json_reader.h>
#include <shogo/conformance/staff.h>
#include <shogo/contract/management.h>

namespace shogo::conformance {
namespace {

constexpr int kPatience_ms = 5'000;
constexpr std::size_t kLargestAnswer = 4U << 20;
constexpr int kLogins = 8;

std::string header_of(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    const std::size_t colon = line.find(':');
    const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
    if (colon == name.size() && std::equal(name.begin(), name.end(), line.begin(), same)) {
      std::string_view value = line.substr(colon + 1);
      while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      return std::string(value);
    }
    head = end == head.size() ? std::string_view() : head.substr(end + 2);
  }
  return {};
}

struct Socket {
  explicit Socket(int descriptor) : fd(descriptor) {}
  ~Socket() {
    if (fd >= 0) ::close(fd);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  const int fd;
};

}  // namespace

Result<HttpAnswer> parse_http_answer(std::string_view bytes) {
  const Error strange{Code::kInvalid, "the management did not answer in HTTP"};
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  const std::size_t end = bytes.find("\r\n\r\n");
  if (bytes.substr(0, kVersion.size()) != kVersion || end == std::string_view::npos) return strange;
  HttpAnswer answer;
  const std::string_view number = bytes.substr(kVersion.size(), 3);
  if (std::from_chars(number.data(), number.data() + number.size(), answer.status).ec != std::errc())
    return strange;
  const std::size_t first = bytes.find("\r\n");
  const std::string_view head = first < end ? bytes.substr(first + 2, end - first - 2) : std::string_view();
  const std::string cookie = header_of(head, "Set-Cookie");
  answer.cookie = cookie.substr(0, cookie.find(';'));
  answer.tag = header_of(head, "ETag");
  answer.retry_after = header_of(head, "Retry-After");
  answer.body = std::string(bytes.substr(end + 4));
  return answer;
}

Result<StaffClient> StaffClient::find(Stage& stage) {
  if (!stage.device().has(contract::cap::kManagement))
    return Error{Code::kUnsupported, "the device does not declare host.management"};
  // Past the transcript: a password is no evidence.
  SHOGO_TRY(const boost::json::value told, stage.device().call("management", {}, kAnswerWait));
  SHOGO_TRY(const JsonObject object, JsonObject::of(told, "answer to management"));
  StaffClient client;
  SHOGO_TRY(client.address_, object.string("address"));
  if (!object.missing("one_time_password")) {
    SHOGO_TRY(client.one_time_, object.string("one_time_password"));
  }
  return client;
}

int StaffClient::connect() const {
  const std::size_t colon = address_.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(
      static_cast<std::uint16_t>(colon == std::string::npos ? 0 : std::atoi(address_.c_str() + colon + 1)));
  if (colon == std::string::npos ||
      ::inet_pton(AF_INET, address_.substr(0, colon).c_str(), &where.sin_addr) != 1)
    return -1;
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return -1;
}

Result<std::string> StaffClient::raw(std::string_view bytes) const {
  const Socket socket(connect());
  if (socket.fd < 0) return Error{Code::kUnavailable, fmt::format("nobody listens at {}", address_)};
  if (::send(socket.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0)
    return Error{Code::kUnavailable, "the management hung up"};
  ::shutdown(socket.fd, SHUT_WR);
  std::string answer;
  char room[16'384];
  for (;;) {
    pollfd ready{socket.fd, POLLIN, 0};
    if (::poll(&ready, 1, kPatience_ms) != 1)
      return Error{Code::kTimeout, fmt::format("the management did not answer in {} ms", kPatience_ms)};
    const auto size = ::recv(socket.fd, room, sizeof room, 0);
    if (size <= 0) return answer;
    answer.append(room, static_cast<std::size_t>(size));
    if (answer.size() > kLargestAnswer) return Error{Code::kInvalid, "the management's answer has no end"};
  }
}

Result<HttpAnswer> StaffClient::ask(std::string_view method, std::string_view path,
                                    const boost::json::value& body, const StaffKeys& keys,
                                    std::string_view more_headers) const {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{}", method, path,
                                 address_, more_headers);
  if (!keys.cookie.empty()) text += fmt::format("Cookie: {}\r\n", keys.cookie);
  if (!keys.proof.empty()) text += fmt::format("X-Shogo-Proof: {}\r\n", keys.proof);
  if (!body.is_null()) {
    const std::string content = boost::json::serialize(body);
    text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", content.size(),
                        content);
  } else {
    text += "\r\n";
  }
  SHOGO_TRY(const std::string answer, raw(text));
  return parse_http_answer(answer);
}

Result<HttpAnswer> StaffClient::try_password(std::string_view password) const {
  return ask("POST", "/api/login", {{"password", password}});
}

Result<StaffKeys> StaffClient::login(Stage& stage) const {
  std::string_view password = kStaffPassword;
  // Set by an earlier script of this run, or not yet.
  std::string first = one_time_;
  for (int i = 0; i < kLogins; ++i) {
    SHOGO_TRY(const HttpAnswer answer, try_password(first.empty() ? password : first));
    if (answer.status == 429) {
      const int wait_s = std::clamp(std::atoi(answer.retry_after.c_str()), 1, 60);
      SHOGO_CHECK_OK(stage.linger(std::chrono::seconds(wait_s)));
      continue;
    }
    // Used up by an earlier login of ours: the password that it set is the one now.
    if (answer.status == 401 && !first.empty()) {
      first.clear();
      continue;
    }
    if (answer.status != 200)
      return Error{Code::kDenied,
                   fmt::format("the management refuses the bench's staff ({})", answer.status)};
    const StaffKeys keys{answer.cookie, text_at(answer, {"proof"})};
    if (first.empty()) return keys;
    SHOGO_TRY(const HttpAnswer set,
              ask("POST", "/api/password", {{"old", first}, {"new", kStaffPassword}}, keys));
    if (set.status != 200)
      return Error{Code::kDenied, fmt::format("the management takes no first password ({})", set.status)};
    first.clear();
  }
  return Error{Code::kTimeout, "the management lets nobody in"};
}

std::string text_at(const HttpAnswer& answer, std::initializer_list<std::string_view> path) {
  const auto document = parse_json(answer.body, "answer of the management");
  if (!document.ok()) return {};
  const json::value* now = &*document;
  for (const std::string_view key : path) {
    now = now->is_object() ? now->get_object().if_contains(key) : nullptr;
    if (now == nullptr) return {};
  }
  return now->is_string() ? std::string(now->get_string()) : json::serialize(*now);
}

}  // namespace shogo::conformance
