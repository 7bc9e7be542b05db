import ReportModel

extension Inbox {
    /// Scans the whole folder: the truth that hints only anticipate.
    func rescan() async {
        let timing = configuration.timing
        let interval = watcher == nil ? timing.pollInterval : timing.rescanInterval
        nextScan = .now + interval * Double.random(in: 0.75...1.25)
        let known = identity
        do throws(FilerProblem) {
            let (scan, identity) = try await filer.onDisk { disk throws(FileFault) in
                (try disk.scan(), try disk.identity())
            }
            guard identity == known else {
                // Another file system was mounted here, or the folder was made anew.
                self.identity = nil
                return
            }
            take(scan)
            lastScan = filer.now()
            await completeLateReceipts()
        } catch {
            identity = nil
            failGenerally(error.reportError)
        }
    }

    private func take(_ scan: InboxScan) {
        isPartialScan = scan.isPartial
        let settle = configuration.timing.settle
        for (path, stamp) in scan.files where skipped[path] != stamp {
            let look = LookStamp(file: stamp, form: nil)
            guard let file = tracked[path] else {
                track(path, quiet: settle, stamp: look)
                continue
            }
            if file.state == .waiting, let old = file.stamp, old != look {
                track(path, quiet: settle, stamp: look)
            }
        }
        var left = Set(pendingSeen.keys)
        for (path, stamp) in scan.pending {
            left.remove(path)
            guard pendingSeen[path] != stamp, skipped[path] != stamp.file else { continue }
            if tracked[path] == nil { track(path, quiet: settle, stamp: stamp) }
        }
        for path in left where tracked[path] == nil { enqueue(path) }
        var listed = scan.listed
        for (path, stamp) in scan.files where skipped[path] == stamp {
            listed[path] = self.listed[path]
        }
        for (path, stamp) in scan.pending where skipped[path] == stamp.file {
            listed[path] = self.listed[path]
        }
        skipped = skipped.filter { listed[$0.key] != nil }
        for (path, reason) in listed where self.listed[path] != reason {
            let file = WaitingFile(
                file: path.description,
                reason: reason,
                message: nil,
                attempts: 0
            )
            tell(.waiting(file))
        }
        self.listed = listed
        addWatches(scan.folders)
    }
}
