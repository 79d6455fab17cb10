#include "status_word.h"
#include "virtual_card_parts.h"
#include <array>

#include <fmt/core.h>

#include <shogo/sim/apdu_text.h>

namespace shogo::sim {
namespace {

constexpr std::array<std::pair<std::uint8_t, const char*>, 15> kCommands{{
    {ins::kVerify, "VERIFY"},
    {ins::kChange, "CHANGE REFERENCE DATA"},
    {ins::kSign, "COMPUTE DIGITAL SIGNATURE"},
    {ins::kResetRetryCounter, "RESET RETRY COUNTER"},
    {ins::kChangeKey, "CHANGE KEY"},
    {ins::kGetChallenge, "GET CHALLENGE"},
    {ins::kInternalAuthenticate, "INTERNAL AUTHENTICATE"},
    {ins::kSetTerminalKey, "SET TERMINAL KEY"},
    {ins::kExternalAuthenticate, "EXTERNAL AUTHENTICATE"},
    {ins::kSelect, "SELECT"},
    {ins::kSetSessionKey, "SET SESSION KEY"},
    {ins::kReadBinary, "READ BINARY"},
    {ins::kReadRecord, "READ RECORD"},
    {ins::kGetData, "GET DATA"},
    {0xC0, "GET RESPONSE"},
}};

constexpr std::array<std::pair<std::uint16_t, const char*>, 19> kMeanings{{
    {sw::kOk, "ok"},
    {sw::kWrongWithoutLimit, "wrong"},
    {sw::kMemoryFailure, "memory failure: the card's file could not be written"},
    {sw::kWrongLength, "wrong length"},
    {sw::kWrongFileType, "not that kind of file"},
    {sw::kSecurityStatus, "not allowed yet"},
    {sw::kBlocked, "blocked"},
    {sw::kConditions, "conditions not met"},
    {sw::kNoCurrentFile, "nothing selected"},
    {sw::kObjectsMissing, "secure messaging objects missing"},
    {sw::kObjectsWrong, "secure messaging objects wrong, session lost"},
    {sw::kNoSession, "no secure messaging session"},
    {sw::kWrongData, "wrong data"},
    {sw::kFileNotFound, "not found"},
    {sw::kRecordNotFound, "no such record"},
    {sw::kWrongP1P2, "wrong P1 P2"},
    {sw::kReferenceNotFound, "no such reference"},
    {sw::kOffsetOutside, "offset outside the file"},
    {sw::kInternal, "internal"},
}};

std::string command_name(const ApduTrace& trace) {
  for (const auto& [code, name] : kCommands)
    if (code == trace.header[1]) return name;
  return fmt::format("INS {:02X}", trace.header[1]);
}

}  // namespace

std::string current_content(const ApduTrace& trace, const CardProfile& profile) {
  for (const CardApplication& application : profile.applications) {
    if (application.name != trace.application) continue;
    if (const CardFile* file = find_by_id(application.files, trace.current)) return file->content;
    if (const CardPin* pin = find_by_id(application.pins, trace.current)) return pin->secret;
    if (const CardKey* key = find_by_id(application.keys, trace.current)) return "key " + key->key;
  }
  return {};
}

std::string status_text(std::uint16_t word) {
  for (const auto& [code, text] : kMeanings)
    if (code == word) return text;
  if ((word & 0xFFF0) == sw::kTriesLeft) return fmt::format("{} tries left", word & 0x0F);
  if ((word & 0xFF00) == sw::kCorrectLe) return fmt::format("ask for {} bytes", word & 0xFF);
  if (word == sw::kInstructionNotSupported) return "unknown instruction";
  if (word == sw::kClassNotSupported) return "unknown class";
  return {};
}

std::string apdu_text(const ApduTrace& trace, const CardProfile& profile) {
  const auto& [cla, instruction, p1, p2] = trace.header;
  std::string line = fmt::format("{:02X} {:02X} {:02X} {:02X}  {}{}", cla, instruction, p1, p2,
                                 trace.encrypted ? "encrypted " : "", command_name(trace));
  if (!trace.application.empty()) {
    line += fmt::format(" {}", trace.application);
    if (trace.current != 0) line += fmt::format("/{:04X} {}", trace.current, current_content(trace, profile));
  }
  if (instruction == ins::kReadBinary && (p1 & 0x80) == 0) line += fmt::format(" from {}", p1 << 8 | p2);
  if (trace.body_size > 0)
    line += fmt::format(", {} bytes{}", trace.body_size, trace.pin_carrying ? " (masked)" : "");
  line += fmt::format(" -> {:04X} {}", trace.sw, status_text(trace.sw));
  if (trace.response_size > 0) line += fmt::format(", {} bytes", trace.response_size);
  return line;
}

boost::json::object apdu_json(const ApduTrace& trace, const CardProfile& profile) {
  const auto hex = [](unsigned value, int digits) { return fmt::format("{:0{}X}", value, digits); };
  boost::json::object out{{"cla", hex(trace.header[0], 2)}, {"ins", hex(trace.header[1], 2)},
                          {"p1", hex(trace.header[2], 2)},  {"p2", hex(trace.header[3], 2)},
                          {"lc", trace.body_size},          {"le", trace.le},
                          {"sw", hex(trace.sw, 4)},         {"bytes", trace.response_size},
                          {"command", command_name(trace)}, {"meaning", status_text(trace.sw)}};
  if (!trace.application.empty()) out["application"] = trace.application;
  if (trace.current != 0) {
    out["file"] = hex(trace.current, 4);
    out["content"] = current_content(trace, profile);
  }
  if (trace.encrypted) out["encrypted"] = true;
  return out;
}

}  // namespace shogo::sim
