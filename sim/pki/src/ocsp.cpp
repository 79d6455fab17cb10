#include "openssl_handles.h"
#include <ctime>

#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>

#include <shogo/sim/ocsp.h>

namespace shogo::sim {
namespace {

using RequestPtr = std::unique_ptr<OCSP_REQUEST, FreeWith<OCSP_REQUEST_free>>;
using ResponsePtr = std::unique_ptr<OCSP_RESPONSE, FreeWith<OCSP_RESPONSE_free>>;
using BasicPtr = std::unique_ptr<OCSP_BASICRESP, FreeWith<OCSP_BASICRESP_free>>;
using CertIdPtr = std::unique_ptr<OCSP_CERTID, FreeWith<OCSP_CERTID_free>>;
using TimePtr = std::unique_ptr<ASN1_TIME, FreeWith<ASN1_TIME_free>>;
using StorePtr = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;

constexpr auto kAnswerLife = std::chrono::hours(24);
/// Who asks looks at the clock before the answer is made: a second that begins in between, or clocks that are
/// a little apart, make no answer one of the future.
constexpr auto kClocksApart = std::chrono::seconds(5);
constexpr auto kListLife = std::chrono::hours(24 * 7);

struct ClearErrors {
  ~ClearErrors() { ERR_clear_error(); }
};

std::time_t seconds_of(Nanoseconds wall) {
  return static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(wall).count());
}

TimePtr time_of(Nanoseconds wall) {
  return TimePtr(ASN1_GENERALIZEDTIME_set(nullptr, seconds_of(wall)));
}

template <typename Handle>
Bytes der_of(const Handle* handle, int (*encode)(const Handle*, unsigned char**)) {
  unsigned char* der = nullptr;
  const int size = encode(handle, &der);
  Bytes bytes;
  if (size > 0) bytes.assign(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Bytes refusal(int status) {
  const ResponsePtr response(OCSP_response_create(status, nullptr));
  return der_of(response.get(), i2d_OCSP_RESPONSE);
}

std::string serial_text(const ASN1_INTEGER* number) {
  const BnPtr value(ASN1_INTEGER_to_BN(number, nullptr));
  char* hex = value ? BN_bn2hex(value.get()) : nullptr;
  std::string text = hex == nullptr ? "" : hex;
  OPENSSL_free(hex);
  return text;
}

/// As Certificate::serial_hex() writes it.
std::string normal(const std::string& serial_hex) {
  const auto bytes = from_hex(serial_hex.size() % 2 == 0 ? serial_hex : "0" + serial_hex);
  return bytes.ok() ? to_hex(*bytes) : serial_hex;
}

}  // namespace

OcspResponder::OcspResponder(const Identity& authority, std::function<Nanoseconds()> now)
    : authority_(authority), now_(std::move(now)) {}

void OcspResponder::revoke(const Revocation& one) {
  const std::lock_guard lock(mutex_);
  revoked_.insert_or_assign(normal(one.serial_hex), one);
}

void OcspResponder::release(const std::string& serial_hex) {
  const std::lock_guard lock(mutex_);
  revoked_.erase(normal(serial_hex));
}

std::vector<Revocation> OcspResponder::revoked() const {
  const std::lock_guard lock(mutex_);
  std::vector<Revocation> list;
  for (const auto& [serial, one] : revoked_) list.push_back(one);
  return list;
}

Bytes OcspResponder::answer(ByteView request) const {
  const ClearErrors clear;
  const unsigned char* at = request.data();
  const RequestPtr asked(d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(request.size())));
  if (!asked || at != request.data() + request.size() || OCSP_request_onereq_count(asked.get()) < 1)
    return refusal(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);
  X509* issuer = authority_.certificate.get();
  const BasicPtr basic(OCSP_BASICRESP_new());
  const Nanoseconds now = now_();
  const TimePtr from = time_of(now), until = time_of(now + kAnswerLife);
  for (int i = 0; i < OCSP_request_onereq_count(asked.get()); ++i) {
    OCSP_CERTID* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), i));
    ASN1_OBJECT* algorithm = nullptr;
    ASN1_INTEGER* serial = nullptr;
    OCSP_id_get0_info(nullptr, &algorithm, nullptr, &serial, id);
    // The issuer is named by hashes under an algorithm of the asker's choice (6960 4.1.1).
    const EVP_MD* digest = EVP_get_digestbyobj(algorithm);
    const CertIdPtr ours(digest == nullptr ? nullptr : OCSP_cert_to_id(digest, nullptr, issuer));
    int status = V_OCSP_CERTSTATUS_UNKNOWN, reason = OCSP_REVOKED_STATUS_NOSTATUS;
    TimePtr when;
    if (ours && OCSP_id_issuer_cmp(ours.get(), id) == 0) {
      status = V_OCSP_CERTSTATUS_GOOD;
      const std::lock_guard lock(mutex_);
      if (const auto found = revoked_.find(serial_text(serial)); found != revoked_.end()) {
        status = V_OCSP_CERTSTATUS_REVOKED;
        if (found->second.reason != RevocationReason::kUnspecified)
          reason = static_cast<int>(found->second.reason);
        when = time_of(found->second.when);
      }
    }
    if (OCSP_basic_add1_status(basic.get(), id, status, reason, when.get(), from.get(), until.get()) ==
        nullptr)
      return refusal(OCSP_RESPONSE_STATUS_INTERNALERROR);
  }
  OCSP_copy_nonce(basic.get(), asked.get());
  // producedAt is of our clock too: OpenSSL would write the machine's, and its interface has no other way in.
  auto* produced = const_cast<ASN1_GENERALIZEDTIME*>(OCSP_resp_get0_produced_at(basic.get()));
  if (ASN1_GENERALIZEDTIME_set(produced, seconds_of(now)) == nullptr ||
      OCSP_basic_sign(basic.get(), issuer, authority_.key.get(), EVP_sha256(), nullptr, OCSP_NOTIME) != 1)
    return refusal(OCSP_RESPONSE_STATUS_INTERNALERROR);
  const ResponsePtr response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  return der_of(response.get(), i2d_OCSP_RESPONSE);
}

Result<Bytes> OcspResponder::list_der() const {
  const Nanoseconds now = now_();
  return revocation_list_der(authority_, revoked(), now, now + kListLife);
}

Result<Bytes> ocsp_request(const Certificate& certificate, const Certificate& issuer) {
  const RequestPtr request(OCSP_REQUEST_new());
  CertIdPtr id(OCSP_cert_to_id(EVP_sha1(), certificate.get(), issuer.get()));
  if (!request || !id || OCSP_request_add0_id(request.get(), id.get()) == nullptr)
    return openssl_error("building a status request");
  (void)id.release();  // belongs to the request now
  if (OCSP_request_add1_nonce(request.get(), nullptr, 16) != 1)
    return openssl_error("building a status request");
  return der_of(request.get(), i2d_OCSP_REQUEST);
}

Result<StatusAnswer> read_ocsp_answer(ByteView response, const Certificate& certificate,
                                      const Certificate& issuer, Nanoseconds now) {
  const ClearErrors clear;
  const unsigned char* at = response.data();
  const ResponsePtr whole(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(response.size())));
  if (!whole) return Error{Code::kCorrupt, "the status answer is no OCSP response"};
  if (const int status = OCSP_response_status(whole.get()); status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
    return Error{Code::kUnavailable,
                 fmt::format("the status responder refuses: {}", OCSP_response_status_str(status))};
  const BasicPtr basic(OCSP_response_get1_basic(whole.get()));
  const StorePtr store(X509_STORE_new());
  if (!basic || !store || X509_STORE_add_cert(store.get(), issuer.get()) != 1)
    return Error{Code::kCorrupt, "the status answer has no content"};
  // The chain only: its time is the scenario's, and is looked at below.
  X509_VERIFY_PARAM_set_flags(X509_STORE_get0_param(store.get()), X509_V_FLAG_NO_CHECK_TIME);
  if (OCSP_basic_verify(basic.get(), nullptr, store.get(), 0) != 1)
    return Error{Code::kDenied, "the status answer is not signed by the authority"};
  const CertIdPtr id(OCSP_cert_to_id(EVP_sha1(), certificate.get(), issuer.get()));
  int status = 0, reason = 0;
  ASN1_GENERALIZEDTIME *from = nullptr, *until = nullptr;
  if (!id || OCSP_resp_find_status(basic.get(), id.get(), &status, &reason, nullptr, &from, &until) != 1)
    return Error{Code::kCorrupt, "the status answer is about another certificate"};
  std::time_t when = seconds_of(now);
  std::time_t soon = seconds_of(now + kClocksApart);
  if (X509_cmp_time(from, &soon) > 0 || (until != nullptr && X509_cmp_time(until, &when) < 0))
    return Error{Code::kCorrupt, "the status answer is not of this time"};
  StatusAnswer answer;
  if (status == V_OCSP_CERTSTATUS_GOOD) answer.status = CertificateStatus::kGood;
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    answer.status = CertificateStatus::kRevoked;
    if (reason > 0) answer.reason = static_cast<RevocationReason>(reason);
  }
  return answer;
}

}  // namespace shogo::sim
