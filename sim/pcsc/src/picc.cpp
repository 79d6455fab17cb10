#include "picc.h"

#include <algorithm>

namespace shogo::sim {
namespace {

using contract::RfBlock;
using Kind = contract::RfBlock::Kind;

/// Extended APDUs reach 65 544 bytes (7816-4, 5.1); a reader that chains on and on gets no answer.
constexpr std::size_t kLongestCommand = 65'544;

}  // namespace

void Picc::activate(std::size_t reader_frame_size) {
  active_ = true;
  silent_ = false;
  frame_size_ = reader_frame_size;
  number_ = 1;
  command_.clear();
  response_.clear();
  sent_ = 0;
  waiting_for_time_ = false;
  last_.clear();
}

Bytes Picc::send(RfBlock block) {
  last_ = contract::encode_block(block);
  return last_;
}

std::optional<Bytes> Picc::answer(ByteView bytes) {
  if (!active_ || silent_) return std::nullopt;
  const auto block = contract::parse_block(bytes);
  if (!block.ok()) return std::nullopt;
  switch (block->kind) {
    case Kind::kInformation:
      return take_piece(*block);
    case Kind::kAcknowledge:
      return take_acknowledge(*block);
    case Kind::kNotUnderstood:
      if (block->number == number_ && !last_.empty()) return last_;             // rule 11
      return contract::encode_block({Kind::kAcknowledge, number_, false, {}});  // rule 12
    case Kind::kWaitingTime:
      if (!waiting_for_time_) return std::nullopt;
      return next_request_for_time_or_answer();
    case Kind::kDeselect:
      active_ = false;
      return contract::encode_block({Kind::kDeselect, 0, false, {}});
  }
  return std::nullopt;
}

std::optional<Bytes> Picc::take_piece(const RfBlock& block) {
  number_ ^= 1;  // rule D
  if (command_.size() + block.information.size() > kLongestCommand) {
    silent_ = true;
    return std::nullopt;
  }
  append(command_, block.information);
  if (block.more) return send({Kind::kAcknowledge, number_, false, {}});  // rule 2
  time_left_to_ask_ = how_often_ ? how_often_(command_) : requests_for_time_;
  return next_request_for_time_or_answer();
}

std::optional<Bytes> Picc::next_request_for_time_or_answer() {
  waiting_for_time_ = time_left_to_ask_ > 0;
  if (waiting_for_time_) {
    --time_left_to_ask_;
    return send({Kind::kWaitingTime, 0, false, {multiplier_}});
  }
  auto response = transmit_(command_);
  command_.clear();
  if (!response) {
    silent_ = true;
    return std::nullopt;
  }
  response_ = std::move(*response);
  sent_ = 0;
  return next_piece();
}

std::optional<Bytes> Picc::take_acknowledge(const RfBlock& block) {
  if (block.number == number_) return last_.empty() ? std::nullopt : std::optional<Bytes>(last_);  // rule 11
  if (sent_ >= response_.size()) return std::nullopt;
  number_ ^= 1;         // rule E
  return next_piece();  // rule 13
}

std::optional<Bytes> Picc::next_piece() {
  const std::size_t size = std::min(frame_size_ - contract::kBlockOverhead, response_.size() - sent_);
  const auto begin = response_.begin() + static_cast<std::ptrdiff_t>(sent_);
  sent_ += size;
  return send({Kind::kInformation, number_, sent_ < response_.size(),
               Bytes(begin, begin + static_cast<std::ptrdiff_t>(size))});
}

}  // namespace shogo::sim
