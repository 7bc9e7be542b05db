import Failpoints
import Glibc
public import ReportModel

/// A folder of scheduled backups: what lies in it, and the order in which it changes.
///
/// A backup gets its name when it is whole, verified and on the disk; what has another name is not
/// looked at. Source: docs/format.md section 7.
public struct BackupFolder: Sendable {
    /// One backup that has its name.
    public struct Item: Hashable, Sendable {
        /// Its name in the folder.
        public var name: String
        /// What it holds.
        public var manifest: BackupManifest
        /// Bytes it takes.
        public var byteCount: Int
        /// Whether its verification found damage: kept apart, never counted among the good ones.
        public var isDamaged: Bool
    }

    /// Path of the folder.
    public let path: String

    /// Names a folder.
    /// - Parameter path: the folder; it is never made by itself.
    public init(_ path: String) { self.path = path }

    private static let beginning = "reportd-"
    private static let incrementEnd = ".increment"
    private static let damagedEnd = ".damaged"
    /// Seconds that a new backup goes on in search of a free name.
    private static let busySecondCount = 60
    /// Beginnings of what is being made or removed.
    private static let workBeginnings = [".reportd-new-", ".reportd-old-"]

    /// Whether a name is one that `add` gives: `reportd-20241130-023000` with its endings; a backup that
    /// somebody made by hand beside them is not looked at and never removed.
    private static func isScheduled(_ name: String) -> Bool {
        guard name.hasPrefix(beginning) else { return false }
        let rest = name.dropFirst(beginning.count)
        let stamp = Array(rest.utf8.prefix(15))
        let isStamp =
            stamp.count == 15
            && stamp.enumerated().allSatisfy { index, byte in
                index == 8 ? byte == UInt8(ascii: "-") : (48...57).contains(byte)
            }
        let ends = ["", incrementEnd, damagedEnd, incrementEnd + damagedEnd]
        return isStamp && ends.contains(String(rest.dropFirst(15)))
    }

    // MARK: What is there

    /// The backups in the folder, the oldest first.
    /// - Returns: backups with the names that scheduled ones get; others are not looked at.
    /// - Throws: ``ReportError`` `not-found` without the folder.
    public func items() throws(ReportError) -> [Item] {
        var items: [Item] = []
        for name in try names() where Self.isScheduled(name) {
            let full = path + "/" + name
            // Unreadable: not good, and never removed; `unreadableNames` tells it.
            guard let manifest = try? BackupManifest(reading: full) else { continue }
            items.append(
                Item(
                    name: name,
                    manifest: manifest,
                    byteCount: FolderSize.byteCount(of: full),
                    isDamaged: name.hasSuffix(Self.damagedEnd)
                )
            )
        }
        return items.sorted { ($0.manifest.madeAt, $0.name) < ($1.manifest.madeAt, $1.name) }
    }

    /// Names of scheduled backups whose manifest cannot be read.
    public func unreadableNames() throws(ReportError) -> [String] {
        let known = Set(try items().map(\.name))
        return try names().filter { Self.isScheduled($0) && !known.contains($0) }.sorted()
    }

    /// What a restore of the newest state takes: a full backup, and the newest increment after it.
    /// - Returns: paths; nil when no good backup is there.
    /// - Throws: ``ReportError`` `not-found` without the folder.
    public func newestChain() throws(ReportError) -> [String]? {
        let good = try items().filter { !$0.isDamaged }
        guard let full = good.last(where: { $0.manifest.kind == .full }) else { return nil }
        let increment = good.last { $0.manifest.kind == .increment && follows($0, full) }
        return [full, increment].compactMap { $0.map { path + "/" + $0.name } }
    }

    /// The good backups of a node that can be restored: full ones, and increments whose full one is here.
    /// - Parameter node: the node; backups of others in the same folder are not looked at.
    /// - Returns: them, the oldest first.
    /// - Throws: ``ReportError`` `not-found` without the folder.
    public func restorable(of node: NodeID) throws(ReportError) -> [Item] {
        let good = try items().filter { !$0.isDamaged && $0.manifest.node == node }
        let full = good.filter { $0.manifest.kind == .full }
        return good.filter { item in
            item.manifest.kind == .full || full.contains { follows(item, $0) }
        }
    }

    /// Whether an increment begins where a full backup ends.
    private func follows(_ increment: Item, _ full: Item) -> Bool {
        increment.manifest.store == full.manifest.store
            && increment.manifest.since == full.manifest.positions
    }

    private func names() throws(ReportError) -> [String] {
        guard let folder = opendir(path) else { throw FileProblem.error("read", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    /// Whether the file that says how the backups stand is there, readable or not: it tells a folder of
    /// scheduled backups from the place where its disk is not mounted.
    public var hasState: Bool { access(path + "/" + BackupState.fileName, F_OK) == 0 }

    /// Replaces the file that says how the backups stand.
    /// - Parameter state: what it says from now on.
    /// - Throws: ``ReportError`` faults of the disk.
    public func note(_ state: BackupState) throws(ReportError) { try state.write(folder: path) }

    // MARK: One more

    /// How a backup is made.
    public struct Plan: Sendable {
        /// Folder of the store.
        public var store: String
        /// Identifier of the store: increments follow backups of the same one.
        public var storeID: String
        /// The node: the rotation is over its backups, also those from before a restore.
        public var node: NodeID
        /// Bytes that a full backup will take, about.
        public var byteCount: Int
        /// Time after which a full backup is made again; nil: every backup is a full one.
        public var fullEvery: Duration?
        /// Whether the node's secret key goes with it.
        public var includesKey: Bool
        /// Whether it is read back and verified.
        public var verifies: Bool
        /// Which ones are kept.
        public var rotation: BackupRotation

        /// Makes a plan.
        public init(
            store: String,
            storeID: String,
            node: NodeID,
            byteCount: Int,
            fullEvery: Duration? = nil,
            includesKey: Bool = false,
            verifies: Bool = true,
            rotation: BackupRotation = BackupRotation()
        ) {
            self.store = store
            self.storeID = storeID
            self.node = node
            self.byteCount = byteCount
            self.fullEvery = fullEvery
            self.includesKey = includesKey
            self.verifies = verifies
            self.rotation = rotation
        }
    }

    /// A backup that is being made and has no name yet.
    public struct Pending: Sendable {
        /// What makes and verifies it; in a process of its own at a node.
        public let order: BackupProcess.Order
        fileprivate let plan: Plan
        fileprivate let name: String
    }

    /// Begins one more backup.
    /// - Parameters:
    ///   - plan: what is to be made.
    ///   - time: now.
    /// - Returns: what is to be carried out, then to be given to ``finish(_:_:)``, or to ``abandon()``.
    /// - Throws: ``ReportError`` `no-space` before anything was written.
    public func begin(_ plan: Plan, at time: Timestamp) throws(ReportError) -> Pending {
        abandon()
        let base = try self.base(plan, time)
        try checkRoom(base == nil ? plan.byteCount : StoreLimits.incrementBatchByteCount)
        let stamp = freeStamp(from: time)
        let order = BackupProcess.Order(
            store: plan.store,
            target: path + "/" + Self.workBeginnings[0] + stamp,
            base: base.map { path + "/" + $0.name },
            includesKey: plan.includesKey,
            verifies: plan.verifies
        )
        let name = Self.beginning + stamp + (base == nil ? "" : Self.incrementEnd)
        return Pending(order: order, plan: plan, name: name)
    }

    /// Gives a backup its name when it is good, then removes what the rotation does not keep.
    /// - Parameters:
    ///   - pending: what was begun.
    ///   - outcome: what came of its order.
    /// - Returns: the backup and the names of those that were removed.
    /// - Throws: ``ReportError`` `integrity` when the copy is not sound: it is kept as `….damaged`, and
    ///   everything else stays as it was.
    public func finish(
        _ pending: Pending,
        _ outcome: BackupProcess.Outcome
    ) throws(ReportError) -> (item: Item, removed: [String]) {
        let (plan, name, target) = (pending.plan, pending.name, pending.order.target)
        guard outcome.problems.isEmpty else {
            try keepDamaged(plan, target, name + Self.damagedEnd)
            throw ReportError(
                .integrity,
                "the store is damaged, and so is its backup \(name + Self.damagedEnd): "
                    + outcome.problems[0],
                hint: "run reportctl repair; the earlier backups stay",
                details: ["problems": .strings(Array(outcome.problems.prefix(10)))]
            )
        }
        try give(target, name)
        let item = Item(
            name: name,
            manifest: outcome.manifest,
            byteCount: FolderSize.byteCount(of: path + "/" + name),
            isDamaged: false
        )
        return (item, try rotate(plan, keeping: name))
    }

    /// Removes what an attempt that failed or was killed left behind.
    public func abandon() {
        for name in (try? names()) ?? []
        where Self.workBeginnings.contains(where: { name.hasPrefix($0) }) {
            let full = path + "/" + name
            if unlink(full) != 0 { FileProblem.removeFolder(full) }
        }
    }

    /// The first second from a time on of which there is no backup yet.
    ///
    /// Two may begin within one second: by hand beside the schedule, or after a clock that was set back.
    private func freeStamp(from time: Timestamp) -> String {
        var stamp = Self.stamp(time)
        for second in 1...UInt64(Self.busySecondCount) where isTaken(stamp) {
            stamp = Self.stamp(Timestamp(milliseconds: time.milliseconds + second * 1000))
        }
        return stamp
    }

    private func isTaken(_ stamp: String) -> Bool {
        ["", Self.incrementEnd, Self.damagedEnd, Self.incrementEnd + Self.damagedEnd].contains {
            access(path + "/" + Self.beginning + stamp + $0, F_OK) == 0
        }
    }

    /// `20241130-023000` at +08:00.
    private static func stamp(_ time: Timestamp) -> String {
        let digits = BackupRotation.local(time).description.prefix(19).filter(\.isNumber)
        return digits.prefix(8) + "-" + digits.dropFirst(8)
    }

    /// The full backup that an increment goes after; nil when a full one is due.
    private func base(_ plan: Plan, _ time: Timestamp) throws(ReportError) -> Item? {
        guard let every = plan.fullEvery else { return nil }
        let full = try items().last { item in
            !item.isDamaged && item.manifest.kind == .full && item.manifest.store == plan.storeID
        }
        let period = UInt64(clamping: every.components.seconds) * 1000
        guard let full, time >= full.manifest.madeAt,
            time.milliseconds - full.manifest.madeAt.milliseconds < period
        else { return nil }
        return full
    }

    private func checkRoom(_ byteCount: Int) throws(ReportError) {
        guard let room = DiskRoom(of: path) else { throw FileProblem.error("read", path) }
        // A little more, for what is filed meanwhile.
        let needed = byteCount + byteCount / 20 + StoreLimits.backupStepByteCount
        guard room.freeByteCount >= needed else {
            throw ReportError(
                .noSpace,
                "a backup needs \(needed >> 20) MiB, and \(path) has \(room.freeByteCount >> 20) MiB",
                hint: "make room there, or keep fewer backups (backup.keep)"
            )
        }
    }

    private func give(_ target: String, _ name: String) throws(ReportError) {
        let last = path + "/" + name
        guard access(last, F_OK) != 0 else {
            throw ReportError(.conflict, "\(last) is there already")
        }
        guard Failpoint.scheduledName.around({ rename(target, last) }) == 0 else {
            throw FileProblem.error("name", last)
        }
        try FileProblem.syncParent(of: last)
    }

    /// Keeps one damaged copy, the newest: better than none when the store itself is lost.
    private func keepDamaged(
        _ plan: Plan,
        _ target: String,
        _ name: String
    ) throws(ReportError) {
        let older = try items().filter { $0.isDamaged && $0.manifest.store == plan.storeID }
        try give(target, name)
        for item in older { remove(item.name) }
    }

    /// Removes what the rotation does not keep, of this node only; the new one stays whatever the clock
    /// said when others were made, and so does the last good one of each earlier store.
    private func rotate(
        _ plan: Plan,
        keeping new: String
    ) throws(ReportError) -> [String] {
        let all = try items().filter { $0.manifest.node == plan.node }
        let good = all.filter { !$0.isDamaged }
        var kept = Set(
            plan.rotation.kept(of: good.map(\.manifest.madeAt)).map { good[$0].name }
        )
        kept.insert(new)
        for (_, ofStore) in Dictionary(grouping: good, by: \.manifest.store) {
            if let last = ofStore.last { kept.insert(last.name) }
        }
        let fulls = good.filter { $0.manifest.kind == .full }
        for item in good where item.manifest.kind == .increment && kept.contains(item.name) {
            // An increment is nothing without what it goes after.
            kept.formUnion(fulls.filter { follows(item, $0) }.map(\.name))
        }
        if let last = fulls.last { kept.insert(last.name) }
        // A good one of the same store is here now: its damaged copy is of no more use.
        let removed = all.filter { item in
            item.isDamaged ? item.manifest.store == plan.storeID : !kept.contains(item.name)
        }.map(\.name)
        for name in removed { remove(name) }
        return removed
    }

    /// Takes the name away first, so that half a backup is never taken for one.
    private func remove(_ name: String) {
        let old = path + "/" + Self.workBeginnings[1] + name
        let status = Failpoint.scheduledRemoval.around { rename(path + "/" + name, old) }
        guard status == 0 else { return }
        if unlink(old) != 0 { FileProblem.removeFolder(old) }
    }
}
