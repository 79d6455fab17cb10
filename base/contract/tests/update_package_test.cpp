#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/contract/update_package.h>

namespace shogo::contract {
namespace {

using Read = std::variant<Package, PackageRefusal>;

SigningKey key(std::uint8_t fill) {
  return *SigningKey::from_seed(Bytes(32, fill));
}

const PackageHeader kHeader{PackageKind::kCardProfiles, {1, 12, 3}, 7, false};
const Bytes kContent(1000, 0x42);

PackageRefusal refusal(const Read& read) {
  const auto* refused = std::get_if<PackageRefusal>(&read);
  if (refused == nullptr) ADD_FAILURE() << "the package was taken";
  return refused == nullptr ? PackageRefusal{} : *refused;
}

/// A package whose header says whatever `text` says, truly signed.
Bytes signed_with(const SigningKey& signer, std::string_view text, ByteView content) {
  Bytes package;
  append(package, as_bytes("SHOGOUPD"));
  append_be16(package, 1);
  append_be32(package, static_cast<std::uint32_t>(text.size()));
  append(package, key_id(signer.public_key()));
  Bytes message = package;
  append(message, as_bytes(text));
  append(package, signer.sign(message));
  append(package, as_bytes(text));
  append(package, content);
  return package;
}

TEST(UpdatePackage, what_was_signed_is_read_again) {
  const SigningKey signer = key(1);
  const Bytes bytes = write_package(kHeader, kContent, signer);

  const Read read = read_package(bytes, std::array{key(2).public_key(), signer.public_key()});

  ASSERT_TRUE(std::holds_alternative<Package>(read)) << to_string(refusal(read));
  const Package& package = std::get<Package>(read);
  EXPECT_EQ(package.header.kind, kHeader.kind);
  EXPECT_EQ(package.header.version, kHeader.version);
  EXPECT_EQ(package.header.sequence, kHeader.sequence);
  EXPECT_FALSE(package.header.roll_back);
  EXPECT_THAT(package.content, testing::ElementsAreArray(kContent));
}

TEST(UpdatePackage, what_a_package_claims_is_read_without_a_key_and_not_verified) {
  Bytes bytes = write_package(kHeader, kContent, key(1));
  bytes.back() ^= 1;  // the content
  bytes[22] ^= 1;     // the signature
  const auto claimed = claimed_header(bytes);
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->kind, kHeader.kind);
  EXPECT_EQ(claimed->version, kHeader.version);
  EXPECT_EQ(claimed->sequence, kHeader.sequence);
}

TEST(UpdatePackage, rubbish_and_a_header_cut_anywhere_claim_nothing) {
  EXPECT_FALSE(claimed_header({}).has_value());
  EXPECT_FALSE(claimed_header(Bytes(200, 0x20)).has_value());
  const Bytes bytes = write_package(kHeader, {}, key(1));
  EXPECT_TRUE(claimed_header(bytes).has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(claimed_header(ByteView(bytes).first(size)).has_value()) << size;
  EXPECT_FALSE(claimed_header(signed_with(key(1), "{}", {})).has_value());
}

TEST(UpdatePackage, ed25519_signs_as_rfc_8032_says) {
  // RFC 8032 7.1, test 2.
  const auto signer =
      SigningKey::from_seed("4CCD089B28FF96DA9DB6C346EC114E0F5B8A319F35ABA624DA8CF6ED4FB8A6FB"_hex);
  ASSERT_TRUE(signer.ok());
  EXPECT_EQ(to_hex(signer->public_key()), "3D4017C3E843895A92B70AA74D1B7EBC9C982CCF2EC4968CC0CD55F12AF4660C");
  EXPECT_EQ(to_hex(signer->sign("72"_hex)),
            "92A009A9F0D4CAB8720E820B5F642540A2B27B5416503F8FB3762223EBDB69DA"
            "085AC1E43E15996E458F3613D0F11D8C387B2EAEB4302AEEB00D291612BB0C00");
}

TEST(UpdatePackage, a_flipped_bit_anywhere_is_refused) {
  const SigningKey signer = key(1);
  const std::vector<PublicKey> trusted = {signer.public_key()};
  const Bytes good = write_package(kHeader, Bytes(20, 0x42), signer);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_TRUE(std::holds_alternative<PackageRefusal>(read_package(bad, trusted))) << "bit " << bit;
  }
}

TEST(UpdatePackage, every_shorter_and_any_longer_file_is_refused) {
  const SigningKey signer = key(1);
  const std::vector<PublicKey> trusted = {signer.public_key()};
  Bytes bytes = write_package(kHeader, kContent, signer);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_TRUE(std::holds_alternative<PackageRefusal>(read_package(ByteView(bytes).first(size), trusted)))
        << size << " bytes";
  bytes.push_back(0);
  EXPECT_EQ(refusal(read_package(bytes, trusted)), PackageRefusal::kTruncated);
}

TEST(UpdatePackage, each_refusal_says_its_reason) {
  const SigningKey signer = key(1);
  const std::vector<PublicKey> trusted = {signer.public_key()};
  const Bytes good = write_package(kHeader, kContent, signer);

  EXPECT_EQ(refusal(read_package(as_bytes("PK and so on"), trusted)), PackageRefusal::kNotAPackage);
  EXPECT_EQ(refusal(read_package(write_package(kHeader, kContent, key(9)), trusted)),
            PackageRefusal::kUnknownKey);
  EXPECT_EQ(refusal(read_package(good, {})), PackageRefusal::kUnknownKey);
  Bytes other_content = good;
  other_content.back() = 0;
  EXPECT_EQ(refusal(read_package(other_content, trusted)), PackageRefusal::kWrongContent);
  Bytes other_header = good;
  other_header[100] = static_cast<std::uint8_t>(other_header[100] ^ 1);
  EXPECT_EQ(refusal(read_package(other_header, trusted)), PackageRefusal::kBadSignature);
  EXPECT_EQ(refusal(read_package(signed_with(signer, std::string(kMaxPackageHeader + 1, ' '), {}), trusted)),
            PackageRefusal::kTooLarge);
}

TEST(UpdatePackage, a_signed_header_that_nobody_understands_is_refused) {
  const SigningKey signer = key(1);
  const std::vector<PublicKey> trusted = {signer.public_key()};
  const std::string hash = sha256_hex({});
  const auto header = [&](std::string_view fields) {
    return std::string(R"({"content_size":0,"content_sha256":")") + hash + "\"," + std::string(fields) + "}";
  };
  const std::string good = header(R"("kind":"settings","version":"1.0.0","sequence":1,"roll_back":false)");
  ASSERT_TRUE(std::holds_alternative<Package>(read_package(signed_with(signer, good, {}), trusted)));
  const std::string kBad[] = {
      "",
      "[]",
      "{\"kind\":",
      header(R"("kind":"horoscope","version":"1.0.0","sequence":1,"roll_back":false)"),
      header(R"("kind":"settings","version":"1.0","sequence":1,"roll_back":false)"),
      header(R"("kind":"settings","version":"1.0.0","sequence":0,"roll_back":false)"),
      header(R"("kind":"settings","version":"1.0.0","sequence":-1,"roll_back":false)"),
      header(R"("kind":"settings","version":"1.0.0","sequence":1.5,"roll_back":false)"),
      header(R"("kind":"settings","version":"1.0.0","sequence":1)"),
      header(R"("kind":"settings","version":"1.0.0","sequence":1,"roll_back":false,"more":1)"),
  };
  for (const std::string& bad : kBad)
    EXPECT_EQ(refusal(read_package(signed_with(signer, bad, {}), trusted)), PackageRefusal::kBadHeader)
        << bad;
}

TEST(PackageVersion, is_three_numbers_and_nothing_else) {
  EXPECT_EQ(PackageVersion::parse("0.0.0")->text(), "0.0.0");
  EXPECT_EQ(PackageVersion::parse("65535.10.1")->text(), "65535.10.1");
  for (const char* bad : {"", "1", "1.2", "1.2.3.4", "1.2.", ".1.2", "1.2.x", " 1.2.3", "01.2.3", "65536.0.0",
                          "123456.0.0", "-1.0.0"})
    EXPECT_FALSE(PackageVersion::parse(bad).ok()) << bad;
}

TEST(PackageVersion, is_ordered_as_people_read_it) {
  EXPECT_LT(*PackageVersion::parse("1.9.9"), *PackageVersion::parse("1.10.0"));
  EXPECT_LT(*PackageVersion::parse("9.0.0"), *PackageVersion::parse("10.0.0"));
}

TEST(SigningKey, has_32_bytes) {
  EXPECT_FALSE(SigningKey::from_seed(Bytes(31)).ok());
  EXPECT_FALSE(SigningKey::from_seed(Bytes(33)).ok());
}

}  // namespace
}  // namespace shogo::contract
