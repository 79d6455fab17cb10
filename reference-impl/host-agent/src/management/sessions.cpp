#include "management/sessions.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <shogo/base/bytes.h>

namespace shogo::agent {
namespace {

std::string random_key() {
  std::array<std::uint8_t, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the system gives no random bytes");  // a guessable session protects nobody
  return to_hex(bytes);
}

std::string digest(std::string_view key) {
  return sha256_hex(as_bytes(key));
}

bool same(const std::string& one, const std::string& other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace

SessionKeys Sessions::begin(Nanoseconds now) {
  if (sessions_.size() >= kMost) sessions_.erase(sessions_.begin());
  SessionKeys keys{random_key(), random_key()};
  sessions_.push_back({digest(keys.token), digest(keys.proof), now, now});
  return keys;
}

bool Sessions::known(std::string_view token, std::string_view proof, Nanoseconds now) {
  std::erase_if(sessions_,
                [&](const One& one) { return now - one.used > kIdle || now - one.began > kLongest; });
  const std::string mine = digest(token);
  const std::string my_proof = digest(proof);
  for (One& one : sessions_) {
    if (!same(one.token_digest, mine) || !same(one.proof_digest, my_proof)) continue;
    one.used = now;
    return true;
  }
  return false;
}

void Sessions::end(std::string_view token) {
  const std::string mine = digest(token);
  std::erase_if(sessions_, [&](const One& one) { return one.token_digest == mine; });
}

}  // namespace shogo::agent
