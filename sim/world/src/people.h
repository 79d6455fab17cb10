// The synthetic people of the bench. None of them exists; names and places are made up so that nobody can be
// meant.
#pragma once

#include <string>

#include <shogo/sim/card_issuer.h>
#include <shogo/sim/eligibility_server.h>
#include <shogo/sim/world.h>

namespace shogo::sim {

struct PatientSpec {
  Patient patient;
  const char* key;
  const char* name;
  const char* address;
  const char* birth_date;
  char sex;
  const char* security_code;
  PersonState state;        ///< at the eligibility server
  const char* valid_until;  ///< of the user-authentication certificate; the card itself lives longer
  bool pin_locked;
  const char* profile = "standard";
  BirthCalendar calendar = BirthCalendar::kEra;
  bool revoked = false;  ///< the certificate, by its authority; the card cannot know
};

[[nodiscard]] const PatientSpec& spec_of(Patient patient);

/// One paper of each kind; the institutions exist as little as the people.
[[nodiscard]] std::vector<Paper> papers_for(const PatientSpec& spec, std::uint64_t seed);

/// A four-digit PIN of this person and seed. Never one that could be taken for a year in a log's time stamps:
/// a canary search must not find the calendar.
[[nodiscard]] Secret pin_for(const PatientSpec& spec, std::uint64_t seed);

}  // namespace shogo::sim
