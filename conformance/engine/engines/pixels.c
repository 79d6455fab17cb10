/* The smallest engine: a template is the picture itself, 16 x 16 grey values without their mean, and the
 * score their cosine. No face matcher; it is where a vendor starts to fill in his own, and what the tests run
 * end to end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <shogo/contract/matcher.h>

enum { kSide = 16, kValues = kSide * kSide };

struct shogo_matcher {
  int unused; /* a real engine keeps its model here */
};

shogo_matcher_status shogo_matcher_describe(shogo_matcher_info* info) {
  memset(info, 0, sizeof *info);
  info->abi_version = SHOGO_MATCHER_ABI_VERSION;
  info->name = "pixels (no face matcher)";
  info->version = "1";
  /* A real engine: the SHA-256 of its code and models. */
  memcpy(info->engine_sha256, "shogo example engine: pixels v1.", sizeof info->engine_sha256);
  info->template_size_max = kValues * sizeof(float);
  info->higher_is_similar = 1;
  return SHOGO_MATCHER_OK;
}

shogo_matcher_status shogo_matcher_open(const char* data_folder, shogo_matcher** matcher) {
  (void)data_folder;
  *matcher = calloc(1, sizeof **matcher);
  return *matcher != NULL ? SHOGO_MATCHER_OK : SHOGO_MATCHER_FAILED;
}

void shogo_matcher_close(shogo_matcher* matcher) {
  free(matcher);
}

shogo_matcher_status shogo_matcher_template(shogo_matcher* matcher, const shogo_matcher_image* image,
                                            shogo_template_role role, uint8_t* buffer, size_t* size) {
  (void)matcher;
  (void)role;
  if (image->width < kSide || image->height < kSide) return SHOGO_MATCHER_LOW_QUALITY;
  if (*size < kValues * sizeof(float)) {
    *size = kValues * sizeof(float);
    return SHOGO_MATCHER_ROOM;
  }
  float value[kValues];
  double mean = 0;
  for (uint32_t y = 0; y < kSide; ++y)
    for (uint32_t x = 0; x < kSide; ++x) {
      double sum = 0;
      uint32_t count = 0;
      for (uint32_t v = y * image->height / kSide; v < (y + 1) * image->height / kSide; ++v)
        for (uint32_t u = x * image->width / kSide; u < (x + 1) * image->width / kSide; ++u)
          for (uint32_t c = 0; c < image->channels; ++c, ++count)
            sum += image->pixels[((size_t)v * image->width + u) * image->channels + c];
      value[y * kSide + x] = (float)(sum / count);
      mean += sum / count / kValues;
    }
  double norm = 0;
  for (int i = 0; i < kValues; ++i) {
    value[i] = (float)(value[i] - mean);
    norm += (double)value[i] * value[i];
  }
  if (norm < 1) return SHOGO_MATCHER_NO_FACE; /* one colour */
  for (int i = 0; i < kValues; ++i) value[i] = (float)(value[i] / sqrt(norm));
  memcpy(buffer, value, sizeof value);
  *size = sizeof value;
  return SHOGO_MATCHER_OK;
}

shogo_matcher_status shogo_matcher_compare(shogo_matcher* matcher, const uint8_t* probe, size_t probe_size,
                                           const uint8_t* reference, size_t reference_size, double* score) {
  (void)matcher;
  float a[kValues], b[kValues];
  if (probe_size != sizeof a || reference_size != sizeof b) return SHOGO_MATCHER_BAD_INPUT;
  memcpy(a, probe, sizeof a);
  memcpy(b, reference, sizeof b);
  double sum = 0;
  for (int i = 0; i < kValues; ++i) sum += (double)a[i] * b[i];
  *score = sum;
  return SHOGO_MATCHER_OK;
}
