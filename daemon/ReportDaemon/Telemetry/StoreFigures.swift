import ReportModel
import ReportStore

/// Figures of the store; reads it, so on a thread that may block.
struct StoreFigures {
    private let store: Store

    init(_ store: Store) { self.store = store }

    /// The families; those that cannot be read are without a figure.
    var families: [MetricFamily] { sizes + progress + rows + logs }

    private var sizes: [MetricFamily] {
        var map = MetricFamily(
            "reportd_store_map_bytes",
            .gauge,
            "Bytes of the store's map: used up to the last page, and free behind it."
        )
        if let use = try? store.mapUse {
            map.add([.init("state", "used")], .integer(use.usedByteCount))
            map.add([.init("state", "free")], .integer(use.byteCount - use.usedByteCount))
        }
        let disk = store.diskCondition
        return [
            map,
            MetricFamily(
                "reportd_disk_free_bytes",
                .gauge,
                "Free on the file system of the store, for the node's user.",
                disk.map { .integer($0.freeByteCount) }
            ),
            MetricFamily(
                "reportd_disk_size_bytes",
                .gauge,
                "Size of the file system of the store.",
                disk.map { .integer($0.byteCount) }
            ),
            MetricFamily(
                "reportd_disk_full",
                .gauge,
                "1 while writes are refused for want of room.",
                disk.map { .integer($0.level == .full ? 1 : 0) }
            ),
        ]
    }

    private var progress: [MetricFamily] {
        let writer = store.writerCondition
        let search = try? store.searchPosition()
        return [
            MetricFamily(
                "reportd_writer_waiting_writes",
                .gauge,
                "Writes that wait for the commit under way.",
                writer.map { .integer($0.waitingCount) }
            ),
            MetricFamily(
                "reportd_writer_busy_seconds",
                .gauge,
                "How long the commit under way has lasted; 0 when there is none.",
                writer.map { .number($0.busyFor?.inSeconds ?? 0) }
            ),
            MetricFamily(
                "reportd_writer_failed",
                .gauge,
                "1 when nothing is written any more until the node is started again.",
                .integer(writer == nil || store.writeRefusal != nil ? 1 : 0)
            ),
            MetricFamily(
                "reportd_search_lag_entries",
                .gauge,
                "Entries that the search index has not come to.",
                search.map {
                    .integer(Int(clamping: $0.position - min($0.position, $0.indexedUpTo)))
                }
            ),
        ]
    }

    private var rows: [MetricFamily] {
        let counts = try? store.counts
        return [
            MetricFamily(
                "reportd_store_entries",
                .gauge,
                "Entries of all logs that are held.",
                counts.map { .integer($0.entryCount) }
            ),
            MetricFamily(
                "reportd_store_records",
                .gauge,
                "Records, each with one or more versions.",
                counts.map { .integer($0.keyCount) }
            ),
            MetricFamily(
                "reportd_store_versions",
                .gauge,
                "Versions of all records.",
                counts.map { .integer($0.versionCount) }
            ),
        ]
    }

    private var logs: [MetricFamily] {
        var held = MetricFamily(
            "reportd_log_entries",
            .gauge,
            "Entries of a log that are held here: the position in it."
        )
        var signed = MetricFamily(
            "reportd_log_signed_entries",
            .gauge,
            "Entries of a log that its owner has signed for, as far as is known here."
        )
        let states = (try? store.logStatesNow()) ?? []
        for state in states.prefix(NodeMetrics.maximumLogCount) {
            let labels: [MetricFamily.Label] = [
                .init("log", state.descriptor.id.description),
                .init("name", state.descriptor.name),
            ]
            held.add(labels, .integer(Int(clamping: state.position.sequence)))
            signed.add(labels, .integer(Int(clamping: state.head?.size ?? 0)))
        }
        let forked = Set(states.filter { $0.isForked && !$0.isReleased }.map(\.descriptor.node))
        return [
            held, signed,
            MetricFamily("reportd_logs", .gauge, "Logs that are known.", .integer(states.count)),
            MetricFamily(
                "reportd_quarantined_nodes",
                .gauge,
                "Nodes of which nothing is taken because one of their logs is forked.",
                .integer(forked.count)
            ),
        ]
    }
}
