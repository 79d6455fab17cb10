#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/reference/package_store.h>

namespace shogo::reference {
namespace {

class Folder : public testing::Test {
 protected:
  TemporaryFolder folder_ = *TemporaryFolder::create("shogo-update");
  FolderStorage storage_ = *FolderStorage::open(folder_.path() / "updates");
};

TEST_F(Folder, keeps_renames_and_removes_files) {
  ASSERT_TRUE(storage_.write("a", "0102"_hex).ok());
  ASSERT_TRUE(storage_.sync("a").ok());
  ASSERT_TRUE(storage_.rename("a", "b").ok());
  ASSERT_TRUE(storage_.sync_folder().ok());
  EXPECT_THAT(*storage_.list(), testing::ElementsAre("b"));
  EXPECT_EQ(*storage_.read("b"), "0102"_hex);
  ASSERT_TRUE(storage_.remove("b").ok());
  EXPECT_THAT(*storage_.list(), testing::IsEmpty());
}

TEST_F(Folder, says_what_is_missing) {
  EXPECT_EQ(storage_.read("a").error().code(), Code::kNotFound);
  EXPECT_EQ(storage_.sync("a").error().code(), Code::kNotFound);
  EXPECT_EQ(storage_.rename("a", "b").error().code(), Code::kNotFound);
  EXPECT_EQ(storage_.remove("a").error().code(), Code::kNotFound);
}

TEST_F(Folder, holds_a_store_over_a_start) {
  const auto key = *contract::SigningKey::from_seed(Bytes(32, 1));
  const Bytes package = contract::write_package({PackageKind::kSettings, {1, 0, 0}, 1, false}, "AB"_hex, key);
  {
    auto store = PackageStore::open(storage_, {key.public_key()});
    ASSERT_TRUE(store.ok());
    ASSERT_FALSE(store->install(package));
    ASSERT_TRUE(store->confirm(PackageKind::kSettings).ok());
  }
  const auto store = PackageStore::open(storage_, {key.public_key()});
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(*store->content(PackageKind::kSettings), "AB"_hex);
}

TEST(FolderStorage, refuses_a_folder_that_cannot_be) {
  EXPECT_EQ(FolderStorage::open("/dev/null/updates").error().code(), Code::kDenied);
}

}  // namespace
}  // namespace shogo::reference
