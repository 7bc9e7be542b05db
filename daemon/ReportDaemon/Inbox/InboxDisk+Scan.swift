import Glibc

/// What one look over a whole inbox found.
struct InboxScan: Sendable {
    /// Files to be taken in, in the order of the folders.
    var files: [(path: InboxPath, stamp: FileStamp)] = []
    /// Files in the folder that waits for a clerk, receipts left out.
    var pending: [(path: InboxPath, stamp: LookStamp)] = []
    /// What cannot be taken in and is only listed.
    var listed: [InboxPath: WaitingFile.Reason] = [:]
    /// Folders to be watched, the inbox first.
    var folders: [InboxPath] = [.root]
    /// Whether a ceiling cut the scan short.
    var isPartial = false

    fileprivate var entryCount = 0
}

extension InboxDisk {
    /// Looks over the whole inbox.
    func scan() throws(FileFault) -> InboxScan {
        var scan = InboxScan()
        let device = try identity()[0]
        var index = 0
        while index < scan.folders.count {
            let folder = scan.folders[index]
            index += 1
            do throws(FileFault) {
                try self.scan(folder, device: device, into: &scan)
            } catch {
                guard !folder.bytes.isEmpty else { throw error }
                if !error.isMissing { scan.listed[folder] = .unreadable }
            }
        }
        scan.folders.append(InboxOutcome.pending.folder)
        do throws(FileFault) {
            for name in try names(in: InboxOutcome.pending.folder) where !FileName.isIgnored(name) {
                let path = InboxOutcome.pending.folder.appending(name)
                switch try look(at: path) {
                case .file(let stamp):
                    scan.pending.append(
                        (path, LookStamp(file: stamp, form: try formStamp(of: path)))
                    )
                case .link: scan.listed[path] = .link
                case .special: scan.listed[path] = .special
                case .folder, .gone: break
                }
            }
        } catch {
            guard error.isMissing else { throw error }
        }
        return scan
    }

    private func scan(
        _ path: InboxPath,
        device: UInt64,
        into scan: inout InboxScan
    ) throws(FileFault) {
        try withFolder(path) { (folder) throws(FileFault) in
            try forEachName(in: folder, path) { (name) throws(FileFault) in
                scan.entryCount += 1
                guard scan.entryCount <= InboxLimits.maximumScannedEntryCount else {
                    scan.isPartial = true
                    return
                }
                let entry = path.appending(name)
                var status = stat()
                guard fstatat(folder, name.cString, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    return
                }
                let look = Self.look(status)
                if look == .folder {
                    addFolder(entry, isSameDevice: UInt64(status.st_dev) == device, to: &scan)
                    return
                }
                guard !FileName.isIgnored(entry) else { return }
                switch look {
                case .file(let stamp): scan.files.append((entry, stamp))
                case .link: scan.listed[entry] = .link
                case .special: scan.listed[entry] = .special
                case .folder, .gone: break
                }
            }
        }
    }

    private func addFolder(_ path: InboxPath, isSameDevice: Bool, to scan: inout InboxScan) {
        guard !path.isInOutcomeFolder, !FileName.isIgnoredFolder(path.name) else { return }
        if !isSameDevice {
            scan.listed[path] = .otherFileSystem
        } else if path.depth > InboxLimits.maximumDepth {
            scan.listed[path] = .tooDeep
        } else if scan.folders.count >= InboxLimits.maximumFolderCount {
            scan.listed[path] = .tooManyFolders
        } else {
            scan.folders.append(path)
        }
    }
}

extension InboxDisk {
    /// What the inbox's files look like; nil for one that is gone or no regular file any more.
    func stamps(of paths: [InboxPath]) -> [Result<LookStamp?, FileFault>] {
        paths.map { path in
            do throws(FileFault) {
                return .success(try stamp(of: path))
            } catch {
                return .failure(error)
            }
        }
    }

    private func stamp(of path: InboxPath) throws(FileFault) -> LookStamp? {
        guard case .file(let stamp) = try look(at: path) else { return nil }
        let form = path.isInPendingFolder ? try formStamp(of: path) : nil
        return LookStamp(file: stamp, form: form)
    }

    private func formStamp(of path: InboxPath) throws(FileFault) -> FileStamp? {
        let form = path.parent.appending(FileName.receiptText(of: path.name))
        guard case .file(let stamp) = try look(at: form) else { return nil }
        return stamp
    }
}
