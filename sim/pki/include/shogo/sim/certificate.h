// An X.509 certificate: owner of the OpenSSL handle with the few views others need.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/x509.h>

#include <shogo/base/bytes.h>

namespace shogo::sim {

class Certificate {
 public:
  /// Takes ownership of `x509`, which must not be null.
  explicit Certificate(X509* x509) : x509_(x509) {}
  static Result<Certificate> from_der(ByteView der);
  static Result<Certificate> from_pem(std::string_view pem);

  [[nodiscard]] X509* get() const { return x509_.get(); }
  [[nodiscard]] Bytes der() const;
  [[nodiscard]] std::string pem() const;
  /// Upper-case hex without leading zeros beyond a whole byte: the key of an eligibility server's tables.
  [[nodiscard]] std::string serial_hex() const;
  /// RFC 2253 text.
  [[nodiscard]] std::string subject() const;
  [[nodiscard]] std::string issuer() const;

 private:
  struct Free {
    void operator()(X509* x509) const { X509_free(x509); }
  };
  std::unique_ptr<X509, Free> x509_;
};

}  // namespace shogo::sim
