// Puts one X.509 v3 certificate together (RFC 5280). The first failure is kept; sign() reports it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <shogo/sim/test_pki.h>

namespace shogo::sim {

using NameParts = std::vector<std::pair<const char*, std::string>>;  ///< {"CN", "…"} in order

class CertificateBuilder {
 public:
  CertificateBuilder();
  CertificateBuilder& serial(std::uint64_t number);
  CertificateBuilder& subject(const NameParts& parts);
  CertificateBuilder& validity(const Validity& validity);
  CertificateBuilder& public_key(const KeyPair& key);
  /// In OpenSSL's configuration syntax: extension(NID_key_usage, "critical,digitalSignature").
  CertificateBuilder& extension(int nid, const std::string& value);
  /// subjectAltName made of otherName entries, each an object identifier and a UTF-8 text.
  CertificateBuilder& other_names(const std::vector<std::pair<std::string, std::string>>& names);
  /// `issuer` null: self-signed with `key`. Adds both key identifiers.
  Result<Certificate> sign(const KeyPair& key, const Certificate* issuer);

 private:
  void fail_unless(bool ok, const char* what);
  Certificate certificate_;
  const char* failed_ = nullptr;
};

}  // namespace shogo::sim
