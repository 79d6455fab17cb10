#include "openssl_handles.h"
#include <array>
#include <ctime>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <shogo/sim/revocation.h>

namespace shogo::sim {
namespace {

using CrlPtr = std::unique_ptr<X509_CRL, FreeWith<X509_CRL_free>>;
using RevokedPtr = std::unique_ptr<X509_REVOKED, FreeWith<X509_REVOKED_free>>;
using TimePtr = std::unique_ptr<ASN1_TIME, FreeWith<ASN1_TIME_free>>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;
using EnumeratedPtr = std::unique_ptr<ASN1_ENUMERATED, FreeWith<ASN1_ENUMERATED_free>>;

constexpr std::array<std::pair<std::string_view, RevocationReason>, 6> kReasons{
    {{"unspecified", RevocationReason::kUnspecified},
     {"key_compromise", RevocationReason::kKeyCompromise},
     {"affiliation_changed", RevocationReason::kAffiliationChanged},
     {"superseded", RevocationReason::kSuperseded},
     {"cessation", RevocationReason::kCessation},
     {"hold", RevocationReason::kHold}}};

TimePtr time_of(Nanoseconds wall) {
  return TimePtr(ASN1_TIME_set(
      nullptr, static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(wall).count())));
}

Result<RevokedPtr> entry_of(const Revocation& one) {
  const auto digits = from_hex(one.serial_hex.size() % 2 == 0 ? one.serial_hex : "0" + one.serial_hex);
  if (!digits.ok() || digits->empty() || digits->size() > 20)
    return Error{Code::kInvalid,
                 fmt::format("a serial number is 1 to 20 bytes in hex, not \"{}\"", one.serial_hex)};
  const BnPtr number(BN_bin2bn(digits->data(), static_cast<int>(digits->size()), nullptr));
  const IntegerPtr serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
  const TimePtr when = time_of(one.when);
  RevokedPtr entry(X509_REVOKED_new());
  bool made = entry && serial && when && X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1 &&
              X509_REVOKED_set_revocationDate(entry.get(), when.get()) == 1;
  if (made && one.reason != RevocationReason::kUnspecified) {  // 5280 5.3.1: absent rather than unspecified
    const EnumeratedPtr reason(ASN1_ENUMERATED_new());
    made = ASN1_ENUMERATED_set(reason.get(), static_cast<long>(one.reason)) == 1 &&
           X509_REVOKED_add1_ext_i2d(entry.get(), NID_crl_reason, reason.get(), 0, 0) == 1;
  }
  if (!made) return openssl_error("building a revocation entry");
  return entry;
}

Result<CrlPtr> signed_list(const Identity& authority, const std::vector<Revocation>& revoked,
                           Nanoseconds this_update, Nanoseconds next_update) {
  CrlPtr list(X509_CRL_new());
  const TimePtr from = time_of(this_update), until = time_of(next_update);
  X509* issuer = authority.certificate.get();
  if (!list || !from || !until || X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) != 1 ||
      X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer)) != 1 ||
      X509_CRL_set1_lastUpdate(list.get(), from.get()) != 1 ||
      X509_CRL_set1_nextUpdate(list.get(), until.get()) != 1)
    return openssl_error("beginning a revocation list");
  for (const Revocation& one : revoked) {
    SHOGO_TRY(RevokedPtr entry, entry_of(one));
    if (X509_CRL_add0_revoked(list.get(), entry.get()) != 1) return openssl_error("adding a revocation");
    (void)entry.release();  // belongs to the list now
  }
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, list.get(), 0);
  using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
  const ExtensionPtr key_id(X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid"));
  const IntegerPtr number(ASN1_INTEGER_new());
  if (!key_id || X509_CRL_add_ext(list.get(), key_id.get(), -1) != 1 ||
      ASN1_INTEGER_set(number.get(), 1) != 1 ||
      X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) != 1 ||
      X509_CRL_sort(list.get()) != 1 || X509_CRL_sign(list.get(), authority.key.get(), EVP_sha256()) <= 0)
    return openssl_error("signing a revocation list");
  return list;
}

Result<Revocation> read_entry(X509_REVOKED* entry) {
  Revocation one;
  const BnPtr serial(ASN1_INTEGER_to_BN(X509_REVOKED_get0_serialNumber(entry), nullptr));
  if (!serial) return openssl_error("reading a revocation entry");
  Bytes digits(static_cast<std::size_t>(BN_num_bytes(serial.get())));
  BN_bn2bin(serial.get(), digits.data());
  one.serial_hex = to_hex(digits);
  std::tm when{};
  if (ASN1_TIME_to_tm(X509_REVOKED_get0_revocationDate(entry), &when) != 1)
    return openssl_error("reading a revocation entry");
  one.when = std::chrono::seconds(::timegm(&when));
  const EnumeratedPtr reason(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
  if (!reason) return one;
  const long number = ASN1_ENUMERATED_get(reason.get());
  for (const auto& [name, known] : kReasons)
    if (static_cast<long>(known) == number) one.reason = known;
  return one;
}

}  // namespace

Result<RevocationReason> parse_reason(std::string_view word) {
  std::string known;
  for (const auto& [name, reason] : kReasons) {
    if (name == word) return reason;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name);
  }
  return Error{Code::kInvalid, fmt::format("a reason is one of {}, not \"{}\"", known, word)};
}

Result<std::string> revocation_list_pem(const Identity& authority, const std::vector<Revocation>& revoked,
                                        Nanoseconds this_update, Nanoseconds next_update) {
  SHOGO_TRY(const CrlPtr list, signed_list(authority, revoked, this_update, next_update));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509_CRL(bio.get(), list.get()) != 1) return openssl_error("writing a revocation list");
  return bio_text(bio.get());
}

Result<Bytes> revocation_list_der(const Identity& authority, const std::vector<Revocation>& revoked,
                                  Nanoseconds this_update, Nanoseconds next_update) {
  SHOGO_TRY(const CrlPtr list, signed_list(authority, revoked, this_update, next_update));
  unsigned char* der = nullptr;
  const int size = i2d_X509_CRL(list.get(), &der);
  Bytes bytes;
  if (size > 0) bytes.assign(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Result<std::vector<Revocation>> read_revocation_list(std::string_view pem, const Certificate& authority) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const CrlPtr list(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
  if (!list || X509_CRL_verify(list.get(), X509_get0_pubkey(authority.get())) != 1) {
    ERR_clear_error();
    return Error{Code::kCorrupt, list ? "the revocation list is not signed by this authority"
                                      : "this is no revocation list in PEM"};
  }
  std::vector<Revocation> revoked;
  STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(list.get());
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    SHOGO_TRY(Revocation one, read_entry(sk_X509_REVOKED_value(entries, i)));
    revoked.push_back(std::move(one));
  }
  return revoked;
}

}  // namespace shogo::sim
