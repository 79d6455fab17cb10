#include "agent.h"

#include <condition_variable>
#include <cstring>
#include <deque>
#include <map>

#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo::agent {
namespace {

/// Answers by the command's first bytes; counts what it was asked.
class ScriptedCard final : public CardChannel {
 public:
  Result<void> with_card(const std::function<void(const Transmit&)>& work) override {
    if (!present) return Error{Code::kNotFound, "no card"};
    work([this](ByteView command) -> Result<Bytes> {
      const std::string hex = to_hex(command);
      for (const auto& [prefix, answer] : answers) {
        if (hex.rfind(prefix, 0) == 0) return from_hex(answer);
      }
      return Bytes{0x90, 0x00};
    });
    return {};
  }
  std::map<std::string, std::string> answers;
  bool present = true;
};

class AgentTest : public testing::Test {
 protected:
  boost::json::object next() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(arrived_.wait_for(lock, std::chrono::seconds(5), [&] { return !sent_.empty(); }));
    if (sent_.empty()) return {};
    auto body = std::move(sent_.front());
    sent_.pop_front();
    return body;
  }
  bool silent() {
    const std::lock_guard lock(mutex_);
    return sent_.empty();
  }
  std::unique_ptr<Agent> make(FundOperation eligibility) {
    return std::make_unique<Agent>(card_,
                                   FundOperations{std::move(eligibility), nullptr, nullptr, connectivity_},
                                   Hooks{}, results_, clock_, log_, [this](boost::json::object body) {
                                     const std::lock_guard lock(mutex_);
                                     sent_.push_back(std::move(body));
                                     arrived_.notify_all();
                                   });
  }
  static contract::LinkMessage json_message(boost::json::object body) {
    contract::LinkMessage message;
    message.body = std::move(body);
    return message;
  }
  static contract::LinkMessage pin_message(std::uint64_t session, std::string_view digits) {
    contract::LinkMessage message;
    message.session = session;
    message.pin = Secret(4);
    for (const char c : digits) message.pin.push_back(static_cast<std::uint8_t>(c));
    return message;
  }

  VirtualClock clock_;
  MemorySink sink_;
  Log log_{clock_, sink_, "test"};
  ScriptedCard card_;
  TemporaryFolder folder_ = *TemporaryFolder::create("agent_test");
  ResultFolder results_{folder_.path().string(), clock_};
  std::function<shogo_fund_status()> connectivity_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<boost::json::object> sent_;
};

TEST_F(AgentTest, a_phone_whose_holder_agrees_on_it_is_asked_without_waiting_for_a_pin) {
  std::atomic<int> asked{0};
  std::atomic<std::size_t> pin_size{99};
  Agent agent(card_,
              FundOperations{nullptr, nullptr,
                             [&](const Transmit&, ByteView pin, FundPerson&) {
                               ++asked;
                               pin_size = pin.size();
                               return SHOGO_FUND_PHONE_NOT_APPROVED;
                             },
                             nullptr},
              Hooks{}, results_, clock_, log_, [this](boost::json::object body) {
                const std::lock_guard lock(mutex_);
                sent_.push_back(std::move(body));
                arrived_.notify_all();
              });
  agent.message(json_message(
      {{"type", "authenticate"}, {"session", 4}, {"operation", "phone_eligibility"}, {"without_pin", true}}));
  const auto answer = next();
  EXPECT_EQ(answer.at("reason"), "phone_not_approved");
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(pin_size, 0U);
  agent.message(json_message({{"type", "authenticate"}, {"session", 5}, {"operation", "phone_eligibility"}}));
  agent.message(pin_message(5, "1234"));
  (void)next();
  EXPECT_EQ(pin_size, 4U) << "an Android's PIN comes in its own message";
}

TEST_F(AgentTest, the_token_label_tells_phones_from_cards) {
  const auto kind = [&](const std::string& label) {
    std::string text = label;
    text.resize(32, ' ');
    card_.answers = {{"00B0000020", to_hex(as_bytes(text)) + "9000"}};
    CardKind found = CardKind::kNone;
    EXPECT_TRUE(card_.with_card([&](const Transmit& send) { found = identify(send); }).ok());
    return found;
  };
  EXPECT_EQ(kind("JPKIAPGPSETOKEN"), CardKind::kAndroid);
  EXPECT_EQ(kind("JPKIAPIOSTOKEN"), CardKind::kIphone);
  EXPECT_EQ(kind("JPKIAPICCTOKEN2"), CardKind::kMyNumber);
  EXPECT_EQ(kind(""), CardKind::kMyNumber);
  card_.answers = {{"00A4020C02", "6A82"}};
  CardKind found = CardKind::kNone;
  EXPECT_TRUE(card_.with_card([&](const Transmit& send) { found = identify(send); }).ok());
  EXPECT_EQ(found, CardKind::kMyNumber) << "a card that does not tell is a card";
}

TEST_F(AgentTest, reader_that_connects_learns_who_we_are_and_what_lies_on_the_reader) {
  auto agent = make(nullptr);
  agent->card_changed(CardKind::kMyNumber);
  EXPECT_EQ(next().at("kind"), "my_number");
  agent->reader_connected();
  EXPECT_EQ(next().at("type"), "hello");
  EXPECT_EQ(next().at("present"), true);
}

TEST_F(AgentTest, given_a_pin_when_authenticating_then_the_fund_program_gets_exactly_it_once) {
  int calls = 0;
  auto agent = make([&](const Transmit&, ByteView pin, FundPerson&) {
    ++calls;
    return as_text(pin) == "7391" ? SHOGO_FUND_OK : SHOGO_FUND_WRONG_PIN;
  });
  agent->message(json_message({{"type", "authenticate"}, {"session", 5}, {"operation", "pin_eligibility"}}));
  agent->message(pin_message(5, "7391"));
  const auto result = next();
  EXPECT_EQ(result.at("type"), "result");
  EXPECT_EQ(result.at("outcome"), "ok");
  EXPECT_EQ(result.at("session"), 5);
  EXPECT_EQ(calls, 1);
}

/// Asks the server until it is called back; then tries the card once more.
class CalledBack : public AgentTest {
 protected:
  std::mutex under_way_;
  std::condition_variable moved_;
  bool asking_ = false;
  bool called_back_ = false;
  Code after_ = Code::kInternal;

  std::unique_ptr<Agent> asking(std::int64_t session) {
    FundOperations fund;
    fund.pin_eligibility = [this](const Transmit& send, ByteView, FundPerson&) {
      std::unique_lock lock(under_way_);
      asking_ = true;
      moved_.notify_all();
      EXPECT_TRUE(moved_.wait_for(lock, std::chrono::seconds(5), [&] { return called_back_; }));
      const auto answer = send("00A40000"_hex);
      after_ = answer.ok() ? Code::kInternal : answer.error().code();
      return SHOGO_FUND_CANCELLED;
    };
    fund.cancel = [this] {
      const std::lock_guard lock(under_way_);
      called_back_ = true;
      moved_.notify_all();
    };
    auto agent = std::make_unique<Agent>(card_, std::move(fund), Hooks{}, results_, clock_, log_,
                                         [this](boost::json::object body) {
                                           const std::lock_guard lock(mutex_);
                                           sent_.push_back(std::move(body));
                                           arrived_.notify_all();
                                         });
    agent->message(
        json_message({{"type", "authenticate"}, {"session", session}, {"operation", "pin_eligibility"}}));
    agent->message(pin_message(static_cast<std::uint64_t>(session), "7391"));
    std::unique_lock lock(under_way_);
    EXPECT_TRUE(moved_.wait_for(lock, std::chrono::seconds(5), [&] { return asking_; }));
    return agent;
  }
};

TEST_F(CalledBack, a_reader_that_is_lost_calls_the_question_back_and_the_card_hears_nothing_more) {
  auto agent = asking(5);
  agent->reader_lost();
  EXPECT_EQ(next().at("reason"), "cancelled");
  EXPECT_EQ(after_, Code::kCancelled);
}

TEST_F(CalledBack, a_session_that_ends_calls_its_own_question_back_and_no_other) {
  auto agent = asking(5);
  agent->message(json_message({{"type", "end"}, {"session", 4}}));
  {
    const std::lock_guard lock(under_way_);
    EXPECT_FALSE(called_back_);
  }
  agent->message(json_message({{"type", "end"}, {"session", 5}}));
  EXPECT_EQ(next().at("reason"), "cancelled");
}

TEST_F(CalledBack, an_agent_that_stops_waits_for_no_server) {
  auto agent = asking(5);
  agent.reset();
  EXPECT_TRUE(called_back_);
}

TEST_F(AgentTest, a_pin_of_another_session_goes_nowhere) {
  int calls = 0;
  auto agent = make([&](const Transmit&, ByteView, FundPerson&) {
    ++calls;
    return SHOGO_FUND_OK;
  });
  agent->message(json_message({{"type", "authenticate"}, {"session", 5}, {"operation", "pin_eligibility"}}));
  agent->message(pin_message(6, "7391"));
  agent->message(pin_message(5, "7391"));
  agent.reset();
  int refused = 0;
  for (const std::string& line : sink_.lines()) refused += line.find("message_refused") != line.npos ? 1 : 0;
  EXPECT_EQ(refused, 2) << "and is written down";
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(silent());
}

TEST_F(AgentTest, pin_status_tells_tries_and_a_lock_without_consuming_anything) {
  auto agent = make(nullptr);
  card_.answers = {{"00200080", "63C2"}};
  agent->message(json_message({{"type", "pin_status"}, {"session", 1}}));
  auto status = next();
  EXPECT_EQ(status.at("tries_left"), 2);
  EXPECT_EQ(status.at("locked"), false);
  for (const char* sw : {"63C0", "6984"}) {
    card_.answers = {{"00200080", sw}};
    agent->message(json_message({{"type", "pin_status"}, {"session", 2}}));
    EXPECT_EQ(next().at("locked"), true) << sw;
  }
}

TEST_F(AgentTest, card_gone_or_garbage_becomes_a_result_with_its_reason) {
  auto agent = make(nullptr);
  card_.answers = {{"00A4", "DEADBEEF0BADC0DE"}};
  agent->message(json_message({{"type", "pin_status"}, {"session", 1}}));
  EXPECT_EQ(next().at("reason"), "card_unreadable");
  card_.present = false;
  agent->message(json_message({{"type", "pin_status"}, {"session", 2}}));
  EXPECT_EQ(next().at("reason"), "card_removed");
}

TEST_F(AgentTest, an_unknown_operation_is_refused_not_guessed) {
  auto agent = make(nullptr);
  agent->message(json_message({{"type", "authenticate"}, {"session", 3}, {"operation", "open_sesame"}}));
  agent->message(pin_message(3, "7391"));
  EXPECT_EQ(next().at("outcome"), "ng");
}

TEST(Identify, tells_my_number_other_and_unreadable_cards_apart) {
  const auto with = [](const char* answer) {
    return identify([answer](ByteView) { return from_hex(answer); });
  };
  EXPECT_EQ(with("9000"), CardKind::kMyNumber);
  EXPECT_EQ(with("6A82"), CardKind::kOther);
  EXPECT_EQ(with("DEADBEEF0BADC0DE"), CardKind::kUnreadable);
  EXPECT_EQ(with("1234"), CardKind::kUnreadable);
  EXPECT_EQ(identify([](ByteView) -> Result<Bytes> {
              return Error{Code::kUnavailable, "gone"};
            }),
            CardKind::kUnreadable);
}

FundOperation born(const char* birth_date, std::int32_t notice = SHOGO_FUND_NOTICE_NONE) {
  return [birth_date, notice](const Transmit&, ByteView, FundPerson& person) {
    std::strcpy(person.data.birth_date, birth_date);
    std::strcpy(person.data.reference, "SYN-00000007");
    person.data.notice = notice;
    return SHOGO_FUND_OK;
  };
}

TEST_F(AgentTest, the_reader_learns_that_a_person_is_40_on_the_birthday_and_never_when_it_is) {
  VirtualClock clock(parse_jst("2026-04-01T09:00:00+09:00"));
  const auto told = [&](const char* birth_date, std::int32_t notice) {
    Agent agent(card_, {born(birth_date, notice), nullptr, nullptr, nullptr}, {}, results_, clock, log_,
                [this](boost::json::object body) {
                  const std::lock_guard lock(mutex_);
                  sent_.push_back(std::move(body));
                  arrived_.notify_all();
                });
    agent.message(json_message({{"type", "authenticate"}, {"session", 3}, {"operation", "pin_eligibility"}}));
    agent.message(pin_message(3, "1234"));
    auto body = next();
    EXPECT_EQ(boost::json::serialize(body).find(birth_date), std::string::npos);
    return body;
  };
  EXPECT_EQ(told("19860401", SHOGO_FUND_NOTICE_NONE).at("over_40"), true);
  EXPECT_EQ(told("19860402", SHOGO_FUND_NOTICE_NONE).at("over_40"), false);
  EXPECT_EQ(told("1986", SHOGO_FUND_NOTICE_NONE).at("over_40"), false);
  EXPECT_EQ(told("19860401", SHOGO_FUND_NOTICE_EXPIRES_SOON).at("notice"), "expires_soon");
  const auto grace = told("19860401", SHOGO_FUND_NOTICE_GRACE);
  EXPECT_EQ(grace.at("notice"), "grace");
  EXPECT_EQ(grace.at("records"), false);
}

TEST_F(AgentTest, answers_are_handed_over_once_and_only_for_the_person_who_was_identified) {
  auto agent = make(born("19500101"));
  const auto hand_over = [&](std::int64_t session) {
    agent->message(
        json_message({{"type", "hand_over"}, {"session", session}, {"answers", {{"operations", "agree"}}}}));
    return next().at("kept").as_bool();
  };
  EXPECT_FALSE(hand_over(3)) << "nobody has been identified yet";
  agent->message(json_message({{"type", "authenticate"}, {"session", 3}, {"operation", "pin_eligibility"}}));
  agent->message(pin_message(3, "1234"));
  EXPECT_EQ(next().at("outcome"), "ok");
  EXPECT_FALSE(hand_over(4)) << "another session";
  EXPECT_TRUE(hand_over(3));
  EXPECT_FALSE(hand_over(3)) << "a second time";
}

TEST_F(AgentTest, connectivity_is_what_the_fund_program_says) {
  connectivity_ = [] { return SHOGO_FUND_SERVER_TIMEOUT; };
  auto agent = make(nullptr);
  agent->message(json_message({{"type", "connectivity"}, {"session", 0}}));
  EXPECT_EQ(next().at("reason"), "server_timeout");
}

}  // namespace
}  // namespace shogo::agent
