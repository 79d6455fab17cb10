// shogo-probe READER: a plain PC/SC client. Reads APDUs from standard input, one line of hex each, sends them
// in one transaction and prints the answers the same way. On a PC/SC error it prints the error's words and
// ends with 1. With --session it watches the reader instead (probe_session.h).
#include "probe_session.h"
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <winscard.h>

#include <shogo/base/bytes.h>

namespace {

int stop(const char* what, LONG code) {
  std::printf("%s: %s\n", what, pcsc_stringify_error(code));
  return 1;
}

constexpr int kPatience = 40;

LONG transmit(SCARDHANDLE card, DWORD protocol, const shogo::Bytes& command, std::vector<BYTE>& answer,
              DWORD& size) {
  return SCardTransmit(card, protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1, command.data(),
                       static_cast<DWORD>(command.size()), nullptr, answer.data(), &size);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--session") == 0)
    return shogo::conformance::serve_probe_session(argv[2]);
  if (argc != 2 || std::strcmp(argv[1], "--help") == 0) {
    std::fputs(
        "usage: shogo-probe READER             APDUs as hex lines on standard input\n"
        "       shogo-probe --session READER   watches the reader, line by line (probe_session.h)\n"
        "PCSCLITE_CSOCK_NAME selects the pcscd.\n",
        stderr);
    return argc == 2 ? 0 : 2;
  }
  SCARDCONTEXT context = 0;
  if (const LONG rc = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
      rc != SCARD_S_SUCCESS)
    return stop("no pcscd", rc);
  SCARDHANDLE card = 0;
  DWORD protocol = 0;
  if (const LONG rc = SCardConnect(context, argv[1], SCARD_SHARE_SHARED,
                                   SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
      rc != SCARD_S_SUCCESS)
    return stop("connect", rc);
  // The device may reset the card it has looked at while we wait for our turn: connect anew, as PC/SC says.
  LONG begun = SCardBeginTransaction(card);
  for (int i = 0; i < kPatience && begun == SCARD_W_RESET_CARD; ++i) {
    SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD,
                   &protocol);
    begun = SCardBeginTransaction(card);
  }
  if (begun != SCARD_S_SUCCESS) return stop("transaction", begun);
  int status = 0;
  bool first = true;
  std::string line;
  std::vector<BYTE> answer(65'600);
  while (status == 0 && std::getline(std::cin, line)) {
    const auto command = shogo::from_hex(line);
    if (!command.ok()) {
      std::printf("%s\n", command.error().message().c_str());
      status = 1;
      break;
    }
    DWORD size = static_cast<DWORD>(answer.size());
    LONG rc = transmit(card, protocol, *command, answer, size);
    // The device may just be resetting the card it has looked at: then nothing of ours has been heard yet.
    for (int i = 0; first && i < kPatience && (rc == SCARD_W_RESET_CARD || rc == SCARD_E_PROTO_MISMATCH);
         ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      SCardEndTransaction(card, SCARD_LEAVE_CARD);
      SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD,
                     &protocol);
      SCardBeginTransaction(card);
      size = static_cast<DWORD>(answer.size());
      rc = transmit(card, protocol, *command, answer, size);
    }
    first = false;
    if (rc != SCARD_S_SUCCESS) {
      status = stop("transmit", rc);
    } else {
      std::printf("%s\n", shogo::to_hex({answer.data(), size}).c_str());
    }
  }
  SCardEndTransaction(card, SCARD_LEAVE_CARD);
  SCardDisconnect(card, SCARD_LEAVE_CARD);
  SCardReleaseContext(context);
  return status;
}
