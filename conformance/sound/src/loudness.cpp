#include <cmath>
#include <ebur128.h>
#include <memory>

#include <shogo/sound/loudness.h>

namespace shogo::sound {

Result<Loudness> loudness(const Sound& sound) {
  struct End {
    void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
  };
  const std::unique_ptr<ebur128_state, End> meter(
      ebur128_init(1, sound.rate, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK));
  Loudness measured;
  double peak = 0;
  if (!meter ||
      ebur128_add_frames_short(meter.get(), sound.samples.data(), sound.samples.size()) != EBUR128_SUCCESS ||
      ebur128_loudness_global(meter.get(), &measured.lufs) != EBUR128_SUCCESS ||
      ebur128_true_peak(meter.get(), 0, &peak) != EBUR128_SUCCESS)
    return Error{Code::kInternal, "the loudness meter refused the recording"};
  if (!std::isfinite(measured.lufs))
    return Error{Code::kInvalid,
                 "loudness is defined for sounds of 400 ms and more; this is shorter, or silent"};
  measured.peak_dbfs = 20 * std::log10(peak);
  return measured;
}

}  // namespace shogo::sound
