/* Makes a disk slow: loaded before libc (LD_PRELOAD), it lets every fsync and fdatasync of a file take SLOW_DISK_MS longer, as
   the heads of an old disk that must find their way before a write is safe. A directory's is left alone: SQLite asks for one
   at a connection's first commit, where nothing in the directory has changed and no disk has anything to write. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

static int slowly(int fd, int done) {
    struct stat file;
    if (fstat(fd, &file) == 0 && S_ISDIR(file.st_mode)) return done;
    const char *said = getenv("SLOW_DISK_MS");
    long ms = said ? atol(said) : 0;
    struct timespec wait = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&wait, NULL);
    return done;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd);
int fdatasync(int fd);

int fsync(int fd) { return slowly(fd, REAL(fsync)(fd)); }
int fdatasync(int fd) { return slowly(fd, REAL(fdatasync)(fd)); }
