/* An engine that misbehaves on purpose, in the way that its data folder is called: the tests of EngineProcess
 * show that none of it ever becomes a score. SHOGO_HOSTILE_ABI and SHOGO_HOSTILE_SIZE make it lie in its
 * description. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <shogo/contract/matcher.h>

#ifndef SHOGO_HOSTILE_ABI
#define SHOGO_HOSTILE_ABI SHOGO_MATCHER_ABI_VERSION
#endif
#ifndef SHOGO_HOSTILE_SIZE
#define SHOGO_HOSTILE_SIZE 64
#endif

struct shogo_matcher {
  char behaviour[64];
  int calls;
};

static int is(const shogo_matcher* matcher, const char* behaviour) {
  return strcmp(matcher->behaviour, behaviour) == 0;
}

static void hang(void) {
  for (;;) pause();
}

static void crash(void) {
  volatile int* volatile nowhere = NULL;
  *nowhere = 1;
}

shogo_matcher_status shogo_matcher_describe(shogo_matcher_info* info) {
  memset(info, 0, sizeof *info);
  info->abi_version = SHOGO_HOSTILE_ABI;
  info->name = "hostile";
  info->version = "0";
  info->template_size_max = SHOGO_HOSTILE_SIZE;
  info->higher_is_similar = 1;
  return SHOGO_MATCHER_OK;
}

shogo_matcher_status shogo_matcher_open(const char* data_folder, shogo_matcher** matcher) {
  *matcher = calloc(1, sizeof **matcher);
  strncpy((*matcher)->behaviour, data_folder, sizeof(*matcher)->behaviour - 1);
  if (is(*matcher, "hang_open")) hang();
  return is(*matcher, "refuse_open") ? SHOGO_MATCHER_FAILED : SHOGO_MATCHER_OK;
}

void shogo_matcher_close(shogo_matcher* matcher) {
  free(matcher);
}

shogo_matcher_status shogo_matcher_template(shogo_matcher* matcher, const shogo_matcher_image* image,
                                            shogo_template_role role, uint8_t* buffer, size_t* size) {
  (void)role;
  ++matcher->calls;
  if (is(matcher, "crash_template")) crash();
  if (is(matcher, "hang_template")) hang();
  if (is(matcher, "end_template")) _exit(0);
  if (is(matcher, "status_template")) return (shogo_matcher_status)99;
  if (is(matcher, "no_face")) return SHOGO_MATCHER_NO_FACE;
  if (is(matcher, "unsupported")) return SHOGO_MATCHER_UNSUPPORTED;
  while (is(matcher, "memory_template")) {
    char* more = malloc(64U << 20);
    if (more == NULL) abort();
    memset(more, 1, 64U << 20);
  }
  if (is(matcher, "overrun_template"))
    for (volatile size_t i = 0; i <= *size; ++i) buffer[i] = 1;
  buffer[0] = image->pixels[0];
  if (is(matcher, "huge_template"))
    ++*size;
  else
    *size = is(matcher, "empty_template") ? 0 : 4;
  return is(matcher, "fickle_template") && matcher->calls > 12 ? SHOGO_MATCHER_NO_FACE : SHOGO_MATCHER_OK;
}

shogo_matcher_status shogo_matcher_compare(shogo_matcher* matcher, const uint8_t* probe, size_t probe_size,
                                           const uint8_t* reference, size_t reference_size, double* score) {
  (void)probe_size;
  (void)reference_size;
  ++matcher->calls;
  if (is(matcher, "crash_compare")) crash();
  if (is(matcher, "hang_compare") && matcher->calls > 20) hang();
  if (is(matcher, "status_compare")) return (shogo_matcher_status)-1;
  *score = -abs(probe[0] - reference[0]);
  if (is(matcher, "nan_compare")) *score = NAN;
  if (is(matcher, "infinite_compare")) *score = INFINITY;
  if (is(matcher, "changing_compare")) *score = matcher->calls;
  if (is(matcher, "constant_compare")) *score = 0.5;
  return SHOGO_MATCHER_OK;
}
