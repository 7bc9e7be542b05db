import Glibc

/// A library that is put before the system's own and notes what each write replaced, until a flush of its
/// file: after a kill, what was not flushed is taken back, as a power cut does.
///
/// Any part of the unflushed writes may have reached a disk, in any order: a random part is taken back.
/// Names (rename, new files) stay: file systems with a journal keep their order.
final class PowerCut {
    private let library: String
    private let log: String
    private let root: String

    /// Compiles the library; nil, with a message, where there is no compiler.
    /// - Parameters:
    ///   - folder: what lies on the disk whose power is cut.
    ///   - work: folder for the library and its log.
    ///   - name: of their files, where several are cut by themselves.
    /// - Throws: ``TestFailure`` when the disk does not take it.
    init?(of folder: String, in work: TestFolder, name: String = "power") throws {
        root = folder
        library = "\(work.path)/\(name).so"
        log = "\(work.path)/\(name).log"
        let source = "\(work.path)/\(name).c"
        try Disk.write(Self.source, to: source)
        let arguments = ["clang", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
        let run = try CommandRun.run("env", arguments, at: "/usr/bin/env")
        guard run.status == 0 else {
            guard run.status == 127 else { throw TestFailure("\(source): \(run)") }
            print("skipped: no C compiler")
            return nil
        }
    }

    /// Variables for a program whose power will be cut.
    var environment: [String: String] {
        ["LD_PRELOAD": library, "POWER_LOG": log, "POWER_ROOT": root]
    }

    private struct Change {
        var file: UInt64
        var offset: Int
        var count: Int
        var sizeBefore: Int
        var before: [UInt8]
    }

    /// Takes back a part of what was not flushed; nothing may run any more.
    /// - Returns: how many writes were taken back, of how many.
    func cut(using random: inout Dice) throws -> (taken: Int, of: Int) {
        guard Disk.exists(log) else { return (0, 0) }
        let changes = Self.unflushed(try Disk.read(log))
        unlink(log)
        let paths = inodes()
        // All, most, or few of them.
        let shares: [Double] = [1, 0.7, 0.2]
        let share = shares.randomElement(using: &random) ?? 1
        var kept: [UInt64: [Range<Int>]] = [:]
        var taken = 0
        for change in changes.reversed() {
            let range = change.offset..<(change.offset + change.count)
            let isCovered = kept[change.file]?.contains { $0.overlaps(range) } ?? false
            guard !isCovered, Double.random(in: 0..<1, using: &random) < share else {
                kept[change.file, default: []].append(range)
                continue
            }
            guard let path = paths[change.file] else { continue }
            taken += 1
            try takeBack(change, path, mayShorten: kept[change.file] == nil)
        }
        return (taken, changes.count)
    }

    private func takeBack(_ change: Change, _ path: String, mayShorten: Bool) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TestFailure("\(path) cannot be written") }
        defer { close(descriptor) }
        // Behind the old end a disk holds nothing yet.
        let zeros = [UInt8](repeating: 0, count: change.count - change.before.count)
        let bytes = change.before + zeros
        guard pwrite(descriptor, bytes, bytes.count, change.offset) == bytes.count else {
            throw TestFailure("\(path) was not taken back")
        }
        if mayShorten, change.offset + change.count > change.sizeBefore {
            ftruncate(descriptor, change.sizeBefore)
        }
    }

    /// Changes since the last flush of their file.
    ///
    /// The log: words of eight bytes, kind 1 a write with
    /// file, offset, count, size before and the bytes that were there; kind 2 a flush with its file.
    private static func unflushed(_ bytes: [UInt8]) -> [Change] {
        var changes: [Change] = []
        var at = 0
        func word(_ index: Int) -> Int {
            bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at + 8 * index, as: Int.self) }
        }
        while at + 48 <= bytes.count {
            let (kind, file, held) = (word(0), UInt64(bitPattern: Int64(word(1))), word(5))
            if kind == 2 {
                changes.removeAll { $0.file == file }
            } else {
                guard at + 48 + held <= bytes.count else { break }
                changes.append(
                    Change(
                        file: file,
                        offset: word(2),
                        count: word(3),
                        sizeBefore: word(4),
                        before: Array(bytes[(at + 48)..<(at + 48 + held)])
                    )
                )
            }
            at += 48 + held
        }
        return changes
    }

    private func inodes() -> [UInt64: String] {
        var found: [UInt64: String] = [:]
        for name in Disk.files(under: root) {
            var status = stat()
            if lstat("\(root)/\(name)", &status) == 0 {
                found[UInt64(status.st_ino)] = "\(root)/\(name)"
            }
        }
        return found
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <pthread.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <sys/uio.h>
        #include <unistd.h>
        #define REAL(name, type) static __typeof__(type) real; if (!real) real = (__typeof__(type))dlsym(RTLD_NEXT, name)
        static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        typedef ssize_t (*Writev)(int, const struct iovec *, int);
        static void append(int64_t *words, const void *bytes, size_t count) {
            static int file = -1;
            REAL("writev", Writev);
            if (file < 0) file = open(getenv("POWER_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
            struct iovec parts[2] = {{words, 48}, {(void *)bytes, count}};
            if (real(file, parts, 2) != (ssize_t)(48 + count)) abort();
        }
        /* The file of a descriptor that is watched; 0 for others. */
        static uint64_t watched(int descriptor, struct stat *status) {
            const char *root = getenv("POWER_ROOT");
            char link[64], path[PATH_MAX];
            if (descriptor <= 2 || root == NULL || fstat(descriptor, status) != 0 || !S_ISREG(status->st_mode)) return 0;
            snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
            ssize_t count = readlink(link, path, sizeof path - 1);
            if (count < 0) return 0;
            path[count] = 0;
            return strncmp(path, root, strlen(root)) == 0 ? status->st_ino : 0;
        }
        static void note(int descriptor, off_t offset, size_t count) {
            struct stat status;
            uint64_t file = watched(descriptor, &status);
            /* What is written through is on the disk at once. */
            if (file == 0 || (fcntl(descriptor, F_GETFL) & O_DSYNC)) return;
            if (fcntl(descriptor, F_GETFL) & O_APPEND) offset = status.st_size;
            size_t held = offset < status.st_size ? status.st_size - offset : 0;
            if (held > count) held = count;
            char link[64], *bytes = malloc(held + 1);
            snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
            int again = open(link, O_RDONLY | O_CLOEXEC);
            if (held > 0 && pread(again, bytes, held, offset) != (ssize_t)held) held = 0;
            close(again);
            int64_t words[6] = {1, (int64_t)file, offset, (int64_t)count, status.st_size, (int64_t)held};
            pthread_mutex_lock(&lock);
            append(words, bytes, held);
            pthread_mutex_unlock(&lock);
            free(bytes);
        }
        static int flushed(int descriptor, int result) {
            struct stat status;
            uint64_t file = result == 0 ? watched(descriptor, &status) : 0;
            int64_t words[6] = {2, (int64_t)file, 0, 0, 0, 0};
            if (file == 0) return result;
            pthread_mutex_lock(&lock);
            append(words, "", 0);
            pthread_mutex_unlock(&lock);
            return result;
        }
        static size_t total(const struct iovec *parts, int count) {
            size_t sum = 0;
            for (int index = 0; index < count; index++) sum += parts[index].iov_len;
            return sum;
        }
        int fsync(int d) { REAL("fsync", int (*)(int)); return flushed(d, real(d)); }
        int fdatasync(int d) { REAL("fdatasync", int (*)(int)); return flushed(d, real(d)); }
        ssize_t write(int d, const void *b, size_t n) {
            REAL("write", ssize_t (*)(int, const void *, size_t));
            note(d, lseek(d, 0, SEEK_CUR), n);
            return real(d, b, n);
        }
        ssize_t writev(int d, const struct iovec *p, int n) {
            REAL("writev", Writev);
            note(d, lseek(d, 0, SEEK_CUR), total(p, n));
            return real(d, p, n);
        }
        ssize_t pwrite(int d, const void *b, size_t n, off_t o) {
            REAL("pwrite", ssize_t (*)(int, const void *, size_t, off_t));
            note(d, o, n);
            return real(d, b, n, o);
        }
        ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) { return pwrite(d, b, n, o); }
        ssize_t pwritev(int d, const struct iovec *p, int n, off_t o) {
            REAL("pwritev", ssize_t (*)(int, const struct iovec *, int, off_t));
            note(d, o, total(p, n));
            return real(d, p, n, o);
        }
        ssize_t pwritev64(int d, const struct iovec *p, int n, off64_t o) { return pwritev(d, p, n, o); }
        """#
}
