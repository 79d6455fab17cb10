// The agent between reader, card and fund program: takes the reader's requests one after the other on a
// worker thread, so that the link keeps beating while a card or a server is slow. Logic only: cards, library
// and link come from outside.
#pragma once

#include "card_channel.h"
#include "fund_library.h"
#include "hand_over.h"
#include "visual_check.h"
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/json.hpp>

#include <shogo/base/log.h>
#include <shogo/contract/reader_link.h>

namespace shogo::agent {

/// The fund program's operations the agent can be asked for.
using FundOperation = std::function<shogo_fund_status(const Transmit&, ByteView pin, FundPerson&)>;
struct FundOperations {
  FundOperation pin_eligibility;
  FundOperation pin_registration;
  FundOperation phone_eligibility;
  std::function<shogo_fund_status()> connectivity;
  /// From another thread: the operation under way returns soon.
  std::function<void()> cancel = [] {};
  /// Their PIN is empty.
  FundOperation pinless_eligibility = nullptr;
  FundOperation pinless_registration = nullptr;
};

/// Where the test build bends the agent (defects.cpp). In the shipped program every one is the identity.
struct Hooks {
  std::function<FundOperations(FundOperations)> fund = [](FundOperations operations) { return operations; };
  std::function<Result<Bytes>(ByteView command, const Transmit& send)> transmit =
      [](ByteView command, const Transmit& send) { return send(command); };
  std::function<PinStatus(PinStatus)> pin_status = [](PinStatus told) { return told; };
  std::function<shogo_fund_status(shogo_fund_status)> status = [](shogo_fund_status given) { return given; };
  std::function<CardKind(CardKind)> card_kind = [](CardKind found) { return found; };
  /// Whether somebody has checked the person who goes on without PIN, and whether the reader hears that staff
  /// will have (3-14.c).
  std::function<bool(bool)> person_checked = [](bool checked) { return checked; };
  /// After the smart card service or its reader has gone: look for it again (3-22.b).
  bool reopens_reader = true;
  bool card_alone = true;  ///< PcscCard
  /// A message that no part of the agent knows.
  std::function<void(const boost::json::object&, const std::function<void(boost::json::object)>& send)>
      unknown_message = [](const boost::json::object&, const std::function<void(boost::json::object)>&) {};
  std::function<void(const FundPerson&, const Transmit&)> after_success = [](const FundPerson&,
                                                                             const Transmit&) {};
};

class Agent {
 public:
  using Send = std::function<void(boost::json::object)>;
  /// `clock` tells today's date; `results` and it outlive the agent.
  /// `cards` outlives the agent, too; null: those it was built with.
  Agent(CardChannel& card, FundOperations fund, Hooks hooks, const ResultFolder& results, Clock& clock,
        Log& log, Send send, const KnownCards* cards = nullptr);
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  void reader_connected();
  void reader_lost();
  void message(contract::LinkMessage message);
  void card_changed(CardKind kind);
  void card_reader(bool there);

  /// The switch of the staff (management): who comes next goes on without PIN, the card that lies there or
  /// the next one (3-14.c). Every change is logged and told to the reader. Nothing on the reader link leads
  /// here.
  [[nodiscard]] VisualCheck& visual_check() { return visual_check_; }
  /// The door for faces: the reader has matched the face in front of it with the chip photo, in this session,
  /// which may then go on without PIN until it ends. Nobody knocks yet, because the reader has no cameras.
  void face_matched(std::int64_t session);

 private:
  struct Job {
    std::int64_t session = 0;
    std::string operation;  ///< "pin_status", "pin_eligibility", "connectivity", …
    Secret pin;
  };
  void run();
  void answer_pin_status(const Job& job);
  void answer_connectivity(const Job& job);
  void hand_over(std::int64_t session, const boost::json::object& body);
  void authenticate(const Job& job, const FundOperation& operation);
  /// Only somebody whose face has been checked, by whomever.
  void authenticate_without_pin(const Job& job, const FundOperation& operation);
  void visual_check_changed(VisualCheck::Change change);
  void enqueue(Job job);
  void call_back();
  void send_card();
  void send_card_reader();
  void send_visual_check();
  void send_result(const Job& job, shogo_fund_status status, const FundPerson& person);
  void send_result(const Job& job, std::string_view reason, const FundPerson& person);

  CardChannel& card_;
  Hooks hooks_;
  FundOperations fund_;
  const ResultFolder& results_;
  Clock& clock_;
  Log& log_;
  Send send_;
  const KnownCards* cards_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  CardKind present_ = CardKind::kNone;
  bool reader_there_ = true;      ///< until somebody has looked and found none
  std::optional<Job> announced_;  ///< an authenticate that still waits for its PIN message
  std::optional<Job> waiting_;    ///< the newest request; an older one nobody waits for any more
  struct Identified {
    std::int64_t session = 0;
    std::string reference;  ///< the eligibility answer's receipt number
    PaperIds offered;       ///< what this patient may choose from
  };
  std::optional<Identified> identified_;  ///< whose answers may still be handed over
  struct Working {
    std::int64_t session = 0;
    bool called_back = false;  ///< the session has ended: neither card nor server is asked any further
  };
  std::optional<Working> working_;
  /// Whose face has been checked, by the reader or by staff: may go on without PIN until the session or its
  /// card leaves.
  std::optional<std::int64_t> checked_session_;
  bool check_moved_ = false;  ///< the worker must look anew until when the visual check is armed
  bool stopping_ = false;
  VisualCheck visual_check_;
  std::thread worker_;
};

}  // namespace shogo::agent
