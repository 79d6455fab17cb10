#include <shogo/sim/authentication_request.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = shogo::sim::parse_authentication_request(shogo::as_text({data, size}));
  if (request.ok() && (request->certificate.empty() || request->signature.size() > shogo::sim::kMaxSignature))
    __builtin_trap();
  return 0;
}
