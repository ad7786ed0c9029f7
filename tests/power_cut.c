/* Takes a program's power away at a chosen write: loaded before libc (LD_PRELOAD), it counts every call that changes what
   is on the disk under one folder, and at the chosen one kills its own process with SIGKILL.

   POWER_CUT_UNDER  the folder
   POWER_CUT_STATE  a file of four 64-bit numbers, shared with whoever watches: armed (1: count), the call to die at (0:
                    none), how (0 before the call, 1 after half of its bytes, 2 after the call), calls counted so far
   POWER_CUT_LOG    where each counted call is written down: a line "call offset size path", then the bytes (of a
                    rename the old name); empty: nowhere */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { BEFORE, HALF, AFTER };

static volatile int64_t *state;
static const char *under;
static int log_fd = -1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("POWER_CUT_STATE"), *log = getenv("POWER_CUT_LOG");
    under = getenv("POWER_CUT_UNDER");
    if (!file || !under) return;
    int fd = open(file, O_RDWR);
    if (fd < 0) abort();
    state = mmap(NULL, 4 * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (log && *log) log_fd = open(log, O_WRONLY | O_APPEND | O_CREAT, 0600);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Whether a path is looked after: 0 or 1. */
static int lies_under(const char *path) {
    size_t length = strlen(under);
    return strncmp(path, under, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return lies_under(path);
}

static void put(const void *bytes, size_t size) {
    if (REAL(write)(log_fd, bytes, size) != (ssize_t)size) abort();
}

static void write_down(const char *name, const char *path, off_t offset, const void *bytes, size_t size) {
    char line[PATH_MAX + 100];
    int length = snprintf(line, sizeof line, "%s %lld %zu %s\n", name, (long long)offset, size, path);
    put(line, length);
    if (size) put(bytes, size);
}

/* Counts a call; returns how it is to be cut, or -1 when it is not the one. */
static int counted(const char *name, const char *path, off_t offset, const void *bytes, size_t size) {
    pthread_mutex_lock(&one_at_a_time);
    int64_t now = ++state[3];
    if (log_fd >= 0) write_down(name, path, offset, bytes, size);
    pthread_mutex_unlock(&one_at_a_time);
    int how = state[1] && now == state[1] ? (int)state[2] : -1;
    if (how == BEFORE) die();
    return how;
}

static int at_fd(const char *name, int fd, off_t offset, const void *bytes, size_t size) {
    char path[PATH_MAX];
    return state && state[0] && path_of(fd, path) ? counted(name, path, offset, bytes, size) : -1;
}

static int at_path(const char *name, const char *given, const char *other) {
    char path[PATH_MAX];
    if (!state || !state[0]) return -1;
    if (given[0] == '/') snprintf(path, sizeof path, "%s", given);
    else if (getcwd(path, sizeof path)) strncat(strncat(path, "/", sizeof path - strlen(path) - 1), given, sizeof path - strlen(path) - 1);
    return lies_under(path) ? counted(name, path, 0, other, strlen(other)) : -1;
}

#define DONE(how) do { if ((how) >= 0) die(); } while (0)

ssize_t write(int fd, const void *bytes, size_t size) {
    int how = at_fd("append", fd, lseek(fd, 0, SEEK_CUR), bytes, size);
    ssize_t done = REAL(write)(fd, bytes, how == HALF ? size / 2 : size);
    DONE(how);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
    int how = at_fd("write", fd, offset, bytes, size);
    ssize_t done = REAL(pwrite)(fd, bytes, how == HALF ? size / 2 : size, offset);
    DONE(how);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
    int how = at_fd("write", fd, offset, bytes, size);
    ssize_t done = REAL(pwrite64)(fd, bytes, how == HALF ? size / 2 : size, offset);
    DONE(how);
    return done;
}

#define WITHOUT_BYTES(name, call, how_asked) \
    int how = how_asked; \
    if (how == HALF) die(); \
    int done = REAL(name) call; \
    DONE(how); \
    return done

int fsync(int fd) { WITHOUT_BYTES(fsync, (fd), at_fd("sync", fd, 0, NULL, 0)); }
int fdatasync(int fd) { WITHOUT_BYTES(fdatasync, (fd), at_fd("sync", fd, 0, NULL, 0)); }
int ftruncate(int fd, off_t size) { WITHOUT_BYTES(ftruncate, (fd, size), at_fd("truncate", fd, size, NULL, 0)); }
int ftruncate64(int fd, off64_t size) { WITHOUT_BYTES(ftruncate64, (fd, size), at_fd("truncate", fd, size, NULL, 0)); }
int unlink(const char *path) { WITHOUT_BYTES(unlink, (path), at_path("unlink", path, "")); }
int rename(const char *from, const char *to) { WITHOUT_BYTES(rename, (from, to), at_path("rename", to, from)); }
