import Glibc
import LMDB
import Testing

@Suite("One test for each illegal transition")
struct IllegalTransitionTests {
    @Test("keys of no byte and of more than 511 bytes are refused everywhere", arguments: [0, 512])
    func keySizes(_ size: Int) throws {
        let bad = [UInt8](repeating: 1, count: size)
        let sets = Database.Options(duplicateSorted: true)
        try withEnvironment { environment in
            let table = try environment.database(named: "t", options: sets)
            try environment.write { transaction in
                let refusals = [
                    try code { try transaction.put(bad, bytes("v"), in: table) },
                    try code { _ = try transaction.insert(bad, bytes("v"), in: table) },
                    try code { try transaction.delete(bad, in: table) },
                    try code { try transaction.delete(bad, bytes("v"), in: table) },
                    try code { try transaction.get(bad, in: table) { _ in } },
                    try code { _ = try transaction.copyValue(bad, in: table) },
                    try code { _ = try transaction.contains(bad, in: table) },
                    try code {
                        _ = try transaction.withCursor(on: table) { try $0.seek(exactly: bad) }
                    },
                    try code {
                        try transaction.withCursor(on: table) { try $0.put(bad, bytes("v")) }
                    },
                    try code {
                        _ = try transaction.withCursor(on: table) {
                            try $0.seek(bad, valueAtLeast: bytes("v"))
                        }
                    },
                ]
                #expect(refusals.allSatisfy { $0 == .badKeySize }, "\(refusals)")
                // The greatest key is not too great, and refusals do not spoil the transaction.
                let greatest = [UInt8](repeating: 1, count: 511)
                try transaction.put(greatest, bytes("v"), in: table)
            }
            try #expect(environment.read { try $0.count(table) } == 1)
        }
    }

    @Test("bounds and prefixes of more than 511 bytes are refused")
    func longBounds() throws {
        let long = [UInt8](repeating: 1, count: 512)
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.read { transaction in
                let refusals = [
                    try code {
                        try transaction.forEach(in: table, from: .including(long)) { _, _ in .stop }
                    },
                    try code {
                        try transaction.forEach(in: table, to: .excluding(long)) { _, _ in .stop }
                    },
                    try code {
                        try transaction.forEach(in: table, prefix: long) { _, _ in .stop }
                    },
                    try code {
                        _ = try transaction.withCursor(on: table) { try $0.seek(atLeast: long) }
                    },
                ]
                #expect(refusals.allSatisfy { $0 == .badKeySize }, "\(refusals)")
            }
        }
    }

    @Test("a write inside a write is refused instead of waiting for itself")
    func writeInWrite() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(bytes("k"), bytes("v"), in: table)
                try #expect(code { try environment.write { _ in } } == .nestedWrite)
                try environment.read { _ in
                    try #expect(code { try environment.write { _ in } } == .nestedWrite)
                }
            }
            try #expect(contents(environment, table) == ["k=v"])
            try environment.write { _ in }
        }
    }

    @Test("closing, growing and opening a new table are refused inside a transaction")
    func exclusiveInsideTransaction() throws {
        try withEnvironment { environment in
            _ = try environment.database(named: "known")
            try environment.read { _ in
                try #expect(code { try environment.close() } == .transactionsLive)
                try #expect(code { try environment.grow(to: 1 << 30) } == .transactionsLive)
                try #expect(
                    code { _ = try environment.database(named: "new") } == .transactionsLive
                )
                _ = try environment.database(named: "known")
            }
            try environment.write { _ in
                try #expect(code { try environment.close() } == .transactionsLive)
                try #expect(
                    code { try environment.copy(toFileDescriptor: -1) } == .transactionsLive
                )
            }
            _ = try environment.database(named: "new")
        }
    }

    @Test("a cursor of a read transaction refuses updates")
    func cursorUpdateInRead() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            try environment.read { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try cursor.first()
                    try #expect(code { try cursor.put(bytes("a"), bytes("b")) } == .readOnly)
                    try #expect(code { try cursor.replaceCurrent(bytes("b")) } == .readOnly)
                    try #expect(code { try cursor.deleteCurrent() } == .readOnly)
                    try #expect(cursor.copyValue() == bytes("v"))
                }
            }
        }
    }

    @Test("no update while a value is lent")
    func updateWhileLent() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(bytes("k"), bytes("v"), in: table)
                var refusals: [LMDBError.Code?] = []
                try transaction.get(bytes("k"), in: table) { value in
                    refusals.append(try code { try transaction.put(bytes("l"), value, in: table) })
                    refusals.append(try code { try transaction.delete(bytes("k"), in: table) })
                    refusals.append(try code { try transaction.empty(table) })
                    refusals.append(try code { try transaction.nested { _ in } })
                }
                try transaction.forEach(in: table) { key, value in
                    refusals.append(try code { try transaction.put(key, value, in: table) })
                    return .continue
                }
                try transaction.withCursor(on: table) { cursor in
                    try cursor.first()
                    try cursor.withEntry { _, _ in
                        refusals.append(try code { try cursor.deleteCurrent() })
                        refusals.append(try code { try cursor.put(bytes("l"), bytes("v")) })
                    }
                }
                try transaction.reserve(bytes("r"), byteCount: 1, in: table) { _ in
                    refusals.append(try code { try transaction.delete(bytes("k"), in: table) })
                }
                #expect(refusals.count == 8)
                #expect(refusals.allSatisfy { $0 == .valueLent }, "\(refusals)")
                try transaction.put(bytes("l"), bytes("after"), in: table)
            }
            try #expect(contents(environment, table) == ["k=v", "l=after", "r=\0"])
        }
    }

    @Test("a parent does nothing while its child lives")
    func parentOfLiveChild() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { parent in
                try parent.nested { child in
                    try child.put(bytes("k"), bytes("v"), in: table)
                    try #expect(
                        code { try parent.put(bytes("p"), bytes("v"), in: table) }
                            == .badTransaction
                    )
                    try #expect(
                        code { _ = try parent.contains(bytes("k"), in: table) }
                            == .badTransaction
                    )
                    try #expect(code { try parent.nested { _ in } } == .badTransaction)
                }
                try parent.put(bytes("p"), bytes("v"), in: table)
            }
            try #expect(contents(environment, table) == ["k=v", "p=v"])
        }
    }

    @Test("a table of another environment is refused")
    func foreignTable() throws {
        try withEnvironment { one in
            try withEnvironment { other in
                let table = try one.database(named: "t")
                _ = try other.database(named: "t")
                try other.write { transaction in
                    let refusals = [
                        try code { try transaction.put(bytes("k"), bytes("v"), in: table) },
                        try code { try transaction.delete(bytes("k"), in: table) },
                        try code { _ = try transaction.contains(bytes("k"), in: table) },
                        try code { _ = try transaction.count(table) },
                        try code { try transaction.empty(table) },
                        try code { try transaction.withCursor(on: table) { _ in } },
                        try code { try transaction.forEach(in: table) { _, _ in .stop } },
                    ]
                    #expect(refusals.allSatisfy { $0 == .foreignDatabase }, "\(refusals)")
                }
            }
        }
    }

    @Test("a table younger than the transaction is an error and no crash")
    func youngTable() throws {
        try withEnvironment { environment in
            let began = Rendezvous()
            let opened = Rendezvous()
            let reader = SystemThread {
                try environment.read { transaction in
                    began.signal()
                    opened.wait()
                    let table = try environment.database(named: "t")
                    let refused = try code { _ = try transaction.contains(bytes("k"), in: table) }
                    #expect(refused == .invalidArgument || refused == .badDatabase)
                }
            }
            began.wait()
            _ = try environment.database(named: "t")
            opened.signal()
            try reader.join()
        }
    }

    @Test("the unnamed table cannot be emptied, and the names in it cannot be overwritten")
    func unnamedTable() throws {
        try withEnvironment { environment in
            let names = try environment.database(named: nil)
            _ = try environment.database(named: "t")
            try environment.write { transaction in
                try #expect(code { try transaction.empty(names) } == .incompatible)
                try #expect(
                    code { try transaction.put(bytes("t"), bytes("v"), in: names) }
                        == .incompatible
                )
            }
        }
    }

    @Test("unknown put options are refused before they reach the library")
    func unknownPutOptions() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                let reserve = PutOptions(rawValue: 0x10000)
                try #expect(
                    code {
                        try transaction.put(bytes("k"), bytes("v"), in: table, options: reserve)
                    }
                        == .invalidOption
                )
            }
        }
    }

    @Test("a body that goes on after a failed update cannot commit")
    func commitAfterFailure() throws {
        try withEnvironment(mapByteCount: 256 << 10) { environment in
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            let failed = try code {
                try environment.write { transaction in
                    try transaction.put(bytes("k"), bytes("changed"), in: table)
                    let large = [UInt8](repeating: 1, count: 1 << 20)
                    try #expect(
                        code { try transaction.put(bytes("l"), large, in: table) } == .mapFull
                    )
                }
            }
            #expect(failed == .badTransaction)
            try #expect(contents(environment, table) == ["k=v"])
            try environment.write { try $0.put(bytes("k"), bytes("w"), in: table) }
            try #expect(contents(environment, table) == ["k=w"])
        }
    }

    @Test("a reserved value that was not finished cannot be committed")
    func unfinishedReserve() throws {
        struct Unfinished: Error {}
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let failed = try code {
                try environment.write { transaction in
                    do {
                        try transaction.reserve(bytes("k"), byteCount: 8, in: table) { _ in
                            throw Unfinished()
                        }
                    } catch is Unfinished {
                        // Swallowed on purpose: the commit must still fail.
                    }
                }
            }
            #expect(failed == .badTransaction)
            try #expect(contents(environment, table) == [])
        }
    }
}
