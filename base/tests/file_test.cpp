#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo {
namespace {

TEST(File, write_then_read_gives_the_same_bytes_and_leaves_nothing_beside) {
  auto folder = TemporaryFolder::create("shogo-file-test").value();
  const auto path = folder.path() / "a.bin";
  ASSERT_TRUE(write_file(path, "00FF10"_hex).ok());
  ASSERT_TRUE(write_file(path, "0102"_hex).ok());
  EXPECT_EQ(read_file(path).value(), "0102"_hex);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, errors_name_the_path_and_the_reason) {
  const auto missing = read_text("/nonexistent/x");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code(), Code::kNotFound);
  EXPECT_NE(missing.error().message().find("/nonexistent/x"), std::string::npos);
  EXPECT_FALSE(write_text("/nonexistent/x", "y").ok());
}

TEST(File, given_a_file_over_the_limit_when_read_then_it_is_refused) {
  auto folder = TemporaryFolder::create("shogo-file-test").value();
  ASSERT_TRUE(write_text(folder.path() / "big", "123456").ok());
  EXPECT_FALSE(read_text(folder.path() / "big", 5).ok());
  EXPECT_TRUE(read_text(folder.path() / "big", 6).ok());
}

TEST(TemporaryFolder, is_gone_afterwards) {
  std::filesystem::path path;
  {
    auto folder = TemporaryFolder::create("shogo-file-test").value();
    path = folder.path();
    ASSERT_TRUE(write_text(path / "x", "y").ok());
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace shogo
