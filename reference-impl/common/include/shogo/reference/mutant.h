// Deliberate defects, so that the harness can prove that its checks catch them (conformance, `shogo prove`).
//
//   if (SHOGO_MUTANT("m.nfc.truncate_256")) { …the defect… }
//
// In a shipped program the macro is the constant false: neither the defect nor its name is in the binary, and
// a test searches for them. Only the *-mutants program, built from the same sources with SHOGO_MUTANTS, holds
// them; it behaves exactly like the shipped one until `--mutant ID[:argument]` switches a defect on.
// Sources that use this header are listed under DEFECTS of shogo_reference_program().
#pragma once

#ifndef SHOGO_MUTANTS

#define SHOGO_MUTANT(id) (false)
/// In the shipped program there is no such option: main() reports it as unknown, like any other.
#define SHOGO_TAKE_MUTANT_OPTION(argc, argv) (true)

#else

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace shogo::reference {

template <std::size_t N>
struct MutantName {
  char text[N];
  consteval MutantName(const char (&from)[N]) { std::copy_n(from, N, text); }  // NOLINT: reads as a literal
};

struct Mutants {
  std::vector<std::string_view> known;  ///< filled before main() by every use of SHOGO_MUTANT
  std::string active;
  std::string argument;
  static Mutants& instance() {
    static Mutants mutants;
    return mutants;
  }
  bool add(std::string_view id) {
    if (std::find(known.begin(), known.end(), id) == known.end()) known.push_back(id);
    return true;
  }
};

template <MutantName Id>
inline const bool kMutantKnown = Mutants::instance().add(Id.text);

template <MutantName Id>
bool mutant_active() {
  return kMutantKnown<Id> && Mutants::instance().active == Id.text;
}

/// What stands behind the colon of `--mutant ID:argument`; empty without one.
inline const std::string& mutant_argument() {
  return Mutants::instance().argument;
}

/// Takes `--mutant ID[:argument]` out of the arguments. False (with a message that lists the known ones) when
/// the id is unknown or missing: main() then exits with 2.
inline bool take_mutant_option(int& argc, char** argv) {
  Mutants& mutants = Mutants::instance();
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--mutant") != 0) continue;
    const std::string_view given = i + 1 < argc ? argv[i + 1] : "";
    const std::size_t colon = given.find(':');
    mutants.active = given.substr(0, colon);
    if (colon != std::string_view::npos) mutants.argument = given.substr(colon + 1);
    if (std::find(mutants.known.begin(), mutants.known.end(), mutants.active) == mutants.known.end()) {
      std::fprintf(stderr, "unknown mutant \"%s\"; this program holds:\n", mutants.active.c_str());
      std::sort(mutants.known.begin(), mutants.known.end());
      for (const std::string_view id : mutants.known)
        std::fprintf(stderr, "  %.*s\n", static_cast<int>(id.size()), id.data());
      return false;
    }
    std::copy(argv + i + 2, argv + argc, argv + i);
    argc -= 2;
    argv[argc] = nullptr;
    return true;
  }
  return true;
}

}  // namespace shogo::reference

#define SHOGO_MUTANT(id) (::shogo::reference::mutant_active<id>())
#define SHOGO_TAKE_MUTANT_OPTION(argc, argv) (::shogo::reference::take_mutant_option(argc, argv))

#endif
