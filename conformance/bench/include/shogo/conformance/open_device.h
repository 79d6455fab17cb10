// Opening a device on the bench: the reference reader (its three processes, or their mutants, in a world of
// their own), or a vendor's device behind an adapter's address.
#pragma once

#include <filesystem>
#include <memory>

#include <shogo/conformance/dut.h>

namespace shogo::conformance {

/// For `OpenDevice` of the runner. Errors are one line for the person at the keyboard.
[[nodiscard]] Result<std::unique_ptr<DeviceUnderTest>> open_device(const DeviceRequest& request);

/// Which of the reference reader's programs holds a mutant, by its name: m.nfc.* the front end, m.flow.*,
/// m.log.name … the host agent, everything else the reader. A mutant that nobody holds is refused by the
/// program itself.
[[nodiscard]] std::string_view program_of_mutant(std::string_view mutant);

}  // namespace shogo::conformance
