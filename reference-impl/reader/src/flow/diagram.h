// The journey as a picture: Mermaid text for docs/reader.md, so that the document cannot say anything else
// than the data does.
#pragma once

#include "flow/journey.h"
#include <string>

namespace shogo::reader {

/// A stateDiagram-v2 with one edge a transition. Left out, because nearly every state has them and they would
/// hide the way: staff, end, timeout, reset, host_lost, card_removed, card_other, card_unreadable.
[[nodiscard]] std::string state_diagram(const Journey& journey);

}  // namespace shogo::reader
