/*
 * A disk that takes its time. Loaded before a program (LD_PRELOAD), it makes each sync last as long
 * as SLOW_DISK_MICROS says, one after the other, as a device with a single queue does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t device = PTHREAD_MUTEX_INITIALIZER;

static int sync_slowly(const char *name, int fd) {
  int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  const char *micros = getenv("SLOW_DISK_MICROS");
  long wait = micros ? atol(micros) : 0;
  struct timespec left = {wait / 1000000, wait % 1000000 * 1000};
  pthread_mutex_lock(&device);
  int done = sync(fd);
  int error = errno;
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  pthread_mutex_unlock(&device);
  errno = error;
  return done;
}

int fsync(int fd) { return sync_slowly("fsync", fd); }
int fdatasync(int fd) { return sync_slowly("fdatasync", fd); }
