#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/base/child_process.h>
#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/sim/loopback_port.h>
#include <shogo/sim/private_pcscd.h>

namespace shogo::sim {
namespace {

constexpr int kMostEntries = 8;
constexpr auto kStartLimit = std::chrono::seconds(10);
constexpr int kFirstPort = 36'000;
constexpr int kPortSpan = 24'000;

/// Whether the driver could listen there: it binds to every interface.
bool port_free(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return free;
}

Result<std::uint16_t> free_pair(int& next) {
  for (int tried = 0; tried < kPortSpan; tried += 2, next += 2) {
    const int port = kFirstPort + next % kPortSpan;
    if (port_free(port) && port_free(port + 1)) {
      next += 2;
      return static_cast<std::uint16_t>(port);
    }
  }
  return Error{Code::kExhausted,
               fmt::format("no free pair of TCP ports between {} and {}: stop what occupies them", kFirstPort,
                           kFirstPort + kPortSpan)};
}

Result<int> listening_socket(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path)
    return Error{Code::kInvalid,
                 fmt::format("socket path {} is longer than {} bytes: choose a shorter folder (TMPDIR)", path,
                             sizeof address.sun_path - 1)};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, 16) != 0) {
    const Error error{Code::kUnavailable, fmt::format("cannot listen on {}: {}", path, std::strerror(errno))};
    if (fd >= 0) ::close(fd);
    return error;
  }
  return fd;
}

}  // namespace

Result<std::unique_ptr<PrivatePcscd>> PrivatePcscd::start(const Options& options) {
  // One at a time: between the look for a free port and the driver's bind, a second start in this process
  // would choose the same.
  static std::mutex starting;
  const std::lock_guard lock(starting);
  if (options.readers < 1 || options.readers > 15)
    return Error{Code::kInvalid, fmt::format("{} readers asked for; 1 to 15 are possible", options.readers)};
  std::error_code ec;
  if (!std::filesystem::exists(options.program, ec))
    return Error{Code::kNotFound,
                 fmt::format("no pcscd at {}: install the package pcscd (ci/setup does)", options.program)};
  if (!std::filesystem::exists(options.driver, ec))
    return Error{Code::kNotFound,
                 fmt::format("no vpcd driver at {}: install the package vsmartcard-vpcd (ci/setup does)",
                             options.driver)};

  auto pcscd = std::unique_ptr<PrivatePcscd>(new PrivatePcscd);
  pcscd->options_ = options;
  std::string& preload = pcscd->options_.preload;
  if (preload.empty())
    preload = (std::filesystem::read_symlink("/proc/self/exe", ec).parent_path().parent_path() / "lib" /
               "libshogo-private-pcscd.so")
                  .string();
  if (!std::filesystem::exists(preload, ec))
    return Error{
        Code::kNotFound,
        fmt::format("no {}: it keeps the readers' ports on loopback; build it first (ci/build release)",
                    preload)};

  const auto conf = options.folder / "reader.conf.d";
  std::filesystem::create_directories(conf, ec);
  if (ec) return Error{Code::kDenied, fmt::format("cannot create {}: {}", conf.string(), ec.message())};
  std::string entries;
  int next = static_cast<int>(::getpid()) * 62 % kPortSpan;
  const int entries_wanted = std::min(options.readers, kMostEntries);
  for (int i = 0; i < entries_wanted; ++i) {
    const auto copy = options.folder / fmt::format("vpcd-{}.so", i);
    std::filesystem::copy_file(options.driver, copy, std::filesystem::copy_options::overwrite_existing, ec);
    if (ec)
      return Error{Code::kDenied,
                   fmt::format("cannot copy the vpcd driver to {}: {}", copy.string(), ec.message())};
    SHOGO_TRY(const std::uint16_t port, free_pair(next));
    // pcscd appends two numbers; they start at 00 for every driver file, so the name itself must tell readers
    // apart.
    pcscd->readers_.push_back({fmt::format("Shogo Virtual Reader {} 00 00", i), port});
    entries += fmt::format(
        "FRIENDLYNAME \"Shogo Virtual Reader {0}\"\nDEVICENAME /dev/null:0x{1:04X}\nLIBPATH {2}\nCHANNELID "
        "0x{1:04X}\n\n",
        i, port, copy.string());
  }
  // Every entry brings a second slot, and pcscd 1.9 counts each of them among its sixteen readers: from the
  // ninth on a reader is somebody's second slot. The two of an entry share one lock of pcscd's.
  for (int i = kMostEntries; i < options.readers; ++i) {
    const Reader& first = pcscd->readers_[static_cast<std::size_t>(i - kMostEntries)];
    pcscd->readers_.push_back({fmt::format("Shogo Virtual Reader {} 00 01", i - kMostEntries),
                               static_cast<std::uint16_t>(first.port + 1)});
  }
  SHOGO_CHECK_OK(write_text(conf / "shogo", entries));
  pcscd->socket_ = (options.folder / "pcscd.sock").string();
  SHOGO_CHECK_OK(pcscd->launch());
  return pcscd;
}

Result<void> PrivatePcscd::launch() {
  ::unlink(socket_.c_str());
  SHOGO_TRY(const int listening, listening_socket(socket_));
  const std::string log = (options_.folder / "pcscd.log").string();
  const int log_fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  // The shell sets LISTEN_PID to its own number, which pcscd inherits by exec. Versions that ask polkit (2.0
  // and later) would refuse every client where no D-Bus runs, and know the option that says not to.
  const std::string script =
      "polkit=; \"$0\" --help 2>/dev/null </dev/null | grep -q -e --disable-polkit && "
      "polkit=--disable-polkit\n"
      "export SHOGO_PCSCD_POLL_MS=\"$3\" LD_PRELOAD=\"$2\"\n"
      "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" -f $polkit -c \"$1\"";
  const std::string conf_path = (options_.folder / "reader.conf.d").string();
  const std::string poll_ms = fmt::format("{}", options_.poll_ms);
  const auto pid =
      start_child({{"/bin/sh", "-c", script, options_.program, conf_path, options_.preload, poll_ms},
                   {},
                   log_fd,
                   listening});
  ::close(listening);
  if (log_fd >= 0) ::close(log_fd);
  if (!pid.ok()) return pid.error();
  pid_ = *pid;

  RealClock clock;
  const Nanoseconds deadline = clock.now() + kStartLimit;
  for (const Reader& reader : readers_) {
    while (!port_listens(reader.port)) {
      if (!running() || clock.now() > deadline) {
        const auto text = read_text(log);
        return Error{Code::kUnavailable,
                     fmt::format("pcscd did not bring up the reader on port {}; its log says: {}",
                                 reader.port, text.ok() && !text->empty() ? *text : "nothing")};
      }
      clock.sleep_for(milliseconds(5));
    }
    // The loader only complains about a library that it cannot preload.
    if (port_open_to_network(reader.port)) {
      crash();
      return Error{Code::kDenied,
                   fmt::format("the reader on port {} listens on every network interface, where "
                               "anybody could play a card: {} was not preloaded; {} says why",
                               reader.port, options_.preload, log)};
    }
  }
  return {};
}

void PrivatePcscd::crash() {
  if (!running()) return;
  kill_child(pid_);
  pid_ = -1;
}

Result<void> PrivatePcscd::restart() {
  crash();
  return launch();
}

PrivatePcscd::~PrivatePcscd() {
  // pcscd takes its time to say good-bye to a card; nobody is left to need it.
  if (pid_ > 0) end_child(pid_);
  if (!socket_.empty()) ::unlink(socket_.c_str());
}

bool PrivatePcscd::running() {
  // Once collected the number may belong to a stranger: it must never be signalled again.
  if (pid_ > 0 && !child_runs(pid_)) pid_ = -1;
  return pid_ > 0;
}

}  // namespace shogo::sim
