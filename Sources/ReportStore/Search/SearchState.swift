import ReportModel

/// How far the search has come, and the segments it is made of.
///
/// One row of the table `meta`, changed in the transaction of what it speaks of.
struct SearchState: Hashable, Sendable {
    /// One segment: postings of reports that arrived one after the other.
    struct Segment: Hashable, Sendable {
        var number: UInt32
        var first: UInt32
        var last: UInt32
        /// Whether a report in it was erased, so that it must be written anew.
        var isTainted = false

        /// Its size: how often eight goes into its reports.
        var level: Int {
            (31 - (last &- first &+ 1 | 1).leadingZeroBitCount) / 3
        }
    }

    /// A merge under way: postings move from segments to a new one, range by range.
    struct Merge: Hashable, Sendable {
        /// Segments in the order of their reports.
        var inputs: [UInt32]
        var output: UInt32
    }

    /// Format that this program writes; another one is built anew.
    static let format = 2

    /// The store that it was built from.
    var store: String
    /// Arrival number up to which it is indexed.
    var indexedUpTo: UInt64 = 0
    var nextSegment: UInt32 = 1
    /// Segments in the order of their reports; the output of a merge stands among its inputs.
    var segments: [Segment] = []
    var merge: Merge?
    /// Whether free pages hold what was erased.
    var isScrubDue = false
    /// How often reports were forgotten: what was read before may hold them.
    var forgetCount = 0

    /// A state that has seen nothing.
    init(store: String) { self.store = store }

    /// The stored form.
    var bytes: [UInt8] {
        let segments = segments.map { segment -> JSONValue in
            [
                "number": .integer(Int(segment.number)), "first": .integer(Int(segment.first)),
                "last": .integer(Int(segment.last)),
                "tainted": .bool(segment.isTainted),
            ]
        }
        var members: [String: JSONValue] = [
            "format": .integer(Self.format), "store": .string(store),
            "indexedUpTo": .integer(Int(clamping: indexedUpTo)),
            "nextSegment": .integer(Int(nextSegment)),
            "segments": .array(segments), "scrub": .bool(isScrubDue),
            "forgotten": .integer(forgetCount),
        ]
        if let merge {
            members["inputs"] = .array(merge.inputs.map { .integer(Int($0)) })
            members["output"] = .integer(Int(merge.output))
        }
        return JSONValue.object(members).canonicalBytes
    }

    /// Reads the stored form; nil when it is of another format or none.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes),
            json["format"]?.integerValue == Self.format,
            let store = json["store"]?.stringValue,
            let position = json["indexedUpTo"]?.integerValue.flatMap({ UInt64(exactly: $0) }),
            let next = Self.number(json["nextSegment"]),
            let rows = json["segments"]?.arrayValue
        else { return nil }
        self.store = store
        indexedUpTo = position
        nextSegment = next
        isScrubDue = json["scrub"]?.boolValue ?? false
        forgetCount = json["forgotten"]?.integerValue ?? 0
        for row in rows {
            guard let number = Self.number(row["number"]), let first = Self.number(row["first"]),
                let last = Self.number(row["last"]), first <= last
            else { return nil }
            segments.append(
                Segment(
                    number: number,
                    first: first,
                    last: last,
                    isTainted: row["tainted"]?.boolValue ?? false
                )
            )
        }
        if let output = Self.number(json["output"]) {
            let inputs = (json["inputs"]?.arrayValue ?? []).compactMap { Self.number($0) }
            merge = Merge(inputs: inputs, output: output)
        }
    }

    private static func number(_ json: JSONValue?) -> UInt32? {
        json?.integerValue.flatMap { UInt32(exactly: $0) }
    }

    /// The next merge that is worth it; nil when there is none.
    ///
    /// Marks the segments that hold a report to be written anew without it.
    mutating func taint(_ document: UInt32) {
        for index in segments.indices
        where (segments[index].first...segments[index].last).contains(document) {
            segments[index].isTainted = true
        }
        isScrubDue = true
    }

    /// Eight neighbours of about one size go together, the small ones first; a segment with an erased
    /// report is written anew at once.
    func nextMerge() -> [Segment]? {
        if let tainted = segments.first(where: \.isTainted) { return [tainted] }
        for level in 0...(segments.map(\.level).max() ?? 0) {
            var run: [Segment] = []
            for segment in segments {
                if segment.level <= level { run.append(segment) } else { run = [] }
                if run.count == SearchLimits.mergeSegmentCount { return run }
            }
        }
        return nil
    }
}
