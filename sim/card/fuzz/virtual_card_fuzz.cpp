// Any sequence of commands: each input byte string is cut into APDUs by a length byte.
#include <algorithm>

#include <shogo/sim/card_issuer.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  using namespace shogo::sim;
  static const TestPki pki = std::move(TestPki::create(1)).value();
  static const CardIssuer issuer = std::move(CardIssuer::create(pki)).value();
  static const IssuedCard issued = std::move(issuer.issue(standard_card_order())).value();
  issued.card->power_off();
  issued.card->refill_all_tries();
  while (size > 0) {
    const std::size_t length = std::min<std::size_t>(data[0], size - 1);
    const Bytes reply = issued.card->transmit({data + 1, length});
    if (reply.size() < 2 || reply.size() > 65538) __builtin_trap();
    data += 1 + length;
    size -= 1 + length;
  }
  return 0;
}
