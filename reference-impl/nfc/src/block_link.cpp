#include "block_link.h"

#include <algorithm>

namespace shogo::reference {
namespace {

using contract::RfBlock;
using contract::RfKind;
using Kind = contract::RfBlock::Kind;

/// An R-APDU of 65 536 bytes and its status word (7816-4, 5.1).
constexpr std::size_t kLongestResponse = 65'538;

bool is_disturbance(const Error& error) {
  return error.code() == Code::kTimeout || error.code() == Code::kInvalid;
}

/// One command on its way: which piece comes next, and what has come back.
class Conversation {
 public:
  Conversation(ByteView apdu, std::size_t piece, std::uint8_t number)
      : apdu_(apdu), piece_(piece), number_(number) {
    cut();
  }

  [[nodiscard]] const RfBlock& next() const { return next_; }
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] std::uint8_t number() const { return number_; }
  Bytes take_response() { return std::move(response_); }

  /// Nothing came, or nothing intelligible (rules 4 and 5).
  void disturbed() { next_ = {receiving_ ? Kind::kAcknowledge : Kind::kNotUnderstood, number_, false, {}}; }
  void more_time(const RfBlock& request) { next_ = request; }  // answered by itself (7.3)
  /// False when the block fits nowhere: as good as a disturbance.
  bool take(const RfBlock& block) {
    if (block.kind == Kind::kAcknowledge) return acknowledged(block);
    if (block.kind != Kind::kInformation || block.number != number_) return false;
    // Mid-command only an acknowledgement makes sense.
    if (at_ < apdu_.size()) return false;
    receiving_ = true;
    number_ ^= 1;  // rule B
    append(response_, block.information);
    done_ = !block.more;
    next_ = {Kind::kAcknowledge, number_, false, {}};
    return true;
  }
  [[nodiscard]] bool too_long() const { return response_.size() > kLongestResponse; }

 private:
  void cut() {
    const std::size_t size = std::min(piece_, apdu_.size() - begin_);
    const ByteView part = apdu_.subspan(begin_, size);
    at_ = begin_ + size;
    next_ = {Kind::kInformation, number_, at_ < apdu_.size(), Bytes(part.begin(), part.end())};
  }
  bool acknowledged(const RfBlock& block) {
    if (receiving_) return false;
    if (block.number != number_) {
      cut();  // rule 6: the card never heard it
      return true;
    }
    if (at_ >= apdu_.size()) return false;  // the last piece is answered, not acknowledged
    number_ ^= 1;                           // rules B and 7
    begin_ = at_;
    cut();
    return true;
  }

  ByteView apdu_;
  std::size_t piece_;
  std::uint8_t number_;
  std::size_t begin_ = 0;  ///< of the piece under way
  std::size_t at_ = 0;     ///< its end
  bool receiving_ = false;
  bool done_ = false;
  Bytes response_;
  RfBlock next_;
};

}  // namespace

void BlockLink::begin(const contract::Atqb& card) {
  frame_size_ = card.frame_size();
  waiting_time_ = std::max(card.frame_waiting_time(), Nanoseconds(limits_.shortest_wait));
  number_ = 0;  // rule A
  repetitions_ = 0;
}

Result<RfBlock> BlockLink::exchange(const RfBlock& block, Nanoseconds limit) {
  SHOGO_TRY(const auto reply, rf_.exchange(RfKind::kBlock, contract::encode_block(block), limit));
  if (reply.kind == RfKind::kNoCard) return Error{Code::kNotFound, "the card has left the field"};
  if (reply.kind != RfKind::kCardBlock) return Error{Code::kCorrupt, "the antenna answered out of turn"};
  auto answer = contract::parse_block(reply.payload);
  if (!answer.ok()) return Error{Code::kInvalid, "a garbled block", answer.error()};
  return answer;
}

Result<Bytes> BlockLink::transmit(ByteView apdu) {
  Conversation talk(apdu, frame_size_ - contract::kBlockOverhead, number_);
  const Nanoseconds give_up = clock_.now() + Nanoseconds(limits_.longest_answer);
  Nanoseconds limit = waiting_time_;
  int disturbances = 0;
  while (!talk.done()) {
    const Nanoseconds left = give_up - clock_.now();
    if (left.count() <= 0) return Error{Code::kTimeout, "the card needs too long for its answer"};
    const std::uint8_t before = talk.number();
    const auto block = exchange(talk.next(), std::min(limit, left));
    if (!block.ok() && !is_disturbance(block.error())) return block.error();
    limit = waiting_time_;
    if (block.ok() && block->kind == Kind::kWaitingTime) {
      disturbances = 0;
      limit = std::min(waiting_time_ * block->information[0], Nanoseconds(contract::kMaxFrameWaitingTime));
      talk.more_time(*block);
      continue;
    }
    if (block.ok() && talk.take(*block)) {
      if (talk.number() != before) disturbances = 0;
      if (talk.too_long()) return Error{Code::kCorrupt, "an answer longer than any APDU allows"};
      if (talk.number() != before) continue;
    } else {
      talk.disturbed();
    }
    ++repetitions_;
    if (++disturbances <= limits_.attempts) continue;
    if (!block.ok() && block.error().code() == Code::kTimeout)
      return Error{Code::kTimeout, "the card does not answer"};
    return Error{Code::kCorrupt, "the card answers nothing intelligible"};
  }
  number_ = talk.number();
  return talk.take_response();
}

bool BlockLink::card_is_there() {
  for (int i = 0; i <= limits_.attempts; ++i) {
    const auto block = exchange({Kind::kNotUnderstood, number_, false, {}}, waiting_time_);
    if (block.ok()) return true;
    if (!is_disturbance(block.error())) return false;
    ++repetitions_;
  }
  return false;
}

}  // namespace shogo::reference
