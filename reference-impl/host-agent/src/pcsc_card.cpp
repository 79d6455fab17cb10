#include "pcsc_card.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/core.h>

#include <shogo/base/secret.h>

namespace shogo::agent {
namespace {

constexpr std::size_t kLongestResponse = 65'538;
/// A card's answer that did not come: sooner than this it was taken away, later it was mute.
constexpr std::chrono::seconds kMuteAfter{1};
constexpr std::size_t kLongestCommand = 65'544;

Error pcsc_error(const char* what, LONG rc) {
  Code code = Code::kUnavailable;
  if (rc == SCARD_E_NO_SMARTCARD || rc == SCARD_E_UNKNOWN_READER || rc == SCARD_E_READER_UNAVAILABLE)
    code = Code::kNotFound;
  if (rc == SCARD_E_SHARING_VIOLATION) code = Code::kConflict;
  if (rc == SCARD_E_COMM_DATA_LOST || rc == SCARD_F_COMM_ERROR || rc == SCARD_E_PROTO_MISMATCH ||
      rc == SCARD_W_UNRESPONSIVE_CARD)
    code = Code::kCorrupt;
  return Error{code, fmt::format("PC/SC {}: {}", what, pcsc_stringify_error(rc))};
}

}  // namespace

Result<std::string> find_reader(SCARDCONTEXT context, const std::string& wanted) {
  DWORD size = 0;
  if (const LONG rc = SCardListReaders(context, nullptr, nullptr, &size); rc != SCARD_S_SUCCESS)
    return pcsc_error("list", rc);
  std::string names(size, '\0');
  if (const LONG rc = SCardListReaders(context, nullptr, names.data(), &size); rc != SCARD_S_SUCCESS)
    return pcsc_error("list", rc);
  for (std::size_t at = 0; at < names.size() && names[at] != '\0';) {
    const std::string name = names.c_str() + at;
    if (wanted.empty() || name == wanted) return name;
    at += name.size() + 1;
  }
  return Error{Code::kNotFound, fmt::format("PC/SC lists no reader \"{}\"", wanted)};
}

namespace {

/// All that one use of a card needs. Whoever holds it last closes it: the thread of a lost call, should that
/// call ever return.
struct Line {
  SCARDCONTEXT context = 0;
  SCARDHANDLE card = 0;
  DWORD protocol = 0;
  bool has_context = false;
  bool has_card = false;
  bool in_transaction = false;
  bool broken = false;              ///< the last command got no answer
  Secret command{kLongestCommand};  ///< may carry a PIN
  Secret response{kLongestResponse};
  Result<void> outcome;

  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { close(); }
  Result<void> open(const std::string& wanted, bool alone);
  Result<void> transmit(Clock& clock);
  void close();
};

Result<void> Line::open(const std::string& wanted, bool alone) {
  LONG rc = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
  if (rc != SCARD_S_SUCCESS) return pcsc_error("service", rc);
  has_context = true;
  SHOGO_TRY(const std::string reader, find_reader(context, wanted));
  rc = SCardConnect(context, reader.c_str(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card,
                    &protocol);
  if (rc != SCARD_S_SUCCESS) return pcsc_error("connect", rc);
  has_card = true;
  if (!alone) return {};
  // Shared, but one transaction: nobody else's command comes between ours (2-1.b).
  rc = SCardBeginTransaction(card);
  if (rc != SCARD_S_SUCCESS) return pcsc_error("transaction", rc);
  in_transaction = true;
  return {};
}

Result<void> Line::transmit(Clock& clock) {
  DWORD size = static_cast<DWORD>(response.capacity());
  const SCARD_IO_REQUEST* pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  const Nanoseconds begun = clock.now();
  const LONG rc = SCardTransmit(card, pci, command.expose().data(), static_cast<DWORD>(command.size()),
                                nullptr, response.expose_room().data(), &size);
  const Nanoseconds took = clock.now() - begun;
  command.clear();
  broken = rc != SCARD_S_SUCCESS || size == 0;
  if (rc != SCARD_S_SUCCESS) return pcsc_error("transmit", rc);
  // Nothing at all: the reader gave the card up. At once when it left, after its waiting time when it is
  // mute.
  if (size == 0 && took < kMuteAfter) return Error{Code::kUnavailable, "the card left"};
  if (size == 0) return Error{Code::kCorrupt, "the card did not answer"};
  if (size < 2) return Error{Code::kCorrupt, "the card answered without a status word"};
  response.set_size(size);
  return {};
}

void Line::close() {
  if (in_transaction) SCardEndTransaction(card, SCARD_LEAVE_CARD);
  // A reset leaves no verified PIN behind for whoever connects next. A card that has gone needs none; asked
  // to reset it, pcscd 1.9 marks the slot empty without its own poll noticing, and would then miss the next
  // card.
  if (has_card) SCardDisconnect(card, in_transaction && !broken ? SCARD_RESET_CARD : SCARD_LEAVE_CARD);
  if (has_context) SCardReleaseContext(context);
  in_transaction = has_card = has_context = false;
}

}  // namespace

Result<void> PcscCard::with_card(const std::function<void(const Transmit&)>& work) {
  const Error mute{Code::kCorrupt, fmt::format("the card did not answer within {} ms", limit_.count())};
  auto line = std::make_shared<Line>();
  if (!calls_.run([line, reader = reader_, alone = alone_] { line->outcome = line->open(reader, alone); },
                  limit_))
    return mute;
  if (!line->outcome.ok()) return line->outcome;
  bool lost = false;
  work([&](ByteView command) -> Result<Bytes> {
    if (lost) return mute;
    if (command.size() > line->command.capacity())
      return Error{Code::kInvalid, "a command longer than an extended APDU"};
    std::copy(command.begin(), command.end(), line->command.expose_room().begin());
    line->command.set_size(command.size());
    if (!calls_.run([line, clock = &clock_] { line->outcome = line->transmit(*clock); }, limit_)) {
      lost = true;
      return mute;
    }
    SHOGO_CHECK_OK(line->outcome);
    const ByteView answer = line->response.expose();
    return Bytes(answer.begin(), answer.end());
  });
  if (lost) return mute;
  if (!calls_.run([line] { line->close(); }, limit_)) return mute;
  return {};
}

namespace {

/// A card that does not tell is a card.
CardKind holder_of(const Transmit& transmit) {
  constexpr std::size_t kLabel = 32;
  const auto selected = transmit("00A4020C020006"_hex);
  if (!selected.ok()) return CardKind::kUnreadable;
  if (*selected != "9000"_hex) return CardKind::kMyNumber;
  const auto read = transmit("00B0000020"_hex);
  if (!read.ok()) return CardKind::kUnreadable;
  if (read->size() != kLabel + 2) return CardKind::kMyNumber;
  const std::string_view label = as_text(*read);
  if (label.starts_with("JPKIAPGPSETOKEN")) return CardKind::kAndroid;
  if (label.starts_with("JPKIAPIOSTOKEN")) return CardKind::kIphone;
  return CardKind::kMyNumber;
}

Result<std::uint64_t> status_word(const Transmit& transmit, ByteView command) {
  SHOGO_TRY(const Bytes response, transmit(command));
  if (response.size() != 2) return Error{Code::kCorrupt, "the card answered data where none was asked for"};
  return read_be(response);
}

/// SELECT by name, without asking for data (P2 = 0C).
Result<std::uint64_t> select(const Transmit& transmit, const CardProfile& profile) {
  Bytes command{0x00, 0xA4, 0x04, 0x0C, static_cast<std::uint8_t>(profile.application.size())};
  append(command, profile.application);
  return status_word(transmit, command);
}

/// A card's ways of saying that it has no such application.
bool has_none(std::uint64_t sw) {
  return sw == 0x6A82 || sw == 0x6A86 || sw == 0x6D00 || sw == 0x6E00 || sw == 0x6700;
}

Error no_pin(std::uint64_t sw) {
  return Error{Code::kUnsupported, fmt::format("the card answered {:04X} when its PIN was looked for", sw)};
}

}  // namespace

CardKind identify(const Transmit& transmit, const CardProfiles& known) {
  for (const CardProfile& profile : known) {
    const auto sw = select(transmit, profile);
    if (sw.ok() && *sw == 0x9000) return holder_of(transmit);
    if (!sw.ok() || !has_none(*sw)) return CardKind::kUnreadable;
  }
  return CardKind::kOther;
}

Result<PinStatus> pin_status(const Transmit& transmit, const CardProfiles& known) {
  std::uint64_t sw = 0;
  const CardProfile* found = nullptr;
  for (const CardProfile& profile : known) {
    SHOGO_TRY(sw, select(transmit, profile));
    if (sw == 0x9000) found = &profile;
    if (!has_none(sw)) break;
  }
  if (found == nullptr) return no_pin(sw);
  Bytes find{0x00, 0xA4, 0x02, 0x0C, 0x02};
  append_be16(find, found->pin_file);
  SHOGO_TRY(sw, status_word(transmit, find));
  if (sw != 0x9000) return no_pin(sw);
  SHOGO_TRY(sw, status_word(transmit, "00200080"_hex));
  PinStatus status;
  if ((sw & 0xFFF0) == 0x63C0) status.tries_left = static_cast<int>(sw & 0x0F);
  status.locked = status.tries_left == 0 || sw == 0x6984 || sw == 0x6983;
  if (status.locked) status.tries_left = 0;
  return status;
}

}  // namespace shogo::agent
