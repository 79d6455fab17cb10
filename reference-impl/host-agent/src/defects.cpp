#include "defects.h"

#include <shogo/reference/mutant.h>

#ifdef SHOGO_MUTANTS
#include <cstdlib>

#include <netinet/in.h>
#include <sys/socket.h>

#include <shogo/base/tlv.h>
#include <shogo/reference/bent_packages.h>
#include <shogo/reference/unique_fd.h>
#endif

namespace shogo::agent {

#ifdef SHOGO_MUTANTS
namespace {

constexpr std::uint8_t kVerify = 0x20;

bool carries_pin(ByteView command) {
  return command.size() > 5 && command[1] == kVerify;
}

/// What a careless "for the face match" debug line would do: the chip photo, as text, into the log.
void log_photo(const Transmit& send, LogSink& sink) {
  const auto& number_b = reference::mutant_argument();
  Bytes verify = "002000800E"_hex;
  append(verify, as_bytes(number_b));
  for (const Bytes& command :
       {"00A4040C0AD3921000310001010402"_hex, "00A4020C020012"_hex, verify, "00A4020C020002"_hex}) {
    const auto response = send(command);
    if (!response.ok() || *response != "9000"_hex) return;
  }
  Bytes file;
  for (std::size_t at = 0; at < 0x7FFF; at += 256) {
    const auto part =
        send(Bytes{0x00, 0xB0, static_cast<std::uint8_t>(at >> 8), static_cast<std::uint8_t>(at), 0x00});
    if (!part.ok() || part->size() <= 2) break;
    append(file, ByteView(*part).first(part->size() - 2));
    if (part->size() < 258) break;
  }
  std::size_t used = 0;
  const auto outer = parse_tlv(file, used);
  if (!outer.ok()) return;
  const auto objects = parse_tlv_list(outer->value);
  const Tlv* photo = objects.ok() ? find_tlv(*objects, 0xDF27) : nullptr;
  if (photo != nullptr) sink.write_line(R"({"event":"debug","face":")" + to_base64(photo->value) + "\"}");
}

}  // namespace

Hooks make_hooks(LogSink& sink) {
  Hooks hooks;
  hooks.fund = [](FundOperations fund) {
    FundOperations bent = fund;
    // Registers whoever shows a card that is not registered, unasked.
    if (SHOGO_MUTANT("m.flow.register_no_consent"))
      bent.pin_eligibility = [fund](const Transmit& send, ByteView pin, FundPerson& person) {
        const auto status = fund.pin_eligibility(send, pin, person);
        return status == SHOGO_FUND_NOT_REGISTERED ? fund.pin_registration(send, pin, person) : status;
      };
    // Says that it registered, and only looked.
    if (SHOGO_MUTANT("m.flow.register_lost"))
      bent.pin_registration = [fund](const Transmit& send, ByteView pin, FundPerson& person) {
        const auto status = fund.pin_eligibility(send, pin, person);
        return status == SHOGO_FUND_NOT_REGISTERED ? SHOGO_FUND_OK : status;
      };
    // "A phone is only another card": its own way is never taken.
    if (SHOGO_MUTANT("m.flow.phone_uses_card_keys")) bent.phone_eligibility = fund.pin_eligibility;
    // "Nobody uses that": the fourth operation was never wired.
    if (SHOGO_MUTANT("m.flow.d_missing"))
      bent.pinless_registration = [](const Transmit&, ByteView, FundPerson&) {
        return SHOGO_FUND_UNSUPPORTED;
      };
    // The way of the cards with PIN, with the PIN that many cards are delivered with.
    if (SHOGO_MUTANT("m.flow.pinless_tries_pin"))
      bent.pinless_eligibility = [fund](const Transmit& send, ByteView, FundPerson& person) {
        return fund.pin_eligibility(send, as_bytes("0000"), person);
      };
    if (SHOGO_MUTANT("m.flow.ping_always_ok")) bent.connectivity = [] { return SHOGO_FUND_OK; };
    return bent;
  };
  hooks.transmit = [&sink](ByteView command, const Transmit& send) {
    // "There can be no application before ours": whoever wrote that saw cards of one kind.
    if (SHOGO_MUTANT("m.card.crash_on_unknown_aid")) {
      const auto other = send("00A4040C05D392F0004F"_hex);
      if (other.ok() && *other == "9000"_hex) std::abort();
    }
    auto response = send(command);
    if (SHOGO_MUTANT("m.elog.prints_apdu") && carries_pin(command))
      sink.write_line(R"({"event":"error","code":"E501","part":"card","apdu":")" + to_hex(command) + "\"}");
    if (SHOGO_MUTANT("m.pin.double_verify") && carries_pin(command)) return send(command);
    if (SHOGO_MUTANT("m.flow.locked_retry") && carries_pin(command) && response.ok() &&
        *response == "6984"_hex)
      return send(command);
    return response;
  };
  hooks.pin_status = [](PinStatus status) {
    if (SHOGO_MUTANT("m.flow.locked_retry") && status.locked) return PinStatus{3, false};
    if (SHOGO_MUTANT("m.flow.facecard_asks_pin") && status.locked) return PinStatus{3, false};
    return status;
  };
  hooks.card_kind = [](CardKind kind) {
    if (SHOGO_MUTANT("m.phone.android_only") && kind == CardKind::kIphone) return CardKind::kOther;
    // "Whatever lies there has our application": whoever wrote that saw cards of one kind.
    if (SHOGO_MUTANT("m.card.any_is_ours") && kind == CardKind::kOther) return CardKind::kMyNumber;
    return kind;
  };
  hooks.status = [](shogo_fund_status status) {
    if (SHOGO_MUTANT("m.flow.revoked_ok") && status == SHOGO_FUND_CERT_REVOKED) return SHOGO_FUND_OK;
    return status;
  };
  hooks.person_checked = [](bool checked) { return checked || SHOGO_MUTANT("m.flow.pinless_without_face"); };
  hooks.card_alone = !SHOGO_MUTANT("m.reader.interleave");
  if (SHOGO_MUTANT("m.aud.via_host")) hooks.unknown_message = say_at_pc;
  hooks.reopens_reader = !SHOGO_MUTANT("m.usb.no_reopen");
  hooks.after_success = [&sink](const FundPerson& person, const Transmit& send) {
    if (SHOGO_MUTANT("m.log.name"))
      sink.write_line(std::string(R"({"event":"welcome","patient":")") + person.data.name + "\"}");
    if (SHOGO_MUTANT("m.log.photo_b64")) log_photo(send, sink);
  };
  return hooks;
}

namespace {

using reference::Bend;
using reference::own_key;
using reference::PackageStore;
using reference::signed_anew;

void keep_newest(reference::Storage& storage) {
  const auto names = storage.list();
  if (!names.ok()) return;
  std::uint64_t newest = 0;
  const auto number_of = [](const std::string& name) {
    const std::size_t dash = name.rfind('-');
    return dash == std::string::npos ? 0 : std::strtoull(name.c_str() + dash + 1, nullptr, 10);
  };
  for (const std::string& name : *names) newest = std::max<std::uint64_t>(newest, number_of(name));
  for (const std::string& name : *names)
    if (name.ends_with(".data") && number_of(name) != newest) (void)storage.remove(name);
}

void call_home() {
  const reference::UniqueFd home(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(9);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  (void)::connect(home.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where);
}

}  // namespace

UpdaterHooks make_updater_hooks() {
  UpdaterHooks hooks;
  // Takes the package, reports its version, and goes on with the list in its program.
  if (SHOGO_MUTANT("m.card.profile_hardcoded"))
    hooks.profiles = [](const CardProfiles&) { return built_in_profiles(); };
  // Somebody has to press a button that is in no manual.
  hooks.looks = !SHOGO_MUTANT("m.update.ignored") && !SHOGO_MUTANT("m.upd.manual_only");
  if (SHOGO_MUTANT("m.upd.accepts_unsigned"))
    hooks.package = [](const Bytes& package, const PackageStore&) {
      return signed_anew(package, Bend::kSigner);
    };
  if (SHOGO_MUTANT("m.upd.downgrade"))
    hooks.package = [](const Bytes& package, const PackageStore& store) {
      return reference::is_sound(package, store.trusted_keys()) ? signed_anew(package, Bend::kDirection)
                                                                : package;
    };
  // "Only to see whether there is something newer": the maker's own server.
  if (SHOGO_MUTANT("m.upd.other_egress")) hooks.beside_look = [] { call_home(); };
  // What is signed must be good: no way back.
  hooks.rolls_back = !SHOGO_MUTANT("m.upd.bricks");
  // Saves space: the version before is deleted when the new one comes, and only its name is left to go back
  // to.
  if (SHOGO_MUTANT("m.upd.rollback_keeps_new"))
    hooks.after_install = [](reference::Storage& storage) { keep_newest(storage); };
  hooks.keys = [](std::vector<reference::PublicKey> keys) {
    if (reference::Mutants::instance().active.starts_with("m.")) keys.push_back(own_key().public_key());
    return keys;
  };
  return hooks;
}

#else

Hooks make_hooks(LogSink&) {
  return {};
}

UpdaterHooks make_updater_hooks() {
  return {};
}

#endif

}  // namespace shogo::agent
