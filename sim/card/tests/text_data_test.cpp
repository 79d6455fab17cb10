#include "test_card.h"

#include <shogo/base/tlv.h>

namespace shogo::sim {
namespace {

class TextData : public CardTest {
 protected:
  const Bytes& file(std::uint16_t id) { return *card_->file("text", id); }
  static std::vector<Tlv> inside(const Bytes& file, std::uint32_t tag) {
    std::size_t used = 0;
    auto outer = parse_tlv(file, used);
    EXPECT_TRUE(outer.ok());
    EXPECT_EQ(outer->tag, tag);
    return parse_tlv_list(outer->value).value();
  }
};

TEST_F(TextData, sizes_are_those_that_clients_expect) {
  EXPECT_EQ(file(0x0001).size(), 17U);
  EXPECT_EQ(file(0x0003).size(), 336U);
  EXPECT_EQ(file(0x0004).size(), 568U);
  EXPECT_EQ(file(0x0005).size(), 256U);
}

TEST_F(TextData, the_attributes_are_utf8_and_the_table_points_at_them) {
  const auto objects = inside(file(0x0002), 0xFF20);
  EXPECT_EQ(as_text(find_tlv(objects, 0xDF22)->value), "照合　花子");
  EXPECT_EQ(as_text(find_tlv(objects, 0xDF23)->value), "東京都架空区合成町１－２－３");
  EXPECT_EQ(as_text(find_tlv(objects, 0xDF24)->value), "19800217");
  EXPECT_EQ(as_text(find_tlv(objects, 0xDF25)->value), "2");
  const Bytes& table = find_tlv(objects, 0xDF21)->value;
  ASSERT_EQ(table.size(), 8U);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto offset = static_cast<std::size_t>(read_be(ByteView(table).subspan(2 * i, 2)));
    EXPECT_EQ(read_be(ByteView(file(0x0002)).subspan(offset, 2)), 0xDF22U + i);
  }
}

TEST_F(TextData, the_digests_cover_the_number_with_its_filler_and_the_attributes_without_the_table) {
  const auto objects = inside(file(0x0003), 0xFF30);
  EXPECT_EQ(find_tlv(objects, 0xDF31)->value, sha256(file(0x0001)));
  const auto attributes = inside(file(0x0002), 0xFF20);
  Bytes covered;
  for (std::size_t i = 1; i < attributes.size(); ++i)
    append(covered, make_tlv(attributes[i].tag, attributes[i].value));
  EXPECT_EQ(find_tlv(objects, 0xDF32)->value, sha256(covered));
}

TEST_F(TextData, names_that_trouble_programs_arrive_byte_for_byte) {
  for (const char* name : {"髙架　試郎", "﨑空　花子", "𠮷合　一郎", "渡邉\U000E0102成　凜\U000E0100",
                           "SYNTHETICA MAXIMILIANA ALEXANDRIA VON BEISPIELHAUSEN-MUSTERFRAU DE LA PRUEBA"}) {
    CardOrder order = standard_card_order();
    order.person.name = name;
    const auto issued = test_issuer().issue(order);
    ASSERT_TRUE(issued.ok());
    const auto objects = inside(*issued->card->file("text", 0x0002), 0xFF20);
    EXPECT_EQ(as_text(find_tlv(objects, 0xDF22)->value), name);
  }
}

TEST_F(TextData, records_are_read_one_by_one_or_all_and_end_with_not_found) {
  ASSERT_EQ(send("00A4040C0AD3921000310001010100"), "9000");
  ASSERT_EQ(send("00A4020C020001"), "9000");
  const std::string record = send("00B2010400");
  EXPECT_EQ(record.substr(0, 4), "011C");
  EXPECT_EQ(record.size(), 2U * (2 + 28 + 2));
  EXPECT_EQ(send("00B2010500"), record);
  EXPECT_EQ(send("00B2010C00"), record) << "by short file id";
  EXPECT_EQ(send("00B2020400"), "6A83");
  EXPECT_EQ(send("00B2000400"), "6A83");
  EXPECT_EQ(send("00B2010600"), "6A86");
  EXPECT_EQ(send("00B201FC00"), "6A82");
  EXPECT_EQ(send("00B201040A"), "6C1E");
}

TEST_F(TextData, the_pins_of_common_and_resident_application_change_by_change_key_alone) {
  auto issued = issue_standard();
  card_ = issued.card.get();
  for (const char* select : {"00A4040C0AD3921000310001010100", "00A4040C0AD3921000310001010401"}) {
    ASSERT_EQ(send(select), "9000");
    ASSERT_EQ(send("0020009C0431323334"), "9000");
    EXPECT_EQ(send("0024019C0435363738"), "6985");
    EXPECT_EQ(send("8032009C0435363738"), "9000");
    EXPECT_EQ(send("0020009C0435363738"), "9000");
  }
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  EXPECT_EQ(send("803200980435363738"), "6985");
}

TEST_F(TextData, data_objects_come_without_a_template_and_a_short_length_is_refused_for_long_ones) {
  EXPECT_EQ(send("00CA00F000"), "39393939399000");
  EXPECT_EQ(send("00CA00F800"), "6700");
  EXPECT_EQ(send("00CA00F8000000").substr(0, 8), "5F4E8201");
  select_jpki();
  EXPECT_EQ(send("00CA00F000"), "6A88");
  EXPECT_EQ(status("00CA5F5100"), "9000");
}

}  // namespace
}  // namespace shogo::sim
