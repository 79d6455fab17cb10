/* Matcher: the C ABI through which the measuring engine loads a face matcher. In the manner of NIST's FRTE
 * 1:1 interface: make a template of an image, compare two templates. Version 1; members are only ever
 * appended.
 *
 * The caller owns every buffer; the library may not keep pointers after a call returns. Calls may come from
 * several threads, each with a handle of its own. No call may touch the network or write files. */
#ifndef SHOGO_CONTRACT_MATCHER_H
#define SHOGO_CONTRACT_MATCHER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHOGO_MATCHER_ABI_VERSION 1

typedef struct shogo_matcher shogo_matcher;

typedef enum {
  SHOGO_MATCHER_OK = 0,
  SHOGO_MATCHER_NO_FACE = 1, /* failure to enrol or acquire (ISO/IEC 19795-1 FTE, FTA) */
  SHOGO_MATCHER_LOW_QUALITY = 2,
  SHOGO_MATCHER_ROOM = 3, /* the template buffer is too small; *size says what is needed */
  SHOGO_MATCHER_BAD_INPUT = 4,
  SHOGO_MATCHER_UNSUPPORTED = 5,
  SHOGO_MATCHER_FAILED = 6
} shogo_matcher_status;

typedef enum { SHOGO_ROLE_PROBE = 0, SHOGO_ROLE_REFERENCE = 1 } shogo_template_role;

typedef struct {
  uint32_t width, height, channels; /* 1 grey or 3 RGB, 8 bit, rows without padding */
  const uint8_t* pixels;
} shogo_matcher_image;

typedef struct {
  uint32_t abi_version;
  const char* name; /* static storage */
  const char* version;
  uint8_t engine_sha256[32];  /* of the engine's code and model files: ties scores to the device under test */
  uint32_t template_size_max; /* bytes */
  uint32_t higher_is_similar; /* 1: score grows with similarity */
} shogo_matcher_info;

shogo_matcher_status shogo_matcher_describe(shogo_matcher_info* info);
shogo_matcher_status shogo_matcher_open(const char* data_folder, shogo_matcher** matcher);
void shogo_matcher_close(shogo_matcher* matcher);
shogo_matcher_status shogo_matcher_template(shogo_matcher* matcher, const shogo_matcher_image* image,
                                            shogo_template_role role, uint8_t* buffer, size_t* size);
shogo_matcher_status shogo_matcher_compare(shogo_matcher* matcher, const uint8_t* probe, size_t probe_size,
                                           const uint8_t* reference, size_t reference_size, double* score);

#ifdef __cplusplus
}
#endif
#endif
