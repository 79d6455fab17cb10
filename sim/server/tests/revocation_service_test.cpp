// The responder as others see it: OpenSSL's own client asks it, and OpenSSL's verifier takes its list.
#include <array>
#include <cstdio>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/sim/revocation_service.h>

namespace shogo::sim {
namespace {

class Service : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_text(ca(), pki_.user_authentication_ca().certificate.pem()).ok());
    service_ = RevocationService::start({{"", &responder_}}, {}).value();
  }
  std::filesystem::path ca() const { return folder_.path() / "ca.pem"; }
  std::filesystem::path write(const char* name, std::uint64_t serial) {
    const auto file = folder_.path() / name;
    const auto card =
        pki_.issue_user_authentication(name, serial, {parse_jst("2025-01-01"), parse_jst("2045-01-01")});
    EXPECT_TRUE(card.ok() && write_text(file, card->certificate.pem()).ok());
    return file;
  }
  static std::string output_of(const std::string& command) {
    std::string text;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return text;
    std::array<char, 4096> part{};
    while (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), n);
    ::pclose(pipe);
    return text;
  }
  std::string ask(const std::filesystem::path& card) const {
    return output_of(fmt::format("openssl ocsp -issuer {0} -CAfile {0} -cert {1} -url {2} -no_cert_checks",
                                 ca().string(), card.string(), service_->url()));
  }

  TemporaryFolder folder_ = TemporaryFolder::create("shogo-revocation").value();
  TestPki pki_ = TestPki::create(4).value();
  // OpenSSL's client knows no scenario: it holds the answer against the machine's own clock.
  RealClock clock_;
  OcspResponder responder_{pki_.user_authentication_ca(), [this] { return clock_.wall_now(); }};
  std::unique_ptr<RevocationService> service_;
};

TEST_F(Service, openssls_own_client_hears_good_and_revoked_with_its_reason) {
  const auto good = write("good.pem", 0x2001), bad = write("bad.pem", 0x2002);
  responder_.revoke({"2002", RevocationReason::kKeyCompromise, clock_.wall_now() - std::chrono::hours(1)});
  const std::string yes = ask(good), no = ask(bad);
  EXPECT_NE(yes.find("Response verify OK"), std::string::npos) << yes;
  EXPECT_NE(yes.find("good.pem: good"), std::string::npos) << yes;
  EXPECT_NE(no.find("Response verify OK"), std::string::npos) << no;
  EXPECT_NE(no.find("bad.pem: revoked"), std::string::npos) << no;
  EXPECT_NE(no.find("keyCompromise"), std::string::npos) << no;
}

}  // namespace
}  // namespace shogo::sim
