import ReportModel

extension InboxFiler {
    /// Gives the file a name in its outcome folder, notes everything, and puts the file away.
    func decide(
        _ note: FileNote,
        _ facts: SubmitOutcomeFacts,
        outcome: InboxOutcome,
        bytes: [UInt8]?,
        given: GivenFacts
    ) async throws(FilerProblem) -> FileResult {
        let reservations = reservations
        let target = try await onDisk { disk throws(FileFault) in
            try reservations.reserve(note.path.name, in: outcome.folder, on: disk)
        }
        var proof: JSONValue?
        if let version = facts.version { proof = await prove(version.log, version.sequence) }
        var form = outcome == .pending ? PendingForm(given) : PendingForm()
        if InboxRegions.isOutside(facts.error) { form.region = "" }
        let receipt = Receipt(
            name: target.name,
            outcome: outcome,
            submitted: facts,
            given: given,
            size: note.stamp.size,
            hash: note.hash,
            time: now(),
            form: form,
            divisions: configuration.divisions,
            proof: proof ?? .null
        )
        let isPending = note.path.isInPendingFolder
        let decision = FileNote.Decision(
            outcome: outcome,
            target: target,
            lines: receipt.lines,
            receipt: receipt.json,
            removals: isPending ? Self.receipts(of: note.path) : [],
            key: receipt.key,
            version: facts.version?.id,
            code: facts.error?.code,
            place: outcome == .accepted ? facts.version.map { VersionPlace($0) } : nil,
            form: receipt.form
        )
        var note = note
        note.decision = decision
        var changes = [
            InboxJournalChange.put(key: keys.note(note.path), value: note.json.canonicalBytes)
        ]
        if let place = decision.place {
            let key = keys.receipt(place, target, isComplete: false)
            changes.append(.put(key: key, value: Array(target.bytes)))
        }
        do throws(FilerProblem) {
            try await write(changes)
        } catch {
            reservations.release(target)
            throw error
        }
        if let place = decision.place { claims.release(place, of: note.path) }
        try pass(.afterDecision)
        return try await finish(note, decision, bytes: bytes)
    }

    static func receipts(of path: InboxPath) -> [InboxPath] {
        [FileName.receiptText(of: path.name), FileName.receiptJSON(of: path.name)]
            .map { path.parent.appending($0) }
    }

    /// Writes the receipts, moves the file and forgets the note; every step may have been done.
    func finish(
        _ note: FileNote,
        _ decision: FileNote.Decision,
        bytes: [UInt8]?
    ) async throws(FilerProblem) -> FileResult {
        let target = decision.target
        let names = Self.receipts(of: target)
        let contents = [
            ReceiptWords.bytes(decision.lines), decision.receipt.canonicalBytes + [0x0A],
        ]
        let points: [InboxFailpoint] = [.afterReceiptText, .afterReceiptJSON]
        var stamps: [FileStamp?] = []
        for (name, (content, point)) in zip(names, zip(contents, points)) {
            let isResumed = bytes == nil
            stamps.append(
                try await onDisk { disk throws(FileFault) in
                    // A receipt is written whole, so one that is there is done; it may be filled in.
                    if isResumed, case .file(let stamp) = try disk.look(at: name) { return stamp }
                    return try disk.write(content, to: name, flushesFolder: false)
                }
            )
            try pass(point)
        }
        guard let placed = try await putAway(note, to: target, bytes: bytes) else {
            return try await evade(note, decision, bytes: bytes)
        }
        try pass(.afterMove)
        for removal in decision.removals {
            try await onDisk { disk throws(FileFault) in try disk.remove(removal) }
        }
        try pass(.afterRemovals)
        let folders: Set = [target.parent, note.path.parent]
        try await onDisk { disk throws(FileFault) in try disk.flush(folders) }
        var changes = [InboxJournalChange.delete(key: keys.note(note.path))]
        if note.path.isInPendingFolder { changes.append(.delete(key: keys.form(note.path))) }
        if decision.outcome == .pending {
            let tried = TriedForm(
                path: target,
                hash: note.hash,
                form: decision.form,
                asksRegion: decision.receipt["error"]?["details"]?[InboxRegions.detail] != nil
            )
            changes.append(.put(key: keys.form(target), value: tried.json.canonicalBytes))
        }
        try await write(changes)
        reservations.release(target)
        try pass(.afterEnd)
        let isPending = decision.outcome == .pending
        return .finished(
            FinishedFile(
                file: note.path.description,
                outcome: decision.outcome,
                target: target.description,
                key: decision.key,
                version: decision.version,
                code: decision.code
            ),
            Whereabouts(
                target: target,
                place: decision.place,
                seen: isPending ? LookStamp(file: placed.stamp, form: stamps[0]) : nil,
                isReplaced: placed.isReplaced
            )
        )
    }

    /// A file at its target.
    private struct Placed {
        var stamp: FileStamp
        /// Whether another file may have the old name.
        var isReplaced = false
    }

    /// Moves the file.
    ///
    /// A file that was exchanged since it was read stays where it is, as a new file; what was read
    /// is put beside its receipt from memory, unless a crash lost it. The same is done when the
    /// name is gone: no receipt is without its file.
    /// - Returns: what lies at the target; nil when the target's name was taken.
    private func putAway(
        _ note: FileNote,
        to target: InboxPath,
        bytes: [UInt8]?
    ) async throws(FilerProblem) -> Placed? {
        try await onDisk { disk throws(FileFault) in
            if bytes == nil, case .file(let stamp) = try disk.look(at: target) {
                var isOurs = stamp == note.stamp
                if let hash = note.hash { isOurs = try disk.hash(of: target) == hash }
                if isOurs { return Placed(stamp: stamp, isReplaced: true) }
            }
            guard case .file(let stamp) = try disk.look(at: note.path) else {
                return try Self.putBack(bytes, note, to: target, on: disk)
            }
            var isSame = stamp == note.stamp
            if let hash = note.hash, bytes == nil || !isSame {
                isSame = try disk.hash(of: note.path) == hash
            }
            if isSame {
                switch try disk.move(note.path, to: target, expecting: stamp) {
                case .moved: return Placed(stamp: stamp)
                case .gone: return try Self.putBack(bytes, note, to: target, on: disk)
                case .taken: return nil
                case .changed: break
                }
            }
            guard let bytes else { return Placed(stamp: note.stamp, isReplaced: true) }
            return Placed(stamp: try disk.write(bytes, to: target), isReplaced: true)
        }
    }

    /// Puts what was read beside its receipt when the file was renamed or removed meanwhile.
    private static func putBack(
        _ bytes: [UInt8]?,
        _ note: FileNote,
        to target: InboxPath,
        on disk: InboxDisk
    ) throws(FileFault) -> Placed {
        guard let bytes else { return Placed(stamp: note.stamp) }
        return Placed(stamp: try disk.write(bytes, to: target))
    }

    /// Takes another name when somebody else put a file under the one that was given.
    private func evade(
        _ note: FileNote,
        _ decision: FileNote.Decision,
        bytes: [UInt8]?
    ) async throws(FilerProblem) -> FileResult {
        var noted = note
        var decision = decision
        let old = decision.target
        let reservations = reservations
        decision.target = try await onDisk { disk throws(FileFault) in
            try reservations.reserve(note.path.name, in: old.parent, on: disk)
        }
        noted.decision = decision
        var changes = [
            InboxJournalChange.put(key: keys.note(note.path), value: noted.json.canonicalBytes)
        ]
        if let place = decision.place {
            changes.append(.delete(key: keys.receipt(place, old, isComplete: false)))
            let key = keys.receipt(place, decision.target, isComplete: false)
            changes.append(.put(key: key, value: decision.target.bytes))
        }
        try await write(changes)
        for receipt in Self.receipts(of: old) {
            try await onDisk { disk throws(FileFault) in try disk.remove(receipt) }
        }
        reservations.release(old)
        return try await finish(noted, decision, bytes: bytes)
    }
}
