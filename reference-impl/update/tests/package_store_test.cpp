#include "simulated_disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/reference/package_store.h>

namespace shogo::reference {
namespace {

using contract::PackageHeader;
using contract::SigningKey;

constexpr PackageKind kKind = PackageKind::kCardProfiles;

SigningKey key(std::uint8_t fill) {
  return *SigningKey::from_seed(Bytes(32, fill));
}

Bytes package(std::uint64_t sequence, PackageVersion version, std::string_view content,
              bool roll_back = false, PackageKind kind = kKind, std::uint8_t signer = 1) {
  return contract::write_package({kind, version, sequence, roll_back}, as_bytes(content), key(signer));
}

class Store : public testing::Test {
 protected:
  Store() { start(); }
  /// The device starts again.
  void start() {
    store_.reset();
    auto opened = PackageStore::open(disk_, {key(1).public_key()});
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    store_.emplace(*std::move(opened));
  }
  std::string refused(ByteView bytes) {
    const auto refusal = store_->install(bytes);
    return refusal ? std::string(refusal->reason) : "";
  }
  std::string content(PackageKind kind = kKind) {
    const auto bytes = store_->content(kind);
    return bytes.ok() ? std::string(as_text(*bytes)) : std::string(to_string(bytes.error().code()));
  }
  SimulatedDisk disk_;
  std::optional<PackageStore> store_;
};

TEST_F(Store, begins_with_what_the_device_was_built_with) {
  EXPECT_FALSE(store_->installed(kKind));
  EXPECT_EQ(store_->content(kKind).error().code(), Code::kNotFound);
}

TEST_F(Store, a_package_is_in_force_at_once_and_after_a_start) {
  EXPECT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  EXPECT_EQ(content(), "one");
  EXPECT_TRUE(store_->on_trial(kKind));
  start();
  EXPECT_EQ(content(), "one");
  EXPECT_EQ(store_->installed(kKind)->version.text(), "1.0.0");
}

TEST_F(Store, what_was_confirmed_stays_and_keeps_its_predecessor_until_the_next) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  ASSERT_EQ(refused(package(2, {1, 1, 0}, "two")), "");
  EXPECT_THAT(*disk_.list(), testing::SizeIs(3));
  ASSERT_TRUE(store_->confirm(kKind).ok());
  EXPECT_THAT(*disk_.list(),
              testing::UnorderedElementsAre("state.json", "card_profiles-1.data", "card_profiles-2.data"));
  ASSERT_EQ(refused(package(3, {1, 2, 0}, "three")), "");
  ASSERT_TRUE(store_->roll_back(kKind).ok());
  EXPECT_THAT(*disk_.list(), testing::UnorderedElementsAre("state.json", "card_profiles-2.data"));
  for (int i = 0; i < 5; ++i) start();
  EXPECT_EQ(content(), "two");
  EXPECT_FALSE(store_->on_trial(kKind));
}

TEST_F(Store, a_version_whose_bytes_the_disk_has_lost_goes_back_to_the_one_before) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  ASSERT_EQ(refused(package(2, {1, 1, 0}, "two")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  ASSERT_TRUE(disk_.write("card_profiles-2.data", as_bytes("twO")).ok());
  start();
  EXPECT_EQ(content(), "one");
  EXPECT_EQ(store_->installed(kKind)->version.text(), "1.0.0");
  EXPECT_THAT(store_->given_up(), testing::ElementsAre(kKind));
  ASSERT_TRUE(disk_.write("card_profiles-1.data", as_bytes("onE")).ok());
  start();
  EXPECT_EQ(store_->content(kKind).error().code(), Code::kCorrupt) << "nothing is left to go back to";
}

TEST_F(Store, what_is_forgotten_is_as_built) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(PackageStore::erase(disk_).ok());
  start();
  EXPECT_FALSE(store_->installed(kKind));
  EXPECT_THAT(*disk_.list(), testing::IsEmpty());
  EXPECT_EQ(refused(package(1, {1, 0, 0}, "one")), "") << "old packages are new to it again";
}

TEST_F(Store, a_roll_back_brings_what_was_before) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  ASSERT_EQ(refused(package(2, {1, 1, 0}, "two")), "");
  ASSERT_TRUE(store_->roll_back(kKind).ok());
  EXPECT_EQ(content(), "one");
  EXPECT_FALSE(store_->on_trial(kKind));
  start();
  EXPECT_EQ(content(), "one");
}

TEST_F(Store, the_first_package_rolls_back_to_what_the_device_was_built_with) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(store_->roll_back(kKind).ok());
  EXPECT_FALSE(store_->installed(kKind));
}

TEST_F(Store, a_version_that_never_confirms_is_given_up_after_its_starts) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  ASSERT_EQ(refused(package(2, {1, 1, 0}, "crashes")), "");
  for (int starts = 1; starts < kMaxTrialStarts; ++starts) {
    start();
    EXPECT_EQ(content(), "crashes") << starts;
    EXPECT_TRUE(store_->given_up().empty());
  }
  start();
  EXPECT_EQ(content(), "one");
  EXPECT_THAT(store_->given_up(), testing::ElementsAre(kKind));
  EXPECT_FALSE(store_->on_trial(kKind));
}

TEST_F(Store, a_sequence_number_once_seen_is_never_taken_again) {
  const Bytes first = package(5, {1, 0, 0}, "one"), second = package(6, {1, 1, 0}, "two");
  ASSERT_EQ(refused(first), "");
  EXPECT_EQ(refused(first), "replayed");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  ASSERT_EQ(refused(second), "");
  ASSERT_TRUE(store_->roll_back(kKind).ok());
  EXPECT_EQ(refused(first), "replayed");
  EXPECT_EQ(refused(second), "replayed") << "it was rolled back, and stays refused";
  start();
  EXPECT_EQ(refused(second), "replayed");
}

TEST_F(Store, an_older_version_needs_a_package_that_says_roll_back) {
  ASSERT_EQ(refused(package(1, {1, 1, 0}, "new")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  EXPECT_EQ(refused(package(2, {1, 0, 9}, "old")), "downgrade");
  EXPECT_EQ(content(), "new");
  EXPECT_EQ(refused(package(3, {1, 0, 9}, "old", true)), "");
  EXPECT_EQ(content(), "old");
}

TEST_F(Store, the_same_version_with_a_new_sequence_number_is_taken) {
  ASSERT_EQ(refused(package(1, {1, 1, 0}, "first print")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  EXPECT_EQ(refused(package(2, {1, 1, 0}, "second print")), "");
}

TEST_F(Store, kinds_do_not_touch_each_other) {
  ASSERT_EQ(refused(package(9, {9, 0, 0}, "profiles")), "");
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "settings", false, PackageKind::kSettings)), "");
  ASSERT_TRUE(store_->roll_back(PackageKind::kSettings).ok());
  EXPECT_EQ(content(), "profiles");
  EXPECT_FALSE(store_->installed(PackageKind::kSettings));
}

TEST_F(Store, one_trial_at_a_time) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  EXPECT_EQ(refused(package(2, {1, 1, 0}, "two")), "trial_running");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  EXPECT_EQ(refused(package(2, {1, 1, 0}, "two")), "");
}

TEST_F(Store, a_bad_package_changes_nothing) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  const auto before = disk_.work();
  EXPECT_EQ(refused(package(2, {1, 1, 0}, "two", false, kKind, 7)), "unknown_key");
  Bytes flipped = package(2, {1, 1, 0}, "two");
  flipped.back() = static_cast<std::uint8_t>(flipped.back() ^ 1);
  EXPECT_EQ(refused(flipped), "wrong_content");
  EXPECT_EQ(disk_.work(), before) << "nothing was written";
  EXPECT_EQ(content(), "one");
}

TEST_F(Store, keys_rotate_and_the_old_one_loses_its_power) {
  const auto keys = [](std::initializer_list<std::uint8_t> fills) {
    std::string text;
    for (const std::uint8_t fill : fills) text += as_text(key(fill).public_key());
    return text;
  };
  EXPECT_EQ(refused(package(1, {1, 0, 0}, keys({1, 2}), false, PackageKind::kKeys, 1)), "");
  EXPECT_EQ(refused(package(2, {1, 0, 0}, keys({2}), false, PackageKind::kKeys, 2)), "");
  start();
  EXPECT_EQ(refused(package(1, {1, 0, 0}, "old key", false, kKind, 1)), "unknown_key");
  EXPECT_EQ(refused(package(1, {1, 0, 0}, "new key", false, kKind, 2)), "");
  EXPECT_EQ(refused(package(1, {1, 0, 0}, keys({1, 2}), false, PackageKind::kKeys, 2)), "replayed");
}

TEST_F(Store, nobody_can_be_locked_out_by_a_package_of_keys) {
  const std::string stranger(as_text(key(3).public_key()));
  EXPECT_EQ(refused(package(1, {1, 0, 0}, stranger, false, PackageKind::kKeys)), "signer_missing");
  EXPECT_EQ(refused(package(1, {1, 0, 0}, "", false, PackageKind::kKeys)), "bad_keys");
  EXPECT_EQ(refused(package(1, {1, 0, 0}, "not thirty-two bytes", false, PackageKind::kKeys)), "bad_keys");
  EXPECT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
}

TEST_F(Store, a_full_disk_refuses_the_new_and_keeps_the_old) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  for (std::size_t capacity = 0; capacity < 2500; capacity += 50) {
    disk_.set_capacity(capacity);
    const std::string refusal = refused(package(2, {1, 1, 0}, std::string(2000, 'x')));
    EXPECT_EQ(refusal, "storage_full") << capacity;
    start();
    EXPECT_EQ(content(), "one") << capacity;
  }
  disk_.set_capacity(SIZE_MAX);
  EXPECT_EQ(refused(package(2, {1, 1, 0}, "two")), "");
}

TEST_F(Store, a_start_that_a_full_disk_cannot_count_uses_what_was_before_the_trial) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  ASSERT_TRUE(store_->confirm(kKind).ok());
  ASSERT_EQ(refused(package(2, {1, 1, 0}, "two")), "");
  disk_.set_capacity(0);
  start();
  EXPECT_EQ(content(), "one");
  EXPECT_THAT(store_->given_up(), testing::ElementsAre(kKind));
  disk_.set_capacity(SIZE_MAX);
  start();
  EXPECT_EQ(content(), "two") << "with room again it has its second chance";
  ASSERT_TRUE(store_->confirm(kKind).ok());
  EXPECT_EQ(refused(package(3, {1, 2, 0}, "three")), "");
}

TEST_F(Store, a_version_that_works_is_no_obstacle_because_a_full_disk_did_not_take_that_word) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  disk_.set_capacity(0);
  EXPECT_FALSE(store_->confirm(kKind).ok());
  EXPECT_EQ(refused(package(2, {1, 1, 0}, "two")), "storage_full");
  EXPECT_EQ(content(), "one");
  disk_.set_capacity(SIZE_MAX);
  EXPECT_EQ(refused(package(3, {1, 2, 0}, "three")), "");
  EXPECT_EQ(refused(package(4, {1, 3, 0}, "four")), "trial_running");
}

TEST_F(Store, content_that_the_disk_has_damaged_is_never_handed_out) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  disk_.overwrite("card_profiles-1.data", as_bytes("0ne"));
  EXPECT_EQ(store_->content(kKind).error().code(), Code::kCorrupt);
}

TEST_F(Store, a_state_that_cannot_be_understood_is_said_and_kept) {
  ASSERT_EQ(refused(package(1, {1, 0, 0}, "one")), "");
  const std::string good(as_text(*disk_.read("state.json")));
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() / 2), std::string("{\"format\": 2}")}) {
    disk_.overwrite("state.json", as_bytes(bad));
    const auto opened = PackageStore::open(disk_, {key(1).public_key()});
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code(), Code::kCorrupt);
    EXPECT_EQ(as_text(*disk_.read("state.json")), bad);
  }
}

}  // namespace
}  // namespace shogo::reference
