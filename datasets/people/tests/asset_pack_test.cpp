#include <set>

#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/people/head_model.h>

namespace shogo::people {
namespace {

Bytes number(std::uint32_t value, int size) {
  Bytes out;
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return out;
}

/// The smallest pack that is accepted: one quad of skin and of each eye, one target.
Bytes small_pack() {
  Bytes pack;
  append(pack, as_bytes("SHOGOPPL"));
  for (const std::uint32_t n : {1U, 4U, 3U, 1U}) append(pack, number(n, 4));
  for (int i = 0; i < 12; ++i) append(pack, number(0x3F800000, 4));  // 1.0F
  for (const std::string_view name : {"skin", "eye_left", "eye_right"}) {
    append(pack, number(static_cast<std::uint32_t>(name.size()), 1));
    append(pack, as_bytes(name));
    append(pack, number(1, 4));
    for (const std::uint32_t corner : {0U, 1U, 2U, 3U}) append(pack, number(corner, 2));
  }
  append(pack, number(6, 1));
  append(pack, as_bytes("nose/x"));
  append(pack, number(1, 4));
  for (const std::uint32_t n : {2U, 10U, 0xFFFFU, 0U}) append(pack, number(n, 2));
  return pack;
}

TEST(AssetPack, a_pack_is_read_in_millimetres) {
  const auto head = HeadModel::from_pack(small_pack());
  ASSERT_TRUE(head.ok()) << head.error().describe();
  ASSERT_EQ(head->targets().size(), 1U);
  EXPECT_EQ(head->targets()[0].moves[0].by.x, 1.F);
  EXPECT_EQ(head->targets()[0].moves[0].by.y, -0.1F);
}

TEST(AssetPack, every_cut_pack_is_refused) {
  const Bytes pack = small_pack();
  for (std::size_t size = 0; size < pack.size(); ++size)
    EXPECT_FALSE(HeadModel::from_pack(ByteView(pack).first(size)).ok()) << size;
}

TEST(AssetPack, a_corner_that_is_no_vertex_is_refused) {
  Bytes pack = small_pack();
  pack[24 + 48 + 1 + 4 + 4] = 9;
  const auto head = HeadModel::from_pack(pack);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code(), Code::kCorrupt);
}

TEST(AssetPack, another_version_is_named_as_such) {
  Bytes pack = small_pack();
  pack[8] = 2;
  const auto head = HeadModel::from_pack(pack);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code(), Code::kUnsupported);
}

TEST(BuiltInHead, has_the_parts_and_axes_that_people_are_made_of) {
  const HeadModel head = HeadModel::built_in();
  std::set<Part> parts;
  for (const Quad& quad : head.quads()) parts.insert(quad.part);
  EXPECT_TRUE(parts.contains(Part::kSkin) && parts.contains(Part::kEyeLeft) &&
              parts.contains(Part::kEyeRight) && parts.contains(Part::kLashes));
  EXPECT_GE(head.axes().size(), 10U);
  EXPECT_TRUE(head.is_built_in());
  EXPECT_GE(head.find("expression/units/asian/mouth-corner-puller"), 0);
}

TEST(AssetPack, the_real_pack_has_at_least_140_face_axes) {
  if (!std::filesystem::exists(pack_path())) GTEST_SKIP() << "no asset pack here: ci/setup --people makes it";
  const auto head = HeadModel::load();
  ASSERT_TRUE(head.ok()) << head.error().describe();
  EXPECT_FALSE((*head)->is_built_in());
  EXPECT_GE((*head)->axes().size(), 140U);
}

}  // namespace
}  // namespace shogo::people
