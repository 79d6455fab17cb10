// APDU/s through a real pcscd: the virtual card against a card that answers 9000 at once, in the same run, so
// that the plumbing (client, pcscd, vpcd, TCP) cancels out and only the card's own work remains. Prints the
// ratio; goal: 95 % or more.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <winscard.h>

#include <shogo/base/file.h>
#include <shogo/sim/card_issuer.h>
#include <shogo/sim/plain_front_end.h>
#include <shogo/sim/private_pcscd.h>

namespace {

using namespace shogo;
using namespace shogo::sim;

class NullCard final : public RfCard {
 public:
  [[nodiscard]] contract::Atqb atqb() const override {
    return {"00000000"_hex, "000005E0"_hex, "B381A1"_hex, 0};
  }
  Bytes transmit(ByteView) override { return {0x90, 0x00}; }
  void power_off() override {}
};

/// Both cards behind one reader, one thread and one client: two readers would compare where the scheduler put
/// their threads (measured: a factor of 2.5 either way), not the cards.
class EitherCard final : public RfCard {
 public:
  explicit EitherCard(VirtualCard& card) : virtual_(card) {}
  void use_null(bool null) { null_in_use_ = null; }
  [[nodiscard]] contract::Atqb atqb() const override { return virtual_.atqb(); }
  Bytes transmit(ByteView apdu) override {
    return null_in_use_ ? null_.transmit(apdu) : virtual_.transmit(apdu);
  }
  void power_off() override { virtual_.power_off(); }

 private:
  VirtualCard& virtual_;
  NullCard null_;
  std::atomic<bool> null_in_use_{false};
};

template <typename T>
T need(Result<T> result) {
  if (!result.ok()) {
    fmt::print(stderr, "bench_apdu: {}\n", result.error().describe());
    std::exit(2);
  }
  return std::move(result).value();
}

void need_ok(LONG rc, const char* what) {
  if (rc == SCARD_S_SUCCESS) return;
  fmt::print(stderr, "bench_apdu: {}: {}\n", what, pcsc_stringify_error(rc));
  std::exit(2);
}

class Client {
 public:
  explicit Client(const std::string& reader) {
    need_ok(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_), "SCardEstablishContext");
    SCARD_READERSTATE state{};
    state.szReader = reader.c_str();
    while ((state.dwEventState & SCARD_STATE_PRESENT) == 0) {
      state.dwCurrentState = state.dwEventState;
      need_ok(SCardGetStatusChange(context_, 10'000, &state, 1), "waiting for the card");
    }
    DWORD protocol = 0;
    need_ok(
        SCardConnect(context_, reader.c_str(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, &card_, &protocol),
        "SCardConnect");
  }
  ~Client() {
    SCardDisconnect(card_, SCARD_LEAVE_CARD);
    SCardReleaseContext(context_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// Size of the answer; ends the program when it is not 9000.
  std::size_t send(const Bytes& apdu) {
    std::uint8_t answer[70'000];
    DWORD size = sizeof answer;
    need_ok(SCardTransmit(card_, SCARD_PCI_T1, apdu.data(), apdu.size(), nullptr, answer, &size),
            "SCardTransmit");
    if (size < 2 || answer[size - 2] != 0x90 || answer[size - 1] != 0x00) {
      fmt::print(stderr, "bench_apdu: the card answered {}\n",
                 to_hex({answer + std::max<DWORD>(size, 2) - 2, 2}));
      std::exit(2);
    }
    return size;
  }

 private:
  SCARDCONTEXT context_ = 0;
  SCARDHANDLE card_ = 0;
};

const Bytes kSelect = "00A4020C02000A"_hex;
const Bytes kRead = "00B0000000"_hex;

void select_and_read(benchmark::State& state, EitherCard& card, Client& client, bool null) {
  card.use_null(null);
  for (auto _ : state) {
    (void)client.send(kSelect);
    if (client.send(kRead) != (null ? 2 : 258)) state.SkipWithError("an answer of another length");
  }
  state.SetItemsProcessed(2 * state.iterations());
}

double seconds_of(EitherCard& card, bool null, Client& client, int pairs) {
  card.use_null(null);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < pairs; ++i) {
    (void)client.send(kSelect);
    (void)client.send(kRead);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Short blocks of the two cards in turn: whatever else the machine does slows both sides of a pair alike.
void print_ratio(EitherCard& card, Client& client) {
  constexpr int kBlocks = 1000, kPairs = 25;
  std::vector<double> ratios, null_rates, virtual_rates;
  for (int block = 0; block < kBlocks; ++block) {
    // Who goes first alternates, so that neither profits from a warm start.
    const bool null_first = block % 2 == 0;
    const double first = seconds_of(card, null_first, client, kPairs);
    const double second = seconds_of(card, !null_first, client, kPairs);
    const double null_s = null_first ? first : second, virtual_s = null_first ? second : first;
    ratios.push_back(null_s / virtual_s);
    null_rates.push_back(2 * kPairs / null_s);
    virtual_rates.push_back(2 * kPairs / virtual_s);
  }
  fmt::print(
      "\n{} pairs of blocks, medians: null card {:.0f} APDU/s, virtual card {:.0f} APDU/s\n"
      "virtual card at {:.1f} % of the null card's rate (median of the pairs; goal 95 %)\n",
      kBlocks, median(null_rates), median(virtual_rates), 100 * median(ratios));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  auto folder = need(TemporaryFolder::create("shogo-bench"));
  PrivatePcscd::Options options;
  options.folder = folder.path();
  const auto pcscd = need(PrivatePcscd::start(options));
  ::setenv("PCSCLITE_CSOCK_NAME", pcscd->socket().c_str(), 1);
  const TestPki pki = need(TestPki::create(1));
  const CardIssuer issuer = need(CardIssuer::create(pki));
  const IssuedCard issued = need(issuer.issue(standard_card_order()));
  EitherCard card(*issued.card);
  const auto& reader = pcscd->readers().front();
  const auto front_end = need(PlainFrontEnd::present(reader.port, card));
  Client client(reader.name);
  (void)client.send("00A4040C0AD392F000260100000001"_hex);

  for (const bool null : {true, false})
    benchmark::RegisterBenchmark(null ? "null_card" : "virtual_card", select_and_read, std::ref(card),
                                 std::ref(client), null)
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
  print_ratio(card, client);
  return 0;
}
