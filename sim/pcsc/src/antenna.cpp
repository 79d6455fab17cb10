#include "picc.h"
#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/sim/antenna.h>
#include <shogo/sim/rf_timing.h>

namespace shogo::sim {

using contract::RfKind;
using contract::RfMessage;

namespace {

constexpr int kBlocksPerDisturbance = 5;
constexpr int kRequestsForTime = 2;
constexpr std::uint8_t kTimeMultiplier = 3;
/// A card asks for more time before the reader's patience is over, not when it is.
constexpr double kOfWaitingTime = 0.8;
/// REQB, ATQB and ATTRIB lie on the socket without their first byte and CRC.
constexpr std::size_t kFrameAround = 3;
constexpr std::size_t kLongestAnswerToCall = 14;  // ATQB; an answer to ATTRIB is shorter

std::optional<RfTiming> timing_of(const RfCard& card) {
  const auto* timed = dynamic_cast<const TimedCard*>(&card);
  return timed == nullptr ? std::nullopt : std::optional(timed->timing());
}

}  // namespace

/// A card in the field, with what its chip remembers of the protocol.
struct Lying {
  Lying(RfCard& which, RfFault kind)
      : card(which),
        fault(kind),
        timing(timing_of(which)),
        picc([this](ByteView apdu) { return transmit(apdu); }) {
    if (fault == RfFault::kNeedsTime) picc.ask_for_time(kRequestsForTime, kTimeMultiplier);
    if (timing && fault == RfFault::kNone)
      picc.ask_for_time([this](ByteView apdu) {
        // The answer is not known yet; what it adds to the work never fills a waiting time of its own.
        owed = timing->work(apdu, 0);
        return static_cast<int>(owed / slice());
      });
  }

  /// The longest a chip works between two of its blocks.
  [[nodiscard]] Nanoseconds slice() const {
    return std::chrono::duration_cast<Nanoseconds>(card.atqb().frame_waiting_time() * kOfWaitingTime);
  }

  /// How long this block and its answer take.
  Nanoseconds time_of(const Bytes& block, const Bytes& reply) {
    if (!timing) return Nanoseconds{0};
    Nanoseconds chip{0};
    const auto said = contract::parse_block(reply);
    if (said.ok() && said->kind == contract::RfBlock::Kind::kWaitingTime) {
      chip = std::min(owed, slice());
      owed -= chip;
    } else if (worked) {
      chip = std::exchange(owed, Nanoseconds{0});
      worked = false;
    }
    return timing->exchange(block.size(), reply.size()) + chip;
  }

  std::optional<Bytes> transmit(ByteView apdu) {
    ++apdus;
    worked = true;
    if (fault == RfFault::kMute) return std::nullopt;
    if (fault == RfFault::kGarbage) return "DEADBEEF0BADC0DE"_hex;
    if (fault == RfFault::kLeavesMidApdu && apdus >= 3) {
      left = true;
      return std::nullopt;
    }
    return card.transmit(apdu);
  }
  void power_off() {
    picc.power_off();
    card.power_off();
  }

  RfCard& card;
  RfFault fault;
  std::optional<RfTiming> timing;
  Nanoseconds owed{0};  ///< work of the APDU under way that has not taken its time yet
  bool worked = false;  ///< the APDU has run, its answer is on its way
  Picc picc;
  int apdus = 0;
  bool left = false;
};

struct Antenna::Impl {
  std::string socket;
  int listening = -1;
  int wake = -1;
  RealClock machine;
  Clock* clock = &machine;
  std::thread thread;
  std::atomic<bool> stopping{false};
  std::mutex mutex;  // guards cards, blocks
  std::list<Lying> cards;
  int blocks = 0;  ///< both ways, for the faults that disturb some of them

  /// The reply to one message, or nothing when none is heard; and how long it takes.
  std::optional<Bytes> answer(const RfMessage& message, Nanoseconds& takes) {
    const std::lock_guard lock(mutex);
    if (message.kind != RfKind::kFieldOff && !cards.empty() && cards.front().timing)
      takes = cards.front().timing->exchange(message.payload.size() + kFrameAround, kLongestAnswerToCall);
    const auto say = [&](RfKind kind, ByteView payload = {}) {
      return contract::encode_rf(kind, message.number, payload);
    };
    switch (message.kind) {
      case RfKind::kFieldOff:
        for (Lying& lying : cards) lying.power_off();
        return say(RfKind::kAck);
      case RfKind::kRequestB: {
        std::size_t answering = 0;
        for (const Lying& lying : cards) answering += lying.card.is_type_b() && !lying.picc.active() ? 1 : 0;
        if (answering == 0) return say(RfKind::kNoCard);
        if (answering > 1) return say(RfKind::kCollision);
        for (const Lying& lying : cards)
          if (lying.card.is_type_b() && !lying.picc.active())
            return say(RfKind::kAtqb, contract::encode_atqb(lying.card.atqb()));
        return say(RfKind::kNoCard);
      }
      case RfKind::kAttrib: {
        const auto attrib = contract::parse_attrib(message.payload);
        if (!attrib.ok()) return say(RfKind::kNoCard);
        for (Lying& lying : cards) {
          const contract::Atqb atqb = lying.card.atqb();
          if (!lying.card.is_type_b() || lying.picc.active() || atqb.pupi != attrib->pupi) continue;
          lying.picc.activate(contract::frame_size_of(attrib->frame_size_code));
          return say(RfKind::kAck, Bytes{static_cast<std::uint8_t>(atqb.mbli << 4)});
        }
        return say(RfKind::kNoCard);
      }
      case RfKind::kBlock:
        for (auto lying = cards.begin(); lying != cards.end(); ++lying) {
          if (!lying->picc.active()) continue;
          auto block = carry(*lying, message.payload);
          if (lying->left) {
            lying->power_off();
            cards.erase(lying);
            return say(RfKind::kNoCard);
          }
          if (!block) return std::nullopt;
          takes = lying->time_of(message.payload, *block);
          return say(RfKind::kCardBlock, *block);
        }
        return say(RfKind::kNoCard);
      default:
        return say(RfKind::kNoCard);
    }
  }

  /// One block to the card and its answer back, through whatever disturbs the air.
  std::optional<Bytes> carry(Lying& lying, Bytes block) {
    if (!travels(lying.fault, block)) return std::nullopt;
    auto reply = lying.picc.answer(block);
    if (!reply || !travels(lying.fault, *reply)) return std::nullopt;
    return reply;
  }

  bool travels(RfFault fault, Bytes& block) {
    if (fault != RfFault::kLosesBlocks && fault != RfFault::kGarblesBlocks) return true;
    if (++blocks % kBlocksPerDisturbance != 0) return true;
    if (fault == RfFault::kLosesBlocks) return false;
    block[block.size() / 2] ^= 0x10;
    return true;
  }

  /// Until the peer goes away, breaks the rules or we stop.
  void serve(int peer) {
    Bytes buffer;
    std::uint8_t chunk[65536];
    while (!stopping) {
      pollfd fds[2] = {{peer, POLLIN, 0}, {wake, POLLIN, 0}};
      clock->poll(fds, Nanoseconds(-1));
      if ((fds[1].revents & POLLIN) != 0) return;
      if (fds[0].revents == 0) continue;
      const ssize_t n = ::recv(peer, chunk, sizeof chunk, 0);
      if (n <= 0) return;
      append(buffer, {chunk, static_cast<std::size_t>(n)});
      for (;;) {
        auto message = contract::take_rf(buffer);
        if (!message.ok()) return;
        if (!message->has_value()) break;
        Nanoseconds takes{0};
        const auto reply = answer(**message, takes);
        if (takes.count() > 0) clock->sleep_for(takes);
        if (reply &&
            ::send(peer, reply->data(), reply->size(), MSG_NOSIGNAL) != static_cast<ssize_t>(reply->size()))
          return;
      }
    }
  }

  void run() {
    const ClockThread here(*clock);
    while (!stopping) {
      pollfd fds[2] = {{listening, POLLIN, 0}, {wake, POLLIN, 0}};
      clock->poll(fds, Nanoseconds(-1));
      if ((fds[0].revents & POLLIN) == 0) continue;
      const int peer = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) continue;
      serve(peer);
      ::close(peer);
    }
  }
};

Antenna::Antenna() : impl_(std::make_unique<Impl>()) {}

Result<std::unique_ptr<Antenna>> Antenna::open(const std::filesystem::path& socket, Clock* clock) {
  sockaddr_un address{};
  const std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path)
    return Error{Code::kInvalid,
                 fmt::format("socket path {} is too long: choose a shorter folder (TMPDIR)", path)};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  auto antenna = std::unique_ptr<Antenna>(new Antenna);
  Impl& impl = *antenna->impl_;
  impl.socket = path;
  if (clock != nullptr) impl.clock = clock;
  impl.wake = ::eventfd(0, EFD_CLOEXEC);
  impl.listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (impl.wake < 0 || impl.listening < 0 ||
      ::bind(impl.listening, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(impl.listening, 4) != 0)
    return Error{Code::kUnavailable, fmt::format("cannot listen on {}: {}", path, std::strerror(errno))};
  impl.thread = std::thread([&impl] { impl.run(); });
  return antenna;
}

Antenna::~Antenna() {
  impl_->stopping = true;
  const std::uint64_t one = 1;
  if (impl_->wake >= 0 && ::write(impl_->wake, &one, sizeof one) < 0) impl_->stopping = true;
  if (impl_->thread.joinable()) impl_->thread.join();
  if (impl_->listening >= 0) ::close(impl_->listening);
  if (impl_->wake >= 0) ::close(impl_->wake);
  ::unlink(impl_->socket.c_str());
}

const std::string& Antenna::socket() const {
  return impl_->socket;
}

void Antenna::place(RfCard& card, RfFault fault) {
  const std::lock_guard lock(impl_->mutex);
  for (Lying& lying : impl_->cards) lying.power_off();
  impl_->cards.clear();
  impl_->cards.emplace_back(card, fault);
  impl_->blocks = 0;
  card.power_off();
}

void Antenna::add(RfCard& card) {
  const std::lock_guard lock(impl_->mutex);
  impl_->cards.emplace_back(card, RfFault::kNone);
  card.power_off();
}

void Antenna::place_together(RfCard& one, RfCard& other) {
  const std::lock_guard lock(impl_->mutex);
  for (Lying& lying : impl_->cards) lying.power_off();
  impl_->cards.clear();
  for (RfCard* card : {&one, &other}) {
    impl_->cards.emplace_back(*card, RfFault::kNone);
    card->power_off();
  }
}

void Antenna::remove() {
  const std::lock_guard lock(impl_->mutex);
  for (Lying& lying : impl_->cards) lying.power_off();
  impl_->cards.clear();
}

}  // namespace shogo::sim
