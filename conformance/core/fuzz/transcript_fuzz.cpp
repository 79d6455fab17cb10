// An evidence folder may come from anybody: no text makes the transcript parser crash, and what it accepts it
// writes back.
#include <cstdlib>

#include <shogo/conformance/transcript.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using shogo::conformance::Transcript;
  const auto read = Transcript::from_jsonl(shogo::as_text({data, size}), "fuzz");
  if (read.ok() && !Transcript::from_jsonl(read->to_jsonl(), "again").ok()) std::abort();
  return 0;
}
