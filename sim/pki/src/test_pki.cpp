#include "certificate_builder.h"
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <shogo/base/file.h>
#include <shogo/sim/test_pki.h>

namespace shogo::sim {
namespace {

constexpr const char* kOrganisation = "JPKI-SHOGO-SYNTHETIC";
constexpr const char* kUnit = "shogo test hierarchy - synthetic";

/// TLS peers use the machine's real clock; 2020 to 2049 stays within UTCTime and outlives the project.
Validity tls_validity() {
  return {parse_jst("2020-01-01"), parse_jst("2049-12-31")};
}

Result<Identity> make_ca(std::uint64_t seed, const char* stream, const char* unit, std::uint64_t serial) {
  Rng rng(seed, std::string("pki.") + stream);
  SHOGO_TRY(KeyPair key, KeyPair::rsa(rng));
  SHOGO_TRY(Certificate certificate,
            CertificateBuilder()
                .serial(serial)
                .subject({{"C", "JP"}, {"O", kOrganisation}, {"OU", unit}, {"OU", kUnit}})
                .validity(tls_validity())
                .public_key(key)
                .extension(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
                .extension(NID_key_usage, "critical,keyCertSign,cRLSign")
                .sign(key, nullptr));
  return Identity{std::move(key), std::move(certificate)};
}

Result<Identity> make_tls(std::uint64_t seed, const Identity& ca, const char* stream, const char* common_name,
                          std::uint64_t serial, const char* purpose, const char* alternative_names) {
  Rng rng(seed, std::string("pki.") + stream);
  // The RSA authority signs repeatably; an elliptic-curve authority would not (ECDSA draws a nonce).
  SHOGO_TRY(KeyPair key, KeyPair::p256(rng));
  CertificateBuilder builder;
  builder.serial(serial)
      .subject({{"C", "JP"}, {"O", kOrganisation}, {"CN", common_name}})
      .validity(tls_validity())
      .public_key(key)
      .extension(NID_basic_constraints, "critical,CA:FALSE")
      .extension(NID_key_usage, "critical,digitalSignature")
      .extension(NID_ext_key_usage, purpose);
  if (alternative_names != nullptr) builder.extension(NID_subject_alt_name, alternative_names);
  SHOGO_TRY(Certificate certificate, builder.sign(ca.key, &ca.certificate));
  return Identity{std::move(key), std::move(certificate)};
}

/// Real cards carry an opaque string; ours follows from seed and person alone.
std::string opaque_name(std::uint64_t seed, const std::string& stream) {
  static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  Rng rng(seed, "pki.name." + stream);
  std::string name;
  for (int i = 0; i < 20; ++i) name += kAlphabet[static_cast<std::size_t>(rng.below(kAlphabet.size()))];
  return "SHOGO-" + name;
}

/// Private from its first moment: the file is created with mode 0600, not narrowed afterwards.
Result<void> write_private(const std::filesystem::path& path, const std::string& text) {
  ::unlink(path.c_str());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return Error{Code::kDenied, fmt::format("cannot create {}; is its folder writable?", path.string())};
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  ::close(fd);
  if (done < text.size())
    return Error{Code::kExhausted, fmt::format("{} could not be written completely", path.string())};
  return {};
}

}  // namespace

Result<Identity> read_authority(const std::filesystem::path& folder, const std::string& name) {
  const std::filesystem::path certificate_file = folder / (name + ".pem"),
                              key_file = folder / (name + ".key");
  SHOGO_TRY(const std::string certificate_pem, read_text(certificate_file));
  SHOGO_TRY(const std::string key_pem, read_text(key_file));
  auto certificate = Certificate::from_pem(certificate_pem);
  if (!certificate.ok()) return Error(Code::kCorrupt, certificate_file.string(), certificate.error());
  auto key = KeyPair::from_private_pem(key_pem);
  if (!key.ok()) return Error(Code::kCorrupt, key_file.string(), key.error());
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    ERR_clear_error();
    return Error{Code::kCorrupt,
                 fmt::format("{} is not the key of {}", key_file.string(), certificate_file.string())};
  }
  return Identity{std::move(key).value(), std::move(certificate).value()};
}

Result<TestPki> TestPki::create(std::uint64_t seed) {
  SHOGO_TRY(Identity user, make_ca(seed, "ca.user", "JPKI for user authentication", 1));
  SHOGO_TRY(Identity signature, make_ca(seed, "ca.signature", "JPKI for digital signature", 2));
  SHOGO_TRY(Identity tls, make_ca(seed, "ca.tls", "TLS on the bench", 3));
  SHOGO_TRY(Identity server, make_tls(seed, tls, "server", "eligibility server - synthetic", 11, "serverAuth",
                                      "IP:127.0.0.1,DNS:localhost,DNS:eligibility.bench.test"));
  SHOGO_TRY(Identity clinic,
            make_tls(seed, tls, "clinic", "clinic PC - synthetic", 12, "clientAuth", nullptr));
  return TestPki(seed, std::move(user), std::move(signature), std::move(tls), std::move(server),
                 std::move(clinic));
}

Result<Identity> TestPki::issue_user_authentication(const std::string& person, std::uint64_t serial,
                                                    const Validity& validity, bool p384) const {
  const std::string stream = "user." + person;
  Rng rng(seed_, "pki." + stream);
  SHOGO_TRY(KeyPair key, p384 ? KeyPair::p384(rng) : KeyPair::rsa(rng));
  SHOGO_TRY(Certificate certificate,
            CertificateBuilder()
                .serial(serial)
                .subject({{"C", "JP"}, {"CN", opaque_name(seed_, stream)}})
                .validity(validity)
                .public_key(key)
                .extension(NID_key_usage, "critical,digitalSignature")
                .extension(NID_ext_key_usage, "clientAuth")
                .sign(user_authentication_ca_.key, &user_authentication_ca_.certificate));
  return Identity{std::move(key), std::move(certificate)};
}

Result<Identity> TestPki::issue_signature(const std::string& person, const SignatureHolder& holder,
                                          std::uint64_t serial, const Validity& validity, bool p384) const {
  const std::string stream = "signature." + person;
  Rng rng(seed_, "pki." + stream);
  SHOGO_TRY(KeyPair key, p384 ? KeyPair::p384(rng) : KeyPair::rsa(rng));
  // The object identifiers that public client code looks for in a signature certificate.
  SHOGO_TRY(Certificate certificate, CertificateBuilder()
                                         .serial(serial)
                                         .subject({{"C", "JP"}, {"CN", opaque_name(seed_, stream)}})
                                         .validity(validity)
                                         .public_key(key)
                                         .extension(NID_key_usage, "critical,digitalSignature,nonRepudiation")
                                         .other_names({{"1.2.392.200149.8.5.5.1", holder.name},
                                                       {"1.2.392.200149.8.5.5.3", std::string(1, holder.sex)},
                                                       {"1.2.392.200149.8.5.5.4", holder.birth_date},
                                                       {"1.2.392.200149.8.5.5.5", holder.address}})
                                         .sign(signature_ca_.key, &signature_ca_.certificate));
  return Identity{std::move(key), std::move(certificate)};
}

Result<PemFiles> TestPki::write_pem_files(const std::filesystem::path& folder) const {
  const PemFiles files{folder / "user-authentication-ca.pem",
                       folder / "signature-ca.pem",
                       folder / "tls-ca.pem",
                       folder / "server.pem",
                       folder / "server.key",
                       folder / "clinic.pem",
                       folder / "clinic.key"};
  SHOGO_CHECK_OK(write_text(files.user_authentication_ca, user_authentication_ca_.certificate.pem()));
  SHOGO_CHECK_OK(write_text(files.signature_ca, signature_ca_.certificate.pem()));
  SHOGO_CHECK_OK(write_text(files.tls_ca, tls_ca_.certificate.pem()));
  SHOGO_CHECK_OK(write_text(files.server_certificate, server_.certificate.pem()));
  SHOGO_CHECK_OK(write_private(files.server_key, server_.key.private_pem()));
  SHOGO_CHECK_OK(write_text(files.clinic_certificate, clinic_.certificate.pem()));
  SHOGO_CHECK_OK(write_private(files.clinic_key, clinic_.key.private_pem()));
  return files;
}

Result<void> TestPki::write_authority_keys(const std::filesystem::path& folder) const {
  SHOGO_CHECK_OK(
      write_private(folder / "user-authentication-ca.key", user_authentication_ca_.key.private_pem()));
  SHOGO_CHECK_OK(write_private(folder / "signature-ca.key", signature_ca_.key.private_pem()));
  return write_private(folder / "tls-ca.key", tls_ca_.key.private_pem());
}

}  // namespace shogo::sim
