#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/layouts/image_pairs.h>

namespace shogo::layouts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string complaint(std::string_view text) {
  const auto pairs = parse_pairs(text, "pairs");
  return pairs.ok() ? "" : pairs.error().describe();
}

TEST(ImagePairs, the_lfw_layout_names_people_and_numbers) {
  const auto pairs = parse_pairs("1\t1\nAn\t1\t4\r\nAn\t1\tKei\t12\n", "pairs.txt").value();
  EXPECT_THAT(pairs.images, ElementsAre("An/An_0001", "An/An_0004", "Kei/Kei_0012"));
  EXPECT_THAT(pairs.subjects, ElementsAre("An", "Kei"));
  EXPECT_THAT(pairs.subject, ElementsAre(0, 0, 1));
  ASSERT_EQ(pairs.pairs.size(), 2U);
  EXPECT_EQ(pairs.pairs[1].reference, 0U);
  EXPECT_EQ(pairs.pairs[1].probe, 2U);
}

TEST(ImagePairs, csv_takes_the_person_from_the_folder_or_from_columns) {
  const auto by_folder = parse_pairs("probe,reference\na/1.png,b/2.png\n", "x.csv").value();
  EXPECT_THAT(by_folder.subjects, ElementsAre("b", "a"));
  const auto by_column =
      parse_pairs("reference,probe,reference_subject,probe_subject,more\n1.png,2.png,x,x,7\n", "x.csv")
          .value();
  EXPECT_THAT(by_column.subjects, ElementsAre("x"));
  EXPECT_THAT(by_column.subject, ElementsAre(0, 0));
}

TEST(ImagePairs, what_does_not_fit_is_refused_with_its_line) {
  EXPECT_THAT(complaint("hello world\n"), HasSubstr("neither an LFW pairs file"));
  EXPECT_THAT(complaint(""), HasSubstr("neither"));
  EXPECT_THAT(complaint("10\nAn 1\n"), HasSubstr("pairs:2: expected"));
  EXPECT_THAT(complaint("10\nAn one 2\n"), HasSubstr("not a whole number"));
  EXPECT_THAT(complaint("10\nAn 1 1\n"), HasSubstr("compared with itself"));
  EXPECT_THAT(complaint("10\nAn 1 2\nAn 1 2\n"), HasSubstr("pairs:3: this pair stands in a line before"));
  EXPECT_THAT(complaint("10\n"), HasSubstr("no pair"));
  EXPECT_THAT(complaint("a,b\nx/1,y/1\n"), HasSubstr("expected a header"));
  EXPECT_THAT(complaint("reference,probe\nx/1\n"), HasSubstr("1 fields where the header has 2"));
  EXPECT_THAT(complaint("reference,probe\n1.png,2.png\n"), HasSubstr("whose picture"));
  EXPECT_THAT(complaint("reference,probe\nx/../../etc/passwd,a/1\n"), HasSubstr("does not lie below"));
  EXPECT_THAT(complaint("reference,probe\n/etc/passwd,a/1\n"), HasSubstr("does not lie below"));
  EXPECT_THAT(complaint("reference,probe,reference_subject,probe_subject\na,b,x,y\na,c,y,y\n"),
              HasSubstr("is of \"y\" here and of \"x\" before"));
}

TEST(ImagePairs, a_folder_of_people_is_every_picture_with_every_other) {
  const auto folder = TemporaryFolder::create("pairs").value();
  for (const char* name : {"b/1.PNG", "a/2.jpg", "a/1.jpg", "a/notes.txt", "loose.png"}) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    ASSERT_TRUE(write_text(folder.path() / name, "x").ok());
  }
  const auto pairs = all_pairs_of(folder.path()).value();
  EXPECT_THAT(pairs.images, ElementsAre("a/1.jpg", "a/2.jpg", "b/1.PNG"));
  EXPECT_EQ(pairs.pairs.size(), 3U);
  EXPECT_THAT(pairs.subject, ElementsAre(0, 0, 1));
  EXPECT_TRUE(find_image(folder.path(), "a/1").ok());
  EXPECT_THAT(find_image(folder.path(), "a/3").error().describe(), HasSubstr("no image a/3"));
  EXPECT_FALSE(all_pairs_of(folder.path() / "a").ok());
  EXPECT_FALSE(all_pairs_of(folder.path() / "none").ok());
}

}  // namespace
}  // namespace shogo::layouts
