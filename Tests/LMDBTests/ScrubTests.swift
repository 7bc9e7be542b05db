import Glibc
import LMDB
import Testing

@Suite("Scrubbing of what was freed")
struct ScrubTests {
    /// How often some bytes stand in a data file.
    private func occurrences(of text: String, in directory: String) throws -> Int {
        let descriptor = open(directory + "/data.mdb", O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var status = stat()
        try #require(fstat(descriptor, &status) == 0)
        var file = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < file.count {
            let step = file.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, done)
            }
            try #require(step > 0)
            done += step
        }
        let wanted = bytes(text)
        return file.withUnsafeBytes { file in
            var count = 0
            var start = 0
            while start <= file.count - wanted.count, let base = file.baseAddress,
                let found = memchr(base + start, Int32(wanted[0]), file.count - start)
            {
                start = base.distance(to: UnsafeRawPointer(found))
                if start <= file.count - wanted.count, memcmp(found, wanted, wanted.count) == 0 {
                    count += 1
                }
                start += 1
            }
            return count
        }
    }

    private func value(_ mark: String, _ byteCount: Int) -> [UInt8] {
        Array(bytes(mark + " ").cycled(byteCount))
    }

    private func neighbours(_ environment: Environment, _ table: Database) throws -> [[UInt8]?] {
        try environment.read { transaction in
            var values: [[UInt8]?] = []
            for round in 0..<20 {
                for index in sizes.indices {
                    let number = UInt32(round * 100 + index + 50)
                    values.append(try transaction.copyValue(key(number), in: table))
                }
            }
            return values
        }
    }

    private let sizes = [20, 300, 2000, 3000, 4080, 4100, 20_000, 300_000]

    @Test("deleted values, small and large, stand nowhere in the file, neighbours are as they were")
    func deleted() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            for round in UInt32(0)..<20 {
                try environment.write { transaction in
                    for (index, size) in sizes.enumerated() {
                        let number = round * 100 + UInt32(index)
                        try transaction.put(key(number), value("GEHEIM", size), in: table)
                        try transaction.put(key(number + 50), value("bleibt", size), in: table)
                    }
                }
            }
            let before = try neighbours(environment, table)
            for round in UInt32(0)..<20 {
                try environment.write { transaction in
                    for index in sizes.indices {
                        let number = round * 100 + UInt32(index)
                        try #expect(transaction.delete(key(number), in: table))
                    }
                }
            }
            try #expect(occurrences(of: "GEHEIM", in: environment.path) > 0)
            let result = try environment.scrubFreePages()
            #expect(result.overwrittenPageCount > 0)
            try #expect(occurrences(of: "GEHEIM", in: environment.path) == 0)
            let after = try neighbours(environment, table)
            #expect(before == after)
            // Buffers that liblmdb kept do not bring them back.
            for number in UInt32(5000)..<5600 {
                try environment.write { transaction in
                    try transaction.put(key(number), value("neu", Int(number % 9) * 500), in: table)
                }
            }
            try #expect(occurrences(of: "GEHEIM", in: environment.path) == 0)
            let again = try environment.scrubFreePages()
            #expect(again.waitingPageCount < 20)
        }
    }

    @Test("pages that an older reader sees wait, and the reader keeps seeing them")
    func reader() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for (index, size) in sizes.enumerated() {
                    try transaction.put(key(UInt32(index)), value("GEHEIM", size), in: table)
                }
            }
            let began = Rendezvous()
            let mayEnd = Rendezvous()
            let reader = SystemThread { [sizes] in
                try environment.read { transaction in
                    began.signal()
                    mayEnd.wait()
                    for (index, size) in sizes.enumerated() {
                        let held = try transaction.copyValue(key(UInt32(index)), in: table)
                        #expect(held == value("GEHEIM", size))
                    }
                }
            }
            began.wait()
            try environment.write { transaction in
                for index in sizes.indices {
                    try #expect(transaction.delete(key(UInt32(index)), in: table))
                }
            }
            let result = try environment.scrubFreePages()
            #expect(result.waitingPageCount > 80)
            try #expect(occurrences(of: "GEHEIM", in: environment.path) > 0)
            mayEnd.signal()
            try reader.join()
            try environment.scrubFreePages()
            try #expect(occurrences(of: "GEHEIM", in: environment.path) == 0)
        }
    }

    @Test("what a write given up left behind is overwritten as well")
    func givenUp() throws {
        struct Change: Error {}
        try withEnvironment(mapByteCount: 1 << 30) { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(key(0), value("bleibt", 100), in: table)
            }
            let secret = value("GEHEIM", 2500)
            let changed: Void? = try? environment.write { transaction in
                // More than liblmdb keeps in memory: part of it is written before the end.
                for number in UInt32(1)..<140_000 {
                    try transaction.put(key(number), secret, in: table)
                }
                throw Change()
            }
            #expect(changed == nil)
            try #expect(occurrences(of: "GEHEIM", in: environment.path) > 0)
            try environment.scrubFreePages()
            try #expect(occurrences(of: "GEHEIM", in: environment.path) == 0)
        }
    }

    @Test("random changes with readers beside them lose nothing, and the file opens anew")
    func random() throws {
        try withDirectory { path in
            var environment = try Environment(path: path, options: small(64 << 20))
            var model: [UInt32: [UInt8]] = [:]
            var generator = Chance(seed: 7)
            for round in 0..<60 {
                let table = try environment.database(named: round % 2 == 0 ? "a" : "b")
                let offset: UInt32 = round % 2 == 0 ? 0 : 10_000
                let changed = try environment.write { transaction in
                    var model = model
                    for _ in 0..<40 {
                        let number = offset + generator.below(300)
                        if generator.below(3) == 0 {
                            _ = try transaction.delete(key(number), in: table)
                            model[number] = nil
                        } else {
                            let size = [10, 100, 1000, 2100, 5000, 70_000][Int(generator.below(6))]
                            let bytes = value("\(number).\(round)", size)
                            try transaction.put(key(number), bytes, in: table)
                            model[number] = bytes
                        }
                    }
                    return model
                }
                if round % 3 == 0 { try environment.scrubFreePages() }
                model = changed
                if round % 20 == 19 {
                    try environment.close()
                    environment = try Environment(path: path, options: small(64 << 20))
                }
            }
            try environment.scrubFreePages()
            let tables = [
                try environment.database(named: "a"), try environment.database(named: "b"),
            ]
            try environment.read { transaction in
                try #expect(
                    transaction.count(tables[0]) + transaction.count(tables[1]) == model.count
                )
                for (number, bytes) in model {
                    let held = try transaction.copyValue(
                        key(number),
                        in: tables[number < 10_000 ? 0 : 1]
                    )
                    #expect(held == bytes)
                }
            }
            // A compacting copy walks every page.
            try withDirectory { copy in try environment.copy(to: copy, compacting: true) }
            try environment.close()
        }
    }

    @Test("scrubbing inside of a write, or of a store opened for reading, is refused")
    func refused() throws {
        try withDirectory { path in
            let environment = try Environment(path: path, options: small())
            try environment.write { (_) throws(LMDBError) in
                let refused = try? environment.scrubFreePages()
                #expect(refused == nil)
            }
            try environment.close()
            let reader = try Environment(path: path, options: small(readOnly: true))
            let refused = try code { try reader.scrubFreePages() }
            #expect(refused == .readOnly)
            try reader.close()
        }
    }
}

/// Chance that can be repeated.
private struct Chance {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func below(_ bound: UInt32) -> UInt32 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt32(state >> 33) % bound
    }
}

extension [UInt8] {
    /// The bytes over and over, up to a number.
    fileprivate func cycled(_ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { self[$0 % count] }
    }
}
