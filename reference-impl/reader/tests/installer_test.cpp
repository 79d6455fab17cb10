// The reader's installer: parts over a link that may fail, verified again, installed only while nobody is
// served.
#include "updates/installer.h"

#include "face/face_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo::reader {
namespace {

using contract::PackageKind;
using contract::SigningKey;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

SigningKey key(std::uint8_t fill = 1) {
  return *SigningKey::from_seed(Bytes(32, fill));
}

Bytes package(std::uint64_t sequence, std::string_view content, contract::PackageVersion version = {1, 0, 0},
              PackageKind kind = PackageKind::kSettings, std::uint8_t signer = 1) {
  return contract::write_package({kind, version, sequence, false}, as_bytes(content), key(signer));
}

class InstallerTest : public testing::Test {
 protected:
  InstallerTest() { start(); }
  void start() {
    installer_.emplace(
        Installer::Parts{*storage_,
                         {key().public_key()},
                         {{PackageKind::kSettings,
                           [this](ByteView content) {
                             const bool understood = as_text(content).substr(0, 2) == "ok";
                             if (understood) in_force_ = std::string(as_text(content));
                             return understood;
                           },
                           [this] { in_force_ = "built in"; }}},
                         [this] { return idle_; },
                         [this](const boost::json::object& body) { sent_.push_back(body); },
                         [this](const reference::UpdateNews& news) {
                           told_.push_back(std::string(news.outcome) + " " + std::string(news.reason));
                         }},
        InstallerHooks{});
    installer_->open();
  }
  /// The host agent sends it, answering every want with up to `part` bytes, at most `parts` times.
  void send(const Bytes& whole, std::size_t part = 50, int parts = 1'000) {
    const std::string sha256 = sha256_hex(whole);
    (void)installer_->message({{"type", "update_offer"}, {"sha256", sha256}, {"size", whole.size()}});
    std::size_t answered = 0;
    while (sent_.size() > answered && sent_.back().at("type") == "update_want" && parts-- > 0) {
      answered = sent_.size();
      const auto offset = static_cast<std::size_t>(sent_.back().at("offset").to_number<std::int64_t>());
      const ByteView rest = ByteView(whole).subspan(offset);
      ASSERT_TRUE(installer_->message({{"type", "update_part"},
                                       {"sha256", sha256},
                                       {"offset", offset},
                                       {"data", to_base64(rest.first(std::min(part, rest.size())))}}));
    }
  }

  TemporaryFolder folder_ = *TemporaryFolder::create("installer");
  std::optional<reference::FolderStorage> storage_ = *reference::FolderStorage::open(folder_.path());
  std::string in_force_;
  bool idle_ = true;
  std::vector<boost::json::object> sent_;
  std::vector<std::string> told_;
  std::optional<Installer> installer_;
};

TEST_F(InstallerTest, parts_become_a_package_that_is_in_force_and_survives_a_start) {
  send(package(1, "ok one"));
  EXPECT_EQ(in_force_, "ok one");
  EXPECT_THAT(told_, ElementsAre("installed none"));
  EXPECT_EQ(sent_.back().at("type"), "update_result");
  EXPECT_EQ(installer_->versions().at("settings"), "1.0.0");
  in_force_.clear();
  start();
  EXPECT_EQ(in_force_, "ok one");
}

TEST_F(InstallerTest, a_link_that_was_lost_goes_on_where_it_was) {
  const Bytes whole = package(1, "ok one");
  send(whole, 50, 2);
  EXPECT_EQ(in_force_, "built in");
  const std::size_t before = sent_.size();
  send(whole);
  EXPECT_EQ(in_force_, "ok one");
  EXPECT_EQ(sent_[before].at("offset"), 100) << "what had come was asked for again";
}

TEST_F(InstallerTest, nothing_is_installed_while_somebody_is_served) {
  idle_ = false;
  send(package(1, "ok one"));
  EXPECT_EQ(in_force_, "built in");
  idle_ = true;
  installer_->now_idle();
  EXPECT_EQ(in_force_, "ok one");
}

TEST_F(InstallerTest, what_the_host_agent_may_have_let_through_is_refused_here) {
  Bytes changed = package(2, "ok changed");
  changed.back() ^= 1;
  send(package(2, "ok forged", {1, 0, 0}, PackageKind::kSettings, 9));
  send(changed);
  send(Bytes{1, 2, 3});
  send(package(2, "ok other", {1, 0, 0}, PackageKind::kCardProfiles));
  EXPECT_THAT(told_, ElementsAre("refused unknown_key", "refused wrong_content", "refused not_a_package",
                                 "refused no_use"));
  EXPECT_EQ(in_force_, "built in");
}

TEST_F(InstallerTest, a_content_that_is_not_understood_gives_way_to_the_one_before) {
  send(package(1, "ok one"));
  send(package(2, "nonsense", {2, 0, 0}));
  EXPECT_EQ(in_force_, "ok one");
  EXPECT_THAT(told_, ElementsAre("installed none", "rolled_back not_understood"));
  EXPECT_EQ(installer_->versions().at("settings"), "1.0.0");
}

TEST_F(InstallerTest, the_package_in_force_sent_again_is_no_news) {
  send(package(1, "ok one"));
  told_.clear();
  send(package(1, "ok one"));
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(sent_.back().at("type"), "update_result") << "the host agent waits for an answer all the same";
}

TEST_F(InstallerTest, messages_that_make_no_sense_change_nothing) {
  const Bytes whole = package(1, "ok one");
  send(whole, 50, 1);
  const std::string sha256 = sha256_hex(whole);
  EXPECT_FALSE(installer_->message({{"type", "update_offer"}, {"sha256", "x"}, {"size", -1}}));
  EXPECT_FALSE(installer_->message({{"type", "update_offer"}, {"sha256", "x"}, {"size", 1LL << 40}}));
  EXPECT_FALSE(
      installer_->message({{"type", "update_part"}, {"sha256", sha256}, {"offset", 0}, {"data", "AAAA"}}));
  EXPECT_FALSE(
      installer_->message({{"type", "update_part"}, {"sha256", sha256}, {"offset", 50}, {"data", "%"}}));
  EXPECT_FALSE(installer_->message(
      {{"type", "update_part"}, {"sha256", sha256}, {"offset", 50}, {"data", to_base64(Bytes(9'999))}}));
  send(whole);
  EXPECT_EQ(in_force_, "ok one");
}

TEST_F(InstallerTest, what_is_forgotten_is_as_built) {
  send(package(1, "ok one"));
  installer_->forget();
  EXPECT_EQ(in_force_, "built in");
  EXPECT_THAT(installer_->versions(), IsEmpty());
  send(package(1, "ok one"));
  EXPECT_EQ(in_force_, "ok one");
}

TEST(AccuracyFile, holds_one_finite_threshold) {
  const auto threshold = read_accuracy_file(as_bytes(std::string_view(R"({"format":1,"threshold":4.5})")));
  ASSERT_TRUE(threshold.ok());
  EXPECT_EQ(*threshold, 4.5);
  for (const std::string_view text :
       {"", "[]", R"({"format":2,"threshold":1})", R"({"format":1})", R"({"format":1,"threshold":"4"})",
        R"({"format":1,"threshold":1e999})", R"({"format":1,"threshold":4,"more":1})"})
    EXPECT_FALSE(read_accuracy_file(as_bytes(text)).ok()) << text;
}

}  // namespace
}  // namespace shogo::reader
