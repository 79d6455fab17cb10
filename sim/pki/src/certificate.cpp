#include "openssl_handles.h"

#include <openssl/pem.h>

#include <shogo/sim/certificate.h>

namespace shogo::sim {
namespace {

std::string name_text(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  return bio_text(bio.get());
}

}  // namespace

Result<Certificate> Certificate::from_der(ByteView der) {
  const std::uint8_t* at = der.data();
  X509* x509 = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  if (x509 == nullptr) {
    ERR_clear_error();
    return Error{Code::kCorrupt, fmt::format("{} bytes are not a DER certificate", der.size())};
  }
  return Certificate(x509);
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  X509* x509 = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr);
  if (x509 != nullptr) return Certificate(x509);
  ERR_clear_error();
  return Error{Code::kCorrupt, fmt::format("{} bytes are not a PEM certificate", pem.size())};
}

Bytes Certificate::der() const {
  std::uint8_t* der = nullptr;
  const int size = i2d_X509(x509_.get(), &der);
  Bytes bytes;
  if (size > 0) bytes.assign(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

std::string Certificate::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), x509_.get());
  return bio_text(bio.get());
}

std::string Certificate::serial_hex() const {
  const BnPtr serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509_.get()), nullptr));
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(serial.get())));
  BN_bn2bin(serial.get(), bytes.data());
  return to_hex(bytes);
}

std::string Certificate::subject() const {
  return name_text(X509_get_subject_name(x509_.get()));
}

std::string Certificate::issuer() const {
  return name_text(X509_get_issuer_name(x509_.get()));
}

}  // namespace shogo::sim
