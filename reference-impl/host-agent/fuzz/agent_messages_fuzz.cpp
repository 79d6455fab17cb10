// What a broken or hostile reader may tell the host agent: bytes of the link, as they come out of TLS.
// However they lie, a PIN reaches the fund program only behind an authenticate of its own session.
#include "agent.h"
#include <algorithm>
#include <atomic>
#include <cstdlib>

#include <shogo/base/file.h>

namespace {

using namespace shogo;
using namespace shogo::agent;

class NoCard final : public CardChannel {
 public:
  Result<void> with_card(const std::function<void(const Transmit&)>& work) override {
    work([](ByteView) -> Result<Bytes> { return Bytes{0x90, 0x00}; });
    return {};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static RealClock clock;
  static MemorySink sink(10);
  static Log log(clock, sink, "agent");
  static NoCard card;
  static const ResultFolder results("", clock);
  std::atomic<int> used{0};
  int announced = 0;
  {
    const auto operation = [&](const Transmit&, ByteView, FundPerson&) {
      ++used;
      return SHOGO_FUND_OK;
    };
    // Nobody has armed a visual check: whatever the reader says, no card is asked without PIN (3-14.c).
    const auto never = [](const Transmit&, ByteView, FundPerson&) -> shogo_fund_status { std::abort(); };
    FundOperations fund{operation, operation, operation, [] { return SHOGO_FUND_OK; }};
    fund.pinless_eligibility = fund.pinless_registration = never;
    Agent agent(card, std::move(fund), Hooks{}, results, clock, log, [](boost::json::object) {});
    agent.reader_connected();
    contract::LinkDecoder decoder;
    while (size > 0) {
      const auto room = decoder.room();
      const std::size_t n = std::min(size, room.size());
      if (n == 0) break;
      std::copy(data, data + n, room.begin());
      decoder.added(n);
      data += n;
      size -= n;
      bool broken = false;
      for (;;) {
        auto message = decoder.next();
        broken = !message.ok();
        if (broken || !message->has_value()) break;
        const auto* type = (*message)->body.if_contains("type");
        announced += type != nullptr && *type == "authenticate" ? 1 : 0;
        agent.message(std::move(**message));
      }
      if (broken) break;
    }
    agent.reader_lost();
  }
  if (used > announced) std::abort();
  return 0;
}
