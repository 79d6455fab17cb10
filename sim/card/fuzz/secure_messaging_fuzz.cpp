// The card's end of secure messaging: any delivery, any objects. The first byte chooses.
#include "../src/secure_messaging.h"

#include <shogo/base/tlv.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  using namespace shogo::sim;
  static const KeyPair key = [] {
    Rng rng(1, "fuzz");
    return std::move(KeyPair::rsa(rng)).value();
  }();
  static SecureChannel channel = [] {
    const Bytes message = make_tlv(0xA0, make_tlv(0x80, Bytes(32, 7)));
    return std::move(SecureChannel::open(key, key.encrypt_oaep_sha256(message).value())).value();
  }();
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      (void)SecureChannel::open(key, rest);
      break;
    case 1:  // what decrypts, but to anything
      if (rest.size() <= 190) (void)SecureChannel::open(key, key.encrypt_oaep_sha256(rest).value());
      break;
    default:
      if (const auto plain = channel.unwrap(data[0] % 4 == 3, rest); plain && plain->body.size() > size)
        __builtin_trap();
  }
  if (channel.wrap(rest).size() < rest.size()) __builtin_trap();
  return 0;
}
