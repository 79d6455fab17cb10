#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>

#include <shogo/base/file.h>

namespace shogo {
namespace {

Error errno_error(const char* what, const std::filesystem::path& path) {
  const int e = errno;
  Code code = Code::kUnavailable;
  if (e == ENOENT) code = Code::kNotFound;
  if (e == EACCES || e == EPERM || e == EROFS) code = Code::kDenied;
  if (e == ENOSPC || e == EDQUOT) code = Code::kExhausted;
  return Error{code, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(e))};
}

struct Fd {
  int fd;
  ~Fd() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return errno_error("open", path);
  Bytes bytes;
  std::uint8_t chunk[65536];
  for (;;) {
    const ssize_t n = ::read(file.fd, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno_error("read", path);
    if (n == 0) return bytes;
    append(bytes, {chunk, static_cast<std::size_t>(n)});
    if (bytes.size() > limit)
      return Error{Code::kInvalid, fmt::format("{} is larger than {} bytes", path.string(), limit)};
  }
}

Result<std::string> read_text(const std::filesystem::path& path, std::size_t limit) {
  SHOGO_TRY(const Bytes bytes, read_file(path, limit));
  return std::string(as_text(bytes));
}

Result<void> write_file(const std::filesystem::path& path, ByteView bytes) {
  const std::filesystem::path temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  {
    const Fd file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
    if (file.fd < 0) return errno_error("create", temporary);
    while (!bytes.empty()) {
      const ssize_t n = ::write(file.fd, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        const Error error = errno_error("write", temporary);
        ::unlink(temporary.c_str());
        return error;
      }
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    // Some disks notice only here that they are full.
    if (::fdatasync(file.fd) != 0 && errno != EINVAL && errno != EROFS) {
      const Error error = errno_error("flush", temporary);
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = errno_error("rename to", path);
    ::unlink(temporary.c_str());
    return error;
  }
  return {};
}

Result<void> write_text(const std::filesystem::path& path, std::string_view text) {
  return write_file(path, as_bytes(text));
}

Result<TemporaryFolder> TemporaryFolder::create(std::string_view prefix) {
  std::error_code ec;
  const auto base = std::filesystem::temp_directory_path(ec);
  if (ec) return Error{Code::kUnavailable, "no temporary folder; set TMPDIR to a writable one"};
  std::string pattern = (base / fmt::format("{}.XXXXXX", prefix)).string();
  if (::mkdtemp(pattern.data()) == nullptr) return errno_error("create a folder like", pattern);
  return TemporaryFolder(pattern);
}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

}  // namespace shogo
