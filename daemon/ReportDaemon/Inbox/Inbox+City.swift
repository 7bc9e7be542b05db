public import ReportModel

/// How far the city has a log.
struct CityMark: Sendable {
    var sequence: UInt64
    var time: Timestamp
    var name: String
}

extension Inbox {
    /// Completes the receipts of all versions that the city has: 市级已收到.
    ///
    /// Repeating a call does no harm. Receipts that a clerk moved or removed are dropped silently;
    /// receipts that cannot be written now are completed after a later scan.
    /// - Parameters:
    ///   - log: a log of this node.
    ///   - sequence: the last entry that the city has on its disk.
    ///   - time: when the city says that it had it.
    ///   - name: the city's name.
    public func acknowledged(
        log: LogID,
        upTo sequence: UInt64,
        at time: Timestamp,
        by name: String
    ) async {
        let mark = CityMark(sequence: sequence, time: time, name: name)
        if cityMarks.count >= InboxLimits.maximumCityMarkCount, cityMarks[log] == nil {
            cityMarks.removeAll()
        }
        guard (cityMarks[log]?.sequence ?? 0) <= sequence else { return }
        cityMarks[log] = mark
        await complete(log, mark)
    }

    /// Adds to the receipts of a version that it was judged: 审核退回, 审核已通过.
    ///
    /// Repeating a call does no harm.
    /// - Parameters:
    ///   - status: what the version is now.
    ///   - log: the log of the version.
    ///   - sequence: its place in the log.
    ///   - time: when it was judged.
    ///   - name: who judged.
    ///   - comment: what the reviewer wrote.
    public func judged(
        _ status: VersionStatus,
        log: LogID,
        sequence: UInt64,
        at time: Timestamp,
        by name: String,
        comment: String?
    ) async {
        let place = VersionPlace(log: log, sequence: sequence)
        let news = ReceiptNews.judged(status, at: time, by: name, comment: comment)
        for isComplete in [false, true] {
            let prefix = JournalKey.receipts(place, isComplete: isComplete)
            guard let rows = try? await filer.journal.rows(prefix) else { continue }
            for row in rows where filer.keys.isOwn(receipt: row.key) {
                guard let target = InboxPath(bytes: row.value) else { continue }
                await complete(target, news)
            }
        }
    }

    /// Completes receipts whose files were on their way when the city's word came.
    func completeLateReceipts() async {
        for (log, mark) in cityMarks { await complete(log, mark) }
    }

    /// Completes the receipt of a version just stored, if the city has it already.
    func completeReceipt(_ target: InboxPath, _ place: VersionPlace) async {
        guard let mark = cityMarks[place.log], place.sequence <= mark.sequence else { return }
        await complete(target, place, mark)
    }

    private func complete(_ log: LogID, _ mark: CityMark) async {
        let prefix = JournalKey.receipts(log, isComplete: false)
        var last: [UInt8]?
        while true {
            let page = try? await filer.journal.scan(
                prefix: prefix,
                after: last,
                limit: InboxLimits.journalPageCount
            )
            guard let page, !page.isEmpty else { return }
            last = page.last?.key
            for row in page {
                guard let sequence = JournalKey.sequence(row.key), sequence <= mark.sequence else {
                    return
                }
                guard filer.keys.isOwn(receipt: row.key), let target = InboxPath(bytes: row.value),
                    !filer.reservations.contains(target)
                else { continue }
                await complete(target, VersionPlace(log: log, sequence: sequence), mark)
            }
        }
    }

    private func complete(_ target: InboxPath, _ place: VersionPlace, _ mark: CityMark) async {
        let keys = filer.keys
        let proof = await filer.prove(place.log, place.sequence)
        let news = ReceiptNews.received(at: mark.time, by: mark.name, proof: proof)
        guard await complete(target, news) else { return }
        do throws(FilerProblem) {
            try await filer.write([
                .put(key: keys.receipt(place, target, isComplete: true), value: target.bytes),
                .delete(key: keys.receipt(place, target, isComplete: false)),
            ])
        } catch {
            failGenerally(error.reportError)
        }
    }

    /// Writes news into receipts.
    /// - Returns: whether nothing is left to do.
    @discardableResult
    private func complete(_ target: InboxPath, _ news: ReceiptNews) async -> Bool {
        do throws(FilerProblem) {
            if try await filer.complete(target, news) {
                tell(.receiptCompleted(file: target.description))
            }
            return true
        } catch {
            failGenerally(error.reportError)
            return false
        }
    }
}
