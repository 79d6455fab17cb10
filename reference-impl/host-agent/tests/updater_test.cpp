// The updater with a scripted network and a storage in memory: what it installs, refuses, tells and never
// asks twice.
#include "updater.h"

#include "memory_storage.h"
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

using contract::PackageHeader;
using contract::PackageKind;
using contract::SigningKey;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kNext =
    R"({"format":1,"profiles":[{"name":"next","application":"D392F0002601000000F1","pin_file":"0018"}]})";

SigningKey key(std::uint8_t fill = 1) {
  return *SigningKey::from_seed(Bytes(32, fill));
}

/// A shelf of packages; each fetch is counted.
class Shelf final : public PackageSource {
 public:
  void offer(Bytes package) { packages_[sha256_hex(package)] = std::move(package); }
  Result<Bytes> get(std::string_view path, std::size_t limit) override {
    if (down) return Error{Code::kUnavailable, "no network"};
    if (path == "/v1/updates") {
      ++looks;
      std::string list;
      for (const auto& [sha256, package] : packages_)
        list += (list.empty() ? "" : ",") + std::string(R"({"sha256":")") + sha256 + R"(","size":)" +
                std::to_string(claimed_size.value_or(package.size())) + "}";
      const std::string body = R"({"updates":[)" + list + "]}";
      return Bytes(body.begin(), body.end());
    }
    ++fetches;
    const auto found = packages_.find(path.substr(path.rfind('/') + 1));
    if (found == packages_.end()) return Error{Code::kNotFound, "gone"};
    if (found->second.size() > limit) return Error{Code::kExhausted, "too long"};
    Bytes given = found->second;
    if (garbles) given.back() ^= 1;
    return given;
  }
  void cancel() override { cancelled = true; }

  bool down = false, garbles = false, cancelled = false;
  std::optional<std::size_t> claimed_size;
  int looks = 0, fetches = 0;

 private:
  std::map<std::string, Bytes, std::less<>> packages_;
};

class UpdaterTest : public testing::Test {
 protected:
  UpdaterTest() { start(); }
  /// The host agent starts, or starts again.
  void start() {
    updater_.reset();
    told_.clear();
    updater_ = std::make_unique<Updater>(Updater::Parts{shelf_,
                                                        storage_,
                                                        {key().public_key()},
                                                        cards_,
                                                        [this](boost::json::object body) {
                                                          const std::lock_guard lock(mutex_);
                                                          told_.push_back(boost::json::serialize(body));
                                                        }},
                                         UpdaterHooks{}, clock_, log_);
    updater_->start();
  }
  /// It looks, and has judged what it found.
  void look() {
    updater_->message({{"type", "update_poll"}, {"every_ms", 1'000}});
    updater_->settle();
    clock_.advance(milliseconds{1'001});
    updater_->settle();
  }
  std::vector<std::string> told(std::string_view type) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> of_type;
    for (const std::string& text : told_)
      if (text.find(R"("type":")" + std::string(type) + "\"") != text.npos) of_type.push_back(text);
    return of_type;
  }
  static Bytes profiles(std::uint64_t sequence, contract::PackageVersion version = {1, 0, 0},
                        std::string_view content = kNext, std::uint8_t signer = 1) {
    return contract::write_package({PackageKind::kCardProfiles, version, sequence, false}, as_bytes(content),
                                   key(signer));
  }

  VirtualClock clock_;
  MemorySink sink_;
  Log log_{clock_, sink_, "test"};
  MemoryStorage storage_;
  Shelf shelf_;
  KnownCards cards_;
  std::mutex mutex_;
  std::vector<std::string> told_;
  std::unique_ptr<Updater> updater_;
};

TEST_F(UpdaterTest, a_package_is_installed_without_anybody_and_survives_a_start) {
  EXPECT_EQ(cards_.get()->size(), 1U);
  shelf_.offer(profiles(1));
  look();
  EXPECT_EQ(cards_.get()->size(), 2U);
  EXPECT_THAT(told("update"), ElementsAre(HasSubstr(R"("outcome":"installed")")));
  EXPECT_THAT(told("versions").back(), HasSubstr(R"("version":"1.0.0")"));
  start();
  EXPECT_EQ(cards_.get()->size(), 2U);
  look();
  EXPECT_THAT(told("update"), IsEmpty()) << "the package in force is no news";
}

TEST_F(UpdaterTest, what_was_judged_is_not_fetched_again_while_it_is_offered) {
  shelf_.offer(profiles(1));
  shelf_.offer(profiles(2, {1, 0, 0}, kNext, 9));
  for (int i = 0; i < 5; ++i) look();
  EXPECT_EQ(shelf_.fetches, 2);
  EXPECT_EQ(told("update").size(), 2U);
}

TEST_F(UpdaterTest, whatever_is_wrong_is_refused_by_its_name_and_nothing_changes) {
  Bytes changed = profiles(4);
  changed.back() ^= 1;
  Bytes cut = profiles(5);
  cut.pop_back();
  const std::pair<Bytes, const char*> cases[] = {{profiles(3, {1, 0, 0}, kNext, 9), "unknown_key"},
                                                 {changed, "wrong_content"},
                                                 {cut, "truncated"},
                                                 {Bytes{1, 2, 3}, "not_a_package"}};
  for (const auto& [package, reason] : cases) {
    shelf_.offer(package);
    look();
    EXPECT_THAT(told("update").back(), HasSubstr(std::string(R"("reason":")") + reason + "\""));
    EXPECT_EQ(cards_.get()->size(), 1U) << reason;
  }
}

TEST_F(UpdaterTest, an_old_package_and_an_older_version_are_refused) {
  shelf_.offer(profiles(5, {2, 0, 0}));
  look();
  shelf_.offer(profiles(4, {3, 0, 0}));
  look();
  EXPECT_THAT(told("update").back(), HasSubstr("replayed"));
  shelf_.offer(profiles(6, {1, 0, 0}));
  look();
  EXPECT_THAT(told("update").back(), HasSubstr("downgrade"));
  EXPECT_THAT(told("versions").back(), HasSubstr("2.0.0"));
}

TEST_F(UpdaterTest, a_signed_content_that_is_not_understood_is_rolled_back_to_what_was_before) {
  shelf_.offer(profiles(1));
  look();
  shelf_.offer(profiles(2, {2, 0, 0}, R"({"format":1,"profiles":[]})"));
  look();
  EXPECT_THAT(told("update").back(), HasSubstr(R"("outcome":"rolled_back","reason":"not_understood")"));
  EXPECT_THAT(told("versions").back(), HasSubstr("1.0.0"));
  EXPECT_EQ(cards_.get()->size(), 2U);
  start();
  EXPECT_EQ(cards_.get()->size(), 2U);
}

TEST_F(UpdaterTest, an_answer_that_lies_about_size_or_hash_is_refused) {
  shelf_.claimed_size = std::size_t{1} << 40;
  shelf_.offer(profiles(1));
  look();
  EXPECT_THAT(told("update").back(), HasSubstr("too_large"));
  EXPECT_EQ(shelf_.fetches, 0);
  shelf_.claimed_size.reset();
  shelf_.garbles = true;
  shelf_.offer(profiles(2));
  look();
  EXPECT_THAT(told("update").back(), HasSubstr("other_than_announced"));
}

TEST_F(UpdaterTest, a_full_disk_is_told_and_the_old_version_stays) {
  shelf_.offer(profiles(1));
  look();
  storage_.full = true;
  shelf_.offer(profiles(2, {2, 0, 0}));
  look();
  EXPECT_THAT(told("update").back(), HasSubstr("storage_full"));
  EXPECT_THAT(told("versions").back(), HasSubstr("1.0.0"));
}

TEST_F(UpdaterTest, a_network_that_comes_and_goes_is_logged_once_each_way) {
  shelf_.down = true;
  for (int i = 0; i < 3; ++i) look();
  shelf_.down = false;
  look();
  std::string all;
  for (const std::string& line : sink_.lines()) all += line;
  EXPECT_THAT(all, HasSubstr("update_network_lost"));
  EXPECT_EQ(all.find("update_network_lost"), all.rfind("update_network_lost"));
  EXPECT_THAT(all, HasSubstr("update_network_back"));
}

TEST_F(UpdaterTest, what_is_forgotten_is_as_built_and_can_be_installed_again) {
  shelf_.offer(profiles(1));
  look();
  updater_->message({{"type", "forget_updates"}});
  updater_->settle();
  EXPECT_EQ(cards_.get()->size(), 1U);
  EXPECT_EQ(told("updates_forgotten").size(), 1U);
  look();
  EXPECT_EQ(cards_.get()->size(), 2U);
}

TEST_F(UpdaterTest, what_is_the_readers_goes_to_it_in_parts_and_the_rest_waits_for_its_answer) {
  const std::string content(20'000, 'x');
  const Bytes package =
      contract::write_package({PackageKind::kSettings, {1, 0, 0}, 1, false}, as_bytes(content), key());
  shelf_.offer(package);
  look();
  ASSERT_EQ(told("update_offer").size(), 1U);
  shelf_.offer(profiles(1));
  look();
  EXPECT_EQ(cards_.get()->size(), 1U) << "one after the other";
  Bytes arrived;
  const std::string sha256 = sha256_hex(package);
  while (arrived.size() < package.size()) {
    updater_->message({{"type", "update_want"}, {"sha256", sha256}, {"offset", arrived.size()}});
    updater_->settle();
    const auto part = boost::json::parse(told("update_part").back()).as_object();
    EXPECT_LT(told("update_part").back().size(), 16'384U) << "what the link takes at once";
    append(arrived, from_base64(std::string(part.at("data").as_string())).value());
  }
  EXPECT_EQ(arrived, package);
  updater_->message({{"type", "update_result"},
                     {"sha256", sha256},
                     {"kind", "settings"},
                     {"version", "1.0.0"},
                     {"outcome", "rolled_back"},
                     {"reason", "not_understood"}});
  updater_->settle();
  std::string log;
  for (const std::string& line : sink_.lines()) log += line;
  EXPECT_THAT(log, HasSubstr(R"("event":"update_delivered","kind":"settings","version":"1.0.0",)"
                             R"("outcome":"rolled_back","reason":"not_understood")"));
  EXPECT_EQ(cards_.get()->size(), 2U);
  look();
  EXPECT_EQ(told("update_offer").size(), 1U) << "it has an answer";
}

TEST_F(UpdaterTest, a_reader_that_comes_back_is_offered_what_was_on_its_way) {
  shelf_.offer(
      contract::write_package({PackageKind::kAccuracy, {1, 0, 0}, 1, false}, as_bytes(kNext), key()));
  look();
  updater_->reader_connected();
  updater_->settle();
  EXPECT_EQ(told("update_offer").size(), 2U);
}

TEST_F(UpdaterTest, a_state_that_nobody_understands_is_left_alone) {
  updater_.reset();
  ASSERT_TRUE(storage_.write("state.json", as_bytes("{}")).ok());
  start();
  shelf_.offer(profiles(1));
  updater_->message({{"type", "update_poll"}, {"every_ms", 1'000}});
  updater_->settle();
  clock_.advance(milliseconds{1'001});
  updater_->settle();
  EXPECT_EQ(as_text(*storage_.read("state.json")), "{}");
  EXPECT_EQ(shelf_.fetches, 0);
}

}  // namespace
}  // namespace shogo::agent
