#include <gtest/gtest.h>

#include <shogo/contract/update_package.h>
#include <shogo/sim/update_shelf.h>

namespace shogo::sim {
namespace {

using contract::PackageHeader;
using contract::PackageKind;

Bytes package(const PackageHeader& header, std::string_view content) {
  const Bytes seed(32, 7);
  return contract::write_package(header, as_bytes(content), contract::SigningKey::from_seed(seed).value());
}

TEST(UpdateShelf, lists_what_every_package_says_of_itself) {
  UpdateShelf shelf;
  EXPECT_TRUE(shelf.list().empty());
  const Bytes first = package({PackageKind::kSettings, {1, 4, 0}, 12, false}, "{}");
  const std::string hash = shelf.offer(first);
  EXPECT_EQ(hash, sha256_hex(first));
  shelf.offer(package({PackageKind::kCardProfiles, {2, 0, 0}, 3, false}, "profiles"));
  const auto list = shelf.list();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].as_object(), (boost::json::object{{"sha256", hash},
                                                      {"size", first.size()},
                                                      {"kind", "settings"},
                                                      {"version", "1.4.0"},
                                                      {"sequence", std::uint64_t{12}}}));
  EXPECT_EQ(list[1].at("kind").as_string(), "card_profiles");
}

TEST(UpdateShelf, gives_a_package_out_byte_for_byte_by_its_hash_only) {
  UpdateShelf shelf;
  const Bytes first = package({PackageKind::kSettings, {1, 4, 0}, 12, false}, std::string(3, '\0'));
  const std::string hash = shelf.offer(first);
  EXPECT_EQ(shelf.find(hash), first);
  EXPECT_EQ(shelf.find(hash.substr(1)), std::nullopt);
  EXPECT_EQ(shelf.find(""), std::nullopt);
}

TEST(UpdateShelf, offers_the_same_package_once_and_nothing_after_it_was_cleared) {
  UpdateShelf shelf;
  const Bytes first = package({PackageKind::kSettings, {1, 4, 0}, 12, false}, "{}");
  EXPECT_EQ(shelf.offer(first), shelf.offer(first));
  EXPECT_EQ(shelf.list().size(), 1U);
  shelf.clear();
  EXPECT_TRUE(shelf.list().empty());
  EXPECT_EQ(shelf.find(sha256_hex(first)), std::nullopt);
}

TEST(UpdateShelf, offers_rubbish_too_and_claims_nothing_of_it) {
  UpdateShelf shelf;
  const ByteView rubbish = as_bytes("no package");
  shelf.offer(Bytes(rubbish.begin(), rubbish.end()));
  Bytes cut = package({PackageKind::kSettings, {1, 4, 0}, 12, false}, "{}");
  cut.resize(90);
  shelf.offer(cut);
  const auto list = shelf.list();
  ASSERT_EQ(list.size(), 2U);
  for (const auto& update : list) EXPECT_EQ(update.as_object().size(), 2U);
  EXPECT_EQ(list[1].at("size").to_number<std::size_t>(), 90U);
}

TEST(UpdateShelf, a_path_is_about_updates_only_below_its_own) {
  EXPECT_TRUE(UpdateShelf::is_path("/v1/updates"));
  EXPECT_TRUE(UpdateShelf::is_path("/v1/updates/ab"));
  EXPECT_FALSE(UpdateShelf::is_path("/v1/updatesx"));
  EXPECT_FALSE(UpdateShelf::is_path("/v1/update"));
  EXPECT_FALSE(UpdateShelf::is_path("/v1/eligibility"));
}

}  // namespace
}  // namespace shogo::sim
