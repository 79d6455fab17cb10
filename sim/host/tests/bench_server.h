// A real eligibility server with its own test PKI, a scripted JPKI card held by one synthetic person, and the
// fund program between them: what the tests of this folder start from.
#pragma once

#include <atomic>
#include <cstring>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include <shogo/base/bytes.h>
#include <shogo/base/file.h>
#include <shogo/contract/fund_program.h>
#include <shogo/sim/eligibility_server.h>
#include <shogo/sim/test_pki.h>

namespace shogo::sim {

/// One PKI and one folder of PEM files for the whole program: keys take time.
class TestTrust {
 public:
  static const TestTrust& get() {
    static const TestTrust trust;
    return trust;
  }
  const TestPki& pki() const { return pki_; }
  const PemFiles& files() const { return files_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TestTrust()
      : folder_(TemporaryFolder::create("shogo-test-trust").value()),
        pki_(TestPki::create(3).value()),
        files_(pki_.write_pem_files(folder_.path()).value()) {}
  TemporaryFolder folder_;
  TestPki pki_;
  PemFiles files_;
};

/// Answers as the JPKI application does, remembers every command. `script` may answer in its place.
class ScriptedCard {
 public:
  explicit ScriptedCard(Identity identity)
      : identity_(std::move(identity)), certificate_(identity_.certificate.der()) {}

  static int transmit(void* self, const uint8_t* command, size_t command_size, uint8_t* response,
                      size_t* response_size) {
    auto& card = *static_cast<ScriptedCard*>(self);
    const ByteView view(command, command_size);
    card.commands.push_back(to_hex(view));
    if (card.commands.size() > card.stays_for) return -1;
    Bytes answer = card.script ? card.script(view) : Bytes();
    if (answer.empty()) answer = card.answer(view);
    if (answer.size() > *response_size) return -2;
    std::memcpy(response, answer.data(), answer.size());
    *response_size = answer.size();
    return 0;
  }

  std::vector<std::string> commands;
  std::function<Bytes(ByteView)> script;
  std::string pin = "1234";
  std::string label = "JPKIAPICCTOKEN2";  ///< of the token information; says card, Android or iPhone
  bool agreed = false;                    ///< an iPhone's holder, on the phone
  int tries = 3;
  std::size_t stays_for = 1'000;  ///< commands until the card is taken away
  std::string serial() const { return identity_.certificate.serial_hex(); }

 private:
  Bytes answer(ByteView command) {
    const std::string hex = to_hex(command);
    if (hex.starts_with("00A4040C0AD392F000260100000001")) return "9000"_hex;
    if (hex.starts_with("80FC")) return "9000"_hex;
    if (hex.starts_with("00A4020C02")) {
      token_info_ = hex.ends_with("0006");
      return "9000"_hex;
    }
    if (hex == "00B0000020" && token_info_) {
      std::string text = label;
      text.resize(32, ' ');
      Bytes data(text.begin(), text.end());
      append(data, "9000"_hex);
      return data;
    }
    if (hex.starts_with("00200080")) return verify(command);
    if (hex.starts_with("802A0080")) {
      if (!(label == "JPKIAPIOSTOKEN" ? agreed : verified_)) return "6982"_hex;
      Bytes signature = identity_.key.sign_pkcs1_raw(command.subspan(5, command[4])).value();
      append(signature, "9000"_hex);
      return signature;
    }
    if (hex.starts_with("00B0")) {
      const std::size_t offset = read_be(command.subspan(2, 2));
      const std::size_t le = command[4] == 0 ? 256 : command[4];
      if (offset > certificate_.size()) return "6B00"_hex;
      const std::size_t n = std::min(le, certificate_.size() - offset);
      Bytes data(certificate_.begin() + static_cast<std::ptrdiff_t>(offset),
                 certificate_.begin() + static_cast<std::ptrdiff_t>(offset + n));
      append(data, "9000"_hex);
      return data;
    }
    return "6D00"_hex;
  }

  Bytes verify(ByteView command) {
    if (tries == 0) return "6984"_hex;
    if (as_text(command.subspan(5)) == pin) {
      verified_ = true;
      tries = 3;
      return "9000"_hex;
    }
    --tries;
    return {0x63, static_cast<std::uint8_t>(0xC0 + tries)};
  }

  Identity identity_;
  Bytes certificate_;
  bool verified_ = false;
  bool token_info_ = false;
};

class BenchServer : public ::testing::Test {
 protected:
  void SetUp() override {
    EligibilityServer::Options options;
    const PemFiles& files = TestTrust::get().files();
    options.server_cert_pem = files.server_certificate;
    options.server_key_pem = files.server_key;
    options.client_ca_pem = files.tls_ca;
    options.user_auth_ca_pem = files.user_authentication_ca;
    options.seed = 11;
    server = EligibilityServer::start(std::move(options), clock).value();
    add(PersonState::kEligible);
  }
  void TearDown() override { shogo_fund_close(fund); }

  void add(PersonState state) {
    ASSERT_TRUE(server->add_person({card.serial(), "合成　花子", "19800217", state}).ok());
  }
  static Identity issue(const char* from, const char* until) {
    return TestTrust::get()
        .pki()
        .issue_user_authentication("hanako", 0x51A0, {parse_jst(from), parse_jst(until)})
        .value();
  }
  shogo_fund* open(std::uint32_t timeout_ms = 20'000) {
    const PemFiles& files = TestTrust::get().files();
    const std::string url = server->url();
    const shogo_fund_config config{
        SHOGO_FUND_ABI_VERSION,   url.c_str(), files.tls_ca.c_str(), files.clinic_certificate.c_str(),
        files.clinic_key.c_str(), timeout_ms,  terminal.c_str()};
    char message[256] = "";
    fund = shogo_fund_open(&config, message, sizeof message);
    EXPECT_NE(fund, nullptr) << message;
    return fund;
  }
  shogo_fund_status pin_eligibility(const std::string& pin = "1234") {
    if (fund == nullptr) open();
    return shogo_fund_pin_eligibility(fund, &ScriptedCard::transmit, &card,
                                      reinterpret_cast<const uint8_t*>(pin.data()), pin.size(), &person);
  }
  std::size_t count(std::string_view prefix) const {
    std::size_t n = 0;
    for (const auto& command : card.commands) n += command.starts_with(prefix) ? 1U : 0U;
    return n;
  }

  RealClock clock{parse_jst("2026-04-01T09:00:00")};
  std::unique_ptr<EligibilityServer> server;
  ScriptedCard card{issue("2024-02-17", "2029-02-17")};
  std::string terminal;  ///< PEM file of the terminal; empty: none
  shogo_fund* fund = nullptr;
  shogo_fund_person person{SHOGO_FUND_ABI_VERSION, 0, {}, {}, {}, 0, 0, {}};
};

}  // namespace shogo::sim
