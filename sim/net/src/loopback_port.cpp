#include <algorithm>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <shogo/sim/loopback_port.h>

namespace shogo::sim {

std::uint16_t free_loopback_port() {
  static std::mutex mutex;
  static std::set<std::uint16_t> given;
  const std::lock_guard lock(mutex);
  for (;;) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    // A port of 0 says that there was none; who listens on it reports the trouble.
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
      static_cast<void>(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size));
    ::close(fd);
    const std::uint16_t port = ntohs(address.sin_port);
    if (given.insert(port).second || given.size() > 20'000) return port;
  }
}

namespace {

/// The addresses on which somebody listens at `port`, as the kernel prints them: hexadecimal, in words of the
/// machine's own order.
std::vector<std::string> listening_addresses(std::uint16_t port) {
  std::vector<std::string> addresses;
  const std::string wanted = fmt::format(":{:04X}", port);
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    std::string line;
    while (std::getline(file, line)) {
      std::istringstream fields(line);
      std::string slot, local, remote, state;
      fields >> slot >> local >> remote >> state;
      const std::size_t colon = local.find(':');
      if (state == "0A" && colon != std::string::npos && local.substr(colon) == wanted)
        addresses.push_back(local.substr(0, colon));
    }
  }
  return addresses;
}

bool is_loopback(const std::string& printed) {
  if (printed.size() == 8) return (std::stoul(printed, nullptr, 16) & 0xFF) == 127;  // 127.x.x.x
  return printed == "00000000000000000000000001000000";                              // ::1
}

}  // namespace

bool port_listens(std::uint16_t port) {
  return !listening_addresses(port).empty();
}

bool port_open_to_network(std::uint16_t port) {
  const auto addresses = listening_addresses(port);
  return !std::all_of(addresses.begin(), addresses.end(), is_loopback);
}

}  // namespace shogo::sim
