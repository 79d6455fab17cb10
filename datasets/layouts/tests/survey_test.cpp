#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include <shogo/base/file.h>
#include <shogo/layouts/picture.h>
#include <shogo/layouts/survey.h>

namespace shogo::layouts {
namespace {

using testing::HasSubstr;

class ACollection : public testing::Test {
 protected:
  ACollection() {
    put("an/an_0001.png", 40, 30);
    put("an/an_0002.png", 20, 60);
    put("an/an_0003.jpg", 40, 30);
    put("kei/kei_0001.png", 40, 30);
  }
  void put(const std::string& name, int width, int height) {
    Bytes bytes;
    cv::imencode(name.substr(name.size() - 4), cv::Mat(height, width, CV_8UC3, cv::Scalar(1, 2, 200)), bytes);
    write(name, bytes);
  }
  void write(const std::string& name, ByteView bytes) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    ASSERT_TRUE(write_file(folder_.path() / name, bytes).ok());
  }
  [[nodiscard]] Survey look(const ImagePairs& pictures) const {
    return survey(folder_.path(), pictures, [](std::size_t) { return true; }).value();
  }
  TemporaryFolder folder_ = TemporaryFolder::create("survey").value();
};

TEST_F(ACollection, is_counted_without_making_every_pair) {
  const ImagePairs pictures = pictures_of(folder_.path()).value();
  EXPECT_TRUE(pictures.pairs.empty());
  const Survey found = look(pictures);
  EXPECT_EQ(found.people, 2U);
  EXPECT_EQ(found.pictures, 4U);
  EXPECT_EQ(found.fewest, 1U);
  EXPECT_EQ(found.most, 3U);
  EXPECT_EQ(found.single, 1U);
  EXPECT_EQ(found.genuine, 3U);
  EXPECT_EQ(found.impostor, 3U);
  EXPECT_EQ(found.least_width, 20);
  EXPECT_EQ(found.most_height, 60);
  EXPECT_TRUE(found.unreadable.empty());
}

TEST_F(ACollection, with_a_list_has_the_pairs_of_the_list) {
  const Survey found = look(parse_pairs("1\nan 1 2\nan 3 kei 1\n", "pairs").value());
  EXPECT_EQ(found.pictures, 4U);
  EXPECT_EQ(found.genuine, 1U);
  EXPECT_EQ(found.impostor, 1U);
  EXPECT_TRUE(found.unreadable.empty());
}

TEST_F(ACollection, with_pictures_that_cannot_be_read_names_each_with_its_reason) {
  write("kei/kei_0002.png", as_bytes("not a picture"));
  write("kei/kei_0003.png", {});
  const Survey found = look(parse_pairs("1\nkei 1 2\nkei 1 3\nkei 1 9\n", "pairs").value());
  ASSERT_EQ(found.unreadable.size(), 3U);
  EXPECT_THAT(found.unreadable[0], HasSubstr("kei_0002.png: cannot be read as a picture"));
  EXPECT_THAT(found.unreadable[1], HasSubstr("empty file"));
  EXPECT_THAT(found.unreadable[2], HasSubstr("no image kei/kei_0009"));
}

TEST_F(ACollection, can_be_left_in_the_middle) {
  const ImagePairs pictures = pictures_of(folder_.path()).value();
  const auto stopped = survey(folder_.path(), pictures, [](std::size_t done) { return done < 2; });
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
}

TEST_F(ACollection, gives_pixels_with_red_first) {
  const Image image = read_picture(folder_.path() / "an/an_0001.png").value();
  EXPECT_EQ(image.pixels[0], 200);
  EXPECT_EQ(image.pixels[2], 1);
}

}  // namespace
}  // namespace shogo::layouts
