import Glibc

/// The limit of open files: systems begin with 1,024, fewer than the connections that a node takes.
enum OpenFiles {
    /// Connections, files in work, and what LMDB and workers need.
    private static let wantedCount: rlim_t = 16_384

    /// Raises the limit of this process as far as the system lets it.
    static func raiseLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        let wanted = min(limit.rlim_max, wantedCount)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        setrlimit(resource, &limit)
    }
}
