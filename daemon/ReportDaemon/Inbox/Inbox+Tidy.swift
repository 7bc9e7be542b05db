import ReportIntake
import ReportModel

extension Inbox {
    /// Moves old files of 已接收 and 重复, with their receipts, into a subfolder of their year.
    ///
    /// Nothing is removed. A file is moved when its receipt says that it was taken in, the version is
    /// in the store and, where there is a city, the city has it. Everything else stays where it is, and so
    /// does a file whose name is taken there. Receipts are still completed afterwards.
    /// - Parameters:
    ///   - age: how long ago the outcome was known at least.
    ///   - awaitsCity: whether the city must have a version first.
    /// - Returns: how many files were moved.
    @discardableResult
    public func tidy(olderThan age: Duration, awaitsCity: Bool) async -> Int {
        let limit = UInt64(clamping: age.components.seconds) * 1000
        let now = filer.now().milliseconds
        var count = 0
        for outcome in [InboxOutcome.accepted, .duplicate] {
            let folder = outcome.folder
            let names = try? await filer.onDisk { disk throws(FileFault) in
                try disk.names(in: folder)
            }
            for name in names ?? [] {
                guard !Task.isCancelled, let file = FileName.file(ofReceiptJSON: name) else {
                    continue
                }
                let path = folder.appending(file)
                guard !filer.reservations.contains(path), let receipt = await receipt(of: path),
                    receipt["outcome"]?.stringValue == outcome.rawValue,
                    let text = receipt["processedAt"]?.stringValue,
                    let time = Timestamp(parsing: text), time.milliseconds + limit <= now,
                    await isSafe(receipt, outcome, awaitsCity)
                else { continue }
                if await move(path, Self.year(of: time), Self.place(receipt)) { count += 1 }
            }
        }
        return count
    }

    /// `2024年` at +08:00.
    private static func year(of time: Timestamp) -> [UInt8] {
        let local = Timestamp(milliseconds: time.milliseconds + 8 * 3_600_000)
        return Array("\(local.description.prefix(4))年".utf8)
    }

    private static func place(_ receipt: JSONValue) -> VersionPlace? {
        guard let version = receipt["version"],
            let log = (version["log"]?.stringValue).flatMap({ LogID(hex: $0) }),
            let sequence = version["sequence"]?.integerValue, sequence > 0
        else { return nil }
        return VersionPlace(log: log, sequence: UInt64(sequence))
    }

    private func receipt(of path: InboxPath) async -> JSONValue? {
        let json = path.parent.appending(FileName.receiptJSON(of: path.name))
        let reading = try? await filer.onDisk { disk throws(FileFault) in
            try disk.read(json, limit: InboxLimits.maximumFormByteCount)
        }
        guard case .file(let bytes, _) = reading else { return nil }
        return try? JSONValue(parsing: bytes)
    }

    /// Whether the version is in the store, and at the city where there is one.
    private func isSafe(
        _ receipt: JSONValue,
        _ outcome: InboxOutcome,
        _ awaitsCity: Bool
    ) async -> Bool {
        guard let place = Self.place(receipt),
            await filer.prove(place.log, place.sequence) != nil
        else { return false }
        return outcome != .accepted || !awaitsCity || receipt["cityReceivedAt"]?.isNull == false
    }

    /// Moves a file and its receipts; the receipt for programs goes last, so that a move that was ended in
    /// the middle is found again.
    private func move(_ path: InboxPath, _ year: [UInt8], _ place: VersionPlace?) async -> Bool {
        let folder = path.parent.appending(year)
        let target = folder.appending(path.name)
        filer.reservations.insert(path)
        defer { filer.reservations.release(path) }
        do throws(FilerProblem) {
            let isTaken = try await filer.onDisk { disk throws(FileFault) in
                // Both there: another file of the same name.
                let here = try disk.look(at: path)
                let there = try disk.look(at: target)
                return here != .gone && there != .gone
            }
            guard !isTaken else { return false }
            if let place { try await readdress(place, from: path, to: target) }
            return try await filer.onDisk { disk throws(FileFault) in
                for name in [
                    FileName.receiptText(of: path.name), path.name,
                    FileName.receiptJSON(of: path.name),
                ] {
                    let from = path.parent.appending(name)
                    guard case .file(let stamp) = try disk.look(at: from) else { continue }
                    switch try disk.move(from, to: folder.appending(name), expecting: stamp) {
                    case .moved, .gone: continue
                    case .taken, .changed: return false
                    }
                }
                try disk.flush([folder, path.parent])
                return true
            }
        } catch {
            failGenerally(error.reportError)
            return false
        }
    }

    /// Lets the news of a version go to the receipt at its new place.
    private func readdress(
        _ place: VersionPlace,
        from old: InboxPath,
        to new: InboxPath
    ) async throws(FilerProblem) {
        for isComplete in [false, true] {
            let key = filer.keys.receipt(place, old, isComplete: isComplete)
            guard try await filer.value(key) != nil else { continue }
            try await filer.write([
                .put(
                    key: filer.keys.receipt(place, new, isComplete: isComplete),
                    value: new.bytes
                ),
                .delete(key: key),
            ])
        }
    }
}

extension FileName {
    /// The name of the file whose receipt for programs has a name; nil for anything else.
    static func file(ofReceiptJSON name: [UInt8]) -> [UInt8]? {
        guard name.ends(with: ReceiptName.jsonEnding), name.count > ReceiptName.jsonEnding.count
        else { return nil }
        let file = Array(name.dropLast(ReceiptName.jsonEnding.count))
        // A name that was shortened for its receipts is not known from them.
        return receiptJSON(of: file) == name && !isReceipt(file) ? file : nil
    }
}
