#include "test_card.h"

#include <fmt/core.h>
#include <openssl/x509.h>

namespace shogo::sim {
namespace {

class VirtualCardTest : public CardTest {};

TEST_F(VirtualCardTest, applications_are_selected_by_name_by_prefix_and_with_file_control_information) {
  EXPECT_EQ(send("00A4040C0AD392F000260100000001"), "9000");
  EXPECT_EQ(send("00A4040C05D392F00026"), "9000");
  EXPECT_EQ(send("00A404000AD392F00026010000000100"), "6F0C840AD392F0002601000000019000");
  EXPECT_EQ(send("00A4040C0BD392F00026010000000100"), "6A82");
}

TEST_F(VirtualCardTest, the_next_occurrence_of_a_prefix_is_the_next_application) {
  EXPECT_EQ(send("00A4040C02D392"), "9000");
  EXPECT_EQ(send("00A4020C020018"), "9000");  // jpki has 0018, visual does not
  EXPECT_EQ(send("00A4040E02D392"), "9000");
  EXPECT_EQ(send("00A4020C020018"), "6A82");
  for (int others = 0; others < 3; ++others) EXPECT_EQ(send("00A4040E02D392"), "9000");
  EXPECT_EQ(send("00A4040E02D392"), "6A82");
}

TEST_F(VirtualCardTest, foreign_applications_and_commands_get_their_status_word) {
  for (const char* aid : {"A000000308000010000100", "D2760001240102", "A00000000101", "A0000001510001"}) {
    EXPECT_EQ(send(fmt::format("00A4040C{:02X}{}", std::string_view(aid).size() / 2, aid)), "6A82");
  }
  EXPECT_EQ(send("00A40000023F00"), "6A82");
  EXPECT_EQ(send("00CA010000"), "6A88");
  EXPECT_EQ(send("00F0000000"), "6D00");
  EXPECT_EQ(send("80F0000000"), "6D00");
  EXPECT_EQ(send("B0F0000000"), "6E00");
  EXPECT_EQ(send("80FC0000"), "6700");
  EXPECT_EQ(send("80A4040C05D392F00026"), "6E00");
  EXPECT_EQ(send("00A4"), "6700");
}

TEST_F(VirtualCardTest, a_failed_selection_keeps_application_and_security_status) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  ASSERT_EQ(send("00A4040C05A000000308"), "6A82");
  EXPECT_EQ(status("802A0097010100"), "9000");
}

TEST_F(VirtualCardTest, the_master_file_is_refused_after_power_on_and_harmless_later) {
  EXPECT_EQ(send("00A40000"), "6A86");
  select_jpki();
  EXPECT_EQ(send("00A40000"), "9000");
  EXPECT_EQ(send("00A4020C020018"), "9000");
}

TEST_F(VirtualCardTest, a_file_is_read_at_any_offset_in_any_form_as_it_was_written) {
  const Bytes& file = *card_->file("visual", 0x0002);
  select_visual();
  ASSERT_EQ(send(kVerifyNumberB), "9000");
  ASSERT_EQ(send("00A4020C020002"), "9000");
  for (const std::size_t step : {1000U, 255U, 256U, 257U}) {
    Bytes got;
    while (got.size() < file.size()) {
      Bytes apdu = {0x00, 0xB0, static_cast<std::uint8_t>(got.size() >> 8),
                    static_cast<std::uint8_t>(got.size())};
      if (step > 256) {
        apdu.push_back(0);
        append_be16(apdu, static_cast<std::uint16_t>(step));
      } else {
        apdu.push_back(static_cast<std::uint8_t>(step));  // 256 becomes 00
      }
      const Bytes answer = card_->transmit(apdu);
      ASSERT_EQ(to_hex(ByteView(answer).last(2)), "9000");
      ASSERT_EQ(answer.size() - 2, std::min(step, file.size() - got.size()));
      append(got, ByteView(answer).first(answer.size() - 2));
    }
    EXPECT_EQ(got, file) << "in steps of " << step;
  }
  const Bytes whole = card_->transmit("00B00000000000"_hex);
  EXPECT_TRUE(std::equal(file.begin(), file.end(), whole.begin()));
}

TEST_F(VirtualCardTest, reading_ends_exactly_at_the_end_of_the_file) {
  select_jpki();
  ASSERT_EQ(send("00A4020C020008"), "9000");
  EXPECT_EQ(send("00B0000000"), "8F8F009000");
  EXPECT_EQ(send("00B0000200"), "009000");
  EXPECT_EQ(send("00B0000300"), "6B00");
  EXPECT_EQ(send("00B07FFF00"), "6B00");
  EXPECT_EQ(send("00B00000"), "6700");
}

TEST_F(VirtualCardTest, a_short_identifier_reads_and_makes_the_file_current) {
  EXPECT_EQ(send("00B0880000"), "6A82");
  select_jpki();
  EXPECT_EQ(send("00B0000000"), "6986");
  EXPECT_EQ(send("00B0880102"), "8F009000");
  EXPECT_EQ(send("00B0000000"), "8F8F009000");
  EXPECT_EQ(send("00B0800000"), "6A86");
  EXPECT_EQ(send("00B0C80000"), "6A86");
  EXPECT_EQ(send("00B09D0000"), "6A82");
}

TEST_F(VirtualCardTest, a_wrong_pin_lowers_the_counter_and_a_right_one_fills_it) {
  select_jpki();
  EXPECT_EQ(send("00200098"), "63C3");
  EXPECT_EQ(send(kVerifyWrongPin), "63C2");
  EXPECT_EQ(send("00200098"), "63C2") << "a query must cost nothing";
  EXPECT_EQ(send(kVerifyAuthPin), "9000");
  EXPECT_EQ(card_->tries_left("jpki", 0x0018), 3);
  EXPECT_EQ(card_->tries_left("jpki", 0x001B), 5);
}

TEST_F(VirtualCardTest, malformed_verifications_cost_no_try) {
  select_jpki();
  EXPECT_EQ(send("002000800431323334"), "6A88") << "nothing is current";
  EXPECT_EQ(send("0020009811" + std::string(34, '3')), "6700");
  EXPECT_EQ(send("002001980431323334"), "6A86");
  EXPECT_EQ(send("002000180431323334"), "6A86");
  EXPECT_EQ(send("002000970431323334"), "6981") << "a key is not a PIN";
  EXPECT_EQ(send("0020009D0431323334"), "6A88");
  EXPECT_EQ(card_->tries_left("jpki", 0x0018), 3);
}

TEST_F(VirtualCardTest, a_pin_changes_only_after_it_was_shown_and_only_to_an_allowed_value) {
  auto issued = issue_standard();
  card_ = issued.card.get();
  select_jpki();
  ASSERT_EQ(send("00A4020C020018"), "9000");
  EXPECT_EQ(send("002401800435363738"), "6982");
  ASSERT_EQ(send("002000800431323334"), "9000");
  EXPECT_EQ(send("0024018003353637"), "6A80");
  EXPECT_EQ(send("002401800435363A38"), "6A80");
  EXPECT_EQ(send("002401800435363738"), "9000");
  card_->power_off();
  select_jpki();
  EXPECT_EQ(send(kVerifyAuthPin), "63C2");
  EXPECT_EQ(send("002000980435363738"), "9000");
  select_visual();
  ASSERT_EQ(send(kVerifyNumberB), "9000");
  EXPECT_EQ(send("002401920E3535303231373230333532323836"), "6985");
}

TEST_F(VirtualCardTest, a_signature_over_a_digest_info_verifies_with_the_certificate_on_the_card) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  ASSERT_EQ(send("00A4020C020017"), "9000");
  const Bytes message = "0102030405"_hex;
  const Bytes info = sha256_digest_info(sha256(message));
  const std::string signature = send(fmt::format("802A0080{:02X}{}00", info.size(), to_hex(info)));
  ASSERT_EQ(signature.size(), 2 * (256U + 2U));
  const auto certificate = Certificate::from_der(*card_->file("jpki", 0x000A));
  ASSERT_TRUE(certificate.ok());
  EVP_MD_CTX* ctx = EVP_MD_CTX_new();
  const Bytes raw = from_hex(signature).value();
  ASSERT_EQ(EVP_DigestVerifyInit(ctx, nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(certificate->get())),
            1);
  EXPECT_EQ(EVP_DigestVerify(ctx, raw.data(), 256, message.data(), message.size()), 1);
  EXPECT_EQ(EVP_DigestVerify(ctx, raw.data(), 256, message.data(), message.size() - 1), 0);
  EVP_MD_CTX_free(ctx);
}

TEST_F(VirtualCardTest, the_kinds_of_signature_agree_where_they_must) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  const Bytes message = "0102030405"_hex;
  const Bytes hash = sha256(message);
  const auto sign = [&](int p1, const Bytes& input) {
    return send(fmt::format("802A{:02X}97{:02X}{}00", p1, input.size(), to_hex(input)));
  };
  EXPECT_EQ(sign(0, sha256_digest_info(hash)), sign(2, hash));
  EXPECT_EQ(sign(2, hash), sign(3, message));
  EXPECT_EQ(sign(0, hash), sign(1, message));
  EXPECT_EQ(sign(4, hash).size(), 516U);
  EXPECT_EQ(sign(5, message).size(), 516U);
  EXPECT_EQ(sign(6, message), "6A86");
  EXPECT_EQ(sign(2, message), "6985");
  EXPECT_EQ(sign(4, message), "6985");
}

TEST_F(VirtualCardTest, the_length_of_a_raw_signature_input_is_1_to_245) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  const auto sign = [&](std::size_t size) {
    return status(fmt::format("802A009700{:04X}{}0000", size, std::string(2 * size, '1')));
  };
  EXPECT_EQ(sign(1), "9000");
  EXPECT_EQ(sign(245), "9000");
  EXPECT_EQ(sign(246), "6985");
  EXPECT_EQ(status("802A009700"), "6985");
}

TEST_F(VirtualCardTest, an_expected_length_that_is_too_small_for_a_signature_is_corrected) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  EXPECT_EQ(send("802A0097010110"), "6C00");
  EXPECT_EQ(send("802A00970101"), "6700");
}

TEST_F(VirtualCardTest, only_an_application_with_a_default_key_signs_without_naming_one) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  EXPECT_EQ(status("802A0000010100"), "6A86");
  select_visual();
  EXPECT_EQ(status("802A0000010100"), "9000");
}

TEST_F(VirtualCardTest, challenges_have_the_length_asked_for_and_differ) {
  const std::string first = send("0084000008"), second = send("0084000008");
  EXPECT_EQ(first.size(), 20U);
  EXPECT_NE(first, second);
  EXPECT_EQ(send("0084000000").size(), 2U * 258U);
  EXPECT_EQ(send("00840000000008"), "6985");
  EXPECT_EQ(send("0084010008"), "6A86");
}

TEST_F(VirtualCardTest, a_trace_tells_sizes_and_status_but_has_no_room_for_a_body) {
  std::vector<ApduTrace> traces;
  card_->trace([&](const ApduTrace& trace) { traces.push_back(trace); });
  select_jpki();
  (void)send(kVerifyWrongPin);
  (void)send("00200098");
  (void)send("00B0880000");
  (void)send("00");
  card_->trace({});
  (void)send("00200098");
  ASSERT_EQ(traces.size(), 5U);
  EXPECT_EQ(traces[1].header, (std::array<std::uint8_t, 4>{0x00, 0x20, 0x00, 0x98}));
  EXPECT_EQ(traces[1].body_size, 4U);
  EXPECT_EQ(traces[1].sw, 0x63C2);
  EXPECT_TRUE(traces[1].pin_carrying);
  EXPECT_FALSE(traces[2].pin_carrying);
  EXPECT_EQ(traces[3].le, 256U);
  EXPECT_EQ(traces[3].response_size, 3U);
  EXPECT_EQ(traces[4].sw, 0x6700);
}

TEST_F(VirtualCardTest, the_bench_can_block_a_pin_and_fill_all_counters) {
  card_->set_tries_left("jpki", 0x0018, 0);
  select_jpki();
  EXPECT_EQ(send("00200098"), "63C0");
  EXPECT_EQ(send(kVerifyAuthPin), "6984");
  card_->refill_all_tries();
  EXPECT_EQ(send(kVerifyAuthPin), "9000");
  EXPECT_EQ(card_->tries_left("jpki", 0x9999), -1);
}

TEST_F(VirtualCardTest, contents_that_the_profile_needs_must_be_there) {
  auto profile = builtin_card_profile("standard");
  ASSERT_TRUE(profile.ok());
  CardContents contents;
  contents.pupi = "01020304"_hex;
  EXPECT_FALSE(VirtualCard::create(std::move(*profile), std::move(contents), 1).ok());
}

}  // namespace
}  // namespace shogo::sim
