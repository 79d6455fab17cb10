// The responder as others see it: OpenSSL's own client asks it, and OpenSSL's verifier takes its list.
#include <array>
#include <cstdio>
#include <unistd.h>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

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

/// One request as it stands, and the whole answer.
class Refusals : public Service {
 protected:
  std::string send(const std::string& request) const {
    const std::string url = service_->url();
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
    EXPECT_EQ(::send(fd, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    std::string answer;
    std::array<char, 4096> part{};
    for (ssize_t n = 0; (n = ::recv(fd, part.data(), part.size(), 0)) > 0;)
      answer.append(part.data(), static_cast<std::size_t>(n));
    ::close(fd);
    return answer;
  }
  static std::string request(const std::string& line, const std::string& headers = "") {
    return line + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
  }
  static std::string status(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }
};

TEST_F(Refusals, other_methods_are_told_which_there_are) {
  const std::string answer = send(request("DELETE /"));
  EXPECT_EQ(status(answer), "HTTP/1.1 405 Method Not Allowed");
  EXPECT_NE(answer.find("Allow: GET, POST"), std::string::npos) << answer;
}

TEST_F(Refusals, a_path_without_a_request_is_told_what_there_is) {
  for (const char* line : {"GET /", "POST /elsewhere"}) {
    const std::string answer = send(request(line, "Content-Length: 0\r\n"));
    EXPECT_EQ(status(answer), "HTTP/1.1 404 Not Found") << line;
    EXPECT_NE(answer.find("/crl for the list"), std::string::npos) << answer;
  }
}

TEST_F(Refusals, a_request_of_another_type_and_one_that_is_no_base64_are_refused) {
  EXPECT_EQ(status(send(request("POST /", "Content-Type: text/plain\r\nContent-Length: 0\r\n"))),
            "HTTP/1.1 415 Unsupported Media Type");
  EXPECT_EQ(status(send(request("GET /no*base64"))), "HTTP/1.1 400 Bad Request");
}

TEST_F(Refusals, more_than_a_request_can_have_is_refused_before_it_is_read) {
  const std::string answer =
      send(request("POST /", "Content-Type: application/ocsp-request\r\nContent-Length: 20000\r\n"));
  EXPECT_EQ(status(answer), "HTTP/1.1 413 Payload Too Large");
}

TEST_F(Refusals, what_is_no_http_is_refused_and_the_next_one_is_served) {
  EXPECT_EQ(status(send("\x16\x03\x01 hello\r\n\r\n")), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(status(send(request("GET /crl"))), "HTTP/1.1 200 OK");
}

TEST(RevocationService, an_address_that_is_none_or_not_ours_is_refused) {
  EXPECT_EQ(RevocationService::start({}, {"here", 0}).error().code(), Code::kInvalid);
  EXPECT_EQ(RevocationService::start({}, {"192.0.2.1", 0}).error().code(), Code::kUnavailable);
}

TEST(RevocationService, only_loopback_stays_on_this_machine) {
  for (const char* here : {"127.0.0.1", "127.9.9.9", "::1"})
    EXPECT_FALSE(reachable_from_network(here)) << here;
  for (const char* everywhere : {"0.0.0.0", "::", "192.0.2.1", "fe80::1"})
    EXPECT_TRUE(reachable_from_network(everywhere)) << everywhere;
}

}  // namespace
}  // namespace shogo::sim
