#include "provision.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <openssl/rand.h>

#include <shogo/base/bytes.h>
#include <shogo/base/secret.h>
#include <shogo/reference/tls_psk.h>

namespace shogo::agent {

Result<std::filesystem::path> provision(const std::filesystem::path& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  const std::filesystem::path path = folder / "link.key";
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return Error{
        errno == EEXIST ? Code::kConflict : Code::kDenied,
        fmt::format("cannot create {}: {}{}", path.string(), std::strerror(errno),
                    errno == EEXIST ? "; remove it first when reader and agent shall be paired anew" : "")};
  Secret key(reference::kLinkKeySize);
  Secret text(2 * reference::kLinkKeySize);
  bool fine = RAND_bytes(key.expose_room().data(), static_cast<int>(reference::kLinkKeySize)) == 1;
  for (const std::uint8_t byte : key.expose_room()) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text.push_back(static_cast<std::uint8_t>(kDigits[byte >> 4]));
    text.push_back(static_cast<std::uint8_t>(kDigits[byte & 15]));
  }
  fine = fine && ::write(fd, text.expose().data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(fd);
  if (!fine) return Error{Code::kUnavailable, fmt::format("cannot write {}", path.string())};
  return path;
}

}  // namespace shogo::agent
