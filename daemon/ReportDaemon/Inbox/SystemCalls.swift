import Glibc

/// Calls of the C library that its Swift module does not show.
///
/// They are looked up by name once; a C library without them makes the caller go the long way.
enum SystemCalls {
    private typealias Rename =
        @convention(c) (
            Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
        ) -> Int32
    private typealias FileSystem =
        @convention(c) (
            UnsafePointer<CChar>, UnsafeMutableRawPointer
        ) -> Int32

    private static let rename: Rename? = dlsym(nil, "renameat2").map {
        // The signature is that of the manual page renameat2(2).
        unsafeBitCast($0, to: Rename.self)
    }

    private static let fileSystem: FileSystem? = dlsym(nil, "statfs").map {
        // The signature is that of statfs(2); the buffer below is larger than the struct.
        unsafeBitCast($0, to: FileSystem.self)
    }

    /// Renames a file unless the new name is taken.
    ///
    /// File systems that cannot do this in one step get a check and a rename.
    /// - Returns: 0, or the number of the error.
    ///
    /// Source: renameat2(2), RENAME_NOREPLACE.
    static func renameWithoutReplacing(
        _ from: Int32,
        _ oldName: [UInt8],
        _ to: Int32,
        _ newName: [UInt8]
    ) -> Int32 {
        let old = oldName.cString
        let new = newName.cString
        if let rename {
            if rename(from, old, to, new, 1) == 0 { return 0 }
            guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else { return errno }
        }
        var status = stat()
        if fstatat(to, new, &status, AT_SYMLINK_NOFOLLOW) == 0 { return EEXIST }
        return renameat(from, old, to, new) == 0 ? 0 : errno
    }

    /// Puts one file in the place of another and that one in its place; where the file system cannot
    /// do this, the other is replaced.
    /// - Returns: 0, or the number of the error, and whether the other file is kept under the name of
    ///   the first.
    ///
    /// Source: renameat2(2), RENAME_EXCHANGE.
    static func exchange(
        _ folder: Int32,
        _ name: [UInt8],
        with other: [UInt8]
    ) -> (number: Int32, isKept: Bool) {
        if let rename {
            if rename(folder, name.cString, folder, other.cString, 2) == 0 { return (0, true) }
            guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else {
                return (errno, false)
            }
        }
        let status = renameat(folder, name.cString, folder, other.cString)
        return (status == 0 ? 0 : errno, false)
    }

    /// Magic numbers of file systems that do not tell about the writes of other machines.
    ///
    /// Source: statfs(2): NFS, SMB, CIFS, SMB2, 9P, FUSE, AFS, CODA.
    private static let remote: Set<UInt32> = [
        0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x0102_1997, 0x6573_5546, 0x5346_414F,
        0x7375_7245,
    ]

    /// Whether a folder lies on a network share.
    static func isRemote(_ path: [UInt8]) -> Bool {
        guard let fileSystem else { return false }
        var buffer = [UInt64](repeating: 0, count: 64)
        let isKnown = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { fileSystem(path.cString, $0) == 0 } ?? false
        }
        return isKnown && remote.contains(UInt32(truncatingIfNeeded: buffer[0]))
    }
}

extension [UInt8] {
    /// The bytes for a C function.
    var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
