#include <unistd.h>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/contract/frame_ring.h>

namespace shogo::contract {
namespace {

std::string name(const char* test) {
  return fmt::format("/shogo-test-{}-{}", test, ::getpid());
}

Image grey(int width, int height, std::uint8_t value) {
  return Image{width, height, 1, Bytes(static_cast<std::size_t>(width * height), value)};
}

TEST(FrameRing, reader_gets_the_newest_frame_and_sees_the_gap) {
  auto writer = FrameRingWriter::create(name("newest"), 8, 4, 1).value();
  auto reader = FrameRingReader::open(name("newest")).value();
  EXPECT_FALSE(reader->latest().has_value());
  for (std::uint8_t i = 1; i <= 9; ++i) ASSERT_TRUE(writer->write(grey(8, 4, i), 100U * i).ok());
  const auto frame = reader->latest(3);
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->number, 9U);
  EXPECT_EQ(frame->timestamp_ns, 900U);
  EXPECT_EQ(frame->image.pixels, Bytes(32, 9));
  EXPECT_FALSE(reader->latest(9).has_value());
}

TEST(FrameRing, refuses_other_shapes_and_missing_rings) {
  auto writer = FrameRingWriter::create(name("shape"), 8, 4, 1).value();
  EXPECT_FALSE(writer->write(grey(4, 4, 1), 0).ok());
  EXPECT_FALSE(FrameRingReader::open(name("none")).ok());
  EXPECT_FALSE(FrameRingWriter::create(name("bad"), 0, 4, 1).ok());
}

}  // namespace
}  // namespace shogo::contract
