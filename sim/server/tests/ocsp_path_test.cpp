#include "ocsp_path.h"

#include <gtest/gtest.h>

namespace shogo::sim {
namespace {

TEST(OcspPath, base64_with_and_without_percent_signs_is_the_same_request) {
  const Bytes request = "FBEFBEFFFF"_hex;  // "++++//8="
  EXPECT_EQ(*ocsp_request_in_path(to_base64(request)), request);
  std::string escaped;
  for (const char c : to_base64(request)) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    escaped += '%';
    escaped += kDigits[static_cast<std::size_t>(c) >> 4];
    escaped += kDigits[static_cast<std::size_t>(c) & 15];
  }
  EXPECT_EQ(*ocsp_request_in_path(escaped), request);
}

TEST(OcspPath, what_is_no_base64_is_refused_with_or_without_percent_signs) {
  for (const char* wrong : {"notbase64!", "%", "%4", "%zz", "AAAA%", "AAAA%3", "A=A=", "%00%00%00%00", "AAA"})
    EXPECT_FALSE(ocsp_request_in_path(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace shogo::sim
