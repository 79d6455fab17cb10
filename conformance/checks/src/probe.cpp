#include "probe.h"

#include <chrono>
#include <future>
#include <thread>
#include <unistd.h>

#include <boost/process.hpp>
#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace bp = boost::process;
constexpr auto kLimit = std::chrono::seconds(15);

std::string own_folder() {
  char path[4096];
  const ssize_t n = ::readlink("/proc/self/exe", path, sizeof path - 1);
  const std::string self(path, n > 0 ? static_cast<std::size_t>(n) : 0);
  return self.substr(0, self.rfind('/'));
}

}  // namespace

Result<std::vector<Bytes>> probe(const contract::BenchConfig& bench, const std::vector<Bytes>& commands) {
  const std::string program = own_folder() + "/shogo-probe";
  std::error_code ec;
  bp::environment environment = boost::this_process::environment();
  environment["PCSCLITE_CSOCK_NAME"] = bench.pcsc_socket;
  bp::opstream to;
  bp::ipstream from;
  bp::child child(program, bench.pcsc_readers.empty() ? std::string() : bench.pcsc_readers.front(),
                  environment, bp::std_in<to, bp::std_out> from, ec);
  if (ec) return Error{Code::kInternal, fmt::format("cannot start {}: {}", program, ec.message())};

  auto reading = std::async(std::launch::async, [&] {
    std::vector<std::string> lines;
    std::string line;
    while (std::getline(from, line)) lines.push_back(line);
    return lines;
  });
  for (const Bytes& command : commands) to << to_hex(command) << '\n';
  to.flush();
  to.pipe().close();
  if (reading.wait_for(kLimit) != std::future_status::ready) {
    child.terminate(ec);
    reading.wait();
    return Error{Code::kTimeout, "the card did not answer the bench's PC/SC client in 15 s"};
  }
  child.wait(ec);
  std::vector<Bytes> answers;
  for (const std::string& line : reading.get()) {
    auto bytes = from_hex(line);
    if (!bytes.ok()) return Error{Code::kCorrupt, "PC/SC: " + line};
    answers.push_back(*std::move(bytes));
  }
  return answers;
}

}  // namespace shogo::conformance
