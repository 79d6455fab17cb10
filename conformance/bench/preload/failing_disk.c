/* Loaded before a program of the device: its disk fails at a given byte of its work on one folder (4-9.i).
 * SHOGO_FAILING_DISK.PROGRAM, the value of the variable and the name of the program, is a file that holds an
 * order, one line "WHAT SEED WORK FOLDER". It is looked for whenever the program opens a file, and taken away
 * when it is found; a later one replaces it. From then on every byte written into FOLDER costs 1, every
 * opening for writing, flush, new name and removal costs 100. When WORK is used up, WHAT happens.
 *
 * "cut", the power goes: the program is killed in the middle of what it does. As with a real disk, what was
 * not flushed may be gone: of a file that was not flushed a random part is left, or zeros; of new names and
 * removals since the last flush of the folder only a random number, the oldest ones, have happened.
 *
 * "full", nothing more fits: what is being written is cut off, and from then on no byte and no new file finds
 * room.
 *
 * "well", nothing happens; it ends an order before.
 *
 * A program that makes its system calls by itself goes past this. One folder, one thread that works there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

enum { kOperation = 100, kMostHandles = 1024, kMostChanges = 64 };

enum change_kind { kCreated, kRenamed, kRemoved };

struct change {
  enum change_kind kind;
  char name[PATH_MAX];  /* created, removed, or renamed to */
  char from[PATH_MAX];  /* renamed from */
  char saved[PATH_MAX]; /* the file that bore the name before; empty: none */
};

enum trouble { kWell, kCut, kFull };

static enum trouble armed = kWell;
static uint64_t left = 0;
static uint64_t state = 0;
static char folder[PATH_MAX], order[PATH_MAX];
static char handles[kMostHandles][PATH_MAX]; /* what a handle was opened for; empty: none of ours */
static char unflushed[kMostHandles][PATH_MAX];
static struct change changes[kMostChanges];
static int change_count = 0;

static int (*real_open)(const char*, int, ...) = NULL;
static int (*real_close)(int) = NULL;
static ssize_t (*real_write)(int, const void*, size_t) = NULL;
static int (*real_fsync)(int) = NULL;
static int (*real_rename)(const char*, const char*) = NULL;
static int (*real_unlink)(const char*) = NULL;

static void* next_of(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}

__attribute__((constructor)) static void find_the_real_ones(void) {
  *(void**)(&real_open) = next_of("open");
  *(void**)(&real_close) = next_of("close");
  *(void**)(&real_write) = next_of("write");
  *(void**)(&real_fsync) = next_of("fsync");
  *(void**)(&real_rename) = next_of("rename");
  *(void**)(&real_unlink) = next_of("unlink");
}

/* splitmix64: the same seed, the same loss. */
static uint64_t below(uint64_t limit) {
  uint64_t z = (state += 0x9E3779B97F4A7C15U);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return (z ^ (z >> 31)) % limit;
}

static void look_for_an_order(void) {
  const char* base = getenv("SHOGO_FAILING_DISK");
  char path[PATH_MAX];
  if (base == NULL) return;
  snprintf(path, sizeof path, "%s.%s", base, program_invocation_short_name);
  const int file = real_open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char text[PATH_MAX + 64];
  const ssize_t size = read(file, text, sizeof text - 1);
  real_close(file);
  if (size <= 0) return;
  text[size] = '\0';
  int at = 0;
  unsigned long long seed = 0, work = 0;
  char what[8];
  if (sscanf(text, "%7s %llu %llu %n", what, &seed, &work, &at) != 3) return;
  text[strcspn(text, "\n")] = '\0';
  snprintf(folder, sizeof folder, "%s", text + at);
  snprintf(order, sizeof order, "%s", path);
  real_unlink(path);
  state = seed;
  left = work;
  armed = strcmp(what, "cut") == 0 ? kCut : strcmp(what, "full") == 0 ? kFull : kWell;
}

static int is_ours(const char* path) {
  const size_t size = strlen(folder);
  return armed != kWell && strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

static void undo(const struct change* change) {
  if (change->kind == kCreated) real_unlink(change->name);
  if (change->kind == kRenamed) real_rename(change->name, change->from);
  if (change->saved[0] != '\0') real_rename(change->saved, change->name);
}

__attribute__((noreturn)) static void cut(void) {
  const int happened = (int)below((uint64_t)change_count + 1);
  /* Contents first, while every file still has the name it is known by. */
  for (int i = 0; i < kMostHandles; ++i) {
    struct stat about;
    if (unflushed[i][0] == '\0' || stat(unflushed[i], &about) != 0) continue;
    const off_t kept = (off_t)below((uint64_t)about.st_size + 1);
    if (truncate(unflushed[i], kept) == 0 && below(2) == 0 && truncate(unflushed[i], about.st_size) != 0)
      break;
  }
  for (int i = change_count - 1; i >= happened; --i) undo(&changes[i]);
  for (int i = 0; i < happened; ++i)
    if (changes[i].saved[0] != '\0') real_unlink(changes[i].saved);
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* What of this much work can still be done; the program does not outlive less. */
static uint64_t spend(uint64_t work) {
  const uint64_t done = work < left ? work : left;
  left -= done;
  return done;
}

static void operation(void) {
  const uint64_t done = spend(kOperation);
  if (armed == kCut && (done < kOperation || left == 0)) cut();
}

static void note_change(enum change_kind kind, const char* name, const char* from) {
  if (armed != kCut) return;
  if (change_count == kMostChanges) abort();
  struct change* change = &changes[change_count++];
  change->kind = kind;
  snprintf(change->name, sizeof change->name, "%s", name);
  snprintf(change->from, sizeof change->from, "%s", from);
  change->saved[0] = '\0';
  if (kind == kCreated || access(name, F_OK) != 0) return;
  snprintf(change->saved, sizeof change->saved, "%.*s.%d", PATH_MAX - 16, order, change_count);
  real_unlink(change->saved);
  if (link(name, change->saved) != 0) change->saved[0] = '\0';
}

static int opened(const char* path, int flags, mode_t mode) {
  if (strcmp(path, "/dev/null") != 0) look_for_an_order();
  const int ours = is_ours(path);
  const int writes = (flags & O_ACCMODE) != O_RDONLY;
  if (ours && writes) {
    operation();
    if (access(path, F_OK) != 0) {
      if (armed == kFull && left == 0) {
        errno = ENOSPC;
        return -1;
      }
      note_change(kCreated, path, "");
    }
  }
  const int handle = real_open(path, flags, mode);
  if (handle < 0 || handle >= kMostHandles) return handle;
  handles[handle][0] = '\0';
  if (!ours) return handle;
  snprintf(handles[handle], PATH_MAX, "%s", path);
  if (writes) snprintf(unflushed[handle], PATH_MAX, "%s", path);
  return handle;
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return opened(path, flags, mode);
}

/* What a build with checked calls (_FORTIFY_SOURCE) makes of an open() without a mode. */
int __open_2(const char* path, int flags);
int __open_2(const char* path, int flags) {
  return opened(path, flags, 0);
}

int close(int handle) {
  if (handle >= 0 && handle < kMostHandles) handles[handle][0] = '\0';
  return real_close(handle);
}

ssize_t write(int handle, const void* bytes, size_t size) {
  if (armed == kWell || handle < 0 || handle >= kMostHandles || handles[handle][0] == '\0')
    return real_write(handle, bytes, size);
  const uint64_t done = spend(size);
  if (armed == kFull && done == 0 && size > 0) {
    errno = ENOSPC;
    return -1;
  }
  const ssize_t written = real_write(handle, bytes, (size_t)done);
  if (armed == kCut && left == 0) cut();
  return written;
}

int fsync(int handle) {
  const int ours = armed != kWell && handle >= 0 && handle < kMostHandles && handles[handle][0] != '\0';
  if (ours) operation();
  const int result = real_fsync(handle);
  if (!ours || result != 0) return result;
  const char* path = handles[handle];
  if (strcmp(path, folder) == 0) {
    for (int i = 0; i < change_count; ++i)
      if (changes[i].saved[0] != '\0') real_unlink(changes[i].saved);
    change_count = 0;
  }
  for (int i = 0; i < kMostHandles; ++i)
    if (strcmp(unflushed[i], path) == 0) unflushed[i][0] = '\0';
  return result;
}

int rename(const char* from, const char* to) {
  if (is_ours(from)) {
    operation();
    note_change(kRenamed, to, from);
    for (int i = 0; i < kMostHandles; ++i)
      if (strcmp(unflushed[i], from) == 0) snprintf(unflushed[i], PATH_MAX, "%s", to);
  }
  return real_rename(from, to);
}

int unlink(const char* path) {
  if (is_ours(path)) {
    operation();
    if (access(path, F_OK) == 0) note_change(kRemoved, path, "");
  }
  return real_unlink(path);
}
