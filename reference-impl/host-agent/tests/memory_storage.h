// A folder in memory, for tests of what is installed. `full`: nothing can be written any more.
#pragma once

#include <map>

#include <shogo/reference/storage.h>

namespace shogo::agent {

class MemoryStorage final : public reference::Storage {
 public:
  Result<Bytes> read(std::string_view name) override {
    const auto found = files_.find(name);
    if (found == files_.end()) return Error{Code::kNotFound, "no such file"};
    return found->second;
  }
  Result<std::vector<std::string>> list() override {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files_) names.push_back(name);
    return names;
  }
  Result<void> write(std::string_view name, ByteView bytes) override {
    if (full) return Error{Code::kExhausted, "no space"};
    files_[std::string(name)].assign(bytes.begin(), bytes.end());
    return {};
  }
  Result<void> sync(std::string_view) override { return {}; }
  Result<void> rename(std::string_view from, std::string_view to) override {
    files_[std::string(to)] = std::move(files_.extract(std::string(from)).mapped());
    return {};
  }
  Result<void> remove(std::string_view name) override {
    files_.erase(std::string(name));
    return {};
  }
  Result<void> sync_folder() override { return {}; }
  bool full = false;

 private:
  std::map<std::string, Bytes, std::less<>> files_;
};

}  // namespace shogo::agent
