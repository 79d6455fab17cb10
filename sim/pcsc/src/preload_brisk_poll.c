/* Part of what is preloaded into a private pcscd: makes its look at the card slots come more often than every
 * 400 ms, a constant it was compiled with (PCSCLITE_STATUS_POLL_RATE). Nothing else of pcscd changes; every
 * other sleep passes through. SHOGO_PCSCD_POLL_MS says how often. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static const long kStockPoll_ns = 400L * 1000 * 1000;

int nanosleep(const struct timespec* wanted, struct timespec* left) {
  struct timespec duration = *wanted;
  if (duration.tv_sec == 0 && duration.tv_nsec == kStockPoll_ns) {
    const char* text = getenv("SHOGO_PCSCD_POLL_MS");
    const long ms = text == NULL ? 0 : strtol(text, NULL, 10);
    if (ms > 0 && ms < 400) duration.tv_nsec = ms * 1000 * 1000;
  }
  const int error = clock_nanosleep(CLOCK_MONOTONIC, 0, &duration, left);
  if (error == 0) return 0;
  errno = error;
  return -1;
}
