#include "memory_search.h"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

// Put together at run time: the search must not find its own question in the program's data.
Bytes marker(int n) {
  Bytes bytes;
  for (const char c : "marker-" + std::to_string(n)) bytes.push_back(static_cast<std::uint8_t>(c));
  return bytes;
}

TEST(MemorySearch, finds_what_lies_on_the_heap_and_not_what_was_overwritten) {
  const Bytes what = marker(::getpid());
  const std::size_t before = search_memory(::getpid(), what).hits.size();
  auto copy = std::make_unique<Bytes>(what);
  const MemorySearch with = search_memory(::getpid(), what);
  ASSERT_TRUE(with.readable);
  EXPECT_GT(with.hits.size(), before);
  const auto where = reinterpret_cast<std::uint64_t>(copy->data());
  EXPECT_EQ(with.hits.count({where, ""}), 1U);
  std::fill(copy->begin(), copy->end(), std::uint8_t{0});
  EXPECT_EQ(search_memory(::getpid(), what).hits.count({where, ""}), 0U);
}

TEST(MemorySearch, a_process_that_does_not_exist_cannot_be_read) {
  EXPECT_FALSE(search_memory(0x7FFFFFFF, marker(1)).readable);
}

}  // namespace
}  // namespace shogo::conformance
