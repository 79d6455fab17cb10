/* Loaded before a program of the device: answers for the bench's names in place of the machine's resolver,
 * whose port and configuration belong to the machine. It stands where the C library would begin to ask; how a
 * resolver behaves below that (its own cache, its own retries) is not tested with it. SHOGO_BENCH_NAMES names
 * a file of lines "NAME ANSWER": a numeric address, "unknown" (no such name) or "silent" (no name server
 * answers; the call comes back after a while with EAI_AGAIN). Every other name goes to the machine's
 * resolver. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const time_t kSilence_s = 1;

/* 1 when the file has an answer for the name. */
static int find_answer(const char* name, char answer[64]) {
  const char* path = getenv("SHOGO_BENCH_NAMES");
  FILE* file = path == NULL ? NULL : fopen(path, "re");
  if (file == NULL) return 0;
  char line_name[256];
  int found = 0;
  while (!found && fscanf(file, "%255s %63s", line_name, answer) == 2) found = strcmp(line_name, name) == 0;
  fclose(file);
  return found;
}

int getaddrinfo(const char* node, const char* service, const struct addrinfo* hints,
                struct addrinfo** result) {
  int (*next)(const char*, const char*, const struct addrinfo*, struct addrinfo**) = NULL;
  /* POSIX's way around ISO C, which knows no cast from object to function pointers. */
  *(void**)(&next) = dlsym(RTLD_NEXT, "getaddrinfo");
  if (next == NULL) return EAI_FAIL;
  char answer[64] = "";
  if (node == NULL || !find_answer(node, answer)) return next(node, service, hints, result);
  if (strcmp(answer, "unknown") == 0) return EAI_NONAME;
  if (strcmp(answer, "silent") == 0) {
    struct timespec left = {kSilence_s, 0};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) != 0) {
    }
    return EAI_AGAIN;
  }
  return next(answer, service, hints, result);
}
