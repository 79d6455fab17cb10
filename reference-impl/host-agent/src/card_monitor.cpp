#include "card_monitor.h"

#include "pcsc_card.h"

namespace shogo::agent {
namespace {

constexpr DWORD kWait_ms =
    250;  // pcscd wakes us at once; the bound is for stopping and for a service that died
constexpr milliseconds kRetry{300};

}  // namespace

CardMonitor::CardMonitor(std::string reader, const KnownCards& cards, Clock& clock, Log& log,
                         Observer observer, ReaderObserver reader_observer, bool reopens)
    : reader_(std::move(reader)),
      cards_(cards),
      clock_(clock),
      log_(log),
      observer_(std::move(observer)),
      reader_observer_(std::move(reader_observer)),
      reopens_(reopens),
      thread_([this] { run(); }) {}

CardMonitor::~CardMonitor() {
  stopping_ = true;
  thread_.join();
}

void CardMonitor::report(CardKind kind) {
  if (kind == last_) return;
  last_ = kind;
  switch (kind) {
    case CardKind::kNone:
      log_.write("card_out");
      break;
    case CardKind::kMyNumber:
      log_.write("card_in", {{"kind", "my_number"}});
      break;
    case CardKind::kAndroid:
      log_.write("card_in", {{"kind", "phone_android"}});
      break;
    case CardKind::kIphone:
      log_.write("card_in", {{"kind", "phone_iphone"}});
      break;
    case CardKind::kOther:
      log_.write("card_in", {{"kind", "other"}});
      break;
    case CardKind::kUnreadable:
      log_.write("card_in", {{"kind", "unreadable"}});
      break;
  }
  observer_(kind);
}

void CardMonitor::run() {
  bool complained = false;
  while (!stopping_) {
    SCARDCONTEXT context = 0;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context) == SCARD_S_SUCCESS) {
      const bool there = find_reader(context, reader_).ok();
      SCardReleaseContext(context);
      if (there) {
        log_.write("card_reader_connected");
        reader_observer_(true);
        complained = false;
        watch();
        report(CardKind::kNone);
        if (!stopping_) log_.write("card_reader_lost");
        if (!stopping_) reader_observer_(false);
        if (!reopens_) return;
        continue;
      }
    }
    if (!complained) log_.write("card_reader_missing");
    if (!complained) reader_observer_(false);
    complained = true;
    clock_.sleep_for(kRetry);
  }
}

void CardMonitor::watch() {
  SCARDCONTEXT context = 0;
  if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context) != SCARD_S_SUCCESS) return;
  const auto reader = find_reader(context, reader_);
  SCARD_READERSTATE state{};
  state.dwCurrentState = SCARD_STATE_UNAWARE;
  PcscCard card(reader_, clock_);
  while (reader.ok() && !stopping_) {
    state.szReader = reader->c_str();
    const LONG rc = SCardGetStatusChange(context, kWait_ms, &state, 1);
    if (rc == SCARD_E_TIMEOUT) continue;
    if (rc != SCARD_S_SUCCESS || (state.dwEventState & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0)
      break;
    const bool was = (state.dwCurrentState & SCARD_STATE_PRESENT) != 0;
    const bool is = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
    // The upper half counts arrivals and removals: a card that left and came back between two looks is a new
    // card.
    const bool swapped = was && is && (state.dwCurrentState >> 16) != (state.dwEventState >> 16);
    state.dwCurrentState = state.dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
    if (!is || swapped) report(CardKind::kNone);
    if (is && (!was || swapped)) {
      CardKind kind = CardKind::kUnreadable;
      const auto looked =
          card.with_card([&](const Transmit& transmit) { kind = identify(transmit, *cards_.get()); });
      // Gone again before it could be looked at: the next round reports the removal.
      report(looked.ok() || looked.error().code() == Code::kCorrupt ? kind : CardKind::kUnreadable);
    }
  }
  SCardReleaseContext(context);
}

}  // namespace shogo::agent
