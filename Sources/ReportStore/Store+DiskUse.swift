import Glibc
import LMDB
public import ReportModel

extension Store {
    /// What the store takes on the disk; see ``ReportStoring``.
    public func diskUse() async throws(ReportError) -> DiskUse {
        var use = DiskUse()
        try StoreFailure.mapped {
            let information = try environment.information
            use.mapByteCount = information.mapByteCount
            use.freeByteCount = try environment.freePageCount * information.pageByteCount
            use.usedByteCount = information.usedByteCount - use.freeByteCount
        }
        try read { (transaction: borrowing ReadTransaction) throws in
            use.tables = try tableSizes(transaction)
            use.kinds = try bodySizes(transaction)
        }
        for (name, byteCount) in FolderSize.entries(of: environment.path) {
            if name == "data.mdb" {
                use.fileByteCount = byteCount
            } else {
                use.others[name] = byteCount
            }
        }
        let room = DiskRoom(of: environment.path)
        use.fileSystemByteCount = room?.byteCount ?? 0
        use.fileSystemFreeByteCount = room?.freeByteCount ?? 0
        return use
    }

    private func tableSizes<T: ReadOperations & ~Copyable>(
        _ transaction: borrowing T
    ) throws -> [DiskUse.Table] {
        var sizes: [DiskUse.Table] = []
        for table in tables.all {
            let found = try transaction.statistics(of: table)
            let pages = found.branchPageCount + found.leafPageCount + found.overflowPageCount
            let name = table.name ?? ""
            sizes.append(
                DiskUse.Table(
                    name: name,
                    rowCount: found.entryCount,
                    byteCount: pages * found.pageByteCount,
                    isDerived: !Tables.originals.contains(name)
                )
            )
        }
        return sizes.sorted { $0.name < $1.name }
    }

    /// Goes through the rows of bodies, whose sizes stand beside their keys.
    private func bodySizes<T: ReadOperations & ~Copyable>(
        _ transaction: borrowing T
    ) throws -> [DiskUse.Kind] {
        let live = try currentPlaces(transaction)
        var kinds = ["record", "people", "source", "detail"].map { DiskUse.Kind(name: $0) }
        /// Bodies of older versions: their kind and bytes, until it is known who else needs them.
        var older: [[UInt8]: (kind: Int, byteCount: Int)] = [:]
        var needed: Set<[UInt8]> = []
        var kind = 0
        _ = try transaction.forEach(in: tables.bodies) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let name = key.withUnsafeBytes { Array($0.prefix(EntryPlace.byteCount + 2)) }
            let isFirst = key.withUnsafeBytes { $0.suffix(4).allSatisfy { $0 == 0 } }
            guard let place = EntryPlace(name.prefix(EntryPlace.byteCount)) else {
                throw Sealed.damaged("bodies", name)
            }
            if isFirst {
                let codec: UInt8
                (codec, kind) = value.withUnsafeBytes { bytes in
                    (bytes.count > 9 ? bytes[8] : 0, bytes.count > 9 ? Int(bytes[9]) - 1 : 0)
                }
                guard kinds.indices.contains(kind) else { throw Sealed.damaged("bodies", name) }
                if codec == BodyRows.Codec.alias.rawValue, live.contains(place) {
                    needed.insert(
                        value.withUnsafeBytes { Array($0.suffix(EntryPlace.byteCount + 2)) }
                    )
                }
            }
            if live.contains(place) {
                kinds[kind].live.byteCount += value.byteCount
                kinds[kind].live.count += isFirst ? 1 : 0
            } else {
                older[name, default: (kind, 0)].byteCount += value.byteCount
            }
            return .continue
        }
        for (name, body) in older {
            if needed.contains(name) {
                kinds[body.kind].live.add(body.byteCount)
            } else {
                kinds[body.kind].old.add(body.byteCount)
            }
        }
        return kinds
    }

    /// Places of all heads.
    private func currentPlaces<T: ReadOperations & ~Copyable>(
        _ transaction: borrowing T
    ) throws -> Set<EntryPlace> {
        var numbers: [UInt64] = []
        _ = try transaction.forEach(in: tables.heads) {
            (key: RawSpan, _: RawSpan) throws -> ScanStep in
            let bytes = key.withUnsafeBytes { Array($0) }
            var reader = ByteReader(bytes[...])
            if let number = reader.integer(UInt64.self) { numbers.append(number) }
            return .continue
        }
        var places: Set<EntryPlace> = []
        for number in numbers {
            let row = try HeadRows(tables: tables).row(number, transaction)
            for head in row?.heads ?? [] { places.insert(head.place) }
        }
        return places
    }
}

/// Room on the file system of a folder.
struct DiskRoom: Hashable, Sendable {
    /// Size of the file system.
    var byteCount: Int
    /// What is free on it for this user.
    var freeByteCount: Int

    init(byteCount: Int, freeByteCount: Int) {
        self.byteCount = byteCount
        self.freeByteCount = freeByteCount
    }

    /// Asks the system; nil when it gives no answer.
    init?(of path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let unit = UInt64(status.f_frsize)
        func bytes(_ blocks: UInt64) -> Int {
            let (product, overflow) = blocks.multipliedReportingOverflow(by: unit)
            return overflow ? .max : Int(clamping: product)
        }
        self.init(
            byteCount: bytes(UInt64(status.f_blocks)),
            freeByteCount: bytes(UInt64(status.f_bavail))
        )
    }
}

/// Sizes of what lies in a folder.
enum FolderSize {
    /// Bytes of a file, or of a folder with everything in it; 0 when it is not there.
    static func byteCount(of path: String) -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_blocks) * 512 }
        return entries(of: path).reduce(0) { $0 + $1.byteCount }
    }

    /// Names in a folder with their bytes, those of a subfolder with everything in it.
    static func entries(of path: String, depth: Int = 0) -> [(name: String, byteCount: Int)] {
        guard depth < StoreLimits.maximumFolderDepth, let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var entries: [(name: String, byteCount: Int)] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard name != ".", name != "..", lstat(path + "/" + name, &status) == 0 else {
                continue
            }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            let byteCount =
                isFolder
                ? Self.entries(of: path + "/" + name, depth: depth + 1).reduce(0) {
                    $0 + $1.byteCount
                }
                : Int(status.st_blocks) * 512
            entries.append((name, byteCount))
        }
        return entries
    }
}
