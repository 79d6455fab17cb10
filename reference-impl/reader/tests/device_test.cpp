// The whole firmware but its main(), played by hand over the device protocol.
#include "device_bench.h"

namespace shogo::reader {
namespace {

TEST_F(Device, given_the_right_pin_then_result_ok_take_card_wiping_and_idle) {
  const std::size_t start = harness.seen();
  serve_with_pin();
  EXPECT_EQ(names(start), (std::vector<std::string>{"method", "pin", "verifying", "result_ok", "take_card",
                                                    "wiping", "idle"}));
  ASSERT_EQ(harness.results.size(), 1U);
  EXPECT_EQ(harness.results[0].at("outcome"), "ok");
  EXPECT_EQ(harness.results[0].at("reason"), "none");
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
  for (std::size_t i = 1; i < harness.seqs.size(); ++i) EXPECT_EQ(harness.seqs[i], harness.seqs[i - 1] + 1);
}

TEST_F(Device, given_a_short_pin_when_done_is_pressed_then_nothing_is_sent) {
  go_to_pin();
  for (int digits = 0; digits <= 3; ++digits) {
    harness.tap("key_done");
    if (digits < 3) harness.type("7");
  }
  EXPECT_TRUE(bench.host().pins().empty());
  harness.type("7");
  harness.tap("key_done");
  harness.wait_state("verifying", 0);
}

TEST_F(Device, a_fifth_digit_is_ignored_and_delete_takes_the_last) {
  const std::size_t start = harness.seen();
  go_to_pin();
  harness.type("12399");
  harness.tap("key_delete");
  harness.type("4");
  harness.tap("key_done");
  harness.wait_state("result_ok", start);
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
}

TEST_F(Device, given_a_wrong_pin_then_the_keypad_comes_back_empty_with_the_tries_that_are_left) {
  const std::size_t start = harness.seen();
  go_to_pin();
  harness.type("9999");
  harness.tap("key_done");
  while (harness.wait_state("pin", harness.seen()).at("substate") != "wrong_pin") {
  }
  const std::string tree = json::serialize(harness.call("get_ui_tree"));
  EXPECT_NE(tree.find("あと2回"), std::string::npos);
  EXPECT_EQ(tree.find("*"), std::string::npos);
  EXPECT_TRUE(harness.results.empty());
  take();
  harness.wait_state("idle", start);
  harness.call("ping");
  ASSERT_EQ(harness.results.size(), 1U);
  EXPECT_EQ(harness.results[0].at("reason"), "card_removed");
  EXPECT_EQ(harness.results[0].at("attempts"), 1);
}

TEST_F(Device, given_a_locked_card_then_it_never_shows_a_keypad) {
  bench.host().set_tries(0);
  const std::size_t start = harness.seen();
  place();
  harness.wait_state("method", start);
  harness.tap("choose_pin");
  EXPECT_EQ(harness.wait_state("error", start).at("substate"), "pin_locked");
  for (const std::string& name : names(start)) EXPECT_NE(name, "pin");
}

TEST_F(Device, every_reason_has_its_own_screen_and_its_own_result) {
  std::set<Bytes> screens;
  harness.call("subscribe_frames", {{"max_fps", 30}});
  for (const char* reason :
       {"cert_expired", "cert_revoked", "not_eligible", "server_unreachable", "server_timeout",
        "server_error", "card_unreadable", "card_unsupported", "pin_locked"}) {
    go_to_pin();
    bench.host().answer_with({{"type", "result"}, {"outcome", "ng"}, {"reason", reason}, {"tries_left", 3}});
    harness.type("1234");
    const std::size_t start = harness.seen();
    harness.tap("key_done");
    while (harness.seen() < start + 2) harness.next();
    harness.call("ping");
    EXPECT_EQ(harness.states.back().at("substate"), reason);
    EXPECT_EQ(harness.results.back().at("reason"), reason);
    EXPECT_EQ(harness.results.back().at("outcome"), "ng");
    EXPECT_TRUE(screens.insert(harness.frames.back().second).second) << reason;
    take();
    harness.wait_state("idle", start);
  }
}

TEST_F(Device, an_answer_that_contradicts_itself_is_never_a_pass) {
  for (const json::object& lie :
       {json::object{{"type", "result"}, {"outcome", "ng"}, {"reason", "none"}},
        json::object{{"type", "result"}, {"outcome", "ok"}, {"reason", "cert_revoked"}},
        json::object{{"type", "result"}, {"reason", "none"}},
        json::object{{"type", "result"}, {"outcome", "ok"}, {"reason", "fine"}},
        json::object{{"type", "result"}, {"outcome", "ng"}, {"reason", "user_ended"}}}) {
    go_to_pin();
    bench.host().answer_with(lie);
    harness.type("1234");
    const std::size_t start = harness.seen();
    harness.tap("key_done");
    EXPECT_EQ(harness.wait_state("error", start).at("substate"), "server_error") << json::serialize(lie);
    take();
    harness.wait_state("idle", start);
  }
}

TEST_F(Device, given_an_idle_page_when_time_is_over_then_the_session_ends_and_no_pin_is_sent) {
  harness.call("put_file", {{"kind", "settings"}, {"text", R"({"idle_timeout_ms": 200})"}});
  const std::size_t start = harness.seen();
  go_to_pin();
  harness.type("12");
  harness.wait_state("take_card", start);
  EXPECT_EQ(harness.states.back().at("substate"), "timeout");
  harness.call("ping");
  EXPECT_EQ(harness.results.back().at("reason"), "timeout");
  EXPECT_TRUE(bench.host().pins().empty());
}

TEST_F(Device, one_result_a_transaction_even_when_staff_is_called_after_it) {
  go_to_pin();
  harness.type("1234");
  harness.tap("key_done");
  harness.wait_state("result_ok", 0);
  harness.tap("staff");
  harness.tap("back");
  EXPECT_EQ(harness.states.back().at("name"), "take_card");
  const std::size_t start = harness.seen();
  take();
  harness.wait_state("idle", start);
  harness.call("ping");
  EXPECT_EQ(harness.results.size(), 1U);
}

TEST_F(Device, given_the_host_is_lost_then_out_of_service_and_idle_when_it_returns) {
  const std::size_t start = harness.seen();
  go_to_pin();
  harness.type("12");
  bench.host().leave();
  harness.wait_state("out_of_service", start);
  const std::size_t away = harness.seen();
  bench.host().come_back();
  harness.wait_state("idle", away);
  EXPECT_EQ(names(away).front(), "wiping");
  go_to_pin();
  EXPECT_TRUE(bench.host().pins().empty());
}

TEST_F(Device, cards_that_cannot_be_used_are_named) {
  const std::size_t start = harness.seen();
  place("other");
  EXPECT_EQ(harness.wait_state("error", start).at("substate"), "card_unsupported");
  take();
  harness.wait_state("idle", start);
  const std::size_t again = harness.seen();
  place("unreadable");
  EXPECT_EQ(harness.wait_state("error", again).at("substate"), "card_unreadable");
  place("my_number");
  harness.wait_state("method", again);
}

TEST_F(Device, random_layouts_differ_by_entry_and_follow_the_seed) {
  const auto layouts = [&] {
    harness.call("begin_case", {{"case_id", "x"}, {"seed", 77}});
    std::vector<std::string> found;
    go_to_pin();
    for (int i = 0; i < 6; ++i) {
      const json::value tree = harness.call("get_ui_tree");
      std::string order;
      for (const json::value& node : tree.at("nodes").as_array())
        if (node.at("id").as_string().starts_with("key_")) order += node.at("text").as_string();
      found.push_back(order);
      harness.tap("back");
      harness.tap("choose_pin");
    }
    const std::size_t start = harness.seen();
    take();
    harness.wait_state("idle", start);
    return found;
  };
  const auto off = layouts();
  EXPECT_EQ(std::set<std::string>(off.begin(), off.end()).size(), 1U) << "off: always the same";
  harness.call("put_file", {{"kind", "settings"}, {"text", R"({"random_keypad": true})"}});
  const auto first = layouts();
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), 6U);
  EXPECT_EQ(layouts(), first);
}

TEST_F(Device, the_log_holds_no_digit_of_the_pin) {
  go_to_pin();
  harness.type("1234");
  harness.tap("key_done");
  harness.wait_state("result_ok", 0);
  const json::value answer = harness.call("export_logs", {{"since", 0}});
  ASSERT_FALSE(harness.frames.empty());
  EXPECT_EQ(static_cast<int>(harness.frames.back().first.channel), 2);
  EXPECT_EQ(answer.at("seq").to_number<std::uint64_t>(), harness.frames.back().first.seq);
  const std::string log(as_text(harness.frames.back().second));
  EXPECT_EQ(log.size(), answer.at("length").to_number<std::size_t>());
  EXPECT_EQ(log.find("1234"), std::string::npos);
  for (const char* event : {"card_in", "touch", "result", "link_up"})
    EXPECT_NE(log.find(fmt::format("\"event\":\"{}\"", event)), std::string::npos) << event;
}

TEST(Protocol, hello_comes_first_and_speaks_version_1) {
  Bench bench;
  Harness harness(bench);
  harness.call("get_ui_tree");
  EXPECT_EQ(harness.error(), contract::kRpcBadState);
  harness.call("hello", {{"proto", 2}});
  EXPECT_EQ(harness.error(), contract::kRpcInvalidParams);
  const json::value answer = harness.call("hello", {{"proto", 1}, {"bench", json::object{}}});
  EXPECT_EQ(harness.error(), 0);
  EXPECT_EQ(answer.at("panel").at("width_px"), 800);
  EXPECT_FALSE(answer.as_object().contains("mutant"));
}

TEST(Protocol, malformed_messages_get_an_error_and_the_connection_lives_on) {
  Bench bench;
  Harness harness(bench);
  harness.hello();
  const auto error_of = [&](std::string_view text) {
    harness.send(text);
    for (;;) {
      if (const auto message = harness.next()) return message->error_code;
    }
  };
  EXPECT_EQ(bench.log().find("request_refused"), std::string::npos);
  EXPECT_EQ(error_of("{"), contract::kRpcParse);
  EXPECT_NE(bench.log().find(R"("event":"request_refused","code":-32700})"), std::string::npos)
      << bench.log();
  EXPECT_EQ(error_of(std::string(100'000, '[')), contract::kRpcParse);
  EXPECT_EQ(error_of("[]"), contract::kRpcInvalidRequest);
  EXPECT_EQ(error_of(R"({"jsonrpc":"2.0","id":0,"method":"ping"})"), contract::kRpcInvalidRequest);
  EXPECT_EQ(error_of(R"({"jsonrpc":"2.0","id":5,"method":"fly"})"), contract::kRpcUnimplemented);
  EXPECT_EQ(error_of(R"({"jsonrpc":"2.0","id":5,"method":"ping","params":[1]})"),
            contract::kRpcInvalidRequest);
  for (const char* params :
       {"{}", R"({"phase":"down"})", R"({"phase":"in","points":[[1,1]]})", R"({"phase":"up","points":[]})",
        R"({"phase":"up","points":[[1]]})", R"({"phase":"up","points":[["1",1]]})",
        R"({"phase":"up","points":[[-1,1]]})", R"({"phase":"up","points":[[1e99,1]]})",
        R"({"phase":"up","points":[[1,1],[2,2]]})"}) {
    EXPECT_EQ(error_of(fmt::format(R"({{"jsonrpc":"2.0","id":6,"method":"touch","params":{}}})", params)),
              contract::kRpcInvalidParams)
        << params;
  }
  harness.call("reset", {{"level", "power"}});
  EXPECT_EQ(harness.error(), contract::kRpcUnimplemented);
  harness.call("reset", {{"level", "hard"}});
  EXPECT_EQ(harness.error(), contract::kRpcInvalidParams);
  harness.call("put_file", {{"kind", "settings"}, {"text", R"({"colour": 1})"}});
  EXPECT_EQ(harness.error(), contract::kRpcInvalidParams);
  harness.call("put_file", {{"kind", "update"}, {"text", ""}});
  EXPECT_EQ(harness.error(), contract::kRpcUnimplemented);
  harness.send_binary("rubbish");
  for (;;) {
    if (const auto message = harness.next()) {
      EXPECT_EQ(message->error_code, contract::kRpcInvalidRequest);
      break;
    }
  }
  harness.call("ping", {{"t", 1}});
  EXPECT_EQ(harness.error(), 0);
}

TEST(Protocol, text_that_is_no_utf_8_closes_the_connection_and_nothing_else) {
  Bench bench;
  {
    Harness rude(bench);
    rude.hello();
    rude.send("\xFF\xFE");
    EXPECT_THROW(rude.next(), beast::system_error);  // RFC 6455 8.1
  }
  Harness next(bench);
  next.hello();
  EXPECT_EQ(next.error(), 0);
}

TEST(Protocol, the_next_harness_finds_a_fresh_connection) {
  Bench bench;
  {
    Harness first(bench);
    first.hello();
  }
  Harness second(bench);
  second.call("ping");
  EXPECT_EQ(second.error(), contract::kRpcBadState) << "hello is due again";
  second.hello();
  EXPECT_EQ(second.error(), 0);
}

TEST(Protocol, the_frame_shows_what_the_tree_tells_before_the_touch_is_answered) {
  Bench bench;
  Harness harness(bench);
  harness.hello();
  harness.call("reset", {{"level", "app"}});
  const json::value size = harness.call("subscribe_frames", {{"max_fps", 30}});
  harness.call("ping");
  ASSERT_FALSE(harness.frames.empty());
  const Image first = *contract::parse_screen_payload(harness.frames.back().second);
  EXPECT_EQ(size.at("width"), first.width);
  const std::size_t before = harness.frames.size();
  harness.tap("language");
  EXPECT_GT(harness.frames.size(), before);
  EXPECT_NE(harness.frames.back().second, harness.frames[before - 1].second);
}

TEST(Protocol, a_harness_that_reads_changes_gets_a_key_in_kilobytes_and_the_number_of_its_frame) {
  Bench bench;
  Harness harness(bench);
  harness.hello();
  harness.call("reset", {{"level", "app"}});
  harness.call("subscribe_frames", {{"max_fps", 30}, {"formats", {1, 2}}});
  contract::ScreenDecoder decoder;
  std::size_t read = 0;
  const auto take_in = [&] {
    for (; read < harness.frames.size(); ++read)
      ASSERT_TRUE(decoder.take(harness.frames[read].second, harness.frames[read].first.seq).ok());
  };
  harness.call("ping");
  take_in();
  const Image whole = decoder.screen();
  const json::value tree = harness.call("get_ui_tree");
  EXPECT_EQ(tree.at("frame"), decoder.seq());
  json::array box;
  for (const json::value& node : tree.at("nodes").as_array())
    if (node.at("id") == "language") box = node.at("bounds_px").as_array();
  ASSERT_FALSE(box.empty());
  const json::array point{box[0].to_number<int>() + 5, box[1].to_number<int>() + 5};

  harness.call("touch", {{"points", json::array{point}}, {"phase", "down"}});
  take_in();

  EXPECT_EQ(harness.call("get_ui_tree").at("frame"), decoder.seq());
  EXPECT_LT(harness.frames.back().second.size(), 20'000U);
  EXPECT_TRUE(decoder.screen().pixels != whole.pixels);
  const std::size_t frames = harness.frames.size();
  harness.call("touch", {{"points", json::array{json::array{1, 1}}}, {"phase", "up"}});
  take_in();
  EXPECT_TRUE(decoder.screen().pixels == whole.pixels);
  harness.call("touch", {{"points", json::array{json::array{1, 1}}}, {"phase", "up"}});
  EXPECT_EQ(harness.frames.size(), frames + 1) << "a picture that did not change is not sent";
}

TEST(Adapter, a_busy_port_or_a_wrong_address_is_one_clear_error) {
  Bench bench;
  RealClock clock;
  const auto none = [](const std::string&, const json::object&, std::optional<AdapterError>&) {
    return json::value();
  };
  const auto busy = AdapterServer::listen(fmt::format("127.0.0.1:{}", bench.port()), clock, none, [] {});
  ASSERT_FALSE(busy.ok());
  EXPECT_EQ(busy.error().code(), Code::kUnavailable);
  for (const char* address :
       {"", "127.0.0.1", "localhost:1", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:80x"})
    EXPECT_EQ(AdapterServer::listen(address, clock, none, [] {}).error().code(), Code::kInvalid) << address;
}

}  // namespace
}  // namespace shogo::reader
