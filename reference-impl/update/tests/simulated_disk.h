// A disk whose power can be cut at any byte. It keeps what a real one promises (storage.h) and, for the rest,
// loses whatever the seed says.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include <shogo/base/rng.h>
#include <shogo/reference/storage.h>

namespace shogo::reference {

class SimulatedDisk final : public Storage {
 public:
  [[nodiscard]] Result<Bytes> read(std::string_view name) override;
  [[nodiscard]] Result<std::vector<std::string>> list() override;
  [[nodiscard]] Result<void> write(std::string_view name, ByteView bytes) override;
  [[nodiscard]] Result<void> sync(std::string_view name) override;
  [[nodiscard]] Result<void> rename(std::string_view from, std::string_view to) override;
  [[nodiscard]] Result<void> remove(std::string_view name) override;
  [[nodiscard]] Result<void> sync_folder() override;

  /// The power goes after so much work: a byte counts one, an operation a hundred.
  void cut_after(std::uint64_t work) { left_ = work; }
  [[nodiscard]] bool dark() const { return left_ == std::uint64_t{0}; }
  /// Work done so far.
  [[nodiscard]] std::uint64_t work() const { return work_; }
  /// Power is back: what was not safe has partly gone.
  void restart(Rng& rng);

  void set_capacity(std::size_t bytes) { capacity_ = bytes; }
  /// Damage that no power cut explains.
  void overwrite(std::string_view name, ByteView bytes);

 private:
  struct File {
    Bytes now, safe;
  };
  using Names = std::map<std::string, std::shared_ptr<File>, std::less<>>;
  /// How much of `wanted` still gets done.
  std::uint64_t spend(std::uint64_t wanted);
  [[nodiscard]] std::size_t used() const;

  Names now_, safe_;
  std::optional<std::uint64_t> left_;
  std::uint64_t work_ = 0;
  std::size_t capacity_ = SIZE_MAX;
};

}  // namespace shogo::reference
