// libshogo-fund-sim.so: the simulated fund program behind the C ABI of fund_program.h. *Synthetic*: the real
// one is not public. No exception may cross the ABI; nothing here writes a file or prints.
#include "fund_card.h"
#include "server_client.h"
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/json_reader.h>
#include <shogo/contract/fund_program.h>

struct shogo_fund {
  std::unique_ptr<shogo::sim::ServerClient> server;
  std::optional<shogo::sim::TerminalCredential> terminal;  ///< for cards without PIN
};

namespace shogo::sim {
namespace {

/// What the body of a VERIFY can hold. Shorter or longer than four is the device's mistake (3-11), and it
/// must show at the card: a program that held it back would hide it from the bench.
constexpr std::size_t kLongestPin = 16;

shogo_fund_status status_of(const Error& error) {
  switch (error.code()) {
    case Code::kTimeout:
      return SHOGO_FUND_SERVER_TIMEOUT;
    case Code::kUnavailable:
      return SHOGO_FUND_SERVER_UNREACHABLE;
    case Code::kCancelled:
      return SHOGO_FUND_CANCELLED;
    case Code::kInvalid:
    case Code::kNotFound:
    case Code::kDenied:
    case Code::kCorrupt:
    case Code::kExhausted:
    case Code::kUnsupported:
    case Code::kConflict:
    case Code::kInternal:
      return SHOGO_FUND_SERVER_ERROR;
  }
  return SHOGO_FUND_SERVER_ERROR;
}

/// A server answer as JSON whose every byte lies in one Secret: names leave no trace on the heap (3-16).
class WipedJson {
 public:
  /// Nothing but a JSON object counts; anything else leaves object() null.
  explicit WipedJson(const Secret& text)
      : arena_(kArena),
        scratch_(kScratch),
        memory_(arena_.expose_room().data(), arena_.capacity(), boost::json::get_null_resource()) {
    boost::json::error_code ec;
    boost::json::stream_parser parser({}, {}, scratch_.expose_room().data(), scratch_.capacity());
    parser.reset(&memory_);
    const std::string_view view = as_text(text.expose());
    parser.write(view.data(), view.size(), ec);
    if (!ec) parser.finish(ec);
    if (!ec) value_ = parser.release();
  }
  [[nodiscard]] const boost::json::object* object() const { return value_.if_object(); }
  [[nodiscard]] std::string_view string(const char* key) const {
    const auto* object = value_.if_object();
    return object == nullptr ? std::string_view() : string(*object, key);
  }
  static std::string_view string(const boost::json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
  }

 private:
  static constexpr std::size_t kArena = 1U << 18;
  static constexpr std::size_t kScratch = 1U << 16;
  Secret arena_;
  Secret scratch_;
  boost::json::monotonic_resource memory_;
  boost::json::value value_;
};

/// Cuts at a character's edge: half a character is worse than a short name.
template <std::size_t N>
void copy_text(char (&to)[N], std::string_view text) {
  std::size_t size = std::min(text.size(), N - 1);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  if (size > 0) std::memcpy(to, text.data(), size);  // an absent field has no address
  to[size] = '\0';
}

/// An entry that is none (no kind, id or name that we know) is left out: the rest is still true.
void copy_papers(shogo_fund_person& person, const boost::json::object& who) {
  constexpr std::pair<std::string_view, shogo_fund_paper_kind> kKinds[] = {
      {"subsidy", SHOGO_FUND_PAPER_SUBSIDY},
      {"prescription", SHOGO_FUND_PAPER_PRESCRIPTION},
      {"referral", SHOGO_FUND_PAPER_REFERRAL}};
  const auto* papers = who.if_contains("papers");
  if (papers == nullptr || !papers->is_array()) return;
  for (const auto& entry : papers->get_array()) {
    if (person.paper_count == SHOGO_FUND_MAX_PAPERS) return;
    if (!entry.is_object()) continue;
    const std::string_view id = WipedJson::string(entry.get_object(), "id");
    const std::string_view name = WipedJson::string(entry.get_object(), "name");
    const std::string_view kind = WipedJson::string(entry.get_object(), "kind");
    shogo_fund_paper& paper = person.papers[person.paper_count];
    if (id.empty() || id.size() >= sizeof paper.id || name.empty()) continue;
    for (const auto& [word, value] : kKinds) {
      if (word != kind) continue;
      paper.kind = value;
      copy_text(paper.id, id);
      copy_text(paper.name, name);
      ++person.paper_count;
    }
  }
}

shogo_fund_status get_challenge(ServerClient& server, std::string& id, Bytes& challenge) {
  const auto answer = server.post("/v1/challenge", "{}");
  if (!answer.ok()) return status_of(answer.error());
  const WipedJson document(answer->body);
  auto bytes = from_hex(document.string("challenge"));
  if (answer->http_status != 200 || !bytes.ok() || bytes->size() != 32) return SHOGO_FUND_SERVER_ERROR;
  id = std::string(document.string("challenge_id"));
  challenge = std::move(bytes).value();
  return SHOGO_FUND_OK;
}

shogo_fund_status status_of_answer(int http_status, const WipedJson& document) {
  const std::string_view error = document.string("error");
  // The certificate or the signature came from the card: the fault is the card's, not the server's.
  if (error == "bad_signature" || error == "untrusted_certificate" || error == "bad_certificate")
    return SHOGO_FUND_CARD_ERROR;
  if (http_status != 200) return SHOGO_FUND_SERVER_ERROR;
  const std::string_view result = document.string("result");
  if (result == "eligible") return SHOGO_FUND_OK;
  if (result == "not_registered") return SHOGO_FUND_NOT_REGISTERED;
  if (result == "suspended" || result == "unknown") return SHOGO_FUND_NOT_ELIGIBLE;
  if (result == "expired") return SHOGO_FUND_CERT_EXPIRED;
  if (result == "revoked") return SHOGO_FUND_CERT_REVOKED;
  return SHOGO_FUND_SERVER_ERROR;
}

shogo_fund_status submit(ServerClient& server, const char* path, const std::string& challenge_id,
                         const Bytes& certificate, const Bytes& signature, shogo_fund_person& person) {
  const std::string body = boost::json::serialize(boost::json::object{{"challenge_id", challenge_id},
                                                                      {"certificate", to_base64(certificate)},
                                                                      {"signature", to_base64(signature)}});
  const auto answer = server.post(path, body);
  if (!answer.ok()) return status_of(answer.error());
  const WipedJson document(answer->body);
  const shogo_fund_status status = status_of_answer(answer->http_status, document);
  copy_text(person.reference, document.string("reference"));
  if (status != SHOGO_FUND_OK) return status;
  const auto* who = document.object()->if_contains("person");
  if (who == nullptr || !who->is_object()) return SHOGO_FUND_SERVER_ERROR;
  copy_text(person.name, WipedJson::string(who->get_object(), "name"));
  copy_text(person.birth_date, WipedJson::string(who->get_object(), "birth_date"));
  copy_papers(person, who->get_object());
  const std::string_view notice = document.string("notice");
  person.notice = notice == "expires_soon" ? SHOGO_FUND_NOTICE_EXPIRES_SOON
                  : notice == "grace"      ? SHOGO_FUND_NOTICE_GRACE
                                           : SHOGO_FUND_NOTICE_NONE;
  return SHOGO_FUND_OK;
}

shogo_fund_status authenticate_by_pin(shogo_fund& fund, const char* path, shogo_fund_transmit transmit,
                                      void* context, ByteView pin, shogo_fund_person& person) {
  FundCard card(transmit, context);
  std::string challenge_id;
  Bytes challenge;
  Bytes signature;
  Bytes certificate;
  shogo_fund_status status = card.select_jpki();
  if (status == SHOGO_FUND_OK) status = card.verify_pin(pin, person.tries_left);
  if (status == SHOGO_FUND_OK) status = get_challenge(*fund.server, challenge_id, challenge);
  if (status == SHOGO_FUND_OK) status = card.sign(challenge, signature);
  if (status == SHOGO_FUND_OK) status = card.read_certificate(certificate);
  if (status == SHOGO_FUND_OK)
    status = submit(*fund.server, path, challenge_id, certificate, signature, person);
  return status;
}

/// A phone shows by its token label who must agree where: an Android's holder by the PIN at the reader, an
/// iPhone's on the phone itself. The plastic card has no business here.
shogo_fund_status authenticate_by_phone(shogo_fund& fund, shogo_fund_transmit transmit, void* context,
                                        ByteView pin, shogo_fund_person& person) {
  constexpr std::uint16_t kSecurityStatus = 0x6982, kConditions = 0x6985;
  FundCard phone(transmit, context);
  Token token = Token::kCard;
  shogo_fund_status status = phone.select_jpki();
  if (status == SHOGO_FUND_OK) status = phone.read_token(token);
  if (status != SHOGO_FUND_OK) return status;
  if (token == Token::kCard) return SHOGO_FUND_CARD_UNSUPPORTED;
  if (token == Token::kAndroid && pin.empty()) return SHOGO_FUND_UNSUPPORTED;
  if (token == Token::kAndroid) status = phone.verify_pin(pin, person.tries_left);
  std::string challenge_id;
  Bytes challenge;
  Bytes signature;
  Bytes certificate;
  if (status == SHOGO_FUND_OK) status = get_challenge(*fund.server, challenge_id, challenge);
  if (status == SHOGO_FUND_OK) status = phone.sign(challenge, signature);
  if (token == Token::kIphone && (phone.refusal() == kSecurityStatus || phone.refusal() == kConditions))
    return SHOGO_FUND_PHONE_NOT_APPROVED;
  if (status == SHOGO_FUND_OK) status = phone.read_certificate(certificate);
  if (status == SHOGO_FUND_OK && token == Token::kIphone) phone.last_command();
  if (status == SHOGO_FUND_OK)
    status = submit(*fund.server, "/v1/eligibility", challenge_id, certificate, signature, person);
  return status;
}

/// Whoever calls this answers for the face: the card cannot know whether anybody looked (3-14.c).
shogo_fund_status authenticate_by_terminal(shogo_fund& fund, const char* path, shogo_fund_transmit transmit,
                                           void* context, shogo_fund_person& person) {
  if (!fund.terminal) return SHOGO_FUND_UNSUPPORTED;
  FundCard card(transmit, context);
  std::string challenge_id;
  Bytes challenge;
  Bytes signature;
  Bytes certificate;
  shogo_fund_status status = card.select_jpki();
  if (status == SHOGO_FUND_OK) status = card.prove_terminal(*fund.terminal);
  if (status == SHOGO_FUND_OK) status = get_challenge(*fund.server, challenge_id, challenge);
  if (status == SHOGO_FUND_OK) status = card.sign(challenge, signature);
  if (status == SHOGO_FUND_OK) status = card.read_certificate(certificate);
  if (status == SHOGO_FUND_OK)
    status = submit(*fund.server, path, challenge_id, certificate, signature, person);
  return status;
}

/// Nothing of the patient before may stay in the caller's struct. False when the call makes no sense.
bool begin(shogo_fund* fund, shogo_fund_transmit transmit, shogo_fund_person* person) {
  if (fund == nullptr || transmit == nullptr || person == nullptr ||
      person->version != SHOGO_FUND_ABI_VERSION)
    return false;
  wipe(person, sizeof *person);
  person->version = SHOGO_FUND_ABI_VERSION;
  person->tries_left = -1;
  fund->server->begin();
  return true;
}

/// What every operation with a PIN checks before the card hears anything.
shogo_fund_status by_pin(shogo_fund* fund, const char* path, shogo_fund_transmit transmit, void* context,
                         const uint8_t* pin, std::size_t pin_size, shogo_fund_person* person) {
  if (!begin(fund, transmit, person)) return SHOGO_FUND_UNSUPPORTED;
  if (pin == nullptr || pin_size < 1 || pin_size > kLongestPin) return SHOGO_FUND_UNSUPPORTED;
  try {
    return authenticate_by_pin(*fund, path, transmit, context, {pin, pin_size}, *person);
  } catch (const std::exception&) {
    return SHOGO_FUND_SERVER_ERROR;  // an answer so odd that it burst a limit
  }
}

shogo_fund_status without_pin(shogo_fund* fund, const char* path, shogo_fund_transmit transmit, void* context,
                              shogo_fund_person* person) {
  if (!begin(fund, transmit, person)) return SHOGO_FUND_UNSUPPORTED;
  try {
    return authenticate_by_terminal(*fund, path, transmit, context, *person);
  } catch (const std::exception&) {
    return SHOGO_FUND_SERVER_ERROR;  // an answer so odd that it burst a limit
  }
}

}  // namespace
}  // namespace shogo::sim

extern "C" {

shogo_fund* shogo_fund_open(const shogo_fund_config* config, char* message, size_t message_size) {
  const auto fail = [&](const char* why) -> shogo_fund* {
    if (message != nullptr && message_size > 0) std::snprintf(message, message_size, "%s", why);
    return nullptr;
  };
  if (config == nullptr || config->version != SHOGO_FUND_ABI_VERSION)
    return fail("the configuration has another ABI version than this library (5)");
  if (config->server_url == nullptr || config->trust_anchor_pem == nullptr ||
      config->client_cert_pem == nullptr || config->client_key_pem == nullptr)
    return fail("the configuration needs server_url, trust_anchor_pem, client_cert_pem, client_key_pem");
  try {
    auto server =
        shogo::sim::ServerClient::open({config->server_url, config->trust_anchor_pem, config->client_cert_pem,
                                        config->client_key_pem, shogo::milliseconds(config->timeout_ms)});
    if (!server.ok()) return fail(server.error().describe().c_str());
    std::optional<shogo::sim::TerminalCredential> terminal;
    if (config->terminal_pem != nullptr && *config->terminal_pem != '\0') {
      auto loaded = shogo::sim::TerminalCredential::load(config->terminal_pem);
      if (!loaded.ok()) return fail(loaded.error().describe().c_str());
      terminal = std::move(loaded).value();
    }
    return new shogo_fund{std::move(server).value(), std::move(terminal)};
  } catch (const std::exception& e) {
    return fail(e.what());
  }
}

void shogo_fund_close(shogo_fund* fund) {
  delete fund;
}

const char* shogo_fund_version(void) {
  return "shogo-fund-sim 0.1.0";
}

shogo_fund_status shogo_fund_pin_eligibility(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                             const uint8_t* pin, size_t pin_size, shogo_fund_person* person) {
  return shogo::sim::by_pin(fund, "/v1/eligibility", transmit, context, pin, pin_size, person);
}

shogo_fund_status shogo_fund_pin_registration(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                              const uint8_t* pin, size_t pin_size,
                                              shogo_fund_person* person) {
  return shogo::sim::by_pin(fund, "/v1/registration", transmit, context, pin, pin_size, person);
}

shogo_fund_status shogo_fund_pinless_eligibility(shogo_fund* fund, shogo_fund_transmit transmit,
                                                 void* context, shogo_fund_person* person) {
  return shogo::sim::without_pin(fund, "/v1/eligibility", transmit, context, person);
}

shogo_fund_status shogo_fund_pinless_registration(shogo_fund* fund, shogo_fund_transmit transmit,
                                                  void* context, shogo_fund_person* person) {
  return shogo::sim::without_pin(fund, "/v1/registration", transmit, context, person);
}

shogo_fund_status shogo_fund_phone_eligibility(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                               const uint8_t* pin, size_t pin_size,
                                               shogo_fund_person* person) {
  if (!shogo::sim::begin(fund, transmit, person) || pin_size > shogo::sim::kLongestPin)
    return SHOGO_FUND_UNSUPPORTED;
  try {
    const shogo::ByteView given = pin == nullptr ? shogo::ByteView() : shogo::ByteView(pin, pin_size);
    return shogo::sim::authenticate_by_phone(*fund, transmit, context, given, *person);
  } catch (const std::exception&) {
    return SHOGO_FUND_SERVER_ERROR;  // an answer so odd that it burst a limit
  }
}

shogo_fund_status shogo_fund_connectivity(shogo_fund* fund) {
  if (fund == nullptr) return SHOGO_FUND_UNSUPPORTED;
  fund->server->begin();
  try {
    const auto answer = fund->server->get("/v1/ping");
    if (!answer.ok()) return shogo::sim::status_of(answer.error());
    const shogo::sim::WipedJson document(answer->body);
    return answer->http_status == 200 && !document.string("service").empty() ? SHOGO_FUND_OK
                                                                             : SHOGO_FUND_SERVER_ERROR;
  } catch (const std::exception&) {
    return SHOGO_FUND_SERVER_ERROR;
  }
}

void shogo_fund_cancel(shogo_fund* fund) {
  if (fund != nullptr) fund->server->cancel();
}

}  // extern "C"
