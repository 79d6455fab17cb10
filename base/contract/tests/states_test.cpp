#include <gtest/gtest.h>

#include <shogo/contract/states.h>

namespace shogo::contract {
namespace {

TEST(States, every_name_round_trips_and_others_are_unknown) {
  for (const std::string_view name : kStateNames) EXPECT_EQ(to_string(state_from(name).value()), name);
  EXPECT_EQ(to_string(State::kConsentHighCost), "consent_high_cost");
  EXPECT_FALSE(state_from("Idle").has_value());
}

}  // namespace
}  // namespace shogo::contract
