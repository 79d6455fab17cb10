// The bytes as they are, and as a header that a trusted key has signed, so that the fuzzer gets behind the
// signature.
#include <cstdlib>

#include <shogo/contract/update_package.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  using namespace shogo::contract;
  static const SigningKey key = *SigningKey::from_seed(Bytes(32, 1));
  const std::vector<PublicKey> trusted = {key.public_key()};
  (void)read_package({data, size}, trusted);
  (void)claimed_header({data, size});

  Bytes package;
  append(package, as_bytes("SHOGOUPD"));
  append_be16(package, 1);
  append_be32(package, static_cast<std::uint32_t>(size));
  append(package, key_id(key.public_key()));
  Bytes message = package;
  append(message, {data, size});
  append(package, key.sign(message));
  append(package, {data, size});
  const auto read = read_package(package, trusted);
  // Whoever verifies more does not understand more.
  if (std::holds_alternative<Package>(read) && !claimed_header(package)) std::abort();
  // Only an empty content can follow here, and what was understood can be written again.
  if (const auto* good = std::get_if<Package>(&read)) {
    const auto again = read_package(write_package(good->header, good->content, key), trusted);
    if (!std::holds_alternative<Package>(again) || !good->content.empty()) std::abort();
  }
  return 0;
}
