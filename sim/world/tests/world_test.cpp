#include "server_client.h"
#include <set>

#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/sim/world.h>

namespace shogo::sim {
namespace {

class WorldTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_.emplace(TemporaryFolder::create("shogo-world").value());
    WorldOptions options;
    options.seed = 7;
    options.folder = folder_->path();
    auto world = World::start(options);
    ASSERT_TRUE(world.ok()) << world.error().describe();
    world_ = *std::move(world);
  }
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<World> world_;
};

TEST_F(WorldTest, bench_file_says_where_everything_is) {
  const auto bench = contract::load_bench_config(world_->bench_file());
  ASSERT_TRUE(bench.ok()) << bench.error().describe();
  EXPECT_FALSE(bench->pcsc_socket.empty());
  EXPECT_FALSE(bench->rf_socket.empty());
  EXPECT_NE(bench->vpcd_port, 0);
  EXPECT_EQ(bench->server_url.rfind("https://127.0.0.1:", 0), 0U);
}

TEST_F(WorldTest, patients_have_their_own_cards_and_a_reset_makes_counters_full_again) {
  EXPECT_EQ(world_->auth_tries_left(Patient::kValid), 3);
  EXPECT_EQ(world_->auth_tries_left(Patient::kLocked), 0);
  EXPECT_NE(world_->facts_of(Patient::kValid).number_b, world_->facts_of(Patient::kCanary).number_b);
  EXPECT_EQ(world_->facts_of(Patient::kValid).number_b, "55021720352285");
  EXPECT_GE(world_->facts_of(Patient::kCanary).face_file.size(), 16384U);
  ASSERT_TRUE(world_->reset().ok());
  EXPECT_EQ(world_->auth_tries_left(Patient::kLocked), 0);
}

TEST_F(WorldTest, everybody_holds_one_paper_of_each_kind_and_others_until_a_reset) {
  const std::vector<Paper> first = world_->papers_of(Patient::kValid);
  ASSERT_EQ(first.size(), 3U);
  const std::vector<Paper> canaries{{PaperKind::kReferral, "架空かもめ医院　眼科"},
                                    {PaperKind::kReferral, "𠮷野　架空診療所"}};
  ASSERT_TRUE(world_->set_papers(Patient::kValid, canaries).ok());
  EXPECT_EQ(world_->papers_of(Patient::kValid), canaries);
  EXPECT_EQ(world_->set_papers(Patient::kValid, std::vector<Paper>(9)).error().code(), Code::kInvalid);
  EXPECT_EQ(world_->papers_of(Patient::kValid), canaries) << "what was refused changed something";
  ASSERT_TRUE(world_->reset().ok());
  EXPECT_EQ(world_->papers_of(Patient::kValid), first);
}

TEST_F(WorldTest, a_device_that_looks_for_updates_is_not_one_that_asks_about_a_patient) {
  std::multiset<std::string> kinds;
  world_->observe([&](std::string_view source, std::string_view kind, boost::json::object data) {
    if (source == "server") kinds.insert(std::string(kind) + " " + std::string(data.at("path").as_string()));
  });
  const auto& bench = world_->bench();
  const auto clinic = ServerClient::open({bench.server_url, bench.trust_anchor_pem, bench.client_cert_pem,
                                          bench.client_key_pem, std::chrono::seconds{20}})
                          .value();
  const std::string path = "/v1/updates/" + world_->offer_update(Bytes{1, 2, 3});
  EXPECT_EQ(clinic->get(path).value().http_status, 200);
  EXPECT_EQ(clinic->get("/v1/ping").value().http_status, 200);
  ASSERT_TRUE(world_->reset().ok());
  EXPECT_EQ(clinic->get(path).value().http_status, 404) << "an offer outlived the reset";
  world_->observe(nullptr);
  EXPECT_EQ(kinds, (std::multiset<std::string>{"update_request " + path, "update_request " + path,
                                               "request /v1/ping"}));
}

TEST_F(WorldTest, an_observer_hears_of_cards_that_come_and_go_until_it_is_taken_away) {
  std::multiset<std::string> kinds;
  world_->observe([&](std::string_view, std::string_view kind, boost::json::object) { kinds.emplace(kind); });
  ASSERT_TRUE(world_->place_card(Patient::kValid).ok());
  world_->take_card();
  world_->observe(nullptr);
  world_->take_card();
  EXPECT_EQ(kinds, (std::multiset<std::string>{"placed", "taken"}));
}

}  // namespace
}  // namespace shogo::sim
