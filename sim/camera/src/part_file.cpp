#include "part_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace shogo::sim {

Result<PartFile> PartFile::create(const std::filesystem::path& path) {
  PartFile file(path, -1);
  file.file_ = ::open(file.part().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file.file_ < 0) return file.failed("create");
  return file;
}

PartFile::PartFile(PartFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

PartFile::~PartFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(part().c_str());
}

Error PartFile::failed(const char* what) const {
  const int number = errno;
  const Code code =
      number == ENOSPC || number == EFBIG || number == EDQUOT ? Code::kExhausted : Code::kDenied;
  return Error{code, fmt::format("cannot {} {}: {}", what, path_.string(), std::strerror(number))};
}

Result<void> PartFile::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("write");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> PartFile::finish() {
  if (::fsync(file_) != 0 && errno != EINVAL) return failed("write");
  if (::rename(part().c_str(), path_.c_str()) != 0) return failed("rename");
  ::close(std::exchange(file_, -1));
  return {};
}

}  // namespace shogo::sim
