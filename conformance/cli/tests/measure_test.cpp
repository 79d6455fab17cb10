#include "shogo_command.h"
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;

Done shogo_measure(Words words) {
  return shogo("measure", std::move(words));
}

class Measure : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    EXPECT_TRUE(write_text(path, text).ok());
    return path.string();
  }
  TemporaryFolder folder_ = TemporaryFolder::create("measure").value();
};

TEST_F(Measure, json_has_the_iso_names_with_everything_behind_each_rate) {
  std::string text = "claimed,probe,score\n";
  for (int a = 0; a < 40; ++a) {
    text += fmt::format("p{0},p{0},{1}\n", a, 0.8 + 0.001 * a);
    for (int b = a + 1; b < 40; ++b) text += fmt::format("p{},p{},{}\n", a, b, 0.001 * (a + b));
  }
  const Done done = shogo_measure({"scores", file("s.csv", text), "--threshold", "0.5", "--fmr", "1%",
                                   "--fnmr", "<10%", "--subject-share", "0", "--json", "-"});
  EXPECT_EQ(done.code, kExitOk) << done.err;
  const json::value value = parse_json(done.out, "out").value();
  for (const char* name : {"FMR", "FNMR"})
    for (const char* key :
         {"k", "n", "n_effective", "point", "lower", "upper", "confidence", "method", "limit", "verdict"})
      EXPECT_TRUE(value.at(name).as_object().contains(key)) << name << " " << key;
  EXPECT_EQ(value.at("FMR").at("n"), 780);
  EXPECT_EQ(value.at("FNMR").at("limit").at("relation"), "<");
  EXPECT_EQ(value.at("threshold_mode"), "fixed");
  EXPECT_EQ(value.at("input").at("subjects"), 40);
}

TEST_F(Measure, plots_and_curves_are_written) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += fmt::format("{},{}\n", i % 10 == 0 ? 1 : 0, i % 10 == 0 ? 0.9 : 0.001 * i);
  const std::string scores = file("s.csv", "genuine,score\n" + text);
  const std::string svg = (folder_.path() / "d.svg").string(), csv = (folder_.path() / "d.csv").string();
  const Done done = shogo_measure({"det", scores, "--plot", svg, "--csv", csv});
  EXPECT_EQ(done.code, kExitOk) << done.err;
  EXPECT_THAT(read_text(svg).value(), HasSubstr("</svg>"));
  EXPECT_THAT(read_text(csv).value(), HasSubstr("threshold,false_matches"));
  EXPECT_THAT(done.out, HasSubstr("EER"));
}

/// How much of a picture has about this colour.
double share_of_colour(const Image& image, std::array<int, 3> colour) {
  int near = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      int away = 0;
      for (std::size_t c = 0; c < 3; ++c) away = std::max(away, std::abs(image.at(x, y)[c] - colour[c]));
      near += away < 12 ? 1 : 0;
    }
  return near / static_cast<double>(image.width * image.height);
}

TEST_F(Measure, plots_ending_in_png_are_pictures_of_the_same_shapes) {
  std::string text = "claimed,probe,score\n";
  for (int a = 0; a < 30; ++a) {
    for (int i = 0; i < 4; ++i) text += fmt::format("p{0},p{0},{1}\n", a, a == 7 ? 0.1 : 0.8 + 0.01 * i);
    for (int b = a + 1; b < 30; ++b) text += fmt::format("p{},p{},{}\n", a, b, 0.005 * (a + b));
  }
  const std::string scores = file("s.csv", text), plot = (folder_.path() / "h.png").string(),
                    zoo = (folder_.path() / "z.png").string(), det = (folder_.path() / "d.png").string();
  EXPECT_NE(shogo_measure({"scores", scores, "--threshold", "0.5", "--plot", plot, "--zoo", zoo}).code,
            kExitTrouble);
  EXPECT_EQ(shogo_measure({"det", scores, "--plot", det}).code, kExitOk);
  for (const std::string& name : {plot, zoo, det}) {
    const Image image = decode_png(read_file(name).value()).value();
    EXPECT_EQ(image.width, 1440) << name;
    EXPECT_EQ(image.height, 1040) << name;
    EXPECT_GT(share_of_colour(image, {255, 255, 255}), 0.5) << name;
    EXPECT_GT(share_of_colour(image, {0, 0, 0}), 0.002) << name << ": titles and numbers";
  }
  // The goat p7 stands out in orange, and only in the zoo's dot and its legend.
  const double goat = share_of_colour(decode_png(read_file(zoo).value()).value(), {0xD5, 0x5E, 0x00});
  EXPECT_GT(goat, 1e-4);
  EXPECT_LT(goat, 1e-3);
}

TEST_F(Measure, a_plot_with_another_ending_is_refused_before_any_work) {
  const Done done = shogo_measure({"scores", "no-such-file", "--zoo", "zoo.jpg"});
  EXPECT_EQ(done.code, kExitTrouble);
  EXPECT_THAT(done.err, HasSubstr("--zoo: the file must end in .svg or .png, not \"zoo.jpg\""));
}

TEST_F(Measure, what_cannot_be_judged_is_told_in_one_line_and_gives_no_number) {
  for (const auto& [text, why] :
       {std::pair{"a a p nan\na b q 0.1\n", "not a number"}, std::pair{"a a p 0.9\n", "no impostor"},
        std::pair{"a a p 0.1\na b q 0.9\n", "--distance"}, std::pair{"", "empty"}}) {
    const Done done = shogo_measure({"scores", file("bad.txt", text)});
    EXPECT_EQ(done.code, kExitTrouble);
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, HasSubstr(why));
  }
}

TEST_F(Measure, a_distance_threshold_is_turned_round_with_the_scores) {
  const std::string distances = file("d.txt", "a a p 0.1\nb b p 0.4\na b q 0.9\nb a q 0.3\n");
  const Done done = shogo_measure({"scores", distances, "--distance", "--threshold", "0.4", "--json", "-"});
  const json::value value = parse_json(done.out, "out").value();
  EXPECT_EQ(value.at("FNMR").at("k"), 0) << "0.4 <= 0.4 matches";
  EXPECT_EQ(value.at("FMR").at("k"), 1);
}

TEST_F(Measure, attack_rates_need_species) {
  const Done done = shogo_measure({"pad", file("p.csv", "score,label\n0.1,1\n")});
  EXPECT_EQ(done.code, kExitTrouble);
  EXPECT_THAT(done.err, HasSubstr("no APCER"));
}

TEST_F(Measure, a_plan_says_how_many_trials) {
  const Done done = shogo_measure({"plan", "--limit", "<1%", "--true", "0.2%", "--json", "-"});
  EXPECT_EQ(done.code, kExitOk) << done.err;
  EXPECT_EQ(parse_json(done.out, "out").value().at("plan").at("errors_allowed"), 3);
  EXPECT_EQ(shogo_measure({"plan", "--limit", "1%", "--true", "2%"}).code, kExitTrouble);
  EXPECT_EQ(shogo_measure({"plan"}).code, kExitTrouble);
  EXPECT_EQ(shogo_measure({"plan", "--limit", "one"}).code, kExitTrouble);
}

TEST_F(Measure, the_group_lists_its_commands) {
  EXPECT_THAT(shogo_measure({"--help"}).out, HasSubstr("measure plan"));
  EXPECT_EQ(shogo_measure({"--help"}).code, kExitOk);
  EXPECT_EQ(shogo_measure({}).code, kExitTrouble);
  EXPECT_THAT(shogo_measure({"score"}).err, HasSubstr("did you mean \"measure scores\"?"));
}

TEST_F(Measure, an_engine_is_run_on_pictures_and_judged) {
  // Two grey levels a picture, nobody's face: rows for one person, columns for another.
  for (int person = 0; person < 6; ++person)
    for (int number = 0; number < 3; ++number) {
      Bytes pixels;
      for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 32; ++x) {
          const int wave = person < 3 ? x * (person + 1) : y * (person - 2);
          pixels.insert(pixels.end(), 3,
                        static_cast<std::uint8_t>(wave / 8 % 2 * 120 + number * 3 + x % (number + 2)));
        }
      const Image image{32, 32, 3, pixels};
      const auto path = folder_.path() / fmt::format("faces/p{}/{}.png", person, number);
      std::filesystem::create_directories(path.parent_path());
      ASSERT_TRUE(write_file(path, encode_png(image).value()).ok());
    }
  const std::string engine = std::string(SHOGO_LIB_DIR) + "/libshogo-engine-pixels.so";
  const std::string faces = (folder_.path() / "faces").string();
  const Done done = shogo_measure({"engine", engine, "--images", faces, "--mode", "swept", "--json", "-"});
  EXPECT_EQ(done.code, kExitUndecided) << done.err;
  const auto value = parse_json(done.out, "out").value();
  EXPECT_EQ(value.at("engine").at("name"), "pixels (no face matcher)");
  EXPECT_EQ(value.at("input").at("pairs"), 153);
  EXPECT_EQ(value.at("FNMR").at("n"), 18);
  const std::string pairs = file("pairs.csv", "reference,probe\np0/0.png,p0/1.png\np0/0.png,p1/1.png\n");
  EXPECT_THAT(shogo_measure({"engine", engine, "--images", faces, "--pairs", pairs, "--mode", "swept"}).out,
              HasSubstr("3 pictures of 2 people, 2 pairs"));
  EXPECT_THAT(shogo_measure({"engine", engine}).err, HasSubstr("--images DIR is needed"));
  EXPECT_THAT(shogo_measure({"engine", "/nowhere.so", "--images", faces}).err, HasSubstr("/nowhere.so"));
}

TEST_F(Measure, people_can_be_drawn_again_and_again) {
  std::string complete = "claimed,probe,score\n";
  for (int a = 0; a < 40; ++a) {
    complete += fmt::format("p{0},p{0},{1}\n", a, a % 20 == 0 ? 0.1 : 0.9);
    for (int b = a + 1; b < 40; ++b)
      complete += fmt::format("p{},p{},{}\n", a, b, (a * b) % 61 == 7 ? 0.8 : 0.2);
  }
  const Done done = shogo_measure(
      {"scores", file("c.csv", complete), "--threshold", "0.5", "--bootstrap", "500", "--json", "-"});
  const auto value = parse_json(done.out, "out").value();
  const auto& bounds = value.at("bootstrap");
  EXPECT_LT(bounds.at("FNMR").at("lower").as_double(), 0.05);
  EXPECT_GT(bounds.at("FNMR").at("upper").as_double(), 0.05);
  EXPECT_LT(bounds.at("FMR").at("lower").as_double(), bounds.at("FMR").at("upper").as_double());
  EXPECT_FALSE(bounds.as_object().contains("FNMR with threshold")) << "the threshold was given";

  const Done told = shogo_measure({"scores", (folder_.path() / "c.csv").string(), "--mode", "swept", "--fmr",
                                   "1%", "--fnmr", "20%", "--bootstrap", "500"});
  EXPECT_THAT(told.out, testing::ContainsRegex("resampled FNMR  [0-9.]+ % \\.\\. [0-9.]+ % \\(500 draws"));
  EXPECT_THAT(told.out, testing::ContainsRegex("resampled FMR   [0-9.]+ % \\.\\. [0-9.]+ % \\(500 draws"));
  EXPECT_THAT(told.out, HasSubstr("resampled FNMR with threshold "));

  const std::string half = file("h.csv", "claimed,probe,score\na,a,0.9\nb,b,0.8\nc,c,0.9\na,b,0.1\n");
  EXPECT_THAT(shogo_measure({"scores", half, "--threshold", "0.5", "--bootstrap", "500"}).out,
              HasSubstr("needs every two people"));
}

TEST_F(Measure, transactions_count_retries_as_they_happened) {
  const std::string log = file("log.csv",
                               "transaction_id,claimed,probe,result\nt1,a,a,no_match\nt1,a,a,match\n"
                               "t2,a,b,no_match\nt2,a,b,no_match\nt2,a,b,match\n");
  const Done done = shogo_measure({"transactions", log, "--far", "1%"});
  EXPECT_EQ(done.code, kExitFail) << done.err;
  EXPECT_THAT(done.out, HasSubstr("5 attempts, at most 3 in a transaction"));
  EXPECT_THAT(done.out, HasSubstr("FAR        100 %   1 of 1"));
  EXPECT_EQ(shogo_measure({"transactions", log}).code, kExitOk);
  EXPECT_THAT(shogo_measure({"transactions", file("bad.csv", "a,b\n1,2\n")}).err,
              HasSubstr("transaction_id is missing"));
}

TEST_F(Measure, a_sequence_stops_where_the_limit_is_proven) {
  std::string clean;
  for (int i = 0; i < 1000; ++i) clean += "0\n";
  const Done done = shogo_measure({"sequential", file("s.txt", clean), "--limit", "<1%"});
  EXPECT_EQ(done.code, kExitOk) << done.err;
  EXPECT_THAT(done.out, HasSubstr("0 errors in 377 trials: proven kept"));
  EXPECT_EQ(shogo_measure({"sequential", file("b.txt", "1\n1\n1\n1\n1\n"), "--limit", "<1%"}).code,
            kExitFail);
  EXPECT_THAT(shogo_measure({"sequential", file("u.txt", "0\n"), "--limit", "<1%"}).out,
              HasSubstr("undecided; 376 more"));
  EXPECT_THAT(shogo_measure({"sequential", file("x.txt", "0\nno\n"), "--limit", "<1%"}).err,
              HasSubstr(":2: expected 0 or 1"));
}

}  // namespace
}  // namespace shogo::conformance
