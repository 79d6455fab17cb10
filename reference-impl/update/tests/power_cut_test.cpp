// 4-9.i: the power may go at any moment of an update; a working version is there afterwards. One life of a
// device, with installations, a confirmation, a roll-back and a change of keys, is cut at seeded moments.
#include "simulated_disk.h"

#include <gtest/gtest.h>

#include <shogo/reference/package_store.h>

namespace shogo::reference {
namespace {

constexpr PackageKind kKind = PackageKind::kFirmwareData;

contract::SigningKey key(std::uint8_t fill) {
  return *contract::SigningKey::from_seed(Bytes(32, fill));
}
const std::vector<PublicKey> kFactory = {key(1).public_key()};

Bytes content_of(std::uint64_t sequence) {
  return Bytes(700 + sequence, static_cast<std::uint8_t>(sequence));
}
Bytes package_of(std::uint64_t sequence) {
  return contract::write_package({kKind, {1, static_cast<std::uint16_t>(sequence), 0}, sequence, false},
                                 content_of(sequence), key(1));
}

/// Three updates: confirmed, confirmed, rolled back; then a second key. Stops where the power goes.
void live(SimulatedDisk& disk) {
  auto store = PackageStore::open(disk, kFactory);
  if (!store.ok()) return;
  (void)store->install(package_of(1));
  (void)store->confirm(kKind);
  (void)store->install(package_of(2));
  (void)store->confirm(kKind);
  (void)store->install(package_of(3));
  (void)store->roll_back(kKind);
  Bytes keys(kFactory[0].begin(), kFactory[0].end());
  append(keys, key(2).public_key());
  (void)store->install(contract::write_package({PackageKind::kKeys, {1, 0, 0}, 1, false}, keys, key(1)));
}

/// A version that works and can be updated.
void expect_working(SimulatedDisk& disk) {
  auto store = PackageStore::open(disk, kFactory);
  ASSERT_TRUE(store.ok()) << store.error().describe();
  const auto installed = store->installed(kKind);
  if (installed) {
    const auto content = store->content(kKind);
    ASSERT_TRUE(content.ok()) << content.error().describe();
    EXPECT_EQ(*content, content_of(installed->sequence));
    EXPECT_TRUE(store->on_trial(kKind) || installed->sequence != 3) << "what was never confirmed is in force";
  }
  EXPECT_FALSE(store->trusted_keys().empty());
  (void)store->confirm(kKind);
  EXPECT_FALSE(store->install(package_of(9))) << "the next update is taken";
  EXPECT_EQ(*store->content(kKind), content_of(9));
}

std::uint64_t whole_life() {
  SimulatedDisk disk;
  live(disk);
  return disk.work();
}

/// The disk of a life that was cut somewhere, with the power back.
SimulatedDisk after_a_cut(std::uint64_t work, Rng& rng) {
  SimulatedDisk disk;
  disk.cut_after(1 + rng.below(work));
  live(disk);
  disk.restart(rng);
  return disk;
}

TEST(PowerCut, five_hundred_random_cuts_end_in_a_working_version) {
  const std::uint64_t work = whole_life();
  Rng rng(1, "power cuts");
  for (int i = 0; i < 500; ++i) {
    SCOPED_TRACE(i);
    SimulatedDisk disk = after_a_cut(work, rng);
    expect_working(disk);
  }
}

TEST(PowerCut, a_second_cut_while_starting_again_does_no_harm) {
  const std::uint64_t work = whole_life();
  Rng rng(2, "power cuts");
  for (int i = 0; i < 500; ++i) {
    SCOPED_TRACE(i);
    SimulatedDisk disk = after_a_cut(work, rng);
    disk.cut_after(1 + rng.below(2000));
    (void)PackageStore::open(disk, kFactory);
    disk.restart(rng);
    expect_working(disk);
  }
}

TEST(PowerCut, nothing_confirmed_is_ever_lost) {
  Rng rng(3, "power cuts");
  for (std::uint64_t cut = 1; cut < 4500; cut += 1 + rng.below(5)) {
    SimulatedDisk disk;
    {
      auto store = PackageStore::open(disk, kFactory);
      ASSERT_FALSE(store->install(package_of(1)));
      ASSERT_TRUE(store->confirm(kKind).ok());
      disk.cut_after(cut);
      (void)store->install(package_of(2));
      (void)store->roll_back(kKind);
    }
    disk.restart(rng);
    auto store = PackageStore::open(disk, kFactory);
    ASSERT_TRUE(store.ok()) << cut;
    ASSERT_TRUE(store->installed(kKind)) << cut;
    ASSERT_TRUE(store->roll_back(kKind).ok());
    EXPECT_EQ(*store->content(kKind), content_of(1)) << cut;
  }
}

/// The control: a store that forgets to flush would be caught.
TEST(PowerCut, the_simulated_disk_does_lose_what_was_not_flushed) {
  int lost = 0;
  Rng rng(4, "power cuts");
  for (int i = 0; i < 100; ++i) {
    SimulatedDisk disk;
    ASSERT_TRUE(disk.write("file", content_of(1)).ok());
    disk.restart(rng);
    const auto read = disk.read("file");
    if (!read.ok() || *read != content_of(1)) ++lost;
  }
  EXPECT_GT(lost, 50);
}

}  // namespace
}  // namespace shogo::reference
