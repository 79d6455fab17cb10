// Opening a device on the bench: the reference reader (its three processes, or their mutants, in a world of
// their own), or a vendor's device behind an adapter's address.
#pragma once

#include <filesystem>
#include <memory>

#include <shogo/conformance/dut.h>
#include <shogo/conformance/reference_processes.h>

namespace shogo::conformance {

/// For `OpenDevice` of the runner; the reference reader's variants are those of keypad_of(). Errors are one
/// line for the person at the keyboard.
[[nodiscard]] Result<std::unique_ptr<DeviceUnderTest>> open_device(const DeviceRequest& request);

/// The reference reader, for tests that end its processes.
class ReferenceUnderTest : public DeviceUnderTest {
 public:
  [[nodiscard]] virtual ReferenceProcesses& processes() = 0;
  /// Starts a program that has ended, as a service manager would, and waits for the idle screen. device() is
  /// another one when that program was the reader.
  virtual Result<void> start_again(std::string_view program) = 0;
};
[[nodiscard]] Result<std::unique_ptr<ReferenceUnderTest>> open_reference(const DeviceRequest& request);

/// "reference", or one of its variants: "reference:two-areas" has a place of its own for phones (1-8.k).
[[nodiscard]] bool is_reference(std::string_view dut);

/// Which of the reference reader's programs holds a mutant, by its name: m.nfc.* the front end, m.thr.* its
/// matcher's library, m.flow.*, m.log.name … the host agent, m.dump.ptrace_ok all of them, m.aud.via_host
/// both ends of the reader link, everything else the reader. A mutant that nobody holds is refused by the
/// program itself.
[[nodiscard]] std::string_view program_of_mutant(std::string_view mutant);

}  // namespace shogo::conformance
