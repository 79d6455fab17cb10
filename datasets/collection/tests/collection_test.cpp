#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/collection/collection.h>
#include <shogo/people/likeness.h>

namespace shogo::collection {
namespace {

/// All on the built-in head, so that the tests need no asset pack.
class Collection : public testing::Test {
 protected:
  Collection() { ::setenv("SHOGO_PEOPLE_PACK", "/nonexistent/people.pack", 1); }
  static Order small() {
    Order order;
    order.people = 2;
    order.seed = 5;
    return order;
  }
  static bool go_on(const Progress& /*unused*/) { return true; }
  TemporaryFolder temporary_ = TemporaryFolder::create("shogo-collection").value();
  std::filesystem::path folder_ = temporary_.path() / "set";
};

TEST_F(Collection, a_finished_folder_verifies_to_the_last_pixel) {
  ASSERT_TRUE(generate(folder_, small(), 2, go_on).ok());
  const auto findings = verify(folder_, 2);
  ASSERT_TRUE(findings.ok()) << findings.error().describe();
  EXPECT_EQ(findings->images, 6U);
  EXPECT_EQ(findings->redrawn, 2U);
  EXPECT_TRUE(findings->wrong.empty()) << findings->wrong.front();
}

TEST_F(Collection, one_changed_byte_one_missing_file_and_a_false_pixel_hash_are_found) {
  ASSERT_TRUE(generate(folder_, small(), 1, go_on).ok());
  Bytes file = read_file(folder_ / "images/000000/chip.jp2").value();
  file[file.size() / 2] ^= 1;
  ASSERT_TRUE(write_file(folder_ / "images/000000/chip.jp2", file).ok());
  std::filesystem::remove(folder_ / "images/000001/ideal-1.jpg");
  std::string manifest = read_text(folder_ / "manifest.json").value();
  const std::size_t at = manifest.find("pixels_sha256", manifest.find("000001/ideal-2")) + 17;
  manifest[at] = manifest[at] == '0' ? '1' : '0';
  ASSERT_TRUE(write_text(folder_ / "manifest.json", manifest).ok());
  const auto findings = verify(folder_, 2);
  ASSERT_TRUE(findings.ok());
  EXPECT_EQ(findings->wrong.size(), 3U);
}

TEST_F(Collection, an_interrupted_run_goes_on_and_ends_with_the_same_pixels) {
  const auto stopped = generate(folder_, small(), 1, [](const Progress& /*unused*/) { return false; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
  EXPECT_FALSE(verify(folder_, 0).ok());  // unfinished
  std::filesystem::remove(folder_ / "people/000001.json");
  ASSERT_TRUE(generate(folder_, small(), 1, go_on).ok());
  ASSERT_TRUE(generate(temporary_.path() / "whole", small(), 2, go_on).ok());
  EXPECT_EQ(read_text(folder_ / "manifest.json").value(),
            read_text(temporary_.path() / "whole/manifest.json").value());
}

TEST_F(Collection, a_folder_keeps_to_its_order) {
  ASSERT_TRUE(generate(folder_, small(), 1, go_on).ok());
  Order other = small();
  other.seed = 6;
  const auto result = generate(folder_, other, 1, go_on);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), Code::kConflict);
}

TEST_F(Collection, a_manifest_cannot_lead_out_of_its_folder) {
  ASSERT_TRUE(generate(folder_, small(), 1, go_on).ok());
  std::string manifest = read_text(folder_ / "manifest.json").value();
  manifest.replace(manifest.find("images/000000/chip.jp2"), 22, "../../etc/hostname.jp2");
  ASSERT_TRUE(write_text(folder_ / "manifest.json", manifest).ok());
  const auto findings = verify(folder_, 0);
  ASSERT_TRUE(findings.ok());
  ASSERT_EQ(findings->wrong.size(), 1U);
  EXPECT_NE(findings->wrong[0].find("leads out"), std::string::npos);
}

TEST_F(Collection, a_chip_photos_truth_is_told_in_the_pixels_of_the_chip_photo) {
  ASSERT_TRUE(generate(folder_, small(), 1, go_on).ok());
  const auto manifest = load_json(folder_ / "manifest.json").value();
  int chips = 0;
  for (const auto& image : manifest.at("images").as_array()) {
    if (image.at("capture").as_string() != "chip") continue;
    ++chips;
    const auto& truth = image.at("truth");
    const auto number = [](const boost::json::value& of) { return of.to_number<double>(); };
    const auto& points = truth.at("landmarks").as_array();
    ASSERT_EQ(points.size(), 5U);
    for (const auto& point : points) {
      EXPECT_GT(number(point.at(0)), 60);
      EXPECT_LT(number(point.at(0)), 180);
      EXPECT_LT(number(point.at(1)), 320);
    }
    // A photographer puts the face in the middle of 240 columns.
    EXPECT_NEAR(0.5 * (number(points[0].at(0)) + number(points[1].at(0))), 120, 10);
    const auto& box = truth.at("face_box").as_array();
    EXPECT_LE(number(box[0]) + number(box[2]), 240);
    EXPECT_LE(number(box[1]) + number(box[3]), 320);
  }
  EXPECT_EQ(chips, 2);
}

TEST_F(Collection, with_maps_lists_verifies_and_redraws_them) {
  Order order = small();
  order.people = 1;
  order.maps = true;
  ASSERT_TRUE(generate(folder_, order, 1, go_on).ok());
  const auto manifest = load_json(folder_ / "manifest.json").value();
  EXPECT_EQ(manifest.at("maps").at("labels").at(1).as_string(), "skin");
  for (const auto& image : manifest.at("images").as_array())
    for (const char* map : {"segmentation", "depth"})
      EXPECT_TRUE(std::filesystem::exists(folder_ / image.at(map).at("path").as_string().c_str()));
  EXPECT_TRUE(verify(folder_, 1)->wrong.empty());
  Bytes file = read_file(folder_ / "maps/000000/chip.depth.png").value();
  file[file.size() / 2] ^= 1;
  ASSERT_TRUE(write_file(folder_ / "maps/000000/chip.depth.png", file).ok());
  std::filesystem::remove(folder_ / "maps/000000/ideal-1.labels.png");
  std::string text = read_text(folder_ / "manifest.json").value();
  const std::size_t at = text.find("values_sha256", text.find("ideal-2.depth.png")) + 17;
  text[at] = text[at] == '0' ? '1' : '0';
  ASSERT_TRUE(write_text(folder_ / "manifest.json", text).ok());
  EXPECT_EQ(verify(folder_, 1)->wrong.size(), 3U);
}

TEST_F(Collection, keeps_look_alikes_out_and_counts_them) {
  const people::HeadModel head = people::HeadModel::built_in();
  const people::Recipe recipe = people::find_recipe("clinic").value();
  const auto face = [&](std::uint64_t seed) {
    return people::measure_face(head, people::sample_person(seed, recipe, head));
  };
  // A distance that the second person does not have from the first, so that the rule has to act.
  Order order = small();
  order.apart_mm = people::likeness_mm(face(5), face(6)) + 0.001F;
  ASSERT_TRUE(generate(folder_, order, 1, go_on).ok());
  const auto manifest = load_json(folder_ / "manifest.json").value();
  const auto& seeds = manifest.at("person_seeds").as_array();
  const auto second = seeds.at(1).to_number<std::uint64_t>();
  EXPECT_EQ(seeds.at(0).to_number<std::uint64_t>(), 5U);
  EXPECT_GT(second, 6U);
  EXPECT_EQ(manifest.at("look_alikes_left_out").to_number<std::uint64_t>(), second - 6);
  EXPECT_GE(people::likeness_mm(face(5), face(second)), order.apart_mm);
}

TEST_F(Collection, has_twins_on_purpose_who_are_far_closer_than_strangers_and_not_the_same) {
  Order order = small();
  order.people = 3;
  order.twins = true;
  ASSERT_TRUE(generate(folder_, order, 2, go_on).ok());
  const auto manifest = load_json(folder_ / "manifest.json").value();
  std::set<std::string> chips;
  int twins = 0;
  for (const auto& image : manifest.at("images").as_array()) {
    if (image.at("capture").as_string() != "chip") continue;
    chips.insert(std::string(image.at("pixels_sha256").as_string()));
    const auto& entry = image.as_object();
    const bool twin = entry.contains("twin_of");
    EXPECT_EQ(twin, image.at("person").to_number<int>() == 1);
    if (twin) {
      EXPECT_EQ(entry.at("twin_of").to_number<int>(), 0);
    }
    twins += twin ? 1 : 0;
  }
  EXPECT_EQ(twins, 1);
  EXPECT_EQ(chips.size(), 3U);
  EXPECT_TRUE(verify(folder_, 3)->wrong.empty());
}

TEST_F(Collection, an_unknown_protocol_is_an_error_that_names_the_known_ones) {
  Order order = small();
  order.protocol = "perfect";
  const auto result = generate(folder_, order, 1, go_on);
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message().find("illumination"), std::string::npos);
}

TEST(Protocol, a_ladder_changes_its_factor_and_nothing_else) {
  const people::HeadModel head = people::HeadModel::built_in();
  const people::Person person = people::sample_person(3, people::find_recipe("clinic").value(), head);
  const auto all = plan(find_protocol("yaw").value(), 1, person);
  ASSERT_EQ(all.size(), 8U);
  for (std::size_t i = 2; i < all.size(); ++i) {
    camera::Shot level = all[i].shot;
    EXPECT_EQ(level.pose.yaw, static_cast<float>(all[i].step));
    level.pose.yaw = all[1].shot.pose.yaw;
    EXPECT_EQ(boost::json::serialize(camera::to_json(level)),
              boost::json::serialize(camera::to_json(all[1].shot)));
  }
}

TEST(Protocol, every_protocol_starts_with_the_chip_photo_and_names_each_picture_once) {
  const people::HeadModel head = people::HeadModel::built_in();
  const people::Person person = people::sample_person(3, people::find_recipe("clinic").value(), head);
  for (const Protocol& protocol : protocols()) {
    std::set<std::string> names;
    const auto all = plan(protocol, 1, person);
    ASSERT_GE(all.size(), 3U) << protocol.name;
    EXPECT_TRUE(all[0].chip);
    for (const Planned& one : all) EXPECT_TRUE(names.insert(one.name).second) << one.name;
  }
}

TEST(Protocol, ageing_leaves_the_person_and_changes_the_age) {
  const people::HeadModel head = people::HeadModel::built_in();
  const people::Recipe recipe = people::find_recipe("clinic").value();
  const people::Person now = people::sample_person(12, recipe, head),
                       later = people::sample_person(12, recipe, head, {10, 0});
  EXPECT_NEAR(later.age - now.age, 10, 1e-3);
  EXPECT_EQ(later.sex, now.sex);
  ASSERT_EQ(later.axes.size(), now.axes.size());
  for (std::size_t i = 0; i < now.axes.size(); ++i) EXPECT_EQ(later.axes[i].value, now.axes[i].value);
}

}  // namespace
}  // namespace shogo::collection
