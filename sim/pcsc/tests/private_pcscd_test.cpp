#include <csignal>
#include <cstring>
#include <filesystem>
#include <ifaddrs.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/sim/loopback_port.h>
#include <shogo/sim/plain_front_end.h>
#include <shogo/sim/private_pcscd.h>

namespace shogo::sim {
namespace {

class PrivatePcscdTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.emplace(TemporaryFolder::create("shogo-pcscd-test").value());
    options_.folder = folder_->path();
  }
  std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return text;
    char chunk[256];
    while (const std::size_t n = std::fread(chunk, 1, sizeof chunk, pipe)) text.append(chunk, n);
    ::pclose(pipe);
    return text;
  }
  std::optional<TemporaryFolder> folder_;
  PrivatePcscd::Options options_;
};

TEST_F(PrivatePcscdTest, clients_list_exactly_the_names_it_promises) {
  options_.readers = 3;
  auto pcscd = PrivatePcscd::start(options_);
  ASSERT_TRUE(pcscd.ok()) << pcscd.error().describe();
  const std::string list = output_of("PCSCLITE_CSOCK_NAME=" + (*pcscd)->socket() + " opensc-tool -l");
  ASSERT_EQ((*pcscd)->readers().size(), 3U);
  for (const PrivatePcscd::Reader& reader : (*pcscd)->readers())
    EXPECT_NE(list.find(reader.name), std::string::npos) << reader.name << " in\n" << list;
}

TEST_F(PrivatePcscdTest, fifteen_readers_each_show_the_card_that_lies_on_them) {
  class QuietCard final : public RfCard {
   public:
    explicit QuietCard(std::uint8_t number) : number_(number) {}
    [[nodiscard]] contract::Atqb atqb() const override {
      return {"00000000"_hex, {0, 0, 0, number_}, "B381A1"_hex, 0};
    }
    Bytes transmit(ByteView) override { return {0x90, 0x00}; }
    void power_off() override {}

   private:
    std::uint8_t number_;
  };
  options_.readers = 15;
  auto pcscd = PrivatePcscd::start(options_);
  ASSERT_TRUE(pcscd.ok()) << pcscd.error().describe();
  std::vector<std::unique_ptr<QuietCard>> cards;
  std::vector<std::unique_ptr<PlainFrontEnd>> front_ends;
  for (const PrivatePcscd::Reader& reader : (*pcscd)->readers()) {
    cards.push_back(std::make_unique<QuietCard>(static_cast<std::uint8_t>(0x20 + cards.size())));
    auto front_end = PlainFrontEnd::present(reader.port, *cards.back());
    ASSERT_TRUE(front_end.ok()) << reader.name << ": " << front_end.error().describe();
    front_ends.push_back(std::move(front_end).value());
  }
  ASSERT_EQ(front_ends.size(), 15U);
  const std::string clients = "PCSCLITE_CSOCK_NAME=" + (*pcscd)->socket() + " opensc-tool ";
  for (std::size_t i = 0; i < front_ends.size(); ++i) {
    const std::string& name = (*pcscd)->readers()[i].name;
    // The card's number is in its ATR. pcscd looks for cards every 400 ms, on a busy machine less often.
    const std::string wanted = fmt::format("00:00:00:{:02x}", 0x20 + i);
    RealClock clock;
    std::string atr;
    for (const Nanoseconds end = clock.now() + std::chrono::seconds(20);
         clock.now() < end && atr.find(wanted) == std::string::npos; clock.sleep_for(milliseconds(20)))
      atr = output_of(fmt::format("{} --reader '{}' -a", clients, name));
    EXPECT_NE(atr.find(wanted), std::string::npos) << name << ": " << atr;
  }
}

TEST_F(PrivatePcscdTest, it_is_gone_with_its_ports_and_socket_when_the_object_is) {
  std::string socket;
  std::uint16_t port = 0;
  {
    auto pcscd = PrivatePcscd::start(options_);
    ASSERT_TRUE(pcscd.ok()) << pcscd.error().describe();
    EXPECT_TRUE((*pcscd)->running());
    socket = (*pcscd)->socket();
    port = (*pcscd)->readers().front().port;
  }
  EXPECT_FALSE(std::filesystem::exists(socket));
  class NoCard final : public RfCard {
    [[nodiscard]] contract::Atqb atqb() const override { return {}; }
    Bytes transmit(ByteView) override { return {}; }
    void power_off() override {}
  } card;
  EXPECT_FALSE(PlainFrontEnd::present(port, card).ok());
}

TEST_F(PrivatePcscdTest, after_a_crash_and_a_restart_clients_find_the_same_readers_at_the_same_place) {
  auto pcscd = PrivatePcscd::start(options_);
  ASSERT_TRUE(pcscd.ok()) << pcscd.error().describe();
  (*pcscd)->crash();
  EXPECT_FALSE((*pcscd)->running());
  const auto again = (*pcscd)->restart();
  ASSERT_TRUE(again.ok()) << again.error().describe();
  const std::string list = output_of("PCSCLITE_CSOCK_NAME=" + (*pcscd)->socket() + " opensc-tool -l");
  EXPECT_NE(list.find((*pcscd)->readers().front().name), std::string::npos) << list;
}

TEST_F(PrivatePcscdTest, missing_programs_and_drivers_are_named_with_what_to_install) {
  options_.program = "/nonexistent/pcscd";
  auto without_program = PrivatePcscd::start(options_);
  ASSERT_FALSE(without_program.ok());
  EXPECT_NE(without_program.error().message().find("package pcscd"), std::string::npos);
  options_.program = "/bin/true";
  options_.driver = "/nonexistent/vpcd.so";
  auto without_driver = PrivatePcscd::start(options_);
  ASSERT_FALSE(without_driver.ok());
  EXPECT_NE(without_driver.error().message().find("vsmartcard-vpcd"), std::string::npos);
}

TEST_F(PrivatePcscdTest, a_pcscd_that_ends_at_once_is_an_error_and_not_a_wait) {
  options_.program = "/bin/false";
  const auto pcscd = PrivatePcscd::start(options_);
  ASSERT_FALSE(pcscd.ok());
  EXPECT_EQ(pcscd.error().code(), Code::kUnavailable);
}

/// Whether a TCP connection to that address of this machine comes about.
bool reaches(in_addr address, std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr = address;
  const bool reached = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  ::close(fd);
  return reached;
}

/// Every address of this machine at which a stranger could knock. 127.0.0.2 stands for all of them where
/// there is no network: a driver that listens on every interface is reached there too.
std::vector<in_addr> addresses_for_strangers() {
  std::vector<in_addr> addresses{{htonl(INADDR_LOOPBACK + 1)}};
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return addresses;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
    sockaddr_in address{};
    std::memcpy(&address, one->ifa_addr, sizeof address);
    if (address.sin_addr.s_addr != htonl(INADDR_LOOPBACK)) addresses.push_back(address.sin_addr);
  }
  ::freeifaddrs(list);
  return addresses;
}

TEST_F(PrivatePcscdTest, a_stranger_on_the_network_reaches_no_reader_and_our_own_card_does) {
  options_.readers = 2;
  auto pcscd = PrivatePcscd::start(options_);
  ASSERT_TRUE(pcscd.ok()) << pcscd.error().describe();
  for (const PrivatePcscd::Reader& reader : (*pcscd)->readers())
    for (const int slot : {0, 1}) {
      const auto port = static_cast<std::uint16_t>(reader.port + slot);
      EXPECT_FALSE(port_open_to_network(port)) << port;
      for (const in_addr address : addresses_for_strangers())
        EXPECT_FALSE(reaches(address, port)) << ::inet_ntoa(address) << ':' << port;
      EXPECT_TRUE(reaches({htonl(INADDR_LOOPBACK)}, port)) << port;
    }
}

TEST_F(PrivatePcscdTest, a_pcscd_that_would_listen_on_every_interface_is_ended) {
  options_.preload = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";  // a library, but not the one
  const auto pcscd = PrivatePcscd::start(options_);
  ASSERT_FALSE(pcscd.ok());
  EXPECT_EQ(pcscd.error().code(), Code::kDenied) << pcscd.error().describe();
  EXPECT_NE(pcscd.error().message().find("every network interface"), std::string::npos);
}

TEST_F(PrivatePcscdTest, the_library_that_keeps_ports_on_loopback_must_be_there) {
  options_.preload = "/nonexistent/private.so";
  EXPECT_EQ(PrivatePcscd::start(options_).error().code(), Code::kNotFound);
}

TEST_F(PrivatePcscdTest, it_may_look_for_cards_more_often_than_every_400_ms) {
  options_.poll_ms = 40;
  EXPECT_TRUE(PrivatePcscd::start(options_).ok());
}

TEST_F(PrivatePcscdTest, a_number_of_readers_that_pc_sc_cannot_list_is_refused) {
  options_.readers = 16;
  EXPECT_FALSE(PrivatePcscd::start(options_).ok());
  options_.readers = 0;
  EXPECT_FALSE(PrivatePcscd::start(options_).ok());
}

}  // namespace
}  // namespace shogo::sim
