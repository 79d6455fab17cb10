#include "presence_probe.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include <boost/process.hpp>
#include <fmt/core.h>

namespace shogo::conformance {

namespace bp = boost::process;

struct PresenceProbe::Impl {
  bp::opstream to;
  bp::ipstream from;
  bp::child child;
  std::thread reading;
  std::mutex mutex;  // guards lines, ended
  std::condition_variable changed;
  std::deque<std::string> lines;
  bool ended = false;

  void read() {
    std::string line;
    while (std::getline(from, line)) {
      const std::lock_guard lock(mutex);
      lines.push_back(line);
      changed.notify_all();
    }
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }
};

PresenceProbe::PresenceProbe() : impl_(std::make_unique<Impl>()) {}

Result<std::unique_ptr<PresenceProbe>> PresenceProbe::start(const contract::BenchConfig& bench) {
  std::error_code ec;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ec).parent_path() / "shogo-probe";
  auto probe = std::unique_ptr<PresenceProbe>(new PresenceProbe);
  Impl& impl = *probe->impl_;
  bp::environment environment = boost::this_process::environment();
  environment["PCSCLITE_CSOCK_NAME"] = bench.pcsc_socket;
  impl.child =
      bp::child(program.string(), "--session", bench.pcsc_readers.empty() ? "" : bench.pcsc_readers.front(),
                environment, bp::std_in<impl.to, bp::std_out> impl.from, ec);
  if (ec) return Error{Code::kInternal, fmt::format("cannot start {}: {}", program.string(), ec.message())};
  impl.reading = std::thread([&impl] { impl.read(); });
  return probe;
}

PresenceProbe::~PresenceProbe() {
  if (!impl_->reading.joinable()) return;
  std::error_code ec;
  impl_->child.terminate(ec);
  impl_->reading.join();
}

Result<std::string> PresenceProbe::ask(const std::string& question, milliseconds limit) {
  impl_->to << question << std::endl;
  std::unique_lock lock(impl_->mutex);
  if (!impl_->changed.wait_for(lock, limit, [&] { return !impl_->lines.empty() || impl_->ended; }))
    return Error{Code::kTimeout, fmt::format("the bench's PC/SC client got no answer to \"{}\" in {} ms",
                                             question.substr(0, question.find(' ')), limit.count())};
  if (impl_->lines.empty()) return Error{Code::kInternal, "the bench's PC/SC client ended"};
  std::string line = std::move(impl_->lines.front());
  impl_->lines.pop_front();
  return line;
}

}  // namespace shogo::conformance
