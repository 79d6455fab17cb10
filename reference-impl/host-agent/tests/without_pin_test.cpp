// Without PIN only a person whose face somebody has checked (3-14.c).
#include "agent.h"
#include <condition_variable>
#include <deque>

#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

using std::chrono::seconds;

class AnyCard final : public CardChannel {
 public:
  Result<void> with_card(const std::function<void(const Transmit&)>& work) override {
    work([](ByteView) -> Result<Bytes> { return "9000"_hex; });
    return {};
  }
};

class WithoutPin : public testing::Test {
 protected:
  /// The next message of this type; others are passed over.
  boost::json::object next(std::string_view type) {
    std::unique_lock lock(mutex_);
    for (;;) {
      EXPECT_TRUE(arrived_.wait_for(lock, seconds(5), [&] { return !sent_.empty(); })) << type;
      if (sent_.empty()) return {};
      auto body = std::move(sent_.front());
      sent_.pop_front();
      if (body.at("type") == boost::json::string_view(type)) return body;
    }
  }
  std::string authenticate(std::int64_t session, std::string_view operation) {
    contract::LinkMessage message;
    message.body = {
        {"type", "authenticate"}, {"session", session}, {"operation", operation}, {"without_pin", true}};
    agent_.message(std::move(message));
    return std::string(next("result").at("reason").as_string());
  }
  void end(std::int64_t session) {
    contract::LinkMessage message;
    message.body = {{"type", "end"}, {"session", session}};
    agent_.message(std::move(message));
  }
  bool logged(std::string_view text) {
    for (const std::string& line : sink_.lines())
      if (line.find("visual_check") != line.npos && line.find(text) != line.npos) return true;
    return false;
  }
  FundOperations fund() {
    const auto count = [this](int& which) {
      return [this, &which](const Transmit&, ByteView pin, FundPerson&) {
        EXPECT_TRUE(pin.empty());
        ++which;
        return status_.load();
      };
    };
    FundOperations operations;
    operations.pinless_eligibility = count(eligibility_);
    operations.pinless_registration = count(registration_);
    return operations;
  }

  VirtualClock clock_;
  MemorySink sink_;
  Log log_{clock_, sink_, "test"};
  AnyCard card_;
  ResultFolder results_{"", clock_};
  std::atomic<shogo_fund_status> status_{SHOGO_FUND_OK};
  int eligibility_ = 0, registration_ = 0;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<boost::json::object> sent_;
  Agent agent_{card_, fund(), Hooks{}, results_, clock_, log_, [this](boost::json::object body) {
                 const std::lock_guard lock(mutex_);
                 sent_.push_back(std::move(body));
                 arrived_.notify_all();
               }};
};

TEST_F(WithoutPin, without_it_neither_operation_reaches_the_card) {
  agent_.reader_connected();
  EXPECT_EQ(next("visual_check").at("armed"), false);
  EXPECT_EQ(authenticate(1, "pinless_eligibility"), "not_checked");
  EXPECT_EQ(authenticate(1, "pinless_registration"), "not_checked");
  EXPECT_EQ(eligibility_ + registration_, 0);
}

TEST_F(WithoutPin, armed_the_next_patient_goes_on_and_may_register_and_the_one_after_does_not) {
  agent_.reader_connected();
  EXPECT_EQ(next("visual_check").at("armed"), false);
  agent_.visual_check().arm();
  EXPECT_EQ(next("visual_check").at("armed"), true);
  status_ = SHOGO_FUND_NOT_REGISTERED;
  EXPECT_EQ(authenticate(1, "pinless_eligibility"), "not_registered");
  status_ = SHOGO_FUND_OK;
  EXPECT_EQ(authenticate(1, "pinless_registration"), "none");
  EXPECT_TRUE(logged("armed"));
  EXPECT_TRUE(logged("used"));
  end(1);
  EXPECT_EQ(authenticate(2, "pinless_eligibility"), "not_checked");
  EXPECT_EQ(eligibility_, 1);
  EXPECT_EQ(registration_, 1);
}

TEST_F(WithoutPin, a_card_that_leaves_takes_its_check_with_it) {
  agent_.reader_connected();
  agent_.visual_check().arm();
  EXPECT_EQ(authenticate(1, "pinless_eligibility"), "none");
  agent_.card_changed(CardKind::kNone);
  agent_.card_changed(CardKind::kMyNumber);
  EXPECT_EQ(authenticate(1, "pinless_registration"), "not_checked");
}

TEST_F(WithoutPin, when_its_time_is_over_the_reader_and_the_log_are_told) {
  agent_.reader_connected();
  EXPECT_EQ(next("visual_check").at("armed"), false);
  agent_.visual_check().arm();
  EXPECT_EQ(next("visual_check").at("armed"), true);
  clock_.advance(VisualCheck::kArmedFor);
  EXPECT_EQ(next("visual_check").at("armed"), false);
  EXPECT_TRUE(logged("expired"));
  EXPECT_EQ(authenticate(1, "pinless_eligibility"), "not_checked");
}

TEST_F(WithoutPin, staff_take_it_back_once) {
  agent_.reader_connected();
  agent_.visual_check().arm();
  agent_.visual_check().disarm();
  agent_.visual_check().disarm();
  EXPECT_EQ(authenticate(1, "pinless_eligibility"), "not_checked");
  int told = 0;
  for (const std::string& line : sink_.lines()) told += line.find("disarmed") != line.npos ? 1 : 0;
  EXPECT_EQ(told, 1);
}

TEST_F(WithoutPin, a_session_whose_reader_was_lost_is_nobody) {
  agent_.reader_connected();
  EXPECT_EQ(next("visual_check").at("armed"), false);
  agent_.visual_check().arm();
  EXPECT_EQ(authenticate(1, "pinless_eligibility"), "none");
  agent_.reader_lost();
  agent_.visual_check().arm();
  EXPECT_EQ(authenticate(1, "pinless_registration"), "none") << "of the newly armed check";
  agent_.reader_lost();
  EXPECT_EQ(authenticate(1, "pinless_registration"), "not_checked");
}

TEST_F(WithoutPin, a_face_that_matched_counts_for_its_session_only) {
  agent_.reader_connected();
  agent_.face_matched(4);
  EXPECT_EQ(authenticate(3, "pinless_eligibility"), "not_checked");
  EXPECT_EQ(authenticate(4, "pinless_eligibility"), "none");
  end(4);
  EXPECT_EQ(authenticate(4, "pinless_registration"), "not_checked");
}

TEST_F(WithoutPin, nothing_that_a_reader_says_arms_it) {
  agent_.reader_connected();
  for (const char* type : {"visual_check", "arm_visual_check", "face_matched"}) {
    contract::LinkMessage message;
    message.body = {{"type", type}, {"armed", true}, {"session", 1}};
    agent_.message(std::move(message));
  }
  EXPECT_EQ(authenticate(1, "pinless_eligibility"), "not_checked");
}

}  // namespace
}  // namespace shogo::agent
