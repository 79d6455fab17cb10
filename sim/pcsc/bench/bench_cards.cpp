// Virtual cards through a real pcscd: 100 000 reads of a whole chip photo without growth, fifteen cards side
// by side, and how soon a card answers once it is connected. `bench_cards foreign SECONDS` waits that long
// for somebody else's card on the port it prints, and compares it with ours behind the same pcscd.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <winscard.h>

#include <shogo/base/file.h>
#include <shogo/sim/card_issuer.h>
#include <shogo/sim/plain_front_end.h>
#include <shogo/sim/private_pcscd.h>

namespace {

using namespace shogo;
using namespace shogo::sim;
using std::chrono::steady_clock;

template <typename T>
T need(Result<T> result) {
  if (!result.ok()) {
    fmt::print(stderr, "bench_cards: {}\n", result.error().describe());
    std::exit(2);
  }
  return std::move(result).value();
}

void need_ok(LONG rc, const char* what) {
  if (rc == SCARD_S_SUCCESS) return;
  fmt::print(stderr, "bench_cards: {}: {}\n", what, pcsc_stringify_error(rc));
  std::exit(2);
}

double seconds_since(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

class Client {
 public:
  /// Waits until a card is there.
  Client(const std::string& reader, std::chrono::seconds patience) {
    need_ok(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_), "SCardEstablishContext");
    SCARD_READERSTATE state{};
    state.szReader = reader.c_str();
    const auto limit = static_cast<DWORD>(std::chrono::milliseconds(patience).count());
    while ((state.dwEventState & SCARD_STATE_PRESENT) == 0) {
      state.dwCurrentState = state.dwEventState;
      need_ok(SCardGetStatusChange(context_, limit, &state, 1), "waiting for the card");
    }
    DWORD protocol = 0;
    need_ok(SCardConnect(context_, reader.c_str(), SCARD_SHARE_EXCLUSIVE,
                         SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card_, &protocol),
            "SCardConnect");
    pci_ = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  }
  ~Client() {
    SCardDisconnect(card_, SCARD_LEAVE_CARD);
    SCardReleaseContext(context_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// The answer's size, status word included; it lies in answer().
  std::size_t send(ByteView apdu) {
    DWORD size = sizeof answer_;
    need_ok(SCardTransmit(card_, pci_, apdu.data(), apdu.size(), nullptr, answer_, &size), "SCardTransmit");
    return size;
  }
  [[nodiscard]] bool good(std::size_t size) const {
    return size >= 2 && answer_[size - 2] == 0x90 && answer_[size - 1] == 0x00;
  }

 private:
  SCARDCONTEXT context_ = 0;
  SCARDHANDLE card_ = 0;
  const SCARD_IO_REQUEST* pci_ = nullptr;
  std::uint8_t answer_[70'000];
};

struct Machine {
  explicit Machine(int readers) : folder(need(TemporaryFolder::create("shogo-bench"))) {
    PrivatePcscd::Options options;
    options.folder = folder.path();
    options.readers = readers;
    pcscd = need(PrivatePcscd::start(options));
    ::setenv("PCSCLITE_CSOCK_NAME", pcscd->socket().c_str(), 1);
  }
  TemporaryFolder folder;
  std::unique_ptr<PrivatePcscd> pcscd;
};

const CardIssuer& issuer() {
  static const TestPki pki = need(TestPki::create(1));
  static const CardIssuer made = need(CardIssuer::create(pki));
  return made;
}

IssuedCard a_card(std::uint64_t seed) {
  return need(issuer().issue(need(order_for("standard", seed, parse_jst("2026-04-01")))));
}

double own_memory_kb() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word)
    if (word == "RssAnon:") {
      double kb = 0;
      status >> kb;
      return kb;
    }
  return 0;
}

double own_handles() {
  std::error_code ec;
  double count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ec)) ++count;
  return count;
}

/// SELECT, VERIFY number B, SELECT and one READ BINARY of the whole face file.
void photo_reads(benchmark::State& state) {
  Machine machine(1);
  const IssuedCard issued = need(issuer().issue(standard_card_order()));
  const auto& reader = machine.pcscd->readers().front();
  const auto front_end = need(PlainFrontEnd::present(reader.port, *issued.card));
  Client client(reader.name, std::chrono::seconds(10));
  const std::size_t size = issued.card->file("visual", 0x0002)->size();
  Bytes read = "00B0000000"_hex;
  append_be16(read, static_cast<std::uint16_t>(size));
  Bytes verify = "002000800E"_hex;
  append(verify, issued.number_b.expose());
  std::int64_t done = 0;
  double kb = 0, handles = 0;
  for (auto _ : state) {
    for (const Bytes& command :
         {"00A4040C0AD3921000310001010402"_hex, "00A4020C020012"_hex, verify, "00A4020C020002"_hex})
      if (!client.good(client.send(command))) return state.SkipWithError("the card refused");
    if (const std::size_t got = client.send(read); got != size + 2 || !client.good(got))
      return state.SkipWithError("an answer of another length");
    if (++done == state.max_iterations / 4) {  // caches have filled by then
      kb = own_memory_kb();
      handles = own_handles();
    }
  }
  state.counters["more_KB"] = own_memory_kb() - kb;
  state.counters["more_handles"] = own_handles() - handles;
  state.SetBytesProcessed(static_cast<std::int64_t>(size) * state.iterations());
  state.SetItemsProcessed(state.iterations());
}

/// APDU/s of `count` cards at once, each with a client of its own on a thread of its own.
double rate_of(const Machine& machine, std::size_t count, double duration_s) {
  std::vector<IssuedCard> cards;
  std::vector<std::unique_ptr<PlainFrontEnd>> front_ends;
  for (std::size_t i = 0; i < count; ++i) {
    cards.push_back(a_card(i + 1));
    front_ends.push_back(need(PlainFrontEnd::present(machine.pcscd->readers()[i].port, *cards.back().card)));
  }
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < count; ++i)
    clients.push_back(std::make_unique<Client>(machine.pcscd->readers()[i].name, std::chrono::seconds(10)));
  std::vector<std::int64_t> done(count);
  const auto begin = steady_clock::now();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      Client& client = *clients[i];
      (void)client.send("00A4040C0AD392F000260100000001"_hex);
      const Bytes select = "00A4020C02000A"_hex, read = "00B0000000"_hex;
      while (seconds_since(begin) < duration_s) {
        if (!client.good(client.send(select)) || client.send(read) != 258) std::exit(2);
        done[i] += 2;
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::int64_t sum = 0;
  for (const std::int64_t n : done) {
    if (n == 0) std::exit(2);
    sum += n;
  }
  return static_cast<double>(sum) / seconds_since(begin);
}

void cards_side_by_side(benchmark::State& state) {
  Machine machine(15);
  constexpr double kSeconds = 3;
  for (auto _ : state) {
    const double one = rate_of(machine, 1, kSeconds);
    // The slot is free again once pcscd has looked.
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const double all = rate_of(machine, 15, kSeconds);
    state.counters["one_APDU_s"] = one;
    state.counters["fifteen_APDU_s"] = all;
    state.counters["ratio"] = all / one;
  }
}

/// From the call that connects the card to its first answer, the ATR, at a driver that asks at once: what
/// pcscd's own period adds is pcscd's.
void ready_to_answer(benchmark::State& state) {
  const IssuedCard issued = a_card(1);
  const int driver = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(driver, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(driver, 4) != 0 || ::getsockname(driver, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return state.SkipWithError("no port");
  std::vector<double> all;
  for (auto _ : state) {
    const auto begin = steady_clock::now();
    const auto front_end = need(PlainFrontEnd::present(ntohs(address.sin_port), *issued.card));
    const int card = ::accept(driver, nullptr, nullptr);
    const std::uint8_t get_atr[3] = {0, 1, 4};
    std::uint8_t answer[64];
    const bool sent = ::send(card, get_atr, sizeof get_atr, 0) == 3;
    const bool heard = ::recv(card, answer, sizeof answer, 0) > 2;
    const double took = seconds_since(begin);
    ::close(card);
    if (!sent || !heard) return state.SkipWithError("no ATR");
    state.SetIterationTime(took);
    all.push_back(1e3 * took);
  }
  ::close(driver);
  state.counters["median_ms"] = median(all);
  state.counters["worst_ms"] = *std::max_element(all.begin(), all.end());
}

double pairs_a_second(Client& client, double duration_s) {
  const auto begin = steady_clock::now();
  std::int64_t done = 0;
  while (seconds_since(begin) < duration_s) {
    (void)client.send("00A4020C02000A"_hex);
    (void)client.send("00B0000000"_hex);
    done += 2;
  }
  return static_cast<double>(done) / seconds_since(begin);
}

int compare_with_foreign(int patience_s) {
  Machine machine(2);
  const auto& readers = machine.pcscd->readers();
  fmt::print("waiting {} s for a card on 127.0.0.1:{}\n", patience_s, readers[0].port);
  std::fflush(stdout);
  const IssuedCard issued = a_card(1);
  const auto front_end = need(PlainFrontEnd::present(readers[1].port, *issued.card));
  Client foreign(readers[0].name, std::chrono::seconds(patience_s)),
      ours(readers[1].name, std::chrono::seconds(10));
  (void)ours.send("00A4040C0AD392F000260100000001"_hex);
  std::vector<double> ratios, foreign_rates, our_rates;
  for (int round = 0; round < 5; ++round) {
    foreign_rates.push_back(pairs_a_second(foreign, 2));
    our_rates.push_back(pairs_a_second(ours, 2));
    ratios.push_back(our_rates.back() / foreign_rates.back());
  }
  fmt::print("foreign card {:.1f} APDU/s, virtual card {:.0f} APDU/s: {:.0f} times (medians of 5 rounds)\n",
             median(foreign_rates), median(our_rates), median(ratios));
  return 0;
}

BENCHMARK(photo_reads)->Iterations(100'000)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(cards_side_by_side)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);
BENCHMARK(ready_to_answer)->Iterations(200)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "foreign") return compare_with_foreign(std::atoi(argv[2]));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
