// APDU/s through a real pcscd: the virtual card against a card that answers 9000 at once, in the same run, so
// that the plumbing (client, pcscd, vpcd, TCP) cancels out and only the card's own work remains. Prints the
// ratio of the medians; goal: 0.95 or more.
#include <algorithm>
#include <cstdlib>
#include <map>
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

void select_and_read(benchmark::State& state, Client& client, std::size_t expected) {
  const Bytes select = "00A4020C02000A"_hex, read = "00B0000000"_hex;
  for (auto _ : state) {
    (void)client.send(select);
    if (client.send(read) != expected) state.SkipWithError("an answer of another length");
  }
  state.SetItemsProcessed(2 * state.iterations());
}

class MedianReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration)
        times_[run.run_name.function_name].push_back(run.GetAdjustedRealTime());
    ConsoleReporter::ReportRuns(runs);
  }
  double median(const std::string& name) {
    std::vector<double>& times = times_[name];
    if (times.empty()) return 0;
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }

 private:
  std::map<std::string, std::vector<double>> times_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  auto folder = need(TemporaryFolder::create("shogo-bench"));
  PrivatePcscd::Options options;
  options.folder = folder.path();
  options.readers = 2;
  const auto pcscd = need(PrivatePcscd::start(options));
  ::setenv("PCSCLITE_CSOCK_NAME", pcscd->socket().c_str(), 1);
  const TestPki pki = need(TestPki::create(1));
  const CardIssuer issuer = need(CardIssuer::create(pki));
  const IssuedCard issued = need(issuer.issue(standard_card_order()));
  NullCard null;
  const auto& readers = pcscd->readers();
  const auto virtual_front_end = need(PlainFrontEnd::present(readers[0].port, *issued.card));
  const auto null_front_end = need(PlainFrontEnd::present(readers[1].port, null));
  Client virtual_client(readers[0].name), null_client(readers[1].name);
  (void)virtual_client.send("00A4040C0AD392F000260100000001"_hex);

  for (auto* bench :
       {benchmark::RegisterBenchmark("null_card", select_and_read, std::ref(null_client), 2),
        benchmark::RegisterBenchmark("virtual_card", select_and_read, std::ref(virtual_client), 258)})
    bench->UseRealTime()
        ->Unit(benchmark::kMicrosecond)
        ->Repetitions(15)
        ->MinTime(0.3)
        ->ReportAggregatesOnly(false);
  MedianReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  const double null_time = reporter.median("null_card"), virtual_time = reporter.median("virtual_card");
  if (null_time <= 0 || virtual_time <= 0) return 0;  // a filter left one of them out
  fmt::print(
      "\nmedian of pairs: null card {:.1f} us ({:.0f} APDU/s), virtual card {:.1f} us ({:.0f} APDU/s)\n"
      "ratio {:.3f} of the null card's rate (goal 0.95)\n",
      null_time, 2e6 / null_time, virtual_time, 2e6 / virtual_time, null_time / virtual_time);
  return 0;
}
