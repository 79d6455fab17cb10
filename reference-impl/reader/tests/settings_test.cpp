#include "settings.h"

#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

TEST(Settings, a_file_changes_what_it_names_and_leaves_the_rest) {
  Settings now;
  now.random_keypad = true;
  now.idle_timeout_ms = 5'000;
  const Settings next = *read_settings(R"({"idle_timeout_ms": 200})", now);
  EXPECT_TRUE(next.random_keypad);
  EXPECT_EQ(next.idle_timeout_ms, 200);
}

TEST(Settings, what_is_printed_is_read_back) {
  Settings settings;
  settings.random_keypad = settings.ask_referral = true;
  settings.consent_bundle = false;
  settings.idle_timeout_ms = 1'234;
  settings.heartbeat_ms = 500;
  settings.reconnect_longest_ms = 2'000;
  const Settings again = *read_settings(boost::json::serialize(print_settings(settings)), Settings{});
  EXPECT_EQ(print_settings(again), print_settings(settings));
}

TEST(Settings, anything_else_is_refused) {
  for (const char* text : {"", "[]", "null", R"({"random_keypad": 1})", R"({"random_keypad": "true"})",
                           R"({"idle_timeout_ms": 199})", R"({"idle_timeout_ms": 3600001})",
                           R"({"heartbeat_ms": 199})", R"({"heartbeat_ms": 30001})",
                           R"({"reconnect_longest_ms": 999})", R"({"reconnect_longest_ms": 60001})",
                           R"({"idle_timeout_ms": 1.5})", R"({"idle_timeout_ms": "60000"})",
                           R"({"random_keypd": true})", R"({"random_keypad": true, "idle_timeout_ms": 1})"})
    EXPECT_FALSE(read_settings(text, Settings{}).ok()) << text;
}

}  // namespace
}  // namespace shogo::reader
