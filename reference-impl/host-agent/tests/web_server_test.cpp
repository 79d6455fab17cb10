#include "management/web_server.h"

#include <poll.h>
#include <regex>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <shogo/base/file.h>

namespace shogo::agent {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

class WebServerTest : public testing::Test {
 protected:
  tcp::socket connect() {
    tcp::socket socket(io_);
    socket.connect({asio::ip::address_v4::loopback(), server_->port()});
    return socket;
  }
  /// What comes back for these bytes until the server closes.
  std::string say(std::string_view bytes) {
    tcp::socket socket = connect();
    boost::system::error_code ec;
    asio::write(socket, asio::buffer(bytes.data(), bytes.size()), ec);
    socket.shutdown(tcp::socket::shutdown_send, ec);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), ec);
    return answer;
  }
  std::string get(const std::string& path) {
    return say("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server_->port()) +
               "\r\nConnection: close\r\n\r\n");
  }

  TemporaryFolder folder_ = *TemporaryFolder::create("web_server");
  RealClock clock_;
  MemorySink sink_;
  Log log_{clock_, sink_, "management"};
  VisualCheck visual_check_{clock_};
  ReaderDesk desk_{clock_, [](boost::json::object) {}};
  Management management_{
      *Passwords::open(folder_.path() / "m", {16, 1, 1}), desk_, visual_check_, {}, {}, clock_, log_};
  std::unique_ptr<WebServer> server_ =
      *WebServer::listen("127.0.0.1:0", folder_.path() / "m" / "control.sock", management_);
  asio::io_context io_;
};

TEST_F(WebServerTest, hands_out_the_page_with_its_policy_and_no_data) {
  const std::string page = get("/");
  EXPECT_EQ(page.rfind("HTTP/1.1 200", 0), 0U) << page.substr(0, 200);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("リーダー管理"), std::string::npos);
  for (const char* file : {"/page.js", "/words.js", "/page.css"})
    EXPECT_EQ(get(file).rfind("HTTP/1.1 200", 0), 0U) << file;
  EXPECT_EQ(get("/api/status").rfind("HTTP/1.1 401", 0), 0U);
  EXPECT_EQ(get("/nothing").rfind("HTTP/1.1 401", 0), 0U);
}

TEST_F(WebServerTest, serves_no_page_under_a_foreign_name) {
  const std::string answer = say("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.rfind("HTTP/1.1 403", 0), 0U);
}

TEST_F(WebServerTest, survives_what_is_no_http_and_what_is_too_much) {
  EXPECT_EQ(say("\x16\x03\x01 hello?\r\n\r\n").rfind("HTTP/1.1 4", 0), 0U);
  EXPECT_EQ(say("GET / HTTP/1.1\r\nHost: " + std::string(20'000, 'x') + "\r\n\r\n").rfind("HTTP/1.1 413", 0),
            0U);
  EXPECT_EQ(
      say("POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n" + std::string(9'000, 'x'))
          .rfind("HTTP/1.1 413", 0),
      0U);
  EXPECT_EQ(get("/").rfind("HTTP/1.1 200", 0), 0U);
}

TEST_F(WebServerTest, a_flood_of_idle_connections_leaves_the_local_socket_open) {
  std::vector<tcp::socket> idle;
  for (std::size_t i = 0; i < 3 * WebServer::kMostConnections; ++i) {
    tcp::socket socket(io_);
    boost::system::error_code ec;
    socket.connect({asio::ip::address_v4::loopback(), server_->port()}, ec);
    if (!ec) idle.push_back(std::move(socket));
  }
  asio::local::stream_protocol::socket administrator(io_);
  administrator.connect((folder_.path() / "m" / "control.sock").string());
  http::request<http::empty_body> request(http::verb::get, "/api/status", 11);
  request.set(http::field::host, "localhost");
  http::write(administrator, request);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(administrator, buffer, response);
  EXPECT_EQ(response.result_int(), 401U);
  idle.clear();
  // The places are free again as soon as the flood has gone.
  std::string page;
  for (int i = 0; i < 1'000 && page.rfind("HTTP/1.1 200", 0) != 0; ++i) page = get("/");
  EXPECT_EQ(page.rfind("HTTP/1.1 200", 0), 0U);
}

TEST_F(WebServerTest, a_server_that_goes_closes_the_connections_that_wait) {
  std::vector<tcp::socket> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(connect());
  EXPECT_EQ(get("/").rfind("HTTP/1.1 200", 0), 0U);  // by now the three have been accepted
  server_.reset();
  for (tcp::socket& socket : waiting) {
    pollfd hung_up{socket.native_handle(), POLLIN, 0};
    EXPECT_EQ(::poll(&hung_up, 1, 5'000), 1);
  }
}

TEST_F(WebServerTest, the_local_socket_belongs_to_its_account_alone) {
  struct stat about {};
  ASSERT_EQ(::stat((folder_.path() / "m" / "control.sock").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(WebServerTest, listens_on_this_machine_only) {
  for (const char* address :
       {"0.0.0.0:0", "192.0.2.1:4700", "[::]:0", "localhost:0", "127.0.0.1", "127.0.0.1:x"})
    EXPECT_EQ(WebServer::listen(address, "", management_).error().code(), Code::kInvalid) << address;
}

/// A word in one language alone would be an empty button in the other.
TEST(ManagementPage, every_word_of_the_page_is_there_in_both_languages) {
  const std::string data = SHOGO_SOURCE_DIR "/reference-impl/host-agent/data/management/";
  const std::string page = *read_text(data + "index.html");
  const std::string words = *read_text(data + "words.js");
  const std::string script = *read_text(data + "page.js");
  const auto known = [&](const std::string& key) {
    return std::regex_search(words, std::regex("\\n  " + key + R"re(: \[("[^"]+"),\s*"[^"]+"\])re"));
  };
  int count = 0;
  for (const auto& [text, pattern] : {std::pair{page, std::regex("data-word=\"([a-z_]+)\"")},
                                      std::pair{script, std::regex("word\\(\"([a-z_]+)\"\\)")}})
    for (std::sregex_iterator it(text.begin(), text.end(), pattern); it != std::sregex_iterator();
         ++it, ++count)
      EXPECT_TRUE(known((*it)[1])) << (*it)[1];
  for (const std::string_view phase : kPhases) EXPECT_TRUE(known("phase_" + std::string(phase))) << phase;
  EXPECT_GT(count, 40);
}

TEST(ManagementPage, holds_no_script_or_style_that_its_policy_forbids) {
  const std::string page =
      *read_text(SHOGO_SOURCE_DIR "/reference-impl/host-agent/data/management/index.html");
  EXPECT_FALSE(std::regex_search(page, std::regex("\\son[a-z]+=|style=|javascript:|<script>|https?://")));
  const std::string script =
      *read_text(SHOGO_SOURCE_DIR "/reference-impl/host-agent/data/management/page.js");
  EXPECT_FALSE(
      std::regex_search(script, std::regex("innerHTML|outerHTML|insertAdjacent|document\\.write|eval\\(")));
}

}  // namespace
}  // namespace shogo::agent
