// Secret: bytes that must not outlive their use — PIN, number B, chip photo, templates (requirement 3-16).
// Move-only, cannot be printed, compared or logged, never reallocates, and overwrites itself when it ends.
// One owner at a time; not synchronised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <span>
#include <vector>

namespace shogo {

/// Overwrites memory in a way the optimiser must keep (3-16: overwrite, not just release).
void wipe(void* data, std::size_t size);

/// Takes the first `size` bytes out of a buffer and leaves nothing of them behind, not even in room that the
/// buffer keeps for later. At most as many as there are.
void drop_front(std::vector<std::uint8_t>& buffer, std::size_t size);

class Secret {
 public:
  Secret() = default;
  /// Room for `capacity` bytes, allocated once: growing would leave a copy behind.
  explicit Secret(std::size_t capacity);
  /// Copies the bytes and wipes the source.
  static Secret take(std::span<std::uint8_t> source);
  ~Secret();

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  /// False when full; the byte is then not taken.
  bool push_back(std::uint8_t byte);
  bool pop_back();
  void clear();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// The bytes, for the one call that needs them. The name is long so that a review finds it.
  [[nodiscard]] std::span<const std::uint8_t> expose() const { return {data_.get(), size_}; }
  /// The whole room, for filling from a socket or a card; set_size() says how much of it counts.
  [[nodiscard]] std::span<std::uint8_t> expose_room() { return {data_.get(), capacity_}; }
  void set_size(std::size_t size);

  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace shogo
