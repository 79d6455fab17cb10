#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/reference/storage.h>
#include <shogo/reference/unique_fd.h>

namespace shogo::reference {
namespace {

Error failed(const char* what, const std::filesystem::path& path) {
  const int e = errno;
  const bool full = e == ENOSPC || e == EDQUOT || e == EFBIG;
  return Error{full          ? Code::kExhausted
               : e == ENOENT ? Code::kNotFound
                             : Code::kUnavailable,
               fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(e))};
}

Result<void> sync_path(const std::filesystem::path& path, int flags) {
  const UniqueFd file(::open(path.c_str(), flags | O_CLOEXEC));
  if (!file.open() || ::fsync(file.get()) != 0) return failed("flush", path);
  return {};
}

}  // namespace

Result<FolderStorage> FolderStorage::open(const std::filesystem::path& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec)
    return Error{Code::kDenied,
                 fmt::format("cannot create the folder {}: {}", folder.string(), ec.message())};
  return FolderStorage(folder);
}

Result<Bytes> FolderStorage::read(std::string_view name) {
  return read_file(folder_ / name);
}

Result<std::vector<std::string>> FolderStorage::list() {
  std::error_code ec;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator at(folder_, ec), end; !ec && at != end; at.increment(ec))
    names.push_back(at->path().filename().string());
  if (ec) return Error{Code::kUnavailable, fmt::format("cannot list {}: {}", folder_.string(), ec.message())};
  return names;
}

Result<void> FolderStorage::write(std::string_view name, ByteView bytes) {
  const auto path = folder_ / name;
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open()) return failed("create", path);
  while (!bytes.empty()) {
    const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> FolderStorage::sync(std::string_view name) {
  return sync_path(folder_ / name, O_RDONLY);
}

Result<void> FolderStorage::rename(std::string_view from, std::string_view to) {
  if (::rename((folder_ / from).c_str(), (folder_ / to).c_str()) != 0)
    return failed("rename to", folder_ / to);
  return {};
}

Result<void> FolderStorage::remove(std::string_view name) {
  if (::unlink((folder_ / name).c_str()) != 0) return failed("remove", folder_ / name);
  return {};
}

Result<void> FolderStorage::sync_folder() {
  return sync_path(folder_, O_RDONLY | O_DIRECTORY);
}

}  // namespace shogo::reference
