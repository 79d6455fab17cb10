// Owners for OpenSSL handles that stay inside this component.
#pragma once

#include <memory>
#include <string>

#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <shogo/base/result.h>

namespace shogo::sim {

template <auto Function>
struct FreeWith {
  template <typename T>
  void operator()(T* handle) const {
    Function(handle);
  }
};
using BnPtr = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using BnCtxPtr = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using ParamBuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>>;
using GroupPtr = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using EcdsaSignaturePtr = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>>;
using PointPtr = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_free>>;

/// What OpenSSL says about its last failure on this thread; empties its queue.
inline Error openssl_error(const char* what) {
  char text[160] = "no detail";
  if (const unsigned long e = ERR_peek_last_error(); e != 0) ERR_error_string_n(e, text, sizeof text);
  ERR_clear_error();
  return Error{Code::kInternal, fmt::format("{} failed: {}", what, text)};
}

inline std::string bio_text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace shogo::sim
