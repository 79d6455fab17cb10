// The terminal's end of secure messaging is written here a second time, from the published description alone.
#include "test_card.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <shogo/base/tlv.h>

namespace shogo::sim {
namespace {

constexpr const char* kVerifyTextPin = "002000910431323334";

class SecureMessaging : public CardTest {
 protected:
  void SetUp() override {
    CardTest::SetUp();
    ASSERT_EQ(send("00A4040C0AD3921000310001010408"), "9000");
    for (std::size_t i = 0; i < seed_.size(); ++i) seed_[i] = static_cast<std::uint8_t>(i * 7 + 1);
  }

  static Bytes aes(bool encrypt, const Bytes& key, const Bytes& iv, Bytes data) {
    EVP_CIPHER_CTX* ctx = EVP_CIPHER_CTX_new();
    int size = 0;
    EVP_CipherInit_ex(ctx, EVP_aes_128_cbc(), nullptr, key.data(), iv.data(), encrypt ? 1 : 0);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    EVP_CipherUpdate(ctx, data.data(), &size, data.data(), static_cast<int>(data.size()));
    EVP_CIPHER_CTX_free(ctx);
    return data;
  }
  Bytes iv(std::uint8_t counter) {
    Bytes number(16, 0);
    number.back() = counter;
    return aes(true, key(), Bytes(16, 0), number);
  }
  Bytes key() { return Bytes(seed_.begin(), seed_.begin() + 16); }

  /// The delivery under the public key that the card itself shows.
  Bytes delivery(const Bytes& message) {
    std::size_t used = 0;
    const Bytes& file = *card_->file("text", 0x0006);
    const auto list = parse_tlv_list(parse_tlv(file, used)->value);
    EVP_PKEY_CTX* make = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
    const Bytes& modulus = find_tlv(*list, 0x91)->value;
    Bytes little(modulus.rbegin(), modulus.rend());
    unsigned e = 65537;
    OSSL_PARAM params[] = {OSSL_PARAM_construct_BN("n", little.data(), little.size()),
                           OSSL_PARAM_construct_uint("e", &e), OSSL_PARAM_construct_end()};
    EVP_PKEY* pkey = nullptr;
    EVP_PKEY_fromdata_init(make);
    EVP_PKEY_fromdata(make, &pkey, EVP_PKEY_PUBLIC_KEY, params);
    EVP_PKEY_CTX* ctx = EVP_PKEY_CTX_new(pkey, nullptr);
    EVP_PKEY_encrypt_init(ctx);
    EVP_PKEY_CTX_ctrl_str(ctx, "rsa_padding_mode", "oaep");
    EVP_PKEY_CTX_ctrl_str(ctx, "rsa_oaep_md", "sha256");
    EVP_PKEY_CTX_ctrl_str(ctx, "rsa_mgf1_md", "sha256");
    Bytes out(256);
    std::size_t size = out.size();
    EXPECT_EQ(EVP_PKEY_encrypt(ctx, out.data(), &size, message.data(), message.size()), 1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    EVP_PKEY_CTX_free(make);
    return out;
  }
  std::string open() {
    const Bytes out = delivery(make_tlv(0xA0, make_tlv(0x80, seed_)));
    return send(fmt::format("80AE0000000100{}", to_hex(out)));
  }
  std::string secured(std::string_view header, const Bytes& body) {
    Bytes padded = body;
    padded.push_back(0x80);
    while (padded.size() % 16 != 0) padded.push_back(0);
    Bytes value{0x01};
    append(value, aes(true, key(), iv(++counter_), padded));
    const Bytes object = make_tlv(0x86, value);
    return send(fmt::format("{}{:02X}{}", header, object.size(), to_hex(object)));
  }
  /// READ BINARY of the current file; "error XXXX" or the plain bytes in hex.
  std::string read(std::uint16_t offset, std::uint16_t length) {
    ++counter_;
    const Bytes answer = card_->transmit(
        from_hex(fmt::format("08B0{:04X}0000059603{:02X}{:04X}0000", offset, 0, length)).value());
    const std::string word = to_hex(ByteView(answer).last(2));
    if (word != "9000") return "error " + word;
    std::size_t used = 0;
    const auto object = parse_tlv(ByteView(answer).first(answer.size() - 2), used);
    if (!object.ok() || object->tag != 0x86 || object->value[0] != 0x01) return "not an 86 object";
    Bytes plain = aes(false, key(), iv(counter_), Bytes(object->value.begin() + 1, object->value.end()));
    while (!plain.empty() && plain.back() == 0) plain.pop_back();
    if (plain.empty() || plain.back() != 0x80) return "wrong padding";
    plain.pop_back();
    return to_hex(plain);
  }
  Bytes seed_ = Bytes(32);
  std::uint8_t counter_ = 0;
};

TEST_F(SecureMessaging, a_session_opens_only_after_the_pin_and_number_a_is_not_enough) {
  EXPECT_EQ(open(), "6982");
  std::string number;
  for (const std::uint8_t byte : *card_->file("text", 0x0001)) number += fmt::format("{:02X}", byte);
  EXPECT_EQ(send("002000940C" + number.substr(6, 24)), "9000");
  EXPECT_EQ(open(), "6982");
  ASSERT_EQ(send(kVerifyTextPin), "9000");
  EXPECT_EQ(open(), "9000");
}

TEST_F(SecureMessaging, a_delivery_of_any_other_shape_is_refused) {
  ASSERT_EQ(send(kVerifyTextPin), "9000");
  const auto deliver = [&](const Bytes& message) {
    return send(fmt::format("80AE0000000100{}", to_hex(delivery(message))));
  };
  EXPECT_EQ(deliver(make_tlv(0xA0, make_tlv(0x81, seed_))), "6A80") << "a checksum key";
  Bytes both = make_tlv(0x80, seed_);
  append(both, make_tlv(0x81, seed_));
  EXPECT_EQ(deliver(make_tlv(0xA0, both)), "6A80");
  EXPECT_EQ(deliver(make_tlv(0xA0, make_tlv(0x80, Bytes(31)))), "6A80");
  EXPECT_EQ(send("80AE0000"
                 "0000"
                 "10" +
                 std::string(32, '0')),
            "6A80");
  EXPECT_EQ(send("80AE000010" + std::string(32, '0')), "6A80");
}

TEST_F(SecureMessaging, files_are_selected_and_read_under_the_session_as_they_are) {
  ASSERT_EQ(send(kVerifyTextPin), "9000");
  ASSERT_EQ(open(), "9000");
  EXPECT_EQ(secured("08A4020C", {0x00, 0x01}), "9000");
  const std::string file = to_hex(*card_->file("text", 0x0001));
  EXPECT_EQ(read(0, 0), file) << "zero asks for everything, filler too";
  EXPECT_EQ(read(3, 5), file.substr(6, 10));
  EXPECT_EQ(read(17, 1), "error 6B00");
  EXPECT_EQ(read(0, 17), file) << "a refusal of the application counts, and the session goes on";
}

TEST_F(SecureMessaging, a_secret_shown_under_the_session_opens_and_burns_tries_as_in_the_clear) {
  ASSERT_EQ(send(kVerifyTextPin), "9000");
  ASSERT_EQ(open(), "9000");
  Bytes number = *card_->file("text", 0x0001);
  number = Bytes(number.begin() + 3, number.begin() + 15);
  EXPECT_EQ(secured("08200094", Bytes(12, '0')), "63C9");
  EXPECT_EQ(secured("08200094", number), "9000");
  EXPECT_EQ(secured("08200092", number), "6984") << "blocked from the day of issue";
  EXPECT_EQ(send("00A4020C020001"), "9000") << "plain commands between do not count";
  EXPECT_EQ(read(0, 3), "FF100C");
}

TEST_F(SecureMessaging, a_wrong_counter_or_object_ends_the_session) {
  ASSERT_EQ(send(kVerifyTextPin), "9000");
  EXPECT_EQ(send("08B000000596030000000000"), "69FC") << "no session yet";
  ASSERT_EQ(open(), "9000");
  counter_ = 5;
  EXPECT_EQ(secured("08A4020C", {0x00, 0x01}), "6988");
  EXPECT_EQ(send("08A4020C020001"), "69FC");
  counter_ = 0;
  ASSERT_EQ(open(), "9000");
  EXPECT_EQ(secured("08B00000", {0x00}), "6988") << "86 where 96 belongs";
  EXPECT_EQ(read(0, 1), "error 69FC");
}

TEST_F(SecureMessaging, another_application_or_power_off_ends_the_session) {
  for (const char* way : {"power", "00A4040C0AD3921000310001010408", "00A4040C07A0000001510000"}) {
    card_->power_off();
    ASSERT_EQ(send("00A4040C0AD3921000310001010408"), "9000");
    ASSERT_EQ(send(kVerifyTextPin), "9000");
    ASSERT_EQ(open(), "9000");
    if (std::string_view(way) == "power") {
      card_->power_off();
    } else {
      ASSERT_EQ(send(way), "9000");
    }
    ASSERT_EQ(send("00A4040C0AD3921000310001010408"), "9000");
    EXPECT_EQ(send("08B000000596030000000000"), "69FC") << way;
  }
}

TEST_F(SecureMessaging, only_the_text_application_has_it_and_a_checksum_is_not_offered) {
  EXPECT_EQ(send("0CB000000596030000000000"), "69FC");
  ASSERT_EQ(send(kVerifyTextPin), "9000");
  ASSERT_EQ(open(), "9000");
  EXPECT_EQ(send("0CB000000596030000000000"), "6987");
  EXPECT_EQ(send("08CA004200"), "6D00");
  select_jpki();
  EXPECT_EQ(send("08B000000596030000000000"), "6E00");
  EXPECT_EQ(send("80AE000000"), "6982");
  select_visual();
  EXPECT_EQ(send("80AE000000"), "66F1");
}

}  // namespace
}  // namespace shogo::sim
