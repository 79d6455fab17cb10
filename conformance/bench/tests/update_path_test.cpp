// Update packages by the whole way of the product, server to host agent to reader: bad ones are refused by
// their name, and a full storage ends in a working version.
#include "card_trace.h"
#include "link_stage.h"
#include "reference_session.h"
#include "update_stage.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <shogo/base/file.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kSoon{30'000};  ///< a busy machine lays out every page in its own time
constexpr std::string_view kProfiles =
    R"({"format":1,"profiles":[{"name":"other","application":"F053484F474F01","pin_file":"0018"}]})";

PackageHeader profiles(PackageVersion version, std::uint64_t sequence) {
  return {PackageKind::kCardProfiles, version, sequence, false};
}

class UpdatePath : public testing::Test {
 protected:
  UpdatePath() : session_(DeviceRequest{}) {
    EXPECT_TRUE(session_.stage && look_often(*session_.stage).ok());
  }
  Stage& stage() { return *session_.stage; }
  std::string version_of(std::string_view part) {
    const auto told = stage().device().call("get_versions", {}, kAnswerWait);
    return told.ok() && told->is_object() ? text_of(told->get_object(), part) : "";
  }
  [[nodiscard]] bool reaches(std::string_view part, std::string_view version) {
    return wait_version(stage(), part, version, kSoon).ok() && version_of(part) == version;
  }
  /// Until a log holds this; asked between by requests that the device answers.
  [[nodiscard]] bool logged(const char* file, const std::string& words) {
    const auto path = std::filesystem::path(session_.world().bench().log_folder) / file;
    RealClock clock;
    const Nanoseconds until = clock.now() + kSoon;
    do {
      const auto text = read_text(path);
      if (text.ok() && text->find(words) != std::string::npos) return true;
      (void)version_of("firmware");
    } while (clock.now() < until);
    return false;
  }
  void refused(std::string_view name, const Bytes& package, std::string_view reason,
               const char* file = "host-agent.log") {
    (void)offer(stage(), name, package);
    EXPECT_TRUE(logged(file, fmt::format(R"("outcome":"refused","reason":"{}")", reason))) << name;
  }
  ReferenceSession session_;
};

TEST_F(UpdatePath, bad_packages_are_refused_by_their_name_and_the_version_in_force_stays) {
  (void)offer(stage(), "sound", sound_package(stage(), profiles({2, 0, 0}, 10), kProfiles));
  ASSERT_TRUE(reaches("card_profiles", "2.0.0"));
  const Bytes next = sound_package(stage(), profiles({3, 0, 0}, 11), kProfiles);
  Bytes changed = next, cut = next, endless = next;
  changed.back() ^= 1;
  cut.resize(cut.size() / 2);
  endless.resize(20U << 20);
  refused("garbage", Bytes(1'000, 0x55), "not_a_package");
  refused("cut", cut, "truncated");
  refused("changed", changed, "wrong_content");
  refused("unsigned", without_signature(next), "bad_signature");
  refused("forged", forged(stage(), profiles({3, 0, 0}, 11), kProfiles), "unknown_key");
  refused("replayed", sound_package(stage(), profiles({3, 0, 0}, 9), kProfiles), "replayed");
  refused("older", sound_package(stage(), profiles({1, 0, 0}, 12), kProfiles), "downgrade");
  refused("endless", endless, "too_large");
  EXPECT_EQ(version_of("card_profiles"), "2.0.0");
  (void)offer(stage(), "last", next);
  EXPECT_TRUE(reaches("card_profiles", "3.0.0")) << "after all that the next sound one is taken";
}

TEST_F(UpdatePath, settings_go_over_the_link_and_survive_a_reader_that_starts_again) {
  const PackageHeader first{PackageKind::kSettings, {1, 0, 0}, 1, false};
  (void)offer(stage(), "settings", sound_package(stage(), first, R"({"clinic_name":"更新医院"})"));
  ASSERT_TRUE(reaches("settings", "1.0.0"));
  const auto settings = stage().call("get_settings");
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(text_of(settings->as_object(), "clinic_name"), "更新医院");
  (void)offer(stage(), "nonsense",
              sound_package(stage(), {PackageKind::kSettings, {1, 1, 0}, 2, false}, R"({"clinic_nam":1})"));
  EXPECT_TRUE(logged("reader.log", R"("outcome":"rolled_back","reason":"not_understood")"));
  EXPECT_EQ(version_of("settings"), "1.0.0");
  session_.dut->processes().crash(kReader);
  ASSERT_TRUE(session_.dut->start_again(kReader).ok());
  session_.begin();
}

TEST_F(UpdatePath, firmware_data_changes_the_words_of_the_pages_and_bad_data_give_way_to_those_before) {
  const auto data = [&](std::uint16_t minor, std::string_view words) {
    return sound_package(stage(), {PackageKind::kFirmwareData, {1, minor, 0}, minor + 1U, false},
                         fmt::format(R"({{"format":1,"firmware":"0.1.0",{}}})", words));
  };
  const auto title = [&] {
    const auto tree = session_.dut->device().call("get_ui_tree", {}, kAnswerWait);
    if (!tree.ok()) return tree.error().describe();
    for (const boost::json::value& node : tree->at("nodes").as_array())
      if (node.at("id") == "title") return std::string(node.at("text").as_string());
    return std::string("no title");
  };
  (void)offer(stage(), "words", data(0, R"("screens":{"idle":{"title":{"ja":"カードをどうぞ"}}})"));
  ASSERT_TRUE(reaches("firmware_data", "1.0.0"));
  EXPECT_EQ(title(), "カードをどうぞ");
  (void)offer(stage(), "too wide", data(1, R"("words":{"end":{"en":"Press here to end it all now"}})"));
  EXPECT_TRUE(logged("reader.log", R"("outcome":"rolled_back","reason":"not_understood")"));
  (void)offer(stage(), "other firmware",
              sound_package(stage(), {PackageKind::kFirmwareData, {1, 2, 0}, 3, false},
                            R"({"format":1,"firmware":"9.9.9"})"));
  EXPECT_TRUE(logged("reader.log", R"("version":"1.2.0","outcome":"rolled_back")"));
  EXPECT_EQ(version_of("firmware_data"), "1.0.0");
  EXPECT_EQ(title(), "カードをどうぞ");
  session_.dut->processes().crash(kReader);
  ASSERT_TRUE(session_.dut->start_again(kReader).ok());
  EXPECT_EQ(title(), "カードをどうぞ");
}

TEST_F(UpdatePath, a_full_storage_is_told_and_the_old_version_stays) {
  (void)offer(stage(), "sound", sound_package(stage(), profiles({2, 0, 0}, 10), kProfiles));
  ASSERT_TRUE(reaches("card_profiles", "2.0.0"));
  // Files of this process can have this many bytes and no more: what its log had, and less than the package.
  const auto log = std::filesystem::path(session_.world().bench().log_folder) / "host-agent.log";
  const rlimit quota{std::filesystem::file_size(log) + 100'000, RLIM_INFINITY};
  const int pid = session_.dut->processes().pid(kHostAgent);
  ASSERT_EQ(::prlimit(pid, RLIMIT_FSIZE, &quota, nullptr), 0);
  std::string big(kProfiles);
  big.insert(big.size() - 1, std::string(400'000, ' '));
  refused("big", sound_package(stage(), profiles({3, 0, 0}, 11), big), "storage_full");
  EXPECT_EQ(version_of("card_profiles"), "2.0.0");
  const rlimit room{RLIM_INFINITY, RLIM_INFINITY};
  ASSERT_EQ(::prlimit(pid, RLIMIT_FSIZE, &room, nullptr), 0);
  (void)offer(stage(), "next", sound_package(stage(), profiles({4, 0, 0}, 12), big));
  EXPECT_TRUE(reaches("card_profiles", "4.0.0"));
}

}  // namespace
}  // namespace shogo::conformance
