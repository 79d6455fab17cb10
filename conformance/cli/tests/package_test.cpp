// shogo package make, show, verify: what they make a device can read, and every mistake gets its own words.
#include "shogo_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/contract/update_package.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;

Done shogo_package(Words words) {
  return shogo("package", std::move(words));
}

class PackageCommand : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string file(const std::string& name, ByteView bytes) {
    EXPECT_TRUE(write_file(path(name), bytes).ok());
    return path(name);
  }
  Done make(Words more, const std::string& content = R"({"random_keypad":true})") {
    Words words{"make",      "--kind",     "settings",
                "--version", "1.4.0",      "--sequence",
                "12",        "--content",  file("content", as_bytes(content)),
                "--out",     path("p.pkg")};
    words.insert(words.end(), more.begin(), more.end());
    return shogo_package(words);
  }
  TemporaryFolder folder_ = TemporaryFolder::create("package").value();
};

TEST_F(PackageCommand, what_it_makes_is_sound_by_its_own_key_and_refused_by_another) {
  const Done made = make({"--seed", "1"});
  ASSERT_EQ(made.code, kExitOk) << made.err;
  EXPECT_THAT(made.out, HasSubstr("settings 1.4.0 sequence 12"));
  const Done sound = shogo_package({"verify", path("p.pkg"), "--seed", "1"});
  EXPECT_EQ(sound.code, kExitOk) << sound.out << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("sound; settings 1.4.0 sequence 12, content 22 bytes"));
  const Done foreign = shogo_package({"verify", path("p.pkg"), "--seed", "2"});
  EXPECT_EQ(foreign.code, kExitFail);
  EXPECT_THAT(foreign.out, HasSubstr("unknown_key"));
}

TEST_F(PackageCommand, the_public_key_that_make_prints_is_the_one_that_verify_trusts) {
  const Done made = make({"--seed", "7", "--roll-back"});
  const std::string key = made.out.substr(made.out.rfind(' ') + 1, 64);
  const Done sound = shogo_package({"verify", path("p.pkg"), "--trust", key});
  EXPECT_EQ(sound.code, kExitOk) << sound.out << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("(roll-back)"));
}

TEST_F(PackageCommand, one_changed_bit_anywhere_is_refused) {
  ASSERT_EQ(make({"--seed", "1"}).code, kExitOk);
  const Bytes package = read_file(path("p.pkg")).value();
  for (std::size_t at = 0; at < package.size(); ++at) {
    Bytes changed = package;
    changed[at] ^= 0x01;
    EXPECT_EQ(shogo_package({"verify", file("changed.pkg", changed), "--seed", "1"}).code, kExitFail) << at;
  }
}

TEST_F(PackageCommand, show_says_that_nothing_is_verified_and_survives_every_cut) {
  ASSERT_EQ(make({"--seed", "1"}).code, kExitOk);
  const Done shown = shogo_package({"show", path("p.pkg")});
  ASSERT_EQ(shown.code, kExitOk) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("not verified"));
  EXPECT_THAT(shown.out, HasSubstr("\"version\": \"1.4.0\""));
  const Bytes package = read_file(path("p.pkg")).value();
  for (std::size_t size = 0; size < package.size(); ++size) {
    const std::string cut = file("cut.pkg", ByteView(package).first(size));
    EXPECT_EQ(shogo_package({"verify", cut, "--seed", "1"}).code, kExitFail) << size;
    const int code = shogo_package({"show", cut}).code;
    EXPECT_TRUE(code == kExitOk || code == kExitTrouble) << size;
  }
}

TEST_F(PackageCommand, a_key_file_signs_and_a_wrong_one_is_not_repeated_in_the_message) {
  const std::string digits(64, '5');
  ASSERT_EQ(make({"--key", file("k", as_bytes(digits + "\n"))}).code, kExitOk);
  const Done wrong = make({"--key", file("k", as_bytes(digits.substr(1)))});
  EXPECT_EQ(wrong.code, kExitTrouble);
  EXPECT_THAT(wrong.err, HasSubstr("must hold 64 hex digits"));
  EXPECT_THAT(wrong.err, testing::Not(HasSubstr("555")));
}

TEST_F(PackageCommand, mistakes_are_named_with_what_was_expected) {
  EXPECT_THAT(make({}).err, HasSubstr("either --seed N"));
  EXPECT_THAT(make({"--seed", "1", "--kind", "engine"}).err, HasSubstr("card_profiles"));
  EXPECT_THAT(make({"--seed", "1", "--version", "1.4"}).err, HasSubstr("three numbers"));
  EXPECT_THAT(make({"--seed", "1", "--sequence", "0"}).err, HasSubstr("at least 1"));
  EXPECT_THAT(shogo_package({"make"}).err, HasSubstr("--kind is missing"));
  EXPECT_THAT(shogo_package({"show", file("x", as_bytes("no package"))}).err, HasSubstr("not_a_package"));
  EXPECT_THAT(shogo_package({"verify", path("x")}).err, HasSubstr("whose signature counts"));
  EXPECT_THAT(shogo_package({"verify", path("x"), "--trust", "12"}).err, HasSubstr("64 hex digits"));
  EXPECT_EQ(shogo_package({"verify", path("none"), "--seed", "1"}).code, kExitTrouble);
}

TEST_F(PackageCommand, a_package_of_keys_must_hold_whole_keys_and_its_signer) {
  const auto keys = [&](const std::string& content) {
    return make({"--seed", "1", "--kind", "keys"}, content);
  };
  EXPECT_THAT(keys("short").err, HasSubstr("keys of 32 bytes each"));
  EXPECT_THAT(keys("").err, HasSubstr("1 to 8"));
  EXPECT_THAT(keys(std::string(9 * 32, 'k')).err, HasSubstr("1 to 8"));
  const Done stranger = keys(std::string(32, 'k'));
  EXPECT_THAT(stranger.err, HasSubstr("must hold the key that signs it"));
  const std::size_t at = stranger.err.find(": add ") + 6;
  const Bytes own = from_hex(stranger.err.substr(at, 64)).value();
  EXPECT_EQ(keys(std::string(as_text(own))).code, kExitOk);
}

}  // namespace
}  // namespace shogo::conformance
