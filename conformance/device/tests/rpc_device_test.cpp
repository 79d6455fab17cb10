#include "scripted_peer.h"
#include <condition_variable>
#include <mutex>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/conformance/rpc_device.h>

namespace shogo::conformance {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
constexpr milliseconds kLong{10'000};
constexpr milliseconds kShort{50};

/// Collects events on the device's thread and lets the test wait for them.
class Seen {
 public:
  void watch(RpcDevice& device) {
    device.on_event([this](const DeviceEvent& event) {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
      changed_.notify_all();
    });
  }
  std::vector<DeviceEvent> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLong, [&] { return events_.size() >= count; });
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<DeviceEvent> events_;
};

std::vector<std::string> violations_after(std::function<void(ScriptedPeer&)> misdeed) {
  ScriptedPeer peer([&](ScriptedPeer& p) {
    p.answer_hello();
    misdeed(p);
    const auto ping = p.receive();
    p.send(contract::encode_result(ping.id, boost::json::object{}));
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();
  (void)device->call("ping", {{"t", 1}}, kLong);
  return device->violations();
}

TEST(RpcDevice, hello_is_read_and_the_mutant_stays_out_of_the_checks_sight) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.answer_hello();
    p.wait_for_the_end();
  });

  const auto device = RpcDevice::connect(peer.address(), {}, kLong);

  ASSERT_TRUE(device.ok());
  EXPECT_TRUE((*device)->has("screen.frames"));
  EXPECT_EQ((*device)->mutant(), "m.pin.sends_short");
  EXPECT_THAT(boost::json::serialize(to_json((*device)->hello())), testing::Not(HasSubstr("mutant")));
}

TEST(RpcDevice, answers_reach_their_callers_whatever_their_order) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.answer_hello();
    const auto first = p.receive();
    const auto second = p.receive();
    p.send(contract::encode_result(second.id, boost::json::object{{"of", second.method}}));
    p.send(contract::encode_result(first.id, boost::json::object{{"of", first.method}}));
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();

  Result<boost::json::value> one = boost::json::value();
  std::thread other([&] { one = device->call("one", {}, kLong); });
  const auto two = device->call("two", {}, kLong);
  other.join();

  EXPECT_EQ(one->at("of"), "one");
  EXPECT_EQ(two->at("of"), "two");
  EXPECT_TRUE(device->violations().empty());
}

TEST(RpcDevice, events_come_in_order_and_those_before_the_observer_are_not_lost) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.answer_hello();
    p.state(1, "idle");
    p.send_binary(contract::encode_binary(contract::Channel::kLog, 7, 9, Bytes{1, 2}));
    (void)p.receive();
    p.state(2, "pin");
    p.send_binary(contract::encode_binary(contract::Channel::kScreen, 1, 9, Bytes{3}));
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();
  (void)device->call("go", {}, kShort);

  Seen seen;
  seen.watch(*device);
  const auto events = seen.wait_for(2);
  device->on_event(nullptr);

  ASSERT_GE(events.size(), 2U);
  EXPECT_EQ(events[0].kind, "state");
  EXPECT_EQ(events[0].data.at("name"), "idle");
  EXPECT_EQ(events[1].data.at("name"), "pin");
}

TEST(RpcDevice, binary_frames_reach_the_observer_with_their_bytes) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.answer_hello();
    (void)p.receive();
    p.send_binary(contract::encode_binary(contract::Channel::kScreen, 5, 9, Bytes{3, 4}));
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();
  Seen seen;
  seen.watch(*device);

  (void)device->call("go", {}, kShort);
  const auto events = seen.wait_for(1);
  device->on_event(nullptr);

  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, "frame");
  EXPECT_EQ(events[0].data.at("seq").to_number<int>(), 5);
  EXPECT_EQ(*events[0].payload, (Bytes{3, 4}));
}

TEST(RpcDevice, sounds_wait_until_somebody_takes_them_and_reach_no_observer) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.answer_hello();
    for (std::uint64_t seq : {4, 5}) {
      (void)p.receive();
      p.send_binary(contract::encode_binary(contract::Channel::kAudio, seq, 9, Bytes{3, 4}));
    }
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();
  Seen seen;
  seen.watch(*device);
  std::vector<SoundPiece> sounds;
  for (int i = 0; i < 2; ++i) {
    (void)device->call("go", {}, kShort);
    for (SoundPiece& piece : device->take_sounds()) sounds.push_back(std::move(piece));
  }
  device->on_event(nullptr);

  ASSERT_EQ(sounds.size(), 2U);
  EXPECT_EQ(sounds[0].seq, 4U);
  EXPECT_EQ(sounds[1].at, Nanoseconds(9));
  EXPECT_EQ(*sounds[1].payload, (Bytes{3, 4}));
  EXPECT_TRUE(device->take_sounds().empty());
}

TEST(RpcDevice, error_numbers_become_codes_a_check_can_tell_apart) {
  const std::vector<std::pair<int, Code>> table{{-32001, Code::kUnsupported}, {-32601, Code::kUnsupported},
                                                {-32002, Code::kDenied},      {-32003, Code::kConflict},
                                                {-32004, Code::kConflict},    {-32603, Code::kInvalid}};
  ScriptedPeer peer([&](ScriptedPeer& p) {
    p.answer_hello();
    for (const auto& row : table) p.send(contract::encode_error(p.receive().id, row.first, "no"));
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();

  for (const auto& row : table)
    EXPECT_EQ(device->call("x", {}, kLong).error().code(), row.second) << row.first;
}

TEST(RpcDevice, a_late_answer_is_no_breach_of_the_protocol) {
  std::promise<void> timed_out;
  ScriptedPeer peer([&](ScriptedPeer& p) {
    p.answer_hello();
    const auto slow = p.receive();
    timed_out.get_future().wait();
    p.send(contract::encode_result(slow.id, boost::json::object{}));
    p.send(contract::encode_result(p.receive().id, boost::json::object{}));
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();

  const auto slow = device->call("slow", {}, kShort);
  timed_out.set_value();
  const auto next = device->call("next", {}, kLong);

  EXPECT_EQ(slow.error().code(), Code::kTimeout);
  EXPECT_TRUE(next.ok());
  EXPECT_TRUE(device->violations().empty());
}

TEST(RpcDevice, when_the_device_leaves_a_pending_call_ends_at_once) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.answer_hello();
    (void)p.receive();
    p.socket().next_layer().close();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();

  const auto answer = device->call("x", {}, std::chrono::minutes(10));

  EXPECT_EQ(answer.error().code(), Code::kUnavailable);
  EXPECT_THAT(answer.error().describe(), HasSubstr("is gone"));
  EXPECT_EQ(device->call("y", {}, kLong).error().code(), Code::kUnavailable);
  EXPECT_FALSE(device->connected());
}

TEST(RpcDevice, given_a_restart_that_was_announced_then_the_adapter_is_found_again_and_subscribed_anew) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.answer_hello();
    for (const char* method : {"subscribe_frames", "reset"}) {
      const auto request = p.receive();
      EXPECT_EQ(request.method, method);
      p.send(contract::encode_result(request.id, boost::json::object{}));
    }
    p.restart();
    p.answer_hello();
    const auto again = p.receive();
    EXPECT_EQ(again.method, "subscribe_frames");
    p.send(contract::encode_result(again.id, boost::json::object{}));
    p.state(1, "idle");
    const auto ping = p.receive();
    p.send(contract::encode_result(ping.id, boost::json::object{}));
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();
  Seen seen;
  seen.watch(*device);
  EXPECT_TRUE(device->call("subscribe_frames", {}, kLong).ok());
  EXPECT_TRUE(device->call("reset", {{"level", "os"}}, kLong).ok());
  const auto events = seen.wait_for(2);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, "restarted");
  EXPECT_EQ(events[1].kind, "state");
  EXPECT_TRUE(device->call("ping", {{"t", 1}}, kLong).ok());
  EXPECT_TRUE(device->violations().empty());
}

TEST(RpcDevice, disconnect_ends_a_pending_call_with_its_reason) {
  std::promise<void> asked;
  ScriptedPeer peer([&](ScriptedPeer& p) {
    p.answer_hello();
    (void)p.receive();
    asked.set_value();
    p.wait_for_the_end();
  });
  const auto device = RpcDevice::connect(peer.address(), {}, kLong).value();
  std::thread stopper([&] {
    asked.get_future().wait();
    device->disconnect("the run was stopped");
  });

  const auto answer = device->call("x", {}, std::chrono::minutes(10));
  stopper.join();

  EXPECT_EQ(answer.error().code(), Code::kUnavailable);
  EXPECT_THAT(answer.error().describe(), HasSubstr("the run was stopped"));
}

TEST(RpcDevice, a_gap_in_the_numbers_is_a_violation) {
  EXPECT_THAT(violations_after([](ScriptedPeer& p) {
                p.state(1, "idle");
                p.state(3, "pin");
              }),
              ElementsAre(HasSubstr("seq 3 after 1")));
}

TEST(RpcDevice, a_state_outside_the_list_is_a_violation) {
  EXPECT_THAT(violations_after([](ScriptedPeer& p) { p.state(1, "lunch"); }),
              ElementsAre(HasSubstr("\"lunch\" is not in the list of states")));
}

TEST(RpcDevice, a_text_that_is_no_json_is_a_violation_and_the_connection_lives_on) {
  EXPECT_THAT(violations_after([](ScriptedPeer& p) { p.send("garbage\x01"); }),
              ElementsAre(HasSubstr("it began with \"garbage \"")));
}

TEST(RpcDevice, an_answer_to_nobody_is_a_violation) {
  EXPECT_THAT(
      violations_after([](ScriptedPeer& p) { p.send(contract::encode_result(999, boost::json::object{})); }),
      ElementsAre(HasSubstr("request 999, which nobody asked")));
}

TEST(RpcDevice, a_request_of_the_device_is_a_violation) {
  EXPECT_THAT(violations_after([](ScriptedPeer& p) { p.send(contract::encode_request(1, "give", {})); }),
              ElementsAre(HasSubstr("requests come from the harness only")));
}

TEST(RpcDevice, a_broken_binary_frame_is_a_violation) {
  EXPECT_THAT(violations_after([](ScriptedPeer& p) { p.send_binary(Bytes(40, 0)); }),
              ElementsAre(HasSubstr("does not begin with SHG1")));
}

TEST(RpcDevice, a_text_that_is_not_utf8_ends_the_connection_with_a_clear_line) {
  const auto lines = violations_after([](ScriptedPeer& p) { p.send("\xff\xfe"); });
  EXPECT_THAT(lines, ElementsAre(HasSubstr("not UTF-8")));
}

TEST(RpcDevice, hello_refused_says_which_device_cannot_be_judged) {
  ScriptedPeer peer([](ScriptedPeer& p) {
    p.send(contract::encode_error(p.receive().id, -32001, "no"));
    p.wait_for_the_end();
  });

  const auto device = RpcDevice::connect(peer.address(), {}, kLong);

  EXPECT_EQ(device.error().code(), Code::kUnsupported);
  EXPECT_THAT(device.error().describe(), HasSubstr("hello: the device answers UNIMPLEMENTED"));
}

TEST(RpcDevice, nobody_listening_is_one_clear_line) {
  boost::asio::io_context io;
  // Bound but not listening: the port is certainly free of adapters.
  boost::asio::ip::tcp::socket taken(io, {boost::asio::ip::address_v4::loopback(), 0});
  const std::string address = "ws://127.0.0.1:" + std::to_string(taken.local_endpoint().port());

  const auto device = RpcDevice::connect(address, {}, kLong);

  EXPECT_EQ(device.error().code(), Code::kUnavailable);
  EXPECT_THAT(device.error().message(), HasSubstr("is the device's adapter running?"));
}

TEST(RpcDevice, a_peer_that_accepts_and_keeps_silent_ends_in_a_timeout) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});

  const auto device = RpcDevice::connect("ws://127.0.0.1:" + std::to_string(silent.local_endpoint().port()),
                                         {}, milliseconds{200});

  EXPECT_EQ(device.error().code(), Code::kTimeout);
  EXPECT_THAT(device.error().message(),
              HasSubstr("accepts the connection but answers no WebSocket handshake"));
}

TEST(DeviceAddress, good_and_bad_ones) {
  EXPECT_EQ(parse_device_address("ws://h:1").value().path, "/");
  EXPECT_EQ(parse_device_address("ws://[::1]:9000/x").value().host, "::1");
  for (const char* bad : {"", "h:1", "ws://h", "ws://:1", "ws://h:", "ws://h:0", "ws://h:65536", "ws://h:1x"})
    EXPECT_EQ(parse_device_address(bad).error().code(), Code::kInvalid) << bad;
}

}  // namespace
}  // namespace shogo::conformance
