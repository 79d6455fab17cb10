#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include <shogo/base/secret.h>

namespace shogo {

void wipe(void* data, std::size_t size) {
  if (size == 0) return;
  std::memset(data, 0, size);
  // The empty statement claims to read *data: the stores above are not dead. secret_test proves it on the
  // machine code.
  __asm__ __volatile__("" : : "r"(data) : "memory");
}

void drop_front(std::vector<std::uint8_t>& buffer, std::size_t size) {
  size = std::min(size, buffer.size());
  const std::size_t rest = buffer.size() - size;
  if (rest > 0) std::memmove(buffer.data(), buffer.data() + size, rest);
  wipe(buffer.data() + rest, size);
  buffer.resize(rest);
}

Secret::Secret(std::size_t capacity)
    : data_(capacity == 0 ? nullptr : new std::uint8_t[capacity]()), capacity_(capacity) {}

Secret Secret::take(std::span<std::uint8_t> source) {
  Secret secret(source.size());
  if (!source.empty()) std::memcpy(secret.data_.get(), source.data(), source.size());
  secret.size_ = source.size();
  wipe(source.data(), source.size());
  return secret;
}

Secret::~Secret() {
  wipe(data_.get(), capacity_);
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::move(other.data_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(data_.get(), capacity_);
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

bool Secret::push_back(std::uint8_t byte) {
  if (size_ == capacity_) return false;
  data_[size_++] = byte;
  return true;
}

bool Secret::pop_back() {
  if (size_ == 0) return false;
  data_[--size_] = 0;
  return true;
}

void Secret::clear() {
  wipe(data_.get(), capacity_);
  size_ = 0;
}

void Secret::set_size(std::size_t size) {
  assert(size <= capacity_);
  size_ = size;
}

}  // namespace shogo
