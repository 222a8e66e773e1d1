/* A disk of other machines, as far as programs notice it: file locks that are not there, and no
   memory shared through a file. For LD_PRELOAD: flock fails with the number in NO_FLOCK; with NO_SHM,
   SQLite's file of shared memory cannot be mapped. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

int flock(int file, int operation) {
  int (*real)(int, int) = dlsym(RTLD_NEXT, "flock");
  const char *number = getenv("NO_FLOCK");
  if (number == NULL) return real(file, operation);
  errno = atoi(number);
  return -1;
}

static int is_shared_memory(int file) {
  char link[64], path[4096];
  if (file < 0 || getenv("NO_SHM") == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path);
  return length > 4 && memcmp(path + length - 4, "-shm", 4) == 0;
}

void *mmap(void *start, size_t length, int protection, int flags, int file, off_t place) {
  void *(*real)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, "mmap");
  if (!is_shared_memory(file)) return real(start, length, protection, flags, file, place);
  errno = ENODEV;
  return MAP_FAILED;
}

void *mmap64(void *start, size_t length, int protection, int flags, int file, off_t place) {
  return mmap(start, length, protection, flags, file, place);
}
