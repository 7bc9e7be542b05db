import ReportModel
import ReportStore

/// Taking places in logs, and finding what is there already.
extension SharedLog {
    /// Takes the place after the last entry of a log; nil when the entries are there already.
    ///
    /// Entries that are there may be there alone: a primary that is restarted while a commit waits for a
    /// standby shows it, and so does a wait that somebody ended. So the row of the log is written anew:
    /// the commit of that waits for whatever the server was told to wait for, and what came before it
    /// is then as safe.
    func claim(
        _ part: SharedCommit.Part,
        _ connection: PostgresConnection
    ) throws -> (rest: SharedCommit.Part, head: Head)? {
        let log = part.batch.log
        let writer = node?.description ?? "copy"
        var known = try knownHead(log) ?? refresh(log, connection)
        // What is known may be older than what this node has taken since: others write the log as well.
        if (known?.sequence ?? 0) + 1 < part.batch.first { known = try refresh(log, connection) }
        guard let rest = try rest(of: part, after: known, connection) else {
            try touch(log, connection)
            return nil
        }
        guard let last = rest.hashes.last else { return nil }
        var head = Head(
            sequence: rest.batch.first + UInt64(rest.hashes.count) - 1,
            last: last,
            epoch: 1,
            writer: writer,
            marks: known?.marks ?? 0
        )
        guard let known else {
            _ = try connection.run(
                .beginLog,
                [
                    .text(log.description), .number(head.sequence), .text(writer),
                    .bytes(last.bytes), .bytes(part.descriptor.bytes),
                ]
            )
            return (rest, head)
        }
        head.epoch = known.writer == writer ? known.epoch : known.epoch + 1
        let claimed = try connection.run(
            .claim,
            [
                .text(log.description), .number(head.sequence), .int8(head.epoch), .text(writer),
                .bytes(last.bytes), .number(known.sequence), .int8(known.epoch),
                .bytes(known.last.bytes),
            ]
        )
        // Another node was faster, or has taken the log over: what is known is read anew.
        guard claimed.affected == 1 else {
            throw PostgresFault(state: "40001", message: "the log has moved on", isLost: false)
        }
        return (rest, head)
    }

    /// The entries of a part that the database lacks; nil when it has them all.
    /// - Throws: ``ReportError`` `conflict` when it has others.
    private func rest(
        of part: SharedCommit.Part,
        after known: Head?,
        _ connection: PostgresConnection
    ) throws -> SharedCommit.Part? {
        let batch = part.batch
        let held = known?.sequence ?? 0
        let last = batch.first + UInt64(part.hashes.count) - 1
        if held + 1 < batch.first { throw lacks(part, held) }
        if held >= last {
            let row = try connection.run(
                .hash,
                [.text(batch.log.description), .number(last)]
            ).rows.first
            guard let row, let wanted = part.hashes.last, try row.present(0) == wanted.bytes else {
                throw differs(part)
            }
            return nil
        }
        let count = Int(held + 1 - batch.first)
        let before =
            count == 0
            ? batch.entries.first.flatMap { Entry($0.header)?.previous } : part.hashes[count - 1]
        guard before == known?.last ?? .zero else { throw differs(part) }
        guard count > 0 else { return part }
        var rest = part
        rest.batch.first = held + 1
        rest.batch.entries.removeFirst(count)
        rest.hashes.removeFirst(count)
        rest.held.removeAll { $0.offset < count }
        for place in rest.held.indices { rest.held[place].offset -= count }
        rest.cuts.removeAll { $0.last <= held }
        return rest
    }

    /// Writes the row of a log anew as it is, so that the commit has something to wait for.
    private func touch(_ log: LogID, _ connection: PostgresConnection) throws {
        let touched = try connection.run(.touch, [.text(log.description)])
        guard touched.affected == 1 else {
            throw PostgresFault(state: "40001", message: "the log is gone", isLost: false)
        }
    }

    /// Makes as durable as a commit of one's own what others have written of a log.
    /// - Returns: last entry up to which that is so.
    /// - Throws: ``PostgresFault``, ``ReportError``.
    func secure(_ log: LogID, _ connection: PostgresConnection) throws -> UInt64 {
        try connection.run("BEGIN")
        do {
            try touch(log, connection)
            let row = try connection.run(.head, [.text(log.description)]).rows.first
            let last = try row.map { row throws(ReportError) in try row.number(1) }
            try connection.commit()
            return last ?? 0
        } catch {
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            throw error
        }
    }

    private func differs(_ part: SharedCommit.Part) -> ReportError {
        guard part.descriptor.node == node else {
            return ReportError(
                .conflict,
                "the database holds other entries of log \(part.batch.log)",
                hint: "they are taken over first; then the log counts as forked"
            )
        }
        return ReportError(
            .unreachable,
            "the database holds entries of this node's log that it lacks",
            hint: "they are taken over first: try again in a moment"
        )
    }

    private func lacks(_ part: SharedCommit.Part, _ held: UInt64) -> ReportError {
        ReportError(
            .unreachable,
            "the database holds log \(part.batch.log) up to \(held) only: it was put back",
            hint: "this node sends what it lacks: try again in a moment"
        )
    }
}
