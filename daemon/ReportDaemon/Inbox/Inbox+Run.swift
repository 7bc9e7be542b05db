import ReportModel

extension Inbox {
    /// Watches the folder until the task is cancelled, then waits for the files in work.
    ///
    /// Faults of the folder are told and tried again; the function never fails. One call at a time.
    public func run() async {
        guard mode == .stopped else { return }
        mode = .polling
        nextScan = nil
        identity = nil
        while !Task.isCancelled, !isDead {
            await step()
            guard !Task.isCancelled, !isDead else { break }
            await wake.wait(for: delay())
        }
        await drain()
        watcher?.cancel()
        watcher = nil
        mode = .stopped
        tell(.stopped(unfinished: working.count))
    }

    private func step() async {
        if identity == nil { await prepare() }
        guard identity != nil else { return }
        takeHints()
        if nextScan.map({ $0 <= .now }) ?? true { await rescan() }
        await lookAtDue()
        startWork()
        tellIdle()
    }

    /// Makes the outcome folders, goes on with what the journal holds, and asks for hints.
    private func prepare() async {
        guard backoff.until.map({ $0 <= .now }) ?? true else { return }
        do throws(FilerProblem) {
            let isRemote = try await filer.onDisk { disk throws(FileFault) in
                try disk.prepare()
                return SystemCalls.isRemote(disk.root)
            }
            try await resume()
            identity = try await filer.onDisk { disk throws(FileFault) in try disk.identity() }
            backoff.succeed()
            tellRecovered()
            watch(isRemote: isRemote)
            tell(.started(mode))
        } catch {
            failGenerally(error.reportError)
        }
    }

    private func watch(isRemote: Bool) {
        watcher?.cancel()
        watcher = nil
        mode = .polling
        guard configuration.usesWatcher, !isRemote else { return }
        let (watcher, problem) = InboxWatcher.open(wake: wake)
        guard let watcher else {
            tell(.notWatching(problem))
            return
        }
        self.watcher = watcher
        mode = .watching
        addWatches([.root, InboxOutcome.pending.folder])
    }

    /// Watches folders; a watch that is new needs one more scan, for what came before it.
    func addWatches(_ folders: [InboxPath]) {
        guard let watcher else { return }
        let (added, problem) = watcher.watch(folders, below: filer.disk.root)
        if let problem {
            watcher.cancel()
            self.watcher = nil
            mode = .polling
            tell(.notWatching(problem))
        }
        if !added.isEmpty || problem != nil { nextScan = .now }
    }

    /// Puts files that were in work, and all files of 待处理, into the queue.
    private func resume() async throws(FilerProblem) {
        let keys = filer.keys
        let notes: [InboxJournalRow]
        let forms: [InboxJournalRow]
        do throws(ReportError) {
            notes = try await filer.journal.rows(keys.notes)
            forms = try await filer.journal.rows(keys.forms)
        } catch {
            throw .report(error)
        }
        for row in notes {
            guard let note = FileNote(bytes: row.value) else { continue }
            if let target = note.decision?.target { filer.reservations.insert(target) }
            enqueue(note.path)
        }
        for row in forms {
            guard let tried = TriedForm(bytes: row.value) else { continue }
            enqueue(tried.path)
        }
    }

    func enqueue(_ path: InboxPath) {
        guard working[path] == nil, tracked[path]?.state != .ready else { return }
        var file =
            tracked[path] ?? TrackedFile(quiet: configuration.timing.settle, lastChange: .now)
        file.state = .ready
        file.turn += 1
        tracked[path] = file
        ready.append(path)
    }

    private func delay() -> Duration {
        let now = ContinuousClock.now
        var times: [ContinuousClock.Instant] = []
        if identity == nil {
            times.append(backoff.until ?? now)
        } else {
            times.append(nextScan ?? now)
            if let first = deadlines.first { times.append(first.time) }
            if readyStart < ready.count, working.isEmpty, let until = backoff.until {
                times.append(until)
            }
        }
        return max(.zero, (times.min() ?? now) - now)
    }

    private func tellIdle() {
        let isIdleNow = tracked.isEmpty && working.isEmpty && !isPartialScan
        if isIdleNow, !isIdle { tell(.idle) }
        isIdle = isIdleNow
    }

    /// Waits for the files in work, whose store may be slow, but not for ever.
    private func drain() async {
        let deadline = ContinuousClock.now + configuration.timing.drainLimit
        // The task of `run` is cancelled, so its own waits return at once.
        await Task {
            while !working.isEmpty, !isDead, ContinuousClock.now < deadline {
                await wake.wait(for: deadline - .now)
            }
        }.value
    }

    func tellRecovered() {
        guard lastFault != nil else { return }
        lastFault = nil
        tell(.recovered)
    }

    func failGenerally(_ error: ReportError) {
        backoff.fail(at: .now, configuration.timing)
        let isNew = lastFault?.description != error.description
        lastFault = error
        if isNew { tell(.fault(error)) }
    }
}
