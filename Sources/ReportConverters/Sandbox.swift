import CSandbox
import Glibc
import Synchronization

/// What a process that reads strangers' files gives up, for itself and its children.
public enum Sandbox {
    private static let adopts = Atomic<Bool>(false)

    /// Whether orphans of children become children of this process.
    static var adoptsOrphans: Bool { adopts.load(ordering: .relaxed) }

    /// Gives up the network, inherited descriptors, rights of others on new files, and large files.
    ///
    /// Cannot be undone. Programs started from now on are under it too; sockets of the family
    /// `AF_UNIX` still work, which the office program needs.
    ///
    /// Source: seccomp(2), prctl(2) PR_SET_NO_NEW_PRIVS and PR_SET_CHILD_SUBREAPER.
    /// - Returns: what the machine could not do, one sentence each; empty when all is in force.
    public static func enter() -> [String] {
        var failures: [String] = []
        csandbox_close_from(STDERR_FILENO + 1)
        umask(0o077)
        // Too large a file is an error of write(2), not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let size = rlim_t(ConverterLimits.maximumOutputByteCount)
        var limit = rlimit(rlim_cur: size, rlim_max: size)
        if setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) != 0 {
            failures.append("the size of files is not limited: \(text(errno))")
        }
        let adoption = csandbox_adopt_orphans()
        if adoption == 0 {
            adopts.store(true, ordering: .relaxed)
        } else {
            failures.append("orphans are not adopted: \(text(adoption))")
        }
        let filter = csandbox_forbid_network()
        if filter != 0 { failures.append("the network is not blocked: \(text(filter))") }
        return failures
    }

    /// Whether a socket of a network family can be made, found out by trying.
    public static var canReachNetwork: Bool {
        [AF_INET, AF_INET6, AF_NETLINK, AF_PACKET].contains { canOpen($0) }
    }

    /// Whether a socket between processes of this machine can be made.
    public static var canReachLocalSockets: Bool { canOpen(AF_UNIX) }

    private static func canOpen(_ family: Int32) -> Bool {
        let kind = family == AF_NETLINK ? SOCK_RAW : SOCK_DGRAM
        let descriptor = socket(family, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
