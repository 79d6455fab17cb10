#include <gtest/gtest.h>

#include <shogo/contract/bench_config.h>

namespace shogo::contract {
namespace {

TEST(BenchConfig, what_is_printed_is_read_back) {
  BenchConfig config;
  config.pcsc_readers = {"Virtual PCD 00 00"};
  config.vpcd_port = 36001;
  config.server_url = "https://127.0.0.1:4433";
  config.seed = 7;
  config.keypad = "external";
  config.keypad_device = "/dev/input/event7";
  EXPECT_EQ(print_bench_config(config).find("update_"), std::string::npos)
      << "what is not set is not printed";
  config.update_folder = "/abs/updates";
  config.update_keys = {"00ff"};
  const auto again = parse_bench_config(print_bench_config(config), "bench.json").value();
  EXPECT_EQ(print_bench_config(again), print_bench_config(config));
}

TEST(BenchConfig, says_what_is_wrong) {
  EXPECT_FALSE(parse_bench_config("{}", "bench.json").ok());
  EXPECT_EQ(parse_bench_config(R"({"version": 2})", "bench.json").error().code(), Code::kUnsupported);
  EXPECT_FALSE(parse_bench_config(R"({"version": 1, "vpcd_port": 70000})", "bench.json").ok());
  EXPECT_FALSE(parse_bench_config(R"({"version": 1, "keypad": "blue"})", "bench.json").ok());
  EXPECT_FALSE(parse_bench_config(R"({"version": 1, "keypad": "external"})", "bench.json").ok());
}

}  // namespace
}  // namespace shogo::contract
