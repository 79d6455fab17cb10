#include "test_card.h"

#include <opencv2/imgcodecs.hpp>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <shogo/base/tlv.h>

namespace shogo::sim {
namespace {

class FaceData : public CardTest {
 protected:
  void SetUp() override {
    CardTest::SetUp();
    file_ = card_->file("visual", 0x0002);
    std::size_t used = 0;
    auto outer = parse_tlv(*file_, used);
    ASSERT_TRUE(outer.ok());
    ASSERT_EQ(outer->tag, 0xFF20U);
    ASSERT_EQ(used, file_->size());
    auto list = parse_tlv_list(outer->value);
    ASSERT_TRUE(list.ok());
    objects_ = std::move(*list);
  }
  const Bytes& value(std::uint32_t tag) { return find_tlv(objects_, tag)->value; }
  Bytes whole(std::uint32_t tag) { return make_tlv(tag, value(tag)); }
  const Bytes* file_ = nullptr;
  std::vector<Tlv> objects_;
};

TEST_F(FaceData, the_file_is_long_enough_for_a_long_read_and_short_enough_for_15_bit_offsets) {
  EXPECT_GE(file_->size(), 16384U);
  EXPECT_LT(file_->size(), 32768U);
}

TEST_F(FaceData, the_offset_table_points_at_every_object_in_order) {
  const Bytes& table = value(0xDF21);
  ASSERT_EQ(table.size(), 18U);
  for (std::uint32_t i = 0; i < 9; ++i) {
    const auto offset = static_cast<std::size_t>(read_be(ByteView(table).subspan(2 * i, 2)));
    EXPECT_EQ(read_be(ByteView(*file_).subspan(offset, 2)), 0xDF22U + i);
  }
  EXPECT_EQ(objects_.size(), 10U);
}

TEST_F(FaceData, birth_sex_and_expiry_are_those_of_the_order) {
  EXPECT_EQ(as_text(value(0xDF22)), "19800217");
  EXPECT_EQ(as_text(value(0xDF23)), "2");
  EXPECT_EQ(as_text(value(0xDF29)), "20350217");
  EXPECT_EQ(value(0xDF24).size(), 265U);
}

TEST_F(FaceData, the_photo_is_a_grey_jpeg_2000_file_and_the_texts_are_png) {
  const Bytes& photo = value(0xDF27);
  EXPECT_EQ(to_hex(ByteView(photo).first(12)), "0000000C6A5020200D0A870A");
  const cv::Mat decoded = cv::imdecode(photo, cv::IMREAD_UNCHANGED);
  EXPECT_EQ(decoded.type(), CV_8UC1);
  EXPECT_EQ(decoded.size(), cv::Size(360, 450));
  for (const std::uint32_t tag : {0xDF25U, 0xDF26U, 0xDF2AU}) {
    EXPECT_EQ(to_hex(ByteView(value(tag)).first(8)), "89504E470D0A1A0A");
    EXPECT_EQ(value(tag)[24], 1) << "bits a pixel in the PNG header";
  }
}

TEST_F(FaceData, the_signature_covers_three_digests_and_not_the_expiry) {
  Bytes first = whole(0xDF22), second = whole(0xDF25);
  append(first, whole(0xDF23));
  append(first, whole(0xDF24));
  append(second, whole(0xDF26));
  Bytes expected = "3071300D060960864801650304020105000460"_hex;
  append(expected, sha256(first));
  append(expected, sha256(second));
  append(expected, sha256(whole(0xDF27)));

  EVP_PKEY_CTX* ctx = EVP_PKEY_CTX_new(test_issuer().data_signer().get(), nullptr);
  Bytes recovered(256);
  std::size_t size = recovered.size();
  ASSERT_EQ(EVP_PKEY_verify_recover_init(ctx), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
  ASSERT_EQ(EVP_PKEY_verify_recover(ctx, recovered.data(), &size, value(0xDF28).data(), value(0xDF28).size()),
            1);
  EVP_PKEY_CTX_free(ctx);
  recovered.resize(size);
  EXPECT_EQ(recovered, expected);
}

TEST_F(FaceData, the_certificate_of_the_data_signer_has_the_published_size) {
  EXPECT_EQ(card_->file("visual", 0x0004)->size(), 568U);
}

TEST_F(FaceData, token_info_has_160_bytes_with_the_label_first) {
  const Bytes& info = *card_->file("jpki", 0x0006);
  ASSERT_EQ(info.size(), 160U);
  EXPECT_EQ(as_text(ByteView(info).first(32)), "JPKIAPICCTOKEN2                 ");
}

TEST_F(FaceData, the_same_order_gives_the_same_card_and_another_person_another_face) {
  const IssuedCard again = issue_standard();
  for (const CardApplication& application : card_->profile().applications)
    for (const CardFile& file : application.files)
      EXPECT_EQ(*card_->file(application.name, file.id), *again.card->file(application.name, file.id));
  EXPECT_EQ(card_->atqb().pupi, again.card->atqb().pupi);
  CardOrder other = standard_card_order();
  other.person.key = "other";
  const auto second = test_issuer().issue(other);
  ASSERT_TRUE(second.ok());
  EXPECT_NE(second->photo, again.photo);
  EXPECT_NE(second->card->atqb().pupi, again.card->atqb().pupi);
}

TEST_F(FaceData, a_photo_that_is_not_grey_is_refused) {
  CardOrder order = standard_card_order();
  order.photo = Image{8, 8, 3, Bytes(192)};
  EXPECT_FALSE(test_issuer().issue(order).ok());
}

}  // namespace
}  // namespace shogo::sim
