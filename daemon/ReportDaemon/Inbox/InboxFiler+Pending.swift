import ReportModel

/// What the journal knows about a file in 待处理: content and form it was last tried with.
struct TriedForm: Sendable {
    var path: InboxPath
    var hash: Hash256?
    var form: PendingForm
    /// Whether the form was handed out without a region, because the document's is another than the inbox's.
    var asksRegion: Bool

    init(path: InboxPath, hash: Hash256?, form: PendingForm, asksRegion: Bool) {
        self.path = path
        self.hash = hash
        self.form = form
        self.asksRegion = asksRegion
    }

    var json: JSONValue {
        [
            "path": path.json, "hash": .optional(hash?.hex), "form": form.json,
            "asksRegion": .bool(asksRegion),
        ]
    }

    init?(bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let path = InboxPath(json: json["path"])
        else {
            return nil
        }
        let hash = json["hash"]?.stringValue.flatMap { Hash256(hex: $0) }
        self.init(
            path: path,
            hash: hash,
            form: PendingForm(json: json["form"]),
            asksRegion: json["asksRegion"]?.boolValue ?? false
        )
    }
}

/// The form beside a file in 待处理 as it is now.
struct OpenForm: Sendable {
    var stamp: FileStamp?
    var form: PendingForm?
    var tried: TriedForm?

    /// Whether content and form were tried already.
    func isTried(with hash: Hash256) -> Bool {
        guard let form, let tried else { return false }
        return tried.hash == hash && tried.form == form
    }

    /// Whether the clerk wrote the region, and not the node when it handed the form out.
    func decidesRegion(over inbox: GivenFacts) -> Bool {
        guard let form = form ?? tried?.form, !form.region.isEmpty else { return false }
        return tried?.asksRegion == true || form.region != PendingForm(inbox).region
    }

    /// The facts of the form; what it leaves open comes from the inbox.
    ///
    /// A region that cannot be understood is not replaced by the inbox's.
    func facts(over inbox: GivenFacts, _ divisions: Divisions) -> GivenFacts {
        guard let form = form ?? tried?.form, !form.isEmpty else { return inbox }
        var facts = form.facts(divisions)
        facts.year = facts.year ?? inbox.year
        if form.region.isEmpty { facts.region = inbox.region }
        facts.unit = facts.unit ?? inbox.unit
        return facts
    }
}

extension InboxFiler {
    /// Reads the form beside a file in 待处理.
    func openForm(of path: InboxPath) async throws(FilerProblem) -> OpenForm {
        let name = path.parent.appending(FileName.receiptText(of: path.name))
        var open = OpenForm()
        let reading = try await onDisk { disk throws(FileFault) in
            try disk.read(name, limit: InboxLimits.maximumFormByteCount)
        }
        switch reading {
        case .file(let bytes, let stamp):
            open.stamp = stamp
            open.form = PendingForm(bytes: bytes)
        case .tooLarge(let stamp): open.stamp = stamp
        case .changed, .gone, .link, .special: break
        }
        open.tried = try await value(keys.form(path)).flatMap { TriedForm(bytes: $0) }
        return open
    }

    /// Leaves a file in 待处理 and writes its form anew, unless the clerk changed it meanwhile.
    func keepPending(
        _ note: FileNote,
        _ facts: SubmitOutcomeFacts,
        given: GivenFacts,
        form: OpenForm
    ) async throws(FilerProblem) -> FileResult {
        let path = note.path
        let isOutside = InboxRegions.isOutside(facts.error)
        var shown = form.form ?? form.tried?.form ?? PendingForm(given)
        let inbox = FolderFacts(configuration: configuration).facts(for: path)
        if isOutside, !form.decidesRegion(over: inbox) { shown.region = "" }
        let receipt = Receipt(
            name: path.name,
            outcome: .pending,
            submitted: facts,
            given: given,
            size: note.stamp.size,
            hash: note.hash,
            time: now(),
            form: shown,
            divisions: configuration.divisions
        )
        let names = Self.receipts(of: path)
        let text = ReceiptWords.bytes(receipt.lines)
        let json = receipt.json.canonicalBytes + [0x0A]
        let written: FileStamp? = try await onDisk { disk throws(FileFault) in
            let current: FileStamp? =
                if case .file(let stamp) = try disk.look(at: names[0]) { stamp } else { nil }
            guard current == form.stamp else { return nil }
            try disk.write(json, to: names[1])
            return try disk.write(text, to: names[0])
        }
        guard let written else {
            try await write([.delete(key: keys.note(path))])
            return .changed
        }
        try pass(.afterReceiptText)
        let tried = TriedForm(
            path: path,
            hash: note.hash,
            form: receipt.form,
            asksRegion: isOutside || form.tried?.asksRegion == true
        )
        try await write([
            .put(key: keys.form(path), value: tried.json.canonicalBytes),
            .delete(key: keys.note(path)),
        ])
        return .finished(
            FinishedFile(
                file: path.description,
                outcome: .pending,
                target: path.description,
                key: nil,
                version: nil,
                code: facts.error?.code
            ),
            Whereabouts(target: path, seen: LookStamp(file: note.stamp, form: written))
        )
    }

    /// Forgets a file that went away; the form of one that left 待处理 goes with it.
    func forget(_ path: InboxPath, hasNote: Bool) async throws(FilerProblem) {
        var changes: [InboxJournalChange] = hasNote ? [.delete(key: keys.note(path))] : []
        if path.isInPendingFolder, try await value(keys.form(path)) != nil {
            for receipt in Self.receipts(of: path) {
                try await onDisk { disk throws(FileFault) in try disk.remove(receipt) }
            }
            try await onDisk { disk throws(FileFault) in try disk.flush([path.parent]) }
            changes.append(.delete(key: keys.form(path)))
        }
        if !changes.isEmpty { try await write(changes) }
    }
}
