// Faults of the device itself (1-20, 3-18), and the messages with which a harness moves its clock.
#include "device_bench.h"
#include <csignal>

#include <sys/resource.h>

namespace shogo::reader {
namespace {

/// No file of this process grows beyond so many bytes, as on a storage that is full.
class Quota {
 public:
  explicit Quota(std::size_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~Quota() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  Quota(const Quota&) = delete;
  Quota& operator=(const Quota&) = delete;

 private:
  rlimit before_{};
};

int count(const std::string& text, std::string_view what) {
  int n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

class SharedTimeDevice : public Device {
 protected:
  SharedTimeDevice() : Device(true) {}
  /// The host says something: the reader looks after itself.
  void beat() { bench.host().send({{"type", "heartbeat"}, {"n", 1}}); }
};

TEST_F(Device, given_a_full_storage_then_who_is_there_is_served_and_nobody_after_until_there_is_room) {
  const std::size_t start = harness.seen();
  {
    const Quota quota(bench.log().size() + 40);
    go_to_pin();
    take();
    const auto out = harness.wait_state("out_of_service", start);
    EXPECT_EQ(out.at("substate"), "storage_full");
    EXPECT_EQ(out.at("screen_id"), "storage_full");
    place();
    harness.call("ping");
    EXPECT_EQ(harness.states.back().at("name"), "out_of_service");
  }
  const std::size_t repaired = harness.seen();
  bench.host().send({{"type", "heartbeat"}, {"n", 1}});
  harness.wait_state("idle", repaired);
  harness.wait_state("method", repaired);  // the card that was laid down meanwhile
  const std::string log = bench.log();
  EXPECT_EQ(count(log, R"("code":"E103")"), 1) << log;
  EXPECT_EQ(count(log, R"("event":"repaired","fault":"storage_full")"), 1) << log;
  EXPECT_EQ(count(log, "records_lost"), 0) << log;
  EXPECT_LT(log.find("E103"), log.find("repaired"));
}

TEST_F(SharedTimeDevice, given_a_clock_before_the_firmware_was_made_then_out_of_service_until_it_is_right) {
  for (const Nanoseconds by :
       {Nanoseconds(-bench.shared_clock().wall_now()), Nanoseconds(std::chrono::hours(24 * 365 * 40))}) {
    const std::size_t start = harness.seen();
    bench.shared_clock().shift_wall(by);
    beat();
    EXPECT_EQ(harness.wait_state("out_of_service", start).at("substate"), "clock_wrong");
    const std::size_t wrong = harness.seen();
    bench.shared_clock().shift_wall(-by);
    beat();
    harness.wait_state("idle", wrong);
  }
  EXPECT_EQ(count(bench.log(), R"("code":"E104")"), 2) << bench.log();
}

TEST_F(SharedTimeDevice, given_a_clock_that_goes_wrong_in_a_session_then_the_session_ends_first) {
  const std::size_t start = harness.seen();
  go_to_pin();
  const Nanoseconds by = -bench.shared_clock().wall_now();
  bench.shared_clock().shift_wall(by);
  harness.type("1234");
  harness.tap("key_done");
  harness.wait_state("result_ok", start);
  take();
  EXPECT_EQ(harness.wait_state("out_of_service", start).at("substate"), "clock_wrong");
}

TEST_F(Device, a_device_with_the_machine_s_clock_says_that_its_time_cannot_be_moved) {
  const json::value hello = harness.call("hello", {{"proto", 1}});
  for (const json::value& capability : hello.at("caps").as_array()) EXPECT_NE(capability, "clock.virtual");
  for (const char* method : {"clock_mode", "advance", "quiescent"}) {
    harness.call(method, {{"mode", "virtual"}, {"ns", 1}});
    EXPECT_EQ(harness.error(), contract::kRpcUnimplemented) << method;
  }
}

TEST_F(SharedTimeDevice, virtual_time_stands_still_and_moves_by_exactly_what_is_asked) {
  const auto now = [](const json::value& answer) { return answer.at("t_dev").as_int64(); };
  const std::int64_t begin = now(harness.call("clock_mode", {{"mode", "virtual"}}));
  EXPECT_EQ(now(harness.call("quiescent")), begin);
  EXPECT_TRUE(harness.call("quiescent").at("quiescent").as_bool());
  EXPECT_EQ(now(harness.call("advance", {{"ns", 1'500'000'000}})), begin + 1'500'000'000);
  EXPECT_EQ(now(harness.call("advance", {{"ns", 500'000'000}, {"step_ns", 1'000'000'000}})),
            begin + 2'000'000'000);
  const std::int64_t real = now(harness.call("clock_mode", {{"mode", "real"}}));
  EXPECT_GE(real, begin + 2'000'000'000) << "it goes on from where it was";
  EXPECT_GE(now(harness.call("ping")), real);
}

TEST_F(SharedTimeDevice, a_page_ends_after_its_time_in_virtual_time) {
  set(R"({"idle_timeout_ms": 6000})");
  const std::size_t start = harness.seen();
  go_to_pin();
  harness.call("clock_mode", {{"mode", "virtual"}});
  harness.call("advance", {{"ns", 5'900'000'000}});
  EXPECT_EQ(harness.states.back().at("name"), "pin");
  harness.call("advance", {{"ns", 200'000'000}});
  EXPECT_EQ(harness.wait_state("take_card", start).at("substate"), "timeout");
}

TEST_F(SharedTimeDevice, time_is_moved_only_when_it_is_virtual_and_never_back_or_beyond_a_year) {
  harness.call("advance", {{"ns", 1}});
  EXPECT_EQ(harness.error(), contract::kRpcBadState);
  harness.call("clock_mode", {{"mode", "virtual"}});
  for (const json::object& params :
       {json::object{}, json::object{{"ns", -1}}, json::object{{"ns", "1"}},
        json::object{{"ns", 1}, {"step_ns", -1}}, json::object{{"ns", std::int64_t{1} << 62}}}) {
    harness.call("advance", params);
    EXPECT_EQ(harness.error(), contract::kRpcInvalidParams) << json::serialize(params);
  }
  for (const json::object& params :
       {json::object{}, json::object{{"mode", "fast"}}, json::object{{"mode", 1}}}) {
    harness.call("clock_mode", params);
    EXPECT_EQ(harness.error(), contract::kRpcInvalidParams) << json::serialize(params);
  }
}

TEST_F(SharedTimeDevice, a_harness_that_leaves_or_resets_leaves_real_time_behind) {
  harness.call("clock_mode", {{"mode", "virtual"}});
  harness.call("reset", {{"level", "app"}});
  EXPECT_FALSE(bench.shared_clock().is_virtual());
  harness.call("clock_mode", {{"mode", "virtual"}});
  EXPECT_TRUE(bench.shared_clock().is_virtual());
  harness.leave();
  Harness next(bench);
  next.hello();
  EXPECT_EQ(next.error(), 0);
  EXPECT_FALSE(bench.shared_clock().is_virtual());
}

}  // namespace
}  // namespace shogo::reader
