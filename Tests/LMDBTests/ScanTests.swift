import LMDB
import Testing

@Suite("Ranges and prefixes")
struct ScanTests {
    /// The keys a scan lends, as text.
    private func keys(
        _ environment: Environment,
        _ table: Database,
        from lower: KeyBound = .unbounded,
        to upper: KeyBound = .unbounded,
        reversed: Bool = false,
        limit: Int = .max
    ) throws -> String {
        var found = ""
        try environment.read { transaction in
            try transaction.forEach(
                in: table,
                from: lower,
                to: upper,
                reversed: reversed,
                limit: limit
            ) { key, _ in
                found += text(key)
                return .continue
            }
        }
        return found
    }

    /// An environment with the keys b, d, f, h.
    private func withLetters(_ body: (Environment, Database) throws -> Void) throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for letter in ["f", "b", "h", "d"] {
                    try transaction.put(bytes(letter), bytes(letter), in: table)
                }
            }
            try body(environment, table)
        }
    }

    @Test(
        "a range holds exactly the keys between its ends, in both directions",
        arguments: [
            (KeyBound.unbounded, KeyBound.unbounded, "bdfh"),
            (.including([0x64]), .unbounded, "dfh"),
            (.excluding([0x64]), .unbounded, "fh"),
            (.including([0x63]), .unbounded, "dfh"),
            (.excluding([0x63]), .unbounded, "dfh"),
            (.unbounded, .including([0x66]), "bdf"),
            (.unbounded, .excluding([0x66]), "bd"),
            (.unbounded, .including([0x67]), "bdf"),
            (.unbounded, .excluding([0x67]), "bdf"),
            (.including([0x64]), .including([0x64]), "d"),
            (.including([0x64]), .excluding([0x64]), ""),
            (.excluding([0x64]), .excluding([0x66]), ""),
            (.including([0x69]), .unbounded, ""),
            (.unbounded, .excluding([0x62]), ""),
            (.unbounded, .including([0x61]), ""),
            (.including([0x66]), .including([0x64]), ""),
            (.including([]), .including([0xFF]), "bdfh"),
            (.unbounded, .including([]), ""),
        ]
    )
    func ends(_ lower: KeyBound, _ upper: KeyBound, _ expected: String) throws {
        try withLetters { environment, table in
            try #expect(keys(environment, table, from: lower, to: upper) == expected)
            let backward = try keys(environment, table, from: lower, to: upper, reversed: true)
            #expect(backward == String(expected.reversed()))
        }
    }

    @Test("a scan ends at its limit, and when it is told to stop")
    func limits() throws {
        try withLetters { environment, table in
            try #expect(keys(environment, table, limit: 2) == "bd")
            try #expect(keys(environment, table, reversed: true, limit: 3) == "hfd")
            try #expect(keys(environment, table, limit: 0) == "")
            var seen = ""
            let count = try environment.read { transaction in
                try transaction.forEach(in: table) { key, _ in
                    seen += text(key)
                    return seen.count == 3 ? .stop : .continue
                }
            }
            #expect(seen == "bdf")
            #expect(count == 3)
        }
    }

    @Test("an empty table has no entries in any direction")
    func emptyTable() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try #expect(keys(environment, table) == "")
            try #expect(keys(environment, table, reversed: true) == "")
            try #expect(keys(environment, table, to: .including([1]), reversed: true) == "")
        }
    }

    @Test(
        "a prefix finds what begins with it, bytes of 255 among them",
        arguments: [
            ([], 9), ([1], 3), ([1, 0xFF], 2), ([1, 0xFF, 0xFF], 1), ([0xFF], 3),
            ([0xFF, 0xFF], 2), ([0xFF, 0xFF, 0xFF], 1), ([2], 2), ([2, 0], 1), ([3], 0),
            ([0xFF, 0xFF, 0xFF, 0xFF], 0), ([0], 1),
        ] as [([UInt8], Int)]
    )
    func prefixes(_ prefix: [UInt8], _ expected: Int) throws {
        let all: [[UInt8]] = [
            [0], [1], [1, 0xFF], [1, 0xFF, 0xFF], [2], [2, 0], [0xFF], [0xFF, 0xFF],
            [0xFF, 0xFF, 0xFF],
        ]
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for key in all { try transaction.put(key, key, in: table) }
            }
            let wanted = all.filter { $0.starts(with: prefix) }
            try #require(wanted.count == expected)
            try environment.read { transaction in
                for reversed in [false, true] {
                    var found: [[UInt8]] = []
                    try transaction.forEach(in: table, prefix: prefix, reversed: reversed) {
                        key,
                        value in
                        found.append(copy(key))
                        #expect(copy(key) == copy(value))
                        return .continue
                    }
                    #expect(found == (reversed ? wanted.reversed() : wanted))
                }
            }
        }
    }

    @Test("a scan of sorted sets lends every value, in both directions")
    func sortedSets() throws {
        try withEnvironment { environment in
            let table = try environment.database(
                named: "t",
                options: Database.Options(duplicateSorted: true)
            )
            try environment.write { transaction in
                for (key, value) in [("a", "1"), ("b", "2"), ("b", "1"), ("b", "3"), ("c", "1")] {
                    try transaction.put(bytes(key), bytes(value), in: table)
                }
            }
            func pairs(_ lower: KeyBound, _ upper: KeyBound, _ reversed: Bool) throws -> [String] {
                var found: [String] = []
                try environment.read { transaction in
                    try transaction.forEach(in: table, from: lower, to: upper, reversed: reversed) {
                        key,
                        value in
                        found.append(text(key) + text(value))
                        return .continue
                    }
                }
                return found
            }
            let b = bytes("b")
            try #expect(pairs(.including(b), .including(b), false) == ["b1", "b2", "b3"])
            try #expect(pairs(.including(b), .including(b), true) == ["b3", "b2", "b1"])
            try #expect(pairs(.excluding(b), .unbounded, false) == ["c1"])
            try #expect(pairs(.unbounded, .excluding(b), true) == ["a1"])
            try #expect(pairs(.unbounded, .unbounded, true) == ["c1", "b3", "b2", "b1", "a1"])
        }
    }

    @Test("a scan over many pages agrees with a sorted array")
    func manyEntries() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            var generator = SystemRandomNumberGenerator()
            let numbers = Set(
                (0..<5000).map { _ in UInt32.random(in: 0...100_000, using: &generator) }
            )
            try environment.write { transaction in
                for number in numbers.shuffled() {
                    try transaction.put(key(number), key(number), in: table)
                }
            }
            let wanted = numbers.filter { (20_000..<70_000).contains($0) }.sorted().map { key($0) }
            for reversed in [false, true] {
                var found: [[UInt8]] = []
                try environment.read { transaction in
                    try transaction.forEach(
                        in: table,
                        from: .including(key(20_000)),
                        to: .excluding(key(70_000)),
                        reversed: reversed
                    ) { key, _ in
                        found.append(copy(key))
                        return .continue
                    }
                }
                #expect(found == (reversed ? wanted.reversed() : wanted))
            }
        }
    }
}
