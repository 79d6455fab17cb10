// The names' answers as a program meets them: getent, a program of the system, with the library before it.
#include <array>
#include <cstdio>
#include <memory>

#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo::sim {
namespace {

struct Asked {
  std::string text;
  int status = 0;
};

Asked ask(const std::filesystem::path& names, const std::string& name) {
  const std::string command = "SHOGO_BENCH_NAMES=" + names.string() + " LD_PRELOAD=" + SHOGO_LIB_DIR +
                              "/libshogo-bench-names.so getent ahostsv4 " + name;
  Asked asked;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {"popen failed", -1};
  std::array<char, 256> part;
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) asked.text += part.data();
  asked.status = ::pclose(pipe);
  return asked;
}

class BenchNames : public testing::Test {
 protected:
  TemporaryFolder folder_ = TemporaryFolder::create("shogo-names").value();
  std::filesystem::path file_ = folder_.path() / "names";
  void answer(const std::string& lines) { ASSERT_TRUE(write_text(file_, lines).ok()); }
};

TEST_F(BenchNames, a_name_of_the_bench_has_the_address_of_its_line) {
  answer("other.bench.test 127.0.0.9\nserver.bench.test 127.0.0.7\n");
  const Asked asked = ask(file_, "server.bench.test");
  EXPECT_EQ(asked.status, 0);
  EXPECT_EQ(asked.text.substr(0, 9), "127.0.0.7") << asked.text;
}

TEST_F(BenchNames, a_name_that_is_unknown_or_whose_server_is_silent_has_none) {
  for (const char* state : {"unknown", "silent"}) {
    answer(std::string("server.bench.test ") + state + "\n");
    const Asked asked = ask(file_, "server.bench.test");
    EXPECT_NE(asked.status, 0) << state;
    EXPECT_EQ(asked.text, "") << state;
  }
}

TEST_F(BenchNames, numbers_and_names_of_nobody_s_bench_go_to_the_machine) {
  answer("server.bench.test unknown\n");
  EXPECT_EQ(ask(file_, "127.0.0.3").text.substr(0, 9), "127.0.0.3");
  EXPECT_EQ(ask(file_, "localhost").text.substr(0, 9), "127.0.0.1");
}

}  // namespace
}  // namespace shogo::sim
