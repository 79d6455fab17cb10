#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/statistics/transaction.h>

namespace shogo::statistics {
namespace {

using testing::HasSubstr;

Attempt genuine(const std::string& transaction, const std::string& who, bool matched, bool acquired = true) {
  return {transaction, who, who, true, acquired, matched};
}

TEST(Transaction, retries_help_the_owner) {
  const std::vector<Attempt> attempts{genuine("1", "a", false), genuine("1", "a", true),
                                      genuine("2", "b", true)};
  const TransactionRates rates = transaction_rates(attempts).value();
  EXPECT_EQ(rates.fnmr->errors, 1);
  EXPECT_EQ(rates.fnmr->trials, 3);
  EXPECT_EQ(rates.frr->errors, 0);
  EXPECT_EQ(rates.frr->trials, 2);
  EXPECT_EQ(rates.most_attempts, 2);
  EXPECT_FALSE(rates.fmr.has_value());
}

TEST(Transaction, retries_help_the_stranger_too) {
  const std::vector<Attempt> attempts{{"1", "a", "b", true, true, false},
                                      {"1", "a", "b", true, true, false},
                                      {"1", "a", "b", true, true, true},
                                      {"2", "c", "d", true, true, false}};
  const TransactionRates rates = transaction_rates(attempts).value();
  EXPECT_EQ(rates.fmr->errors, 1);
  EXPECT_EQ(rates.fmr->trials, 4);
  EXPECT_EQ(rates.far->errors, 1);
  EXPECT_EQ(rates.far->trials, 2);
}

TEST(Transaction, failures_to_acquire_leave_fnmr_and_stay_in_frr) {
  const std::vector<Attempt> attempts{genuine("1", "a", false, false), genuine("1", "a", false, false),
                                      genuine("2", "b", true)};
  const TransactionRates rates = transaction_rates(attempts).value();
  EXPECT_EQ(rates.fta->errors, 2);
  EXPECT_EQ(rates.fta->trials, 3);
  EXPECT_EQ(rates.fnmr->trials, 1);
  EXPECT_EQ(rates.fnmr->errors, 0);
  EXPECT_EQ(rates.frr->errors, 1);
}

TEST(Transaction, a_reference_that_cannot_be_enrolled_refuses_its_owner) {
  const std::vector<Attempt> attempts{{"1", "a", "a", false, true, false}, genuine("2", "b", true)};
  const TransactionRates rates = transaction_rates(attempts).value();
  EXPECT_EQ(rates.fte->errors, 1);
  EXPECT_EQ(rates.fte->trials, 2);
  EXPECT_EQ(rates.fnmr->trials, 1);
  EXPECT_EQ(rates.frr->errors, 1);
}

TEST(Transaction, attempts_of_one_person_are_a_cluster) {
  std::vector<Attempt> attempts;
  for (int i = 0; i < 100; ++i)
    attempts.push_back(genuine("t" + std::to_string(i), "p" + std::to_string(i % 5), true));
  EXPECT_NEAR(transaction_rates(attempts)->fnmr->effective_trials, 5, 1e-9);
}

TEST(Transaction, contradictions_are_refused) {
  const auto why = [](const std::vector<Attempt>& attempts) {
    return transaction_rates(attempts).error().message();
  };
  EXPECT_THAT(why({genuine("1", "a", true), genuine("1", "a", true)}), HasSubstr("after the match"));
  EXPECT_THAT(why({genuine("1", "a", false), genuine("1", "b", true)}), HasSubstr("two people"));
  EXPECT_THAT(why({genuine("1", "a", true, false)}), HasSubstr("without a sample"));
  EXPECT_THAT(why({genuine("", "a", true)}), HasSubstr("must be given"));
}

}  // namespace
}  // namespace shogo::statistics
