#include "simulated_disk.h"

#include <algorithm>
#include <set>

namespace shogo::reference {
namespace {

/// As much work as so many bytes, so that a random cut falls between two operations often enough.
constexpr std::uint64_t kOperation = 100;

Error no_power() {
  return Error{Code::kUnavailable, "no power"};
}
Error no_file(std::string_view name) {
  return Error{Code::kNotFound, "no file " + std::string(name)};
}

}  // namespace

std::uint64_t SimulatedDisk::spend(std::uint64_t wanted) {
  const std::uint64_t done = left_ ? std::min(*left_, wanted) : wanted;
  if (left_) *left_ -= done;
  work_ += done;
  return done;
}

std::size_t SimulatedDisk::used() const {
  std::size_t bytes = 0;
  for (const auto& [name, file] : now_) bytes += file->now.size();
  return bytes;
}

Result<Bytes> SimulatedDisk::read(std::string_view name) {
  if (dark()) return no_power();
  const auto found = now_.find(name);
  if (found == now_.end()) return no_file(name);
  return found->second->now;
}

Result<std::vector<std::string>> SimulatedDisk::list() {
  if (dark()) return no_power();
  std::vector<std::string> names;
  for (const auto& [name, file] : now_) names.push_back(name);
  return names;
}

Result<void> SimulatedDisk::write(std::string_view name, ByteView bytes) {
  if (spend(kOperation) < kOperation || dark()) return no_power();
  auto& file = now_[std::string(name)];
  if (!file) file = std::make_shared<File>();
  file->now.clear();
  const std::size_t room = capacity_ - std::min(capacity_, used());
  const std::uint64_t done = spend(std::min(room, bytes.size()));
  append(file->now, bytes.first(static_cast<std::size_t>(done)));
  if (dark()) return no_power();
  if (done < bytes.size()) return Error{Code::kExhausted, "disk full"};
  return {};
}

Result<void> SimulatedDisk::sync(std::string_view name) {
  if (spend(kOperation) < kOperation || dark()) return no_power();
  const auto found = now_.find(name);
  if (found == now_.end()) return no_file(name);
  found->second->safe = found->second->now;
  return {};
}

Result<void> SimulatedDisk::rename(std::string_view from, std::string_view to) {
  if (spend(kOperation) < kOperation || dark()) return no_power();
  const auto found = now_.find(from);
  if (found == now_.end()) return no_file(from);
  now_[std::string(to)] = found->second;
  now_.erase(std::string(from));
  return {};
}

Result<void> SimulatedDisk::remove(std::string_view name) {
  if (spend(kOperation) < kOperation || dark()) return no_power();
  return now_.erase(std::string(name)) == 1 ? Result<void>() : no_file(name);
}

Result<void> SimulatedDisk::sync_folder() {
  if (spend(kOperation) < kOperation || dark()) return no_power();
  safe_ = now_;
  return {};
}

void SimulatedDisk::restart(Rng& rng) {
  std::set<std::string> names;
  for (const Names* all : {&now_, &safe_})
    for (const auto& [name, file] : *all) names.insert(name);
  Names kept;
  for (const std::string& name : names) {
    const auto now = now_.find(name), safe = safe_.find(name);
    // A name that was not safe yet is where it was or where it should be.
    const bool old = rng.below(2) == 0;
    const Names::const_iterator from = old ? safe : now;
    if (from == (old ? safe_.cend() : now_.cend())) continue;
    const File& file = *from->second;
    Bytes content = file.safe;
    if (file.now != file.safe && rng.below(2) == 0) {
      // Some first part of what was written, and perhaps blocks that were never filled.
      content.assign(file.now.begin(),
                     file.now.begin() + static_cast<std::ptrdiff_t>(rng.below(file.now.size() + 1)));
      if (rng.below(2) == 0) content.resize(file.now.size());
    }
    kept[name] = std::make_shared<File>(File{content, content});
  }
  now_ = kept;
  safe_ = kept;
  left_.reset();
}

void SimulatedDisk::overwrite(std::string_view name, ByteView bytes) {
  const Bytes content(bytes.begin(), bytes.end());
  now_[std::string(name)] = std::make_shared<File>(File{content, content});
  safe_[std::string(name)] = now_[std::string(name)];
}

}  // namespace shogo::reference
