// The server over real loopback connections: who gets in, what is too big, what the request log keeps.
#include "server_client.h"
#include <cstdio>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/sim/eligibility_server.h>
#include <shogo/sim/test_pki.h>

namespace shogo::sim {
namespace {

class ServerTest : public ::testing::Test {
 protected:
  static const TestPki& pki() {
    static const TestPki made = TestPki::create(5).value();
    return made;
  }
  void SetUp() override {
    files_ = pki().write_pem_files(folder_.path()).value();
    EligibilityServer::Options options = server_options();
    options.on_request = [this](const RequestRecord&) { ++heard_; };
    server_ = EligibilityServer::start(std::move(options), clock_).value();
  }
  EligibilityServer::Options server_options() const {
    EligibilityServer::Options options;
    options.server_cert_pem = files_.server_certificate;
    options.server_key_pem = files_.server_key;
    options.client_ca_pem = files_.tls_ca;
    options.user_auth_ca_pem = files_.user_authentication_ca;
    return options;
  }
  std::unique_ptr<ServerClient> client(const std::filesystem::path& certificate,
                                       const std::filesystem::path& key) const {
    return ServerClient::open({server_->url(), files_.tls_ca, certificate, key, std::chrono::seconds{20}})
        .value();
  }
  std::unique_ptr<ServerClient> clinic() const {
    return client(files_.clinic_certificate, files_.clinic_key);
  }

  TemporaryFolder folder_ = TemporaryFolder::create("shogo-server").value();
  PemFiles files_;
  RealClock clock_;
  std::atomic<int> heard_ = 0;
  std::unique_ptr<EligibilityServer> server_;
};

TEST_F(ServerTest, the_clinic_gets_an_answer_and_the_log_its_name) {
  const auto answer = clinic()->get("/v1/ping").value();
  EXPECT_EQ(answer.http_status, 200);
  const auto log = server_->requests();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].method, "GET");
  EXPECT_EQ(log[0].path, "/v1/ping");
  EXPECT_EQ(log[0].outcome, "pong");
  EXPECT_FALSE(log[0].client.empty());
  EXPECT_EQ(heard_, 1);
}

TEST_F(ServerTest, a_client_with_a_foreign_certificate_is_refused_at_tls) {
  const TestPki foreign = TestPki::create(6).value();
  const TemporaryFolder folder = TemporaryFolder::create("shogo-foreign").value();
  const PemFiles files = foreign.write_pem_files(folder.path()).value();
  const auto answer = client(files.clinic_certificate, files.clinic_key)->get("/v1/ping");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), Code::kUnavailable);
  // The alert may reach the client before the server has finished with the connection.
  while (heard_ == 0) std::this_thread::yield();
  const auto log = server_->requests();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].outcome, "tls_refused");
  EXPECT_EQ(log[0].http_status, 0);
}

TEST_F(ServerTest, the_servers_own_certificate_does_not_make_a_clinic) {
  EXPECT_FALSE(client(files_.server_certificate, files_.server_key)->get("/v1/ping").ok());
}

TEST_F(ServerTest, a_body_beyond_the_limit_is_refused_without_being_read) {
  EXPECT_EQ(clinic()->post("/v1/eligibility", std::string(16'384, ' ')).value().http_status, 400);
  EXPECT_EQ(clinic()->post("/v1/eligibility", std::string(16'385, ' ')).value().http_status, 413);
}

TEST_F(ServerTest, an_update_is_offered_and_fetched_over_the_same_line_as_eligibility) {
  EXPECT_EQ(as_text(clinic()->get("/v1/updates").value().body.expose()), R"({"updates":[]})");
  const Bytes package{0x00, 0xFF, 0x0D, 0x0A, 0x00};  // the server passes on bytes, whatever they are
  const std::string path = "/v1/updates/" + server_->offer_update(package);
  const auto got = clinic()->get(path).value();
  EXPECT_EQ(got.http_status, 200);
  const ByteView body = got.body.expose();
  EXPECT_EQ(Bytes(body.begin(), body.end()), package);
  EXPECT_EQ(clinic()->post(path, "{}").value().http_status, 405);
  server_->withdraw_updates();
  EXPECT_EQ(clinic()->get(path).value().http_status, 404);
  std::vector<std::string> outcomes;
  for (const auto& entry : server_->requests()) outcomes.push_back(entry.outcome);
  EXPECT_THAT(outcomes, ::testing::ElementsAre("updates", "update", "method_not_allowed", "not_found"));
}

TEST_F(ServerTest, every_fault_can_follow_every_other) {
  const ServerFault all[] = {ServerFault::kNone, ServerFault::kRefused, ServerFault::kClosed,
                             ServerFault::kError500};
  for (const ServerFault from : all) {
    for (const ServerFault to : all) {
      server_->set_fault(from);
      server_->set_fault(to);
      const auto answer = clinic()->get("/v1/ping");
      const bool answered = to == ServerFault::kNone || to == ServerFault::kError500;
      ASSERT_EQ(answer.ok(), answered) << to_string(from) << " then " << to_string(to);
      if (!answered) continue;
      EXPECT_EQ(answer->http_status, to == ServerFault::kNone ? 200 : 500);
    }
  }
}

TEST_F(ServerTest, a_device_started_as_a_child_does_not_keep_a_refusing_server_listening) {
  ASSERT_TRUE(clinic()->get("/v1/ping").ok());
  // A child that lives until its standard input ends.
  FILE* child = ::popen("cat >/dev/null", "w");
  ASSERT_NE(child, nullptr);
  server_->set_fault(ServerFault::kRefused);
  const auto refused = clinic()->get("/v1/ping");
  server_->set_fault(ServerFault::kNone);
  const auto back = clinic()->get("/v1/ping");
  ::pclose(child);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kUnavailable) << refused.error().describe();
  EXPECT_TRUE(back.ok()) << back.error().describe();
}

TEST_F(ServerTest, many_clinics_at_once_are_all_answered) {
  std::atomic<int> good = 0;
  std::vector<std::thread> clinics;
  for (int i = 0; i < 8; ++i) {
    clinics.emplace_back([&] {
      const auto mine = clinic();
      for (int n = 0; n < 5; ++n) {
        const auto answer = mine->post("/v1/challenge", "{}");
        if (answer.ok() && answer->http_status == 200) ++good;
      }
    });
  }
  for (auto& thread : clinics) thread.join();
  EXPECT_EQ(good, 40);
  EXPECT_EQ(server_->requests().size(), 40U);
}

TEST_F(ServerTest, a_server_ends_while_a_client_waits) {
  server_->set_fault(ServerFault::kSlow, std::chrono::hours{1});
  const auto waiting = clinic();
  std::thread patient([&] { EXPECT_FALSE(waiting->get("/v1/ping").ok()); });
  while (heard_ == 0) std::this_thread::yield();
  server_.reset();
  patient.join();
}

TEST_F(ServerTest, starting_says_what_is_wrong) {
  auto options = server_options();
  options.port = static_cast<std::uint16_t>(std::stoi(server_->url().substr(server_->url().rfind(':') + 1)));
  EXPECT_EQ(EligibilityServer::start(options, clock_).error().code(), Code::kUnavailable);
  options.port = 0;
  options.server_key_pem = files_.clinic_key;
  EXPECT_EQ(EligibilityServer::start(options, clock_).error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace shogo::sim
