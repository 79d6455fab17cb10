#include "wire.h"
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <shogo/base/child_process.h>
#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/engine/engine_process.h>

namespace shogo::engine {
namespace {

using std::chrono::milliseconds;

std::filesystem::path own_folder() {
  std::error_code ec;
  return std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
}

/// All of `size` bytes in or out before the deadline; false when the other side is gone, an error when time
/// is up.
Result<bool> transfer(int socket, std::uint8_t* data, std::size_t size, bool out, Nanoseconds deadline,
                      Clock& clock) {
  while (size > 0) {
    const Nanoseconds left = deadline - clock.now();
    if (left <= Nanoseconds(0)) return Error{Code::kTimeout, ""};
    pollfd waiting{socket, static_cast<short>(out ? POLLOUT : POLLIN), 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left / milliseconds(1)) + 1);
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    const ssize_t moved = out ? ::send(socket, data, size, MSG_NOSIGNAL | MSG_DONTWAIT)
                              : ::recv(socket, data, size, MSG_DONTWAIT);
    if (moved == 0 || (moved < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (moved > 0) {
      data += moved;
      size -= static_cast<std::size_t>(moved);
    }
  }
  return true;
}

Error nonsense(const std::string& doing) {
  return Error{Code::kCorrupt,
               fmt::format("the engine's process answered nonsense while {}: the library overwrote "
                           "memory that is not its own",
                           doing)};
}

bool is_status(std::uint32_t status) {
  return status <= SHOGO_MATCHER_FAILED;
}

}  // namespace

Result<std::unique_ptr<EngineProcess>> EngineProcess::start(const std::filesystem::path& library,
                                                            const std::filesystem::path& data_folder,
                                                            const Limits& limits,
                                                            const std::filesystem::path& host) {
  SHOGO_TRY(const Bytes code, read_file(library, std::size_t{1} << 30));
  const std::string program = (host.empty() ? own_folder() / "shogo-matcher-host" : host).string();
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{Code::kUnavailable, fmt::format("no socket pair for the engine: {}", std::strerror(errno))};
  // Its chatter would stand between our lines; what matters comes over the socket.
  const auto pid = start_child({{program, std::to_string(limits.memory)}, {}, -1, ends[1]});
  ::close(ends[1]);
  auto engine = std::unique_ptr<EngineProcess>(new EngineProcess);
  engine->socket_ = ends[0];
  engine->limits_ = limits;
  if (!pid.ok()) return pid.error();
  engine->pid_ = *pid;
  engine->info_.library_sha256 = sha256_hex(code);
  std::error_code ec;
  SHOGO_CHECK_OK(engine->open(std::filesystem::absolute(library, ec), data_folder));
  return engine;
}

EngineProcess::~EngineProcess() {
  if (socket_ >= 0) ::close(socket_);
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);  // whatever it started as well
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

Error EngineProcess::ended(const std::string& doing) {
  int status = 0;
  const pid_t pid = std::exchange(pid_, -1);
  ::kill(-pid, SIGKILL);
  ::waitpid(pid, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
    return Error{Code::kUnavailable,
                 fmt::format("the engine crashed ({}) while {}", ::strsignal(WTERMSIG(status)), doing)};
  if (WIFEXITED(status))
    return Error{Code::kUnavailable,
                 fmt::format("the engine ended its process (exit {}) while {}", WEXITSTATUS(status), doing)};
  return Error{Code::kUnavailable, fmt::format("the engine closed its connection while {}", doing)};
}

Result<Bytes> EngineProcess::ask(ByteView request, const std::string& doing, milliseconds limit) {
  if (pid_ <= 0) return Error{Code::kConflict, "the engine is no longer running"};
  RealClock clock;
  const Nanoseconds deadline = clock.now() + limit;
  auto size = static_cast<std::uint32_t>(request.size());
  Bytes answer;
  const auto exchange = [&]() -> Result<bool> {
    const auto pass = [&](void* data, std::size_t bytes, bool out) {
      return transfer(socket_, static_cast<std::uint8_t*>(data), bytes, out, deadline, clock);
    };
    SHOGO_TRY(bool alive, pass(&size, sizeof size, true));
    if (alive) {
      SHOGO_TRY(alive, pass(const_cast<std::uint8_t*>(request.data()), request.size(), true));
    }
    if (alive) {
      SHOGO_TRY(alive, pass(&size, sizeof size, false));
    }
    if (!alive) return false;
    if (size > kLargestFrame) return nonsense(doing);
    answer.resize(size);
    return pass(answer.data(), answer.size(), false);
  };
  const auto done = exchange();
  if (done.ok() && *done) return answer;
  if (done.ok()) return ended(doing);
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  if (done.error().code() == Code::kTimeout)
    return Error{Code::kTimeout, fmt::format("the engine did not answer in {:.3g} s while {}",
                                             std::chrono::duration<double>(limit).count(), doing)};
  return done.error();
}

Result<void> EngineProcess::open(const std::filesystem::path& library,
                                 const std::filesystem::path& data_folder) {
  const Bytes request = Writer()
                            .put(static_cast<std::uint8_t>(Request::kOpen))
                            .text(library.string())
                            .text(data_folder.string())
                            .done();
  SHOGO_TRY(const Bytes bytes, ask(request, "opening", 4 * limits_.call));
  Reader answer(bytes);
  const auto trouble = answer.text();
  if (!trouble) return nonsense("opening");
  if (!trouble->empty()) return Error{Code::kUnsupported, fmt::format("{} {}", library.string(), *trouble)};
  const auto name = answer.text(), version = answer.text();
  constexpr std::size_t kHash = 32;
  if (!version || answer.rest().size() != kHash + 2 * sizeof(std::uint32_t) + 1) return nonsense("opening");
  std::string hash = to_hex(answer.rest().first(kHash));
  std::transform(hash.begin(), hash.end(), hash.begin(), [](unsigned char c) { return std::tolower(c); });
  answer = Reader(answer.rest().subspan(kHash));
  info_.name = *name;
  info_.version = *version;
  info_.engine_sha256 = hash;
  info_.template_size_max = *answer.get<std::uint32_t>();
  const std::uint32_t direction = *answer.get<std::uint32_t>();
  if (direction > 1)
    return Error{Code::kUnsupported, fmt::format("{} says higher_is_similar = {}; 0 or 1 was expected",
                                                 library.string(), direction)};
  info_.higher_is_similar = direction == 1;
  info_.network_cut = *answer.get<std::uint8_t>() != 0;
  return {};
}

Result<TemplateAnswer> EngineProcess::make_template(const Image& image, shogo_template_role role,
                                                    const std::string& what) {
  const std::string doing = fmt::format("making the template of {}", what);
  Writer request;
  request.put(static_cast<std::uint8_t>(Request::kTemplate)).put(static_cast<std::uint8_t>(role));
  request.put(static_cast<std::uint32_t>(image.width)).put(static_cast<std::uint32_t>(image.height));
  request.put(static_cast<std::uint32_t>(image.channels)).bytes(image.pixels);
  SHOGO_TRY(const Bytes bytes, ask(request.done(), doing, limits_.call));
  Reader answer(bytes);
  const auto status = answer.get<std::uint32_t>(), count = answer.get<std::uint32_t>();
  const auto size = answer.get<std::uint64_t>();
  if (!size || !answer.rest().empty()) return nonsense(doing);
  if (!is_status(*status))
    return Error{Code::kCorrupt, fmt::format("the engine answered status {} while {}; 0 to {} were expected",
                                             *status, doing, static_cast<int>(SHOGO_MATCHER_FAILED))};
  const auto said = static_cast<shogo_matcher_status>(*status);
  if (said == SHOGO_MATCHER_OK && (*size == 0 || *size > info_.template_size_max))
    return Error{Code::kCorrupt,
                 fmt::format("the engine answered a template of {} bytes while {}; it had declared up "
                             "to {}",
                             *size, doing, info_.template_size_max)};
  if (said == SHOGO_MATCHER_ROOM)
    return Error{Code::kCorrupt, fmt::format("the engine needs {} bytes while {}; it had declared up to {}",
                                             *size, doing, info_.template_size_max)};
  if (said == SHOGO_MATCHER_UNSUPPORTED || said == SHOGO_MATCHER_BAD_INPUT)
    return Error{Code::kUnsupported,
                 fmt::format("the engine refuses to work (status {}) while {}: {} x {} pixels, {} channels",
                             *status, doing, image.width, image.height, image.channels)};
  if (said == SHOGO_MATCHER_OK && *count == 0) return nonsense(doing);
  return TemplateAnswer{said, *count == 0 ? 0 : *count - 1, static_cast<std::uint32_t>(*size)};
}

Result<std::vector<CompareAnswer>> EngineProcess::compare(
    std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs) {
  constexpr std::size_t kMost = 16384;
  constexpr auto kFast = std::chrono::milliseconds(50);
  std::vector<CompareAnswer> answers;
  answers.reserve(pairs.size());
  RealClock clock;
  while (answers.size() < pairs.size()) {
    // Batches begin with one pair and double while they are fast, so that the time limit of one call holds
    // for slow engines as well.
    const std::size_t count = std::min(batch_, pairs.size() - answers.size());
    const std::string doing =
        count == 1 ? fmt::format("comparing pair {}", answers.size())
                   : fmt::format("comparing pairs {} to {}", answers.size(), answers.size() + count - 1);
    Writer request;
    request.put(static_cast<std::uint8_t>(Request::kCompare));
    for (std::size_t i = 0; i < count; ++i)
      request.put(pairs[answers.size() + i].first).put(pairs[answers.size() + i].second);
    const Nanoseconds before = clock.now();
    SHOGO_TRY(const Bytes bytes, ask(request.done(), doing, limits_.call));
    if (bytes.size() != count * (sizeof(std::uint32_t) + sizeof(double))) return nonsense(doing);
    Reader answer(bytes);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t status = *answer.get<std::uint32_t>();
      const double score = *answer.get<double>();
      const std::string one = fmt::format("comparing pair {}", answers.size());
      if (!is_status(status))
        return Error{Code::kCorrupt, fmt::format("the engine answered status {} while {}", status, one)};
      if (status == SHOGO_MATCHER_ROOM || status == SHOGO_MATCHER_BAD_INPUT ||
          status == SHOGO_MATCHER_UNSUPPORTED)
        return Error{Code::kUnsupported,
                     fmt::format("the engine refuses its own templates (status {}) while {}", status, one)};
      if (status == SHOGO_MATCHER_OK && !std::isfinite(score))
        return Error{Code::kCorrupt, fmt::format("the engine answered a score that is {} while {}",
                                                 std::isnan(score) ? "not a number" : "infinite", one)};
      answers.push_back({static_cast<shogo_matcher_status>(status), score});
    }
    if (clock.now() - before < kFast && batch_ < kMost) batch_ *= 2;
    if (clock.now() - before > 4 * kFast && batch_ > 1) batch_ /= 2;
  }
  return answers;
}

}  // namespace shogo::engine
