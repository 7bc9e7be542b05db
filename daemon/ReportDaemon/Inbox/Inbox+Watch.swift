import ReportModel

extension Inbox {
    func takeHints() {
        guard let watcher else { return }
        let (hints, needsRescan) = watcher.take()
        if needsRescan { nextScan = .now }
        for hint in hints { take(hint) }
    }

    private func take(_ hint: InboxWatcher.Hint) {
        let name = hint.path.name
        if hint.path.isInOutcomeFolder {
            takePending(hint)
            return
        }
        if hint.isFolder {
            if hint.kind != .changed || !FileName.isIgnoredFolder(name) { nextScan = .now }
            return
        }
        guard !FileName.isIgnored(hint.path) else { return }
        skipped[hint.path] = nil
        let timing = configuration.timing
        switch hint.kind {
        case .movedIn:
            if working[hint.path] == nil {
                track(hint.path, quiet: timing.settleAfterClose)
                tracked[hint.path]?.stamp = nil
                enqueue(hint.path)
            } else {
                track(hint.path, quiet: timing.settleAfterClose)
            }
        case .closed: track(hint.path, quiet: timing.settleAfterClose)
        case .changed: touch(hint.path)
        case .left: if tracked[hint.path] != nil { touch(hint.path) }
        }
    }

    /// Files and forms in 待处理 always come to rest first: forms are saved in several steps.
    private func takePending(_ hint: InboxWatcher.Hint) {
        guard hint.path.parent == InboxOutcome.pending.folder, !hint.isFolder else { return }
        let name = hint.path.name
        let owner = FileName.isIgnored(name) ? formOwners[name] : hint.path
        if let owner { track(owner, quiet: configuration.timing.settleAfterClose) }
    }

    /// Begins to wait for a file to come to rest, with a first look at once.
    func track(_ path: InboxPath, quiet: Duration, stamp: LookStamp? = nil) {
        let now = ContinuousClock.now
        if working[path] != nil {
            tracked[path]?.isTouched = true
            return
        }
        guard tracked[path] != nil || tracked.count < InboxLimits.maximumTrackedFileCount else {
            isPartialScan = true
            return
        }
        var file = tracked[path] ?? TrackedFile(quiet: quiet, lastChange: now)
        file.state = .settling
        file.stamp = stamp
        file.quiet = quiet
        file.quietLooks = 0
        file.lastChange = now
        file.turn += 1
        tracked[path] = file
        isIdle = false
        let time = stamp == nil ? now : now + quiet
        deadlines.insert(DeadlineHeap.Item(time: time, path: path, turn: file.turn))
    }

    /// Notes that something happened to a file that may be known already.
    private func touch(_ path: InboxPath) {
        guard let file = tracked[path] else {
            track(path, quiet: configuration.timing.settle)
            return
        }
        switch file.state {
        case .working: tracked[path]?.isTouched = true
        case .settling:
            tracked[path]?.quiet = configuration.timing.settle
            setDeadline(path, after: configuration.timing.settle)
        case .ready, .waiting: track(path, quiet: configuration.timing.settle)
        }
    }

    func setDeadline(_ path: InboxPath, after delay: Duration) {
        tracked[path]?.turn += 1
        guard let turn = tracked[path]?.turn else { return }
        deadlines.insert(DeadlineHeap.Item(time: .now + delay, path: path, turn: turn))
    }

    /// Looks at the files whose time has come.
    func lookAtDue() async {
        let now = ContinuousClock.now
        var due: [InboxPath: Int] = [:]
        while due.count < InboxLimits.lookBatchCount, let item = deadlines.popDue(at: now) {
            guard let file = tracked[item.path], file.turn == item.turn else { continue }
            guard file.state == .settling || file.state == .waiting else { continue }
            due[item.path] = item.turn
        }
        guard !due.isEmpty else { return }
        let paths = Array(due.keys)
        let disk = filer.disk
        let looks = await filer.work.run { () throws(Never) in disk.stamps(of: paths) }
        for (path, look) in zip(paths, looks) {
            // Something newer may have come while the disk was asked.
            guard let file = tracked[path], file.turn == due[path] else { continue }
            switch look {
            case .failure(let fault): fail(path, .file(fault))
            case .success(nil): leave(path, file)
            case .success(let stamp?): compare(path, file, stamp)
            }
        }
    }

    private func leave(_ path: InboxPath, _ file: TrackedFile) {
        if path.isInPendingFolder, pendingSeen[path] != nil {
            // The form of a file that left 待处理 goes too.
            enqueue(path)
        } else if file.attempts > 0 {
            // An attempt that failed may have put it away: its note says what is left to do.
            enqueue(path)
        } else {
            // A name that never was a file before us, such as one that we moved, is not told.
            if tracked[path]?.stamp != nil { tell(.gone(file: path.description)) }
            tracked[path] = nil
        }
    }

    private func compare(_ path: InboxPath, _ file: TrackedFile, _ stamp: LookStamp) {
        if pendingSeen[path] == stamp {
            tracked[path] = nil
            return
        }
        guard file.stamp == stamp else {
            let isFirst = file.stamp == nil
            tracked[path]?.stamp = stamp
            tracked[path]?.quietLooks = 0
            tracked[path]?.state = .settling
            if !isFirst { tracked[path]?.lastChange = .now }
            setDeadline(path, after: file.quiet)
            return
        }
        tracked[path]?.quietLooks += 1
        let looksNeeded = watcher == nil ? 2 : 1
        if file.state == .waiting || file.quietLooks + 1 >= looksNeeded {
            enqueue(path)
        } else {
            setDeadline(path, after: file.quiet)
        }
    }
}
