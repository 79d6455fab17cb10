// Searching a log for somebody who must not be in it: each canary in every disguise that a careless
// programmer may put on it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/bytes.h>

namespace shogo::conformance {

struct Canary {
  std::string what;     ///< "name", "pin", … for the report; never the value
  Bytes value;          ///< UTF-8 text, or raw bytes of a photo
  bool digits = false;  ///< a short run of digits: plain hits count only where no other digit touches them
                        ///< and no line's running number just passes there
};

struct CanaryHit {
  std::string what;
  std::string encoding;  ///< "UTF-8", "base64", …
  std::size_t offset = 0;
};

/// Encodings: as is, UTF-16 (both orders), CP932, base64 (all three alignments), hex (both cases), URL
/// (both cases), reversed by bytes and by characters, split by a newline, and MD5, SHA-1, SHA-256 in hex and
/// base64: a digest of ten thousand possible PINs is the PIN.
[[nodiscard]] std::vector<CanaryHit> search(ByteView haystack, const std::vector<Canary>& canaries);

/// The encoded forms of one canary that search() looks for: {encoding, bytes}. Tests plant each of them.
[[nodiscard]] std::vector<std::pair<std::string, Bytes>> disguises(const Canary& canary);

}  // namespace shogo::conformance
