import Glibc
import LMDB
import Testing

// The other process is the child in which an exit test runs its body.
@Suite("Several processes")
struct OtherProcessTests {
    @Test("the slot of a reader that died is cleared on request")
    func staleReader() async throws {
        try await withDirectory { (path: String) in
            let environment = try Environment(path: path, options: small())
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            await #expect(processExitsWith: .exitCode(42)) { [path] in
                let child = try Environment(path: path, options: small())
                try child.read { _ in _exit(42) }
            }
            let own = getpid()
            try #expect(environment.readerList.filter { $0.processID != own }.count == 1)
            try #expect(environment.clearStaleReaders() == 1)
            try #expect(environment.clearStaleReaders() == 0)
            try #expect(environment.readerList.allSatisfy { $0.processID == own })
            try environment.close()
        }
    }

    @Test("the slot of a reader that died is cleared when another process opens")
    func staleReaderAtOpen() async throws {
        try await withDirectory { (path: String) in
            let environment = try Environment(path: path, options: small())
            _ = try environment.database(named: "t")
            await #expect(processExitsWith: .exitCode(42)) { [path] in
                let child = try Environment(path: path, options: small())
                try child.read { _ in _exit(42) }
            }
            try #expect(environment.readerList.filter { $0.processID != getpid() }.count == 1)
            await #expect(processExitsWith: .success) { [path] in
                let child = try Environment(path: path, options: small())
                try child.close()
            }
            try #expect(environment.readerList.filter { $0.processID != getpid() }.count == 0)
            try environment.close()
        }
    }

    @Test("a full reader table clears the slots of dead processes by itself")
    func staleReadersFillTheTable() async throws {
        try await withDirectory { (path: String) in
            var options = small()
            options.maximumReaderCount = 2
            let environment = try Environment(path: path, options: options)
            await #expect(processExitsWith: .exitCode(42)) { [path] in
                let child = try Environment(path: path, options: small())
                try child.read { _ in try child.read { _ in _exit(42) } }
            }
            try environment.read { #expect($0.transactionID >= 0) }
            try environment.close()
        }
    }

    @Test("a writer that died leaves no lock and no half of its changes")
    func deadWriter() async throws {
        try await withDirectory { (path: String) in
            let environment = try Environment(path: path, options: small())
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            await #expect(processExitsWith: .exitCode(42)) { [path] in
                let child = try Environment(path: path, options: small())
                let table = try child.database(named: "t")
                try child.write { transaction in
                    try transaction.put(bytes("k"), bytes("half"), in: table)
                    _exit(42)
                }
            }
            try environment.write { try $0.put(bytes("l"), bytes("w"), in: table) }
            try #expect(contents(environment, table) == ["k=v", "l=w"])
            try environment.close()
        }
    }

    @Test("a map that another process grew is adopted by the next transaction")
    func grownElsewhere() async throws {
        try await withDirectory { (path: String) in
            let environment = try Environment(path: path, options: small(1 << 20))
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            for name in ["read", "write"] {
                await #expect(processExitsWith: .success) { [path, name = name as String] in
                    var options = small(8 << 20)
                    options.mapByteCount = name == "read" ? 8 << 20 : 32 << 20
                    let child = try Environment(path: path, options: options)
                    let table = try child.database(named: "t")
                    let large = [UInt8](
                        repeating: 1,
                        count: name == "read" ? 4 << 20 : 16 << 20
                    )
                    try child.write { try $0.put(bytes(name), large, in: table) }
                    try child.close()
                }
                if name == "read" {
                    let size = try environment.read { (transaction) throws(LMDBError) in
                        try transaction.get(bytes("read"), in: table) { $0.byteCount }
                    }
                    #expect(size == 4 << 20)
                    try #expect(environment.information.mapByteCount == 8 << 20)
                } else {
                    try environment.write { transaction in
                        try transaction.put(bytes("l"), bytes("w"), in: table)
                        try #expect(transaction.contains(bytes("write"), in: table))
                    }
                    try #expect(environment.information.mapByteCount == 32 << 20)
                }
            }
            try environment.close()
        }
    }

    @Test("a grown map cannot be adopted inside a transaction, and then it is a typed error")
    func grownElsewhereInside() async throws {
        try await withDirectory { (path: String) in
            let environment = try Environment(path: path, options: small(1 << 20))
            let table = try environment.database(named: "t")
            let began = Rendezvous()
            let grown = Rendezvous()
            let reader = SystemThread {
                try environment.read { _ in
                    began.signal()
                    grown.wait()
                    try #expect(code { try environment.read { _ in } } == .mapResized)
                }
                try environment.read { try #expect($0.contains(bytes("big"), in: table)) }
            }
            began.wait()
            await #expect(processExitsWith: .success) { [path] in
                let child = try Environment(path: path, options: small(8 << 20))
                let table = try child.database(named: "t")
                let large = [UInt8](repeating: 1, count: 4 << 20)
                try child.write { try $0.put(bytes("big"), large, in: table) }
                try child.close()
            }
            grown.signal()
            try reader.join()
            try environment.close()
        }
    }

    @Test("a commit that the system refuses is reported, changes nothing, and can be tried again")
    func failedCommit() async throws {
        try await withDirectory { (path: String) in
            await #expect(processExitsWith: .success) { [path] in
                let environment = try Environment(path: path, options: small())
                let table = try environment.database(named: "t")
                try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
                signal(SIGXFSZ, SIG_IGN)
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                let before = limit
                limit.rlim_cur = 256 << 10
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                let large = [UInt8](repeating: 1, count: 1 << 20)
                let refused = try code {
                    try environment.write { transaction in
                        try transaction.put(bytes("k"), bytes("changed"), in: table)
                        try transaction.put(bytes("l"), large, in: table)
                    }
                }
                limit = before
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                // A part of a page may have been written before the limit was met.
                guard refused == .fileTooLarge || refused == .inputOutput else { exit(1) }
                guard try contents(environment, table) == ["k=v"] else { exit(2) }
                try environment.write { try $0.put(bytes("l"), large, in: table) }
                try environment.close()
            }
            let environment = try Environment(path: path, options: small())
            let table = try environment.database(named: "t")
            let size = try environment.read { (transaction) throws(LMDBError) in
                try transaction.get(bytes("l"), in: table) { $0.byteCount }
            }
            #expect(size == 1 << 20)
            try environment.close()
        }
    }

    @Test("without address space a growth fails and the old map stays; an opening takes less")
    func noAddressSpace() async throws {
        try await withDirectory { (path: String) in
            await #expect(processExitsWith: .success) { [path] in
                let environment = try Environment(path: path, options: small())
                let table = try environment.database(named: "t")
                try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
                limit.rlim_cur = rlim_t(addressSpaceByteCount() + (3 << 30))
                guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
                    exit(1)
                }
                guard try code(of: { try environment.grow(to: 1 << 40) }) == .outOfMemory else {
                    exit(2)
                }
                guard try contents(environment, table) == ["k=v"] else { exit(3) }
                try environment.write { try $0.put(bytes("k"), bytes("w"), in: table) }
                try environment.close()
                let smaller = try Environment(path: path)
                guard try smaller.information.mapByteCount >= 1 << 30 else { exit(4) }
                guard try contents(smaller, smaller.database(named: "t")) == ["k=w"] else {
                    exit(5)
                }
                try smaller.close()
            }
        }
    }
}

/// The address space this process uses, in bytes.
private func addressSpaceByteCount() -> Int {
    let file = open("/proc/self/statm", O_RDONLY)
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 128)
    let length = read(file, &text, text.count)
    let words = String(decoding: text.prefix(max(length, 0)), as: UTF8.self).split(separator: " ")
    return (words.first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}
