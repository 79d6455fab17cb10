#include <shogo/evaluation/attempt_log.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto log = shogo::evaluation::parse_attempts({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!log.ok()) return 0;
  // What was read can be judged or is refused; either way without a crash.
  (void)shogo::statistics::transaction_rates(*log);
  return 0;
}
