import Glibc

/// A library that is put before the system's own, and lets writes to a store be refused with EIO as long
/// as a file is there: for machines whose kernel has no device that fails on demand.
final class FailingFiles {
    private let library: String
    private let flag: String

    /// Compiles the library; nil, with a message, where there is no compiler.
    init?(in root: TestFolder) throws {
        library = "\(root.path)/failing.so"
        flag = "\(root.path)/failing"
        let source = "\(root.path)/failing.c"
        try Disk.write(Self.source, to: source)
        let arguments = ["clang", "-shared", "-fPIC", "-o", library, source]
        let run = try CommandRun.run("env", arguments, at: "/usr/bin/env")
        guard run.status == 0 else {
            print("skipped: no C compiler: \(run.errors)")
            return nil
        }
    }

    /// Variables for a program that is to meet the faults.
    var environment: [String: String] { ["LD_PRELOAD": library, "FAILING_FILES": flag] }

    /// Which calls fail.
    enum Kind: String, CaseIterable {
        /// What was written does not get to the disk.
        case sync
        /// Nothing is written.
        case write
    }

    /// From now on nothing gets to the disk.
    func begin(_ kind: Kind) throws { try Disk.write(kind.rawValue, to: flag) }

    /// The disk is well again.
    func end() { unlink(flag) }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <limits.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        #include <fcntl.h>
        #include <sys/uio.h>
        static int fails(int descriptor, const char *kind) {
            const char *flag = getenv("FAILING_FILES");
            char link[64], path[PATH_MAX], now[8] = {0};
            int file = flag == NULL ? -1 : open(flag, O_RDONLY | O_CLOEXEC);
            if (file < 0) return 0;
            ssize_t length = read(file, now, sizeof now - 1);
            close(file);
            if (length <= 0 || strcmp(now, kind) != 0) return 0;
            snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
            ssize_t count = readlink(link, path, sizeof path - 1);
            if (count < 0) return 0;
            path[count] = 0;
            return strstr(path, "/store/") != NULL;
        }
        int fdatasync(int descriptor) {
            static int (*real)(int);
            if (real == NULL) real = dlsym(RTLD_NEXT, "fdatasync");
            if (fails(descriptor, "sync")) { errno = EIO; return -1; }
            return real(descriptor);
        }
        int fsync(int descriptor) {
            static int (*real)(int);
            if (real == NULL) real = dlsym(RTLD_NEXT, "fsync");
            if (fails(descriptor, "sync")) { errno = EIO; return -1; }
            return real(descriptor);
        }
        ssize_t write(int descriptor, const void *bytes, size_t count) {
            static ssize_t (*real)(int, const void *, size_t);
            if (real == NULL) real = dlsym(RTLD_NEXT, "write");
            if (fails(descriptor, "write")) { errno = EIO; return -1; }
            return real(descriptor, bytes, count);
        }
        ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
            static ssize_t (*real)(int, const void *, size_t, off_t);
            if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite");
            if (fails(descriptor, "write")) { errno = EIO; return -1; }
            return real(descriptor, bytes, count, offset);
        }
        ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
            return pwrite(descriptor, bytes, count, offset);
        }
        ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
            static ssize_t (*real)(int, const struct iovec *, int, off_t);
            if (real == NULL) real = dlsym(RTLD_NEXT, "pwritev");
            if (fails(descriptor, "write")) { errno = EIO; return -1; }
            return real(descriptor, parts, count, offset);
        }
        ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset) {
            return pwritev(descriptor, parts, count, offset);
        }
        """
}
