#include "terminal.h"

#include <cstring>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <shogo/base/file.h>

namespace shogo::sim {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

}  // namespace

Result<TerminalCredential> TerminalCredential::load(const std::string& path) {
  constexpr const char* kCertificate = "SHOGO TERMINAL CERTIFICATE";
  SHOGO_TRY(const std::string text, read_text(path));
  TerminalCredential terminal;
  const BioPtr key_bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  // The callback refuses: an encrypted key must not ask for a password.
  terminal.key_.reset(PEM_read_bio_PrivateKey(
      key_bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
  const BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
    if (std::strcmp(name, kCertificate) == 0) terminal.certificate_.assign(data, data + size);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  }
  ERR_clear_error();
  if (terminal.key_ == nullptr || terminal.certificate_.empty())
    return Error{Code::kInvalid,
                 fmt::format("cannot use {}: expected PEM with PRIVATE KEY and {}", path, kCertificate)};
  return terminal;
}

Bytes TerminalCredential::sign(ByteView message) const {
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1)
    return {};
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) return {};
  signature.resize(size);
  return signature;
}

}  // namespace shogo::sim
