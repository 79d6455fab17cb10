#include "probe_session.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#include <winscard.h>

#include <shogo/base/bytes.h>

namespace shogo::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{20};
/// The device resets the card when it has looked at it: whoever is connected then must connect again.
constexpr int kReconnects = 40;

class Session {
 public:
  explicit Session(std::string reader) : reader_(std::move(reader)) {}
  ~Session() {
    release();
    if (context_ != 0) SCardReleaseContext(context_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  LONG open() { return SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_); }

  std::string answer(const std::string& line) {
    const std::size_t blank = line.find(' ');
    const std::string word = line.substr(0, blank);
    const std::string rest = blank == std::string::npos ? "" : line.substr(blank + 1);
    const milliseconds limit(std::atoi(rest.c_str()));
    if (word == "list") return list(limit);
    if (word == "card") return wait(true, limit);
    if (word == "empty") return wait(false, limit);
    if (word == "connect") return connect(SCARD_SHARE_SHARED);
    if (word == "exclusive") return connect(SCARD_SHARE_EXCLUSIVE);
    if (word == "rival") return rival(rest == "exclusive" ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED);
    if (word == "stranger") return stranger();
    if (word == "hammer") return hammer(limit, rest.substr(std::min(rest.size(), rest.find(' ') + 1)));
    if (word == "apdu") return apdu(rest);
    if (word == "script") return learn(rest);
    if (word == "read") return read(std::atoi(rest.c_str()));
    if (word == "release") return release();
    return "error: unknown word " + word;
  }

 private:
  static std::string error(const char* what, LONG rc) {
    return std::string("error: ") + what + ": " + pcsc_stringify_error(rc);
  }
  bool listed() const {
    DWORD size = 0;
    if (SCardListReaders(context_, nullptr, nullptr, &size) != SCARD_S_SUCCESS) return false;
    std::string names(size, '\0');
    if (SCardListReaders(context_, nullptr, names.data(), &size) != SCARD_S_SUCCESS) return false;
    for (std::size_t at = 0; at < names.size() && names[at] != '\0';) {
      const std::string name = names.c_str() + at;
      if (name == reader_) return true;
      at += name.size() + 1;
    }
    return false;
  }
  std::string list(milliseconds limit) const {
    const auto until = steady_clock::now() + limit;
    while (!listed()) {
      if (steady_clock::now() >= until) return "missing";
      std::this_thread::sleep_for(kLook);
    }
    return "listed";
  }
  std::string wait(bool card, milliseconds limit) {
    const auto until = steady_clock::now() + limit;
    SCARD_READERSTATE state{};
    state.szReader = reader_.c_str();
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
      if (left.count() <= 0) return "timeout";
      const LONG rc = SCardGetStatusChange(context_, static_cast<DWORD>(left.count()), &state, 1);
      if (rc == SCARD_E_TIMEOUT) return "timeout";
      if (rc != SCARD_S_SUCCESS) return error("status", rc);
      const bool present = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
      if (present == card) return card ? "card" : "empty";
      state.dwCurrentState = state.dwEventState;
    }
  }
  std::string connect(DWORD share) {
    release();
    DWORD protocol = 0;
    share_ = share;
    LONG rc = SCardConnect(context_, reader_.c_str(), share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card_,
                           &protocol);
    if (rc != SCARD_S_SUCCESS) return error("connect", rc);
    connected_ = true;
    protocol_ = protocol;
    for (int i = 0;; ++i) {
      std::vector<BYTE> atr(MAX_ATR_SIZE);
      DWORD size = static_cast<DWORD>(atr.size());
      rc = SCardStatus(card_, nullptr, nullptr, nullptr, nullptr, atr.data(), &size);
      if (rc == SCARD_S_SUCCESS) return to_hex({atr.data(), size});
      if (i >= kReconnects || !reconnect(rc)) return error("status", rc);
    }
  }
  std::string apdu(const std::string& hex) {
    const auto command = from_hex(hex);
    if (!command.ok()) return "error: no hex";
    std::vector<BYTE> answer(65'600);
    for (int i = 0;; ++i) {
      DWORD size = static_cast<DWORD>(answer.size());
      const LONG rc =
          SCardTransmit(card_, protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1, command->data(),
                        static_cast<DWORD>(command->size()), nullptr, answer.data(), &size);
      if (rc == SCARD_S_SUCCESS) return to_hex({answer.data(), size});
      if (i >= kReconnects || !reconnect(rc)) return error("transmit", rc);
    }
  }
  std::string learn(const std::string& hex) {
    auto command = from_hex(hex);
    if (!command.ok() || command->size() < 4) return "error: no command in hex";
    script_.push_back(*std::move(command));
    return "ok";
  }
  /// One command of the script; what READ BINARY brings is appended to `got`. Empty when it went well.
  std::string step(const Bytes& command, Bytes& got) {
    constexpr BYTE kReadBinary = 0xB0;
    DWORD size = static_cast<DWORD>(room_.size());
    const LONG rc =
        SCardTransmit(card_, protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1, command.data(),
                      static_cast<DWORD>(command.size()), nullptr, room_.data(), &size);
    if (rc != SCARD_S_SUCCESS) return error("transmit", rc);
    if (size < 2 || room_[size - 2] != 0x90 || room_[size - 1] != 0x00)
      return "answer " + to_hex({room_.data() + (size < 2 ? 0 : size - 2), size < 2 ? size : 2});
    if (command[1] == kReadBinary) append(got, {room_.data(), size - 2});
    return {};
  }
  /// The whole script `times` times, each from a reset card. Later reads are held against the first one.
  std::string read(int times) {
    Bytes first, got;
    std::string trouble;
    int failed = 0;
    for (int i = 0; i < times; ++i) {
      got.clear();
      std::string why;
      DWORD protocol = 0;
      const LONG rc = SCardReconnect(card_, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                                     SCARD_RESET_CARD, &protocol);
      if (rc == SCARD_S_SUCCESS)
        protocol_ = protocol;
      else
        why = error("reset", rc);
      for (std::size_t k = 0; why.empty() && k < script_.size(); ++k) why = step(script_[k], got);
      if (why.empty() && first.empty()) first = got;
      if (why.empty() && got != first) why = "other bytes than before";
      if (why.empty()) continue;
      ++failed;
      if (trouble.empty()) trouble = " " + why;
    }
    return std::to_string(failed) + " " + std::to_string(first.size()) + " " + sha256_hex(first) + trouble;
  }
  /// Of a program of its own, as far as the service can tell.
  std::string rival(DWORD share) const {
    SCARDCONTEXT context = 0;
    if (const LONG rc = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
        rc != SCARD_S_SUCCESS)
      return error("service", rc);
    SCARDHANDLE card = 0;
    DWORD protocol = 0;
    const LONG rc = SCardConnect(context, reader_.c_str(), share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                                 &card, &protocol);
    if (rc == SCARD_S_SUCCESS) SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    return rc == SCARD_S_SUCCESS ? "ok" : error("connect", rc);
  }
  std::string stranger() const {
    SCARDHANDLE card = 0;
    DWORD protocol = 0;
    const LONG rc = SCardConnect(context_, "no such reader", SCARD_SHARE_SHARED,
                                 SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
    return rc == SCARD_S_SUCCESS ? "ok" : error("connect", rc);
  }
  std::string hammer(milliseconds length, const std::string& hex) {
    const auto command = from_hex(hex);
    if (!command.ok() || command->empty()) return "error: no hex";
    int sent = 0;
    int refused = 0;
    std::vector<BYTE> answer(65'600);
    for (const auto until = steady_clock::now() + length; steady_clock::now() < until;) {
      DWORD size = static_cast<DWORD>(answer.size());
      const LONG rc =
          SCardTransmit(card_, protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1, command->data(),
                        static_cast<DWORD>(command->size()), nullptr, answer.data(), &size);
      if (rc == SCARD_S_SUCCESS && size >= 2) {
        ++sent;
        continue;
      }
      ++refused;
      // A reset by the other program is told once; a refusal is not asked again at full speed.
      if (rc == SCARD_W_RESET_CARD) {
        DWORD protocol = 0;
        SCardReconnect(card_, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD,
                       &protocol);
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    }
    return "sent " + std::to_string(sent) + " refused " + std::to_string(refused);
  }
  bool reconnect(LONG why) {
    if (why != SCARD_W_RESET_CARD && why != SCARD_E_PROTO_MISMATCH) return false;
    std::this_thread::sleep_for(kLook);
    DWORD protocol = 0;
    if (SCardReconnect(card_, share_, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &protocol) ==
        SCARD_S_SUCCESS)
      protocol_ = protocol;
    return true;
  }
  std::string release() {
    if (connected_) SCardDisconnect(card_, SCARD_LEAVE_CARD);
    connected_ = false;
    return "ok";
  }

  std::string reader_;
  SCARDCONTEXT context_ = 0;
  SCARDHANDLE card_ = 0;
  DWORD protocol_ = 0;
  DWORD share_ = SCARD_SHARE_SHARED;
  bool connected_ = false;
  std::vector<Bytes> script_;
  std::vector<BYTE> room_ = std::vector<BYTE>(65'600);
};

}  // namespace

int serve_probe_session(const std::string& reader) {
  Session session(reader);
  if (const LONG rc = session.open(); rc != SCARD_S_SUCCESS) {
    std::printf("error: no pcscd: %s\n", pcsc_stringify_error(rc));
    return 1;
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    std::printf("%s\n", session.answer(line).c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace shogo::conformance
