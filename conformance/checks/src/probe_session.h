// The lines of `shogo-probe --session READER`, one answer each:
//
//   list MS        listed | missing      whether PC/SC lists the reader within MS
//   card MS        card | timeout        a card is present (at once when it is already)
//   empty MS       empty | timeout
//   connect        ATR as hex            a shared connection; replaces the one before
//   exclusive      ATR as hex            the same, for nobody else
//   rival shared   ok                    a second client connects, shared or exclusive, and goes again
//   stranger       ok                    connects to a reader that does not exist
//   apdu HEX       answer as hex
//   script HEX     ok             one more command of what "read" sends
//   read N         FAILED SIZE SHA256 [first trouble]
//                                 N times: reset, then the script; size and hash of what READ BINARY brought
//   hammer MS HEX  sent N refused N      sends this command over and over for MS, outside any transaction
//   release        ok
//
// Anything PC/SC refuses comes back as its own words behind "error: ".
#pragma once

#include <string>

namespace shogo::conformance {

/// Serves standard input until it ends. Returns the exit code.
int serve_probe_session(const std::string& reader);

}  // namespace shogo::conformance
