#include <lmdb.h>

#include <errno.h>
#include <linux/falloc.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Asks the file system for blocks of a file, which keeps its size: fallocate(2), which Glibc's module does not have.
///
/// Unlike posix_fallocate(3) it writes nothing where the file system cannot do it.
/// Returns 0 or an error number.
static inline int clmdb_allocate(int descriptor, off_t offset, off_t length) {
    return syscall(SYS_fallocate, descriptor, FALLOC_FL_KEEP_SIZE, offset, length) == 0 ? 0 : errno;
}
