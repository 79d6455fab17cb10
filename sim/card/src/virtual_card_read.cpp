// READ BINARY, READ RECORD, GET DATA and GET CHALLENGE.
#include "status_word.h"
#include "virtual_card_parts.h"

namespace shogo::sim {
namespace {

/// Records stand one after another as simple TLVs of JICSAP: tag, length in one byte or as FF and two.
std::vector<ByteView> split_records(ByteView file) {
  std::vector<ByteView> records;
  while (file.size() >= 2) {
    std::size_t header = 2, length = file[1];
    if (length == 0xFF && file.size() >= 4) {
      header = 4;
      length = static_cast<std::size_t>(read_be(file.subspan(2, 2)));
    }
    const std::size_t size = std::min(header + length, file.size());
    records.push_back(file.first(size));
    file = file.subspan(size);
  }
  return records;
}

}  // namespace

VirtualCard::Reply VirtualCard::read_binary(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (!apdu.body.empty() || apdu.ne == 0) return {sw::kWrongLength, {}};
  std::size_t offset = static_cast<std::size_t>(apdu.p1) << 8 | apdu.p2;
  if ((apdu.p1 & 0x80) != 0) {
    const std::uint16_t sfi = apdu.p1 & 0x1F;
    if ((apdu.p1 & 0x60) != 0 || sfi == 0 || sfi == 0x1F) return {sw::kWrongP1P2, {}};
    if (!set_current(sfi)) return {sw::kFileNotFound, {}};
    offset = apdu.p2;
  }
  if (current_application_ == nullptr || current_kind_ == CurrentKind::kNone) return {sw::kNoCurrentFile, {}};
  const CardFile* file = find_by_id(current_application_->files, current_id_);
  if (file == nullptr || file->form != CardFile::Form::kTransparent) return {sw::kWrongFileType, {}};
  if (!allowed(file->read)) return {sw::kSecurityStatus, {}};
  const Bytes& bytes = contents_.files.at(file->content);
  if (offset >= bytes.size()) return {sw::kOffsetOutside, {}};
  const std::size_t size = std::min(apdu.ne, bytes.size() - offset);
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  return {sw::kOk, Bytes(begin, begin + static_cast<std::ptrdiff_t>(size))};
}

VirtualCard::Reply VirtualCard::read_record(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (!apdu.body.empty() || apdu.ne == 0) return {sw::kWrongLength, {}};
  constexpr std::uint8_t kOne = 0x04, kAllFrom = 0x05;
  const std::uint8_t how = apdu.p2 & 0x07;
  if (how != kOne && how != kAllFrom) return {sw::kWrongP1P2, {}};
  if (const std::uint16_t sfi = apdu.p2 >> 3; sfi != 0 && !set_current(sfi)) return {sw::kFileNotFound, {}};
  if (current_application_ == nullptr || current_kind_ == CurrentKind::kNone) return {sw::kNoCurrentFile, {}};
  const CardFile* file = find_by_id(current_application_->files, current_id_);
  if (file == nullptr || file->form != CardFile::Form::kRecords) return {sw::kWrongFileType, {}};
  if (!allowed(file->read)) return {sw::kSecurityStatus, {}};
  const auto records = split_records(contents_.files.at(file->content));
  if (apdu.p1 == 0 || apdu.p1 > records.size()) return {sw::kRecordNotFound, {}};
  Reply reply{sw::kOk, {}};
  const std::size_t last = how == kOne ? apdu.p1 : records.size();
  for (std::size_t i = apdu.p1; i <= last; ++i) append(reply.data, records[i - 1]);
  return reply;
}

VirtualCard::Reply VirtualCard::get_challenge(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 != 0 || apdu.p2 != 0) return {sw::kWrongP1P2, {}};
  if (apdu.extended || apdu.ne > 256) return {sw::kConditions, {}};
  if (!apdu.body.empty() || apdu.ne == 0) return {sw::kWrongLength, {}};
  Bytes challenge(apdu.ne);
  rng_.fill(challenge);
  challenge_ = challenge;
  return {sw::kOk, std::move(challenge)};
}

VirtualCard::Reply VirtualCard::get_data(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (!apdu.body.empty()) return {sw::kWrongLength, {}};
  const auto tag = static_cast<std::uint16_t>(apdu.p1 << 8 | apdu.p2);
  for (const DataObject& object : profile_.data_objects) {
    if (object.tag != tag || (current_application_ != nullptr && !object.everywhere)) continue;
    const Bytes& bytes = contents_.files.at(object.content);
    if (apdu.ne < bytes.size()) return {sw::kWrongLength, {}};  // not 6Cxx: seen with big objects
    return {sw::kOk, bytes};
  }
  return {sw::kReferenceNotFound, {}};
}

}  // namespace shogo::sim
