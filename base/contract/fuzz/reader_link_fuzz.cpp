#include <algorithm>

#include <shogo/contract/reader_link.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shogo::contract::LinkDecoder decoder;
  while (size > 0) {
    const auto room = decoder.room();
    const std::size_t n = std::min(size, room.size());
    if (n == 0) return 0;
    std::copy(data, data + n, room.begin());
    decoder.added(n);
    data += n;
    size -= n;
    for (;;) {
      const auto message = decoder.next();
      if (!message.ok()) return 0;
      if (!message->has_value()) break;
    }
  }
  return 0;
}
