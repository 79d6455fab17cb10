#include "pcsc_card.h"

#include <array>

#include <fmt/core.h>

namespace shogo::agent {
namespace {

constexpr std::size_t kLongestResponse = 65'538;

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

PcscCard::~PcscCard() {
  if (has_context_) SCardReleaseContext(context_);
}

Result<void> PcscCard::ensure_context() {
  if (has_context_ && SCardIsValidContext(context_) == SCARD_S_SUCCESS) return {};
  if (has_context_) SCardReleaseContext(context_);
  has_context_ = false;
  if (const LONG rc = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_);
      rc != SCARD_S_SUCCESS)
    return pcsc_error("service", rc);
  has_context_ = true;
  return {};
}

Result<void> PcscCard::with_card(const std::function<void(const Transmit&)>& work) {
  SHOGO_CHECK_OK(ensure_context());
  SHOGO_TRY(const std::string reader, find_reader(context_, reader_));
  SCARDHANDLE card = 0;
  DWORD protocol = 0;
  LONG rc = SCardConnect(context_, reader.c_str(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                         &card, &protocol);
  if (rc != SCARD_S_SUCCESS) return pcsc_error("connect", rc);
  // Shared, but one transaction: nobody else's command comes between ours (2-1.b).
  rc = SCardBeginTransaction(card);
  if (rc != SCARD_S_SUCCESS) {
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    return pcsc_error("transaction", rc);
  }
  work([&](ByteView command) -> Result<Bytes> {
    Bytes response(kLongestResponse);
    DWORD size = static_cast<DWORD>(response.size());
    const SCARD_IO_REQUEST* pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    const LONG sent = SCardTransmit(card, pci, command.data(), static_cast<DWORD>(command.size()), nullptr,
                                    response.data(), &size);
    if (sent != SCARD_S_SUCCESS) return pcsc_error("transmit", sent);
    if (size < 2) return Error{Code::kCorrupt, "the card answered without a status word"};
    response.resize(size);
    return response;
  });
  SCardEndTransaction(card, SCARD_LEAVE_CARD);
  // Leaves no verified PIN behind for whoever connects next.
  SCardDisconnect(card, SCARD_RESET_CARD);
  return {};
}

CardKind identify(const Transmit& transmit) {
  const auto response = transmit("00A4040C0AD392F000260100000001"_hex);
  if (!response.ok()) return CardKind::kUnreadable;
  if (response->size() != 2) return CardKind::kUnreadable;  // P2 = 0C asks for no data
  switch (read_be(*response)) {
    case 0x9000:
      return CardKind::kMyNumber;
    case 0x6A82:
    case 0x6A86:
    case 0x6D00:
    case 0x6E00:
    case 0x6700:
      return CardKind::kOther;
    default:
      return CardKind::kUnreadable;
  }
}

Result<PinStatus> pin_status(const Transmit& transmit) {
  constexpr std::array<const char*, 3> kCommands{"00A4040C0AD392F000260100000001", "00A4020C020018",
                                                 "00200080"};
  std::uint64_t sw = 0;
  for (const char* command : kCommands) {
    SHOGO_TRY(const Bytes bytes, from_hex(command));
    SHOGO_TRY(const Bytes response, transmit(bytes));
    if (response.size() != 2) return Error{Code::kCorrupt, "the card answered data where none was asked for"};
    sw = read_be(response);
    if (sw != 0x9000 && command != kCommands.back())
      return Error{Code::kUnsupported,
                   fmt::format("the card answered {:04X} when its PIN was looked for", sw)};
  }
  PinStatus status;
  if ((sw & 0xFFF0) == 0x63C0) status.tries_left = static_cast<int>(sw & 0x0F);
  status.locked = status.tries_left == 0 || sw == 0x6984 || sw == 0x6983;
  if (status.locked) status.tries_left = 0;
  return status;
}

}  // namespace shogo::agent
