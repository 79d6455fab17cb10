#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/contract/screen_change.h>

namespace shogo::contract {
namespace {

Image flat(int width, int height, std::uint8_t value) {
  return {width, height, 3,
          Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, value)};
}

/// Blocks of colour and some noise: what screens are made of.
Image busy(Rng& rng, int width, int height) {
  Image image = flat(width, height, 200);
  for (std::uint64_t block = rng.below(8); block > 0; --block) {
    const auto x = rng.below(static_cast<std::uint64_t>(width));
    const auto y = rng.below(static_cast<std::uint64_t>(height));
    const auto colour = static_cast<std::uint8_t>(rng.below(256));
    for (std::uint64_t row = y; row < std::min<std::uint64_t>(y + 5, static_cast<std::uint64_t>(height));
         ++row)
      for (std::uint64_t column = x;
           column < std::min<std::uint64_t>(x + 9, static_cast<std::uint64_t>(width)); ++column)
        for (std::uint64_t c = 0; c < 3; ++c)
          image.pixels[(row * static_cast<std::uint64_t>(width) + column) * 3 + c] =
              rng.below(3) == 0 ? static_cast<std::uint8_t>(rng.below(256)) : colour;
  }
  return image;
}

TEST(ScreenChange, any_sequence_of_screens_arrives_pixel_by_pixel) {
  Rng rng(1, "screens");
  for (int round = 0; round < 300; ++round) {
    const int width = 1 + static_cast<int>(rng.below(40));
    const int height = 1 + static_cast<int>(rng.below(30));
    ScreenDecoder decoder;
    Image before = busy(rng, width, height);
    ASSERT_TRUE(decoder.take(encode_screen_runs(before), 1).ok());
    ASSERT_EQ(decoder.screen().pixels, before.pixels);
    for (std::uint64_t seq = 2; seq < 5; ++seq) {
      const Image now = busy(rng, width, height);
      const auto change = encode_screen_change(now, before, decoder.seq());
      ASSERT_EQ(change.has_value(), now.pixels != before.pixels);
      if (!change) continue;
      ASSERT_TRUE(decoder.take(*change, seq).ok());
      ASSERT_EQ(decoder.screen().pixels, now.pixels);
      before = now;
    }
  }
}

TEST(ScreenChange, runs_longer_than_a_word_can_tell_are_split) {
  const Image large = flat(400, 300, 17);  // 120 000 pixels, four words
  const Bytes payload = encode_screen_runs(large);
  ScreenDecoder decoder;
  EXPECT_EQ(payload.size(), 36U + 4 * 5);
  ASSERT_TRUE(decoder.take(payload, 1).ok());
  EXPECT_EQ(decoder.screen().pixels, large.pixels);
}

TEST(ScreenChange, one_changed_pixel_costs_one_pixel) {
  const Image before = flat(800, 1280, 250);
  Image now = before;
  now.pixels[(640 * 800 + 400) * 3 + 1] = 0;
  const auto change = encode_screen_change(now, before, 7);
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->size(), 36U + 2 + 3);
}

TEST(ScreenChange, equal_screens_need_no_frame) {
  EXPECT_FALSE(encode_screen_change(flat(5, 5, 1), flat(5, 5, 1), 3).has_value());
}

TEST(ScreenChange, a_whole_frame_of_format_1_is_a_base_too) {
  const Image before = flat(4, 4, 1);
  Image now = before;
  now.pixels[0] = 9;
  ScreenDecoder decoder;
  ASSERT_TRUE(decoder.take(encode_screen_payload(before), 5).ok());
  ASSERT_TRUE(decoder.take(*encode_screen_change(now, before, 5), 6).ok());
  EXPECT_EQ(decoder.screen().pixels, now.pixels);
}

TEST(ScreenChange, a_change_on_an_unseen_frame_is_a_conflict_and_leaves_the_screen) {
  const Image before = flat(4, 4, 1);
  Image now = before;
  now.pixels[0] = 9;
  ScreenDecoder decoder;
  EXPECT_EQ(decoder.take(*encode_screen_change(now, before, 4), 5).error().code(), Code::kConflict);
  ASSERT_TRUE(decoder.take(encode_screen_runs(before), 5).ok());
  EXPECT_EQ(decoder.take(*encode_screen_change(now, before, 4), 6).error().code(), Code::kConflict);
  EXPECT_EQ(decoder.screen().pixels, before.pixels);
  EXPECT_EQ(decoder.seq(), 5U);
}

TEST(ScreenChange, every_truncation_and_every_addition_is_refused) {
  Rng rng(2, "screens");
  const Image image = busy(rng, 30, 20);
  const Bytes payload = encode_screen_runs(image);
  for (std::size_t n = 0; n < payload.size(); ++n) {
    ScreenDecoder decoder;
    EXPECT_FALSE(decoder.take(ByteView(payload).first(n), 1).ok()) << n;
    EXPECT_TRUE(decoder.screen().pixels.empty());
  }
  Bytes longer = payload;
  longer.push_back(0);
  EXPECT_FALSE(ScreenDecoder().take(longer, 1).ok());
}

TEST(ScreenChange, a_huge_panel_in_a_tiny_payload_costs_no_memory) {
  Bytes payload = encode_screen_runs(flat(4, 4, 1));
  for (const std::size_t at : {0U, 4U, 28U, 32U}) payload[at] = 0, payload[at + 1] = 0x40;  // 16384 each
  EXPECT_EQ(ScreenDecoder().take(payload, 1).error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace shogo::contract
