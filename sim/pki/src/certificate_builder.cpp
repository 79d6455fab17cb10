#include "certificate_builder.h"

#include "openssl_handles.h"
#include <ctime>

#include <openssl/x509v3.h>

namespace shogo::sim {
namespace {

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;

std::time_t seconds_of(Nanoseconds wall) {
  return static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(wall).count());
}

bool push_other_name(GENERAL_NAMES* names, const std::string& oid, const std::string& text) {
  ASN1_OBJECT* type = OBJ_txt2obj(oid.c_str(), 1);
  ASN1_UTF8STRING* utf8 = ASN1_UTF8STRING_new();
  ASN1_TYPE* value = ASN1_TYPE_new();
  GENERAL_NAME* name = GENERAL_NAME_new();
  if (type == nullptr || utf8 == nullptr || value == nullptr || name == nullptr) return false;
  ASN1_STRING_set(utf8, text.data(), static_cast<int>(text.size()));
  ASN1_TYPE_set(value, V_ASN1_UTF8STRING, utf8);
  return GENERAL_NAME_set0_othername(name, type, value) == 1 && sk_GENERAL_NAME_push(names, name) > 0;
}

}  // namespace

CertificateBuilder::CertificateBuilder() : certificate_(X509_new()) {
  fail_unless(X509_set_version(certificate_.get(), X509_VERSION_3) == 1, "setting the version");
}

void CertificateBuilder::fail_unless(bool ok, const char* what) {
  if (!ok && failed_ == nullptr) failed_ = what;
}

CertificateBuilder& CertificateBuilder::serial(std::uint64_t number) {
  fail_unless(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate_.get()), number) == 1,
              "setting the serial number");
  return *this;
}

CertificateBuilder& CertificateBuilder::subject(const NameParts& parts) {
  X509_NAME* name = X509_get_subject_name(certificate_.get());
  for (const auto& [field, text] : parts) {
    fail_unless(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                           reinterpret_cast<const unsigned char*>(text.data()),
                                           static_cast<int>(text.size()), -1, 0) == 1,
                "setting the subject");
  }
  return *this;
}

CertificateBuilder& CertificateBuilder::validity(const Validity& validity) {
  fail_unless(validity.not_before <= validity.not_after, "setting a validity that ends before it begins");
  // RFC 5280 4.1.2.5: UTCTime to 2049, GeneralizedTime from 2050; ASN1_TIME_set picks.
  fail_unless(
      ASN1_TIME_set(X509_getm_notBefore(certificate_.get()), seconds_of(validity.not_before)) != nullptr &&
          ASN1_TIME_set(X509_getm_notAfter(certificate_.get()), seconds_of(validity.not_after)) != nullptr,
      "setting the validity");
  return *this;
}

CertificateBuilder& CertificateBuilder::public_key(const KeyPair& key) {
  fail_unless(X509_set_pubkey(certificate_.get(), key.get()) == 1, "setting the public key");
  return *this;
}

CertificateBuilder& CertificateBuilder::extension(int nid, const std::string& value) {
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  fail_unless(extension && X509_add_ext(certificate_.get(), extension.get(), -1) == 1, "adding an extension");
  return *this;
}

CertificateBuilder& CertificateBuilder::other_names(
    const std::vector<std::pair<std::string, std::string>>& names) {
  const NamesPtr list(sk_GENERAL_NAME_new_null());
  for (const auto& [oid, text] : names)
    fail_unless(push_other_name(list.get(), oid, text), "adding an alternative name");
  fail_unless(
      X509_add1_ext_i2d(certificate_.get(), NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1,
      "adding the alternative names");
  return *this;
}

Result<Certificate> CertificateBuilder::sign(const KeyPair& key, const Certificate* issuer) {
  X509* x509 = certificate_.get();
  X509* authority = issuer != nullptr ? issuer->get() : x509;
  fail_unless(X509_set_issuer_name(x509, X509_get_subject_name(authority)) == 1, "setting the issuer");
  X509V3_CTX context;
  X509V3_set_ctx(&context, authority, x509, nullptr, nullptr, 0);
  const std::pair<int, const char*> identifiers[] = {{NID_subject_key_identifier, "hash"},
                                                     {NID_authority_key_identifier, "keyid"}};
  for (const auto& [nid, value] : identifiers) {
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    fail_unless(extension && X509_add_ext(x509, extension.get(), -1) == 1, "adding a key identifier");
  }
  if (failed_ != nullptr) {
    const Error cause = openssl_error("OpenSSL");
    return Error{Code::kInvalid, fmt::format("certificate: {} failed", failed_), cause};
  }
  if (X509_sign(x509, key.get(), EVP_sha256()) == 0) return openssl_error("signing a certificate");
  return std::move(certificate_);
}

}  // namespace shogo::sim
