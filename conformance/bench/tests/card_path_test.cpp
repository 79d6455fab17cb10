// From the antenna to a PC/SC client, nothing in between replaced: card ⇄ blocks ⇄ shogo-nfc ⇄ vpcd ⇄ pcscd.
// This program is the client. A call that never returns is ended by the test's own time limit.
#include "../src/process.h"
#include <atomic>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>
#include <winscard.h>

#include <shogo/base/file.h>
#include <shogo/contract/bench_config.h>
#include <shogo/sim/antenna.h>
#include <shogo/sim/private_pcscd.h>

namespace shogo::conformance {
namespace {

using sim::RfFault;

/// Answers with as many bytes as the command's last two ask for, in a pattern, and counts its commands.
class PatternCard final : public sim::RfCard {
 public:
  explicit PatternCard(Bytes pupi) : pupi_(std::move(pupi)) {}
  [[nodiscard]] contract::Atqb atqb() const override { return {pupi_, "000005E0"_hex, "B381A1"_hex, 0}; }
  Bytes transmit(ByteView command) override {
    ++commands;
    Bytes answer = pattern(read_be(command.last(2)));
    append(answer, "9000"_hex);
    return answer;
  }
  void power_off() override {}
  static Bytes pattern(std::uint64_t size) {
    Bytes bytes(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    return bytes;
  }
  std::atomic<int> commands{0};

 private:
  Bytes pupi_;
};

class CardPath : public ::testing::Test {
 protected:
  static constexpr DWORD kLong_ms = 20'000;  // "must happen"

  // One pcscd for all: its client library asks for the socket's name once a process.
  static void SetUpTestSuite() {
    pcscd_folder_.emplace(TemporaryFolder::create("shogo-pcscd").value());
    sim::PrivatePcscd::Options options;
    options.folder = pcscd_folder_->path();
    auto pcscd = sim::PrivatePcscd::start(options);
    ASSERT_TRUE(pcscd.ok()) << pcscd.error().describe();
    pcscd_ = *std::move(pcscd);
    ASSERT_EQ(::setenv("PCSCLITE_CSOCK_NAME", pcscd_->socket().c_str(), 1), 0);
  }
  static void TearDownTestSuite() {
    pcscd_.reset();
    pcscd_folder_.reset();
  }
  void SetUp() override {
    ASSERT_NE(pcscd_, nullptr);
    folder_.emplace(TemporaryFolder::create("shogo-path").value());
    const auto path = folder_->path();
    antenna_ = sim::Antenna::open(path / "rf").value();
    contract::BenchConfig bench;
    bench.rf_socket = antenna_->socket();
    bench.vpcd_port = pcscd_->readers().front().port;
    bench.log_folder = path.string();
    ASSERT_TRUE(write_text(path / "bench.json", contract::print_bench_config(bench)).ok());
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "shogo-nfc";
    auto front_end =
        Process::start({program.string(), "--bench", (path / "bench.json").string()}, path / "nfc.out");
    ASSERT_TRUE(front_end.ok()) << front_end.error().describe();
    front_end_ = *std::move(front_end);
    ASSERT_EQ(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_), SCARD_S_SUCCESS);
  }
  void TearDown() override {
    if (card_ != 0) SCardDisconnect(card_, SCARD_LEAVE_CARD);
    antenna_->remove();
    EXPECT_TRUE(reader_shows(false)) << "the next test begins without a card";
    SCardReleaseContext(context_);
    front_end_.reset();
  }
  /// Waits until the reader shows a card, or none.
  bool reader_shows(bool present, DWORD limit = kLong_ms) {
    SCARD_READERSTATE state{};
    state.szReader = pcscd_->readers().front().name.c_str();
    for (;;) {
      const LONG rc = SCardGetStatusChange(context_, limit, &state, 1);
      if (rc != SCARD_S_SUCCESS) return false;
      if (((state.dwEventState & SCARD_STATE_PRESENT) != 0) == present) return true;
      state.dwCurrentState = state.dwEventState;
    }
  }
  bool connect() {
    if (!reader_shows(true)) return false;
    DWORD protocol = 0;
    return SCardConnect(context_, pcscd_->readers().front().name.c_str(), SCARD_SHARE_SHARED,
                        SCARD_PROTOCOL_T1, &card_, &protocol) == SCARD_S_SUCCESS;
  }
  Bytes send(const Bytes& command) {
    Bytes answer(66'000);
    DWORD size = static_cast<DWORD>(answer.size());
    const LONG rc = SCardTransmit(card_, SCARD_PCI_T1, command.data(), static_cast<DWORD>(command.size()),
                                  nullptr, answer.data(), &size);
    EXPECT_EQ(rc, SCARD_S_SUCCESS) << pcsc_stringify_error(rc);
    answer.resize(rc == SCARD_S_SUCCESS ? size : 0);
    return answer;
  }
  /// Reads `size` bytes in one extended APDU behind `padding` bytes of body: chains both ways.
  void expect_whole(std::size_t size, std::size_t padding) {
    Bytes command = "00B0000000"_hex;
    append_be16(command, static_cast<std::uint16_t>(padding));
    command.insert(command.end(), padding, 0x5A);
    append_be16(command, static_cast<std::uint16_t>(size));
    Bytes expected = PatternCard::pattern(size);
    append(expected, "9000"_hex);
    EXPECT_TRUE(send(command) == expected) << size << " bytes after a body of " << padding;
  }
  bool log_tells(std::string_view event) const {
    const auto log = read_text(folder_->path() / "nfc.log");
    return log.ok() && log->find(event) != std::string::npos;
  }

  static inline std::optional<TemporaryFolder> pcscd_folder_;
  static inline std::unique_ptr<sim::PrivatePcscd> pcscd_;
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<sim::Antenna> antenna_;
  std::unique_ptr<Process> front_end_;
  SCARDCONTEXT context_ = 0;
  SCARDHANDLE card_ = 0;
  PatternCard own_{"11223344"_hex};
  PatternCard other_{"55667788"_hex};
};

TEST_F(CardPath, a_card_shows_its_atr_and_uid_and_leaves_when_it_is_taken) {
  antenna_->place(own_);
  ASSERT_TRUE(connect());
  Bytes atr(33);
  DWORD size = static_cast<DWORD>(atr.size());
  ASSERT_EQ(SCardStatus(card_, nullptr, nullptr, nullptr, nullptr, atr.data(), &size), SCARD_S_SUCCESS);
  atr.resize(size);
  EXPECT_EQ(to_hex(atr), "3B888001000005E0B381A1007F");
  EXPECT_EQ(to_hex(send("FFCA000000"_hex)), "112233449000");
  EXPECT_EQ(own_.commands, 0) << "get-UID is the reader's own";
  antenna_->remove();
  EXPECT_TRUE(reader_shows(false));
}

TEST_F(CardPath, long_commands_and_answers_are_chained_both_ways) {
  antenna_->place(own_);
  ASSERT_TRUE(connect());
  for (const std::size_t size : {1U, 251U, 252U, 253U, 254U, 4096U, 40'000U})
    expect_whole(size, size / 3 + 1);
}

TEST_F(CardPath, lost_blocks_are_repeated_and_no_command_runs_twice) {
  antenna_->place(own_, RfFault::kLosesBlocks);
  ASSERT_TRUE(connect());
  expect_whole(1'500, 300);
  EXPECT_EQ(own_.commands, 1);
}

TEST_F(CardPath, garbled_blocks_are_noticed_and_repeated) {
  antenna_->place(own_, RfFault::kGarblesBlocks);
  ASSERT_TRUE(connect());
  expect_whole(1'500, 300);
  EXPECT_EQ(own_.commands, 1);
}

TEST_F(CardPath, a_card_that_needs_time_gets_it) {
  antenna_->place(own_, RfFault::kNeedsTime);
  ASSERT_TRUE(connect());
  expect_whole(300, 10);
}

TEST_F(CardPath, of_two_cards_none_is_taken_until_one_leaves) {
  antenna_->place_together(own_, other_);
  // Having been told of a card that is not there would be an event; there is none in two polls of pcscd.
  EXPECT_FALSE(reader_shows(true, 1'000));
  EXPECT_TRUE(log_tells("several_cards"));
  antenna_->place(other_);
  ASSERT_TRUE(connect());
  EXPECT_EQ(to_hex(send("FFCA000000"_hex)), "556677889000");
}

TEST_F(CardPath, a_second_card_beside_one_in_use_waits_for_its_turn) {
  antenna_->place(own_);
  ASSERT_TRUE(connect());
  antenna_->add(other_);
  expect_whole(300, 10);
  EXPECT_EQ(own_.commands, 1);
  EXPECT_EQ(other_.commands, 0);
}

}  // namespace
}  // namespace shogo::conformance
