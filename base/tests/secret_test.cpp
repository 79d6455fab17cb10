#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>

#include <gtest/gtest.h>

#include <shogo/base/secret.h>

namespace {

// What lies in the watched block at the moment it is given back (requirement 3-16.d: no non-wiped free).
const void* watched = nullptr;
int released_content = -1;

}  // namespace

// Under a sanitizer the allocator is the sanitizer's own; these replacements still see every delete[].
void operator delete[](void* block) noexcept {
  if (block != nullptr && block == watched) {
    const volatile std::uint8_t* bytes = static_cast<const std::uint8_t*>(block);
    released_content = 0;
    for (int i = 0; i < 8; ++i) released_content |= bytes[i];
  }
  std::free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  operator delete[](block);
}
void* operator new[](std::size_t size) {
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

namespace shogo {
namespace {

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::span<const std::uint8_t>>);

TEST(Secret, takes_bytes_and_wipes_where_they_came_from) {
  std::uint8_t pin[4] = {'7', '3', '9', '1'};
  const Secret secret = Secret::take(pin);
  EXPECT_EQ(std::memcmp(secret.expose().data(), "7391", 4), 0);
  EXPECT_EQ(std::memcmp(pin, "\0\0\0\0", 4), 0);
}

TEST(Secret, never_grows_past_its_room) {
  Secret secret(2);
  EXPECT_TRUE(secret.push_back('1'));
  EXPECT_TRUE(secret.push_back('2'));
  EXPECT_FALSE(secret.push_back('3'));
  EXPECT_TRUE(secret.pop_back());
  EXPECT_EQ(secret.size(), 1U);
  EXPECT_EQ(secret.expose_room()[1], 0);
}

// The storage is ours, so it may be looked at after the object ended: a wipe that the optimiser removed
// (mutant m.wipe.elided_memset) leaves the digits behind and fails here in the release build.
__attribute__((noinline)) void use_and_forget(std::uint8_t* storage) {
  std::memcpy(storage, "7391", 4);
  wipe(storage, 4);
}

TEST(Secret, the_optimiser_keeps_the_wipe) {
  auto* storage = static_cast<std::uint8_t*>(::operator new(64));
  use_and_forget(storage);
  // Reads through volatile, so that this test does not itself make the stores look needed.
  const volatile std::uint8_t* look = storage;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(look[i], 0);
  ::operator delete(storage);
}

TEST(Secret, moving_leaves_nothing_in_the_source) {
  Secret secret(4);
  ASSERT_TRUE(secret.push_back('7'));
  const Secret moved = std::move(secret);
  EXPECT_EQ(moved.size(), 1U);
  // NOLINTNEXTLINE(bugprone-use-after-move): the moved-from state is what is tested
  EXPECT_EQ(secret.capacity(), 0U);
}

TEST(Secret, storage_is_overwritten_before_it_is_released) {
  released_content = -1;
  {
    Secret secret(8);
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(secret.push_back(0x5A));
    watched = secret.expose().data();
  }
  watched = nullptr;
  EXPECT_EQ(released_content, 0);
}

TEST(DropFront, keeps_the_rest_and_leaves_nothing_of_the_front_in_the_room_behind_it) {
  std::vector<std::uint8_t> buffer{'7', '3', '9', '1', 'a', 'b'};
  const std::uint8_t* room = buffer.data();
  drop_front(buffer, 4);
  EXPECT_EQ(buffer, (std::vector<std::uint8_t>{'a', 'b'}));
  ASSERT_EQ(buffer.data(), room);
  for (std::size_t i = 2; i < 6; ++i) EXPECT_EQ(room[i], 0) << i;
  drop_front(buffer, 99);
  EXPECT_TRUE(buffer.empty());
  drop_front(buffer, 1);
  EXPECT_TRUE(buffer.empty());
}

}  // namespace
}  // namespace shogo
