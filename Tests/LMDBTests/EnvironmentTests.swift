import Glibc
import LMDB
import Testing

@Suite("Opening and closing")
struct EnvironmentTests {
    @Test("the same directory opens once, by whatever path")
    func sameDirectoryTwice() throws {
        try withDirectory { path in
            let store = path + "/store"
            var options = small()
            options.createsDirectory = true
            let first = try Environment(path: store, options: options)
            try #require(symlink(store, path + "/link") == 0)
            for other in [store, store + "/", path + "/link", path + "/./store"] {
                let refused = try code { _ = try Environment(path: other, options: small()) }
                #expect(refused == .alreadyOpen, "\(other)")
            }
            // The refused openings have not disturbed the first.
            let table = try first.database(named: "t")
            try first.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            try first.close()
            let again = try Environment(path: path + "/link", options: small())
            try #expect(contents(again, again.database(named: "t")) == ["k=v"])
            try again.close()
        }
    }

    @Test("room laid out ahead belongs to the file, whose size and contents stay")
    func laysOut() throws {
        try withDirectory { path in
            let environment = try Environment(path: path, options: small())
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            func file() -> (size: Int, blocks: Int) {
                var status = stat()
                stat(path + "/data.mdb", &status)
                return (Int(status.st_size), Int(status.st_blocks) * 512)
            }
            let before = file()
            environment.layOutAhead { _ in 0 }
            #expect(file() == before)
            environment.layOutAhead { used in
                #expect(used == before.size)
                return 1 << 20
            }
            let after = file()
            #expect(after.size == before.size)
            // Not every file system can do it.
            #expect(after.blocks >= before.size + 1 << 20 || after.blocks == before.blocks)
            // While more than half of it is left, nothing is asked for.
            environment.layOutAhead { _ in 1 << 20 }
            #expect(file() == after)
            try environment.write { try $0.put(bytes("l"), bytes("w"), in: table) }
            try #expect(contents(environment, table) == ["k=v", "l=w"])
            try environment.close()
        }
    }

    @Test("an environment closes when its last reference goes")
    func closesByItself() throws {
        try withDirectory { path in
            func openAndForget() throws {
                let environment = try Environment(path: path, options: small())
                #expect(!environment.isClosed)
            }
            try openAndForget()
            try openAndForget()
        }
    }

    @Test("a failed opening leaves nothing open")
    func failedOpening() throws {
        try withDirectory { path in
            try #require(openDescriptorCount(below: path) == 0)
            // A data file that is none, in a directory that can be mended.
            let file = open(path + "/data.mdb", O_WRONLY | O_CREAT, 0o600)
            let junk = [UInt8](repeating: 0x41, count: 8192)
            try #require(write(file, junk, junk.count) == junk.count)
            close(file)
            let refused = try code { _ = try Environment(path: path, options: small()) }
            #expect(refused == .invalidFile)
            #expect(openDescriptorCount(below: path) == 0)
            unlink(path + "/data.mdb")
            let environment = try Environment(path: path, options: small())
            #expect(openDescriptorCount(below: path) > 0)
            try environment.close()
            #expect(openDescriptorCount(below: path) == 0)
        }
    }

    @Test("an absent directory is an error, unless it is to be made")
    func absentDirectory() throws {
        try withDirectory { path in
            let deep = path + "/a/b/c"
            try #expect(code { _ = try Environment(path: deep, options: small()) } == .noSuchFile)
            var options = small()
            options.createsDirectory = true
            let environment = try Environment(path: deep, options: options)
            var status = stat()
            #expect(stat(deep, &status) == 0 && status.st_mode & 0o777 == 0o700)
            for name in ["/data.mdb", "/lock.mdb"] {
                #expect(stat(deep + name, &status) == 0 && status.st_mode & 0o777 == 0o600)
            }
            try environment.close()
        }
    }

    @Test("paths and options out of range are refused")
    func badOptions() throws {
        try withDirectory { path in
            var tooMany = small()
            tooMany.maximumDatabaseCount = 1_000_000
            var noReaders = small()
            noReaders.maximumReaderCount = 0
            var executable = small()
            executable.fileMode = 0o4777
            var hollow = small()
            hollow.mapByteCount = 0
            var huge = small()
            huge.mapByteCount = .max
            for options in [tooMany, noReaders, executable, hollow, huge] {
                let refused = try code { _ = try Environment(path: path, options: options) }
                #expect(refused == .invalidOption)
            }
            for bad in ["", "a\0b", String(repeating: "x", count: 5000)] {
                let refused = try code { _ = try Environment(path: bad, options: small()) }
                #expect(refused == .invalidOption)
            }
            let file = open(path + "/file", O_WRONLY | O_CREAT, 0o600)
            close(file)
            let refused = try code { _ = try Environment(path: path + "/file", options: small()) }
            #expect(refused == .notADirectory)
        }
    }

    @Test("by default the map follows the file system, within bounds")
    func defaultMapSize() throws {
        try withDirectory { path in
            let environment = try Environment(path: path)
            let size = try environment.information.mapByteCount
            #expect((1 << 30...1 << 40).contains(size))
            var status = stat()
            #expect(stat(path + "/data.mdb", &status) == 0)
            #expect(Int(status.st_blocks) * 512 < 1 << 20)
            try environment.close()
        }
    }

    @Test("a closed environment refuses everything, and closing again does nothing")
    func closed() throws {
        try withDirectory { path in
            let environment = try Environment(path: path, options: small())
            let table = try environment.database(named: "t")
            try environment.close()
            try environment.close()
            #expect(environment.isClosed)
            try #expect(code { try environment.read { _ in } } == .closed)
            try #expect(code { try environment.write { _ in } } == .closed)
            try #expect(code { _ = try environment.database(named: "t") } == .closed)
            try #expect(code { _ = try environment.information } == .closed)
            try #expect(code { _ = try environment.statistics } == .closed)
            try #expect(code { _ = try environment.readerList } == .closed)
            try #expect(code { try environment.clearStaleReaders() } == .closed)
            try #expect(code { try environment.sync() } == .closed)
            try #expect(code { try environment.grow(to: 1 << 30) } == .closed)
            try #expect(code { try environment.copy(toFileDescriptor: 1) } == .closed)
            // A table of the old opening is refused by the new one.
            let again = try Environment(path: path, options: small())
            try #expect(
                code { try again.read { _ = try $0.contains(bytes("k"), in: table) } }
                    == .foreignDatabase
            )
            try again.close()
        }
    }

    @Test("a read-only environment reads and refuses updates")
    func readOnly() throws {
        try withDirectory { path in
            try #expect(
                code { _ = try Environment(path: path, options: small(readOnly: true)) }
                    == .noSuchFile
            )
            let writable = try Environment(path: path, options: small())
            let written = try writable.database(named: "t")
            try writable.write { try $0.put(bytes("k"), bytes("v"), in: written) }
            try writable.close()
            let environment = try Environment(path: path, options: small(readOnly: true))
            let table = try environment.database(named: "t")
            try #expect(contents(environment, table) == ["k=v"])
            try #expect(code { try environment.write { _ in } } == .readOnly)
            try #expect(code { try environment.sync() } == .readOnly)
            try #expect(code { _ = try environment.database(named: "new") } == .readOnly)
            let absent = Database.Options(creates: false)
            try #expect(
                code { _ = try environment.database(named: "new", options: absent) }
                    == .notFound
            )
            try environment.close()
        }
    }

    @Test("a table has the shape it was made with")
    func tableShape() throws {
        try withDirectory { path in
            let sets = Database.Options(duplicateSorted: true)
            let first = try Environment(path: path, options: small())
            _ = try first.database(named: "plain")
            _ = try first.database(named: "sets", options: sets)
            try #expect(code { _ = try first.database(named: "sets") } == .incompatible)
            try first.close()
            let second = try Environment(path: path, options: small())
            try #expect(code { _ = try second.database(named: "sets") } == .incompatible)
            try #expect(
                code { _ = try second.database(named: "plain", options: sets) }
                    == .incompatible
            )
            _ = try second.database(named: "sets", options: sets)
            for name in ["", "a\0b", String(repeating: "x", count: 512)] {
                try #expect(code { _ = try second.database(named: name) } == .invalidOption)
            }
            let unsized = Database.Options(duplicateSorted: false, fixedSizeDuplicates: 4)
            try #expect(
                code { _ = try second.database(named: "z", options: unsized) }
                    == .invalidOption
            )
            try second.close()
        }
    }

    @Test("more tables than the environment was opened for are refused")
    func tooManyTables() throws {
        try withDirectory { path in
            var options = small()
            options.maximumDatabaseCount = 2
            let environment = try Environment(path: path, options: options)
            _ = try environment.database(named: "1")
            _ = try environment.database(named: "2")
            try #expect(code { _ = try environment.database(named: "3") } == .databasesFull)
            try #expect(environment.database(named: "2").name == "2")
            try environment.close()
        }
    }

    @Test("statistics tell the sizes")
    func statistics() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let before = try environment.information
            try environment.write { transaction in
                for number in 0..<2000 as Range<UInt32> {
                    try transaction.put(key(number), [UInt8](repeating: 1, count: 64), in: table)
                }
                try transaction.put(bytes("big"), [UInt8](repeating: 1, count: 40_000), in: table)
            }
            let sizes = try environment.read { try $0.statistics(of: table) }
            #expect(sizes.entryCount == 2001)
            #expect(sizes.depth == 2)
            #expect(sizes.branchPageCount == 1)
            #expect(sizes.leafPageCount > 30)
            #expect(sizes.overflowPageCount == 10)
            let after = try environment.information
            #expect(after.lastTransactionID == before.lastTransactionID + 1)
            #expect(after.usedByteCount > 2000 * 64 + 40_000)
            #expect(after.mapByteCount == 16 << 20)
            #expect(after.maximumReaderCount == 512)
            #expect(after.pageByteCount == sizes.pageByteCount)
            try #expect(environment.statistics.entryCount == 1)
        }
    }

    private func openDescriptorCount(below path: String) -> Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/self/fd/" + name, &target, 4095)
            if length > 0 {
                let bytes = target.prefix(length).map { UInt8(bitPattern: $0) }
                count += String(decoding: bytes, as: UTF8.self).hasPrefix(path) ? 1 : 0
            }
        }
        return count
    }
}
