import ReportModel

extension Inbox {
    /// Starts attempts as far as there is room; after a fault of the machine one at a time.
    func startWork() {
        let now = ContinuousClock.now
        if let until = backoff.until, until > now { return }
        let room = backoff.count > 0 ? 1 : configuration.maximumConcurrentFiles
        while working.count < room, readyStart < ready.count {
            let path = ready[readyStart]
            readyStart += 1
            if readyStart == ready.count || readyStart > 4096 {
                ready.removeFirst(readyStart)
                readyStart = 0
            }
            guard let file = tracked[path], file.state == .ready, working[path] == nil else {
                continue
            }
            start(path, file, now)
        }
    }

    private func start(_ path: InboxPath, _ file: TrackedFile, _ now: ContinuousClock.Instant) {
        tracked[path]?.state = .working
        tracked[path]?.isTouched = false
        let job = FileJob(
            path: path,
            stamp: file.stamp,
            isYoung: now - file.lastChange < configuration.timing.incompleteGrace
        )
        working[path] = Task { [filer] in
            let result = await filer.process(job)
            await self.end(path, result)
        }
    }

    private func end(_ path: InboxPath, _ result: FileResult) async {
        working[path] = nil
        defer { wake.set() }
        guard !isDead else { return }
        let isTouched = tracked[path]?.isTouched ?? false
        switch result {
        case .finished(let file, let whereabouts):
            let target = whereabouts.target
            succeed(path)
            if let seen = whereabouts.seen { setSeen(target, seen) }
            if path.isInPendingFolder, path != target { clearSeen(path) }
            if whereabouts.isReplaced { track(path, quiet: configuration.timing.settle) }
            finished[file.outcome, default: 0] += 1
            tell(.finished(file))
            if let place = whereabouts.place { await completeReceipt(target, place) }
        case .unchanged(let seen):
            succeed(path)
            setSeen(path, seen)
        case .gone:
            succeed(path)
            clearSeen(path)
            tell(.gone(file: path.description))
        case .changed: track(path, quiet: configuration.timing.settle)
        case .skipped(let reason): skip(path, reason)
        case .incomplete(let code): waitForRest(path, code)
        case .problem(.crashed): isDead = true
        case .problem(let problem): fail(path, problem)
        }
        if isTouched, working[path] == nil {
            track(path, quiet: configuration.timing.settle)
        }
    }

    private func succeed(_ path: InboxPath) {
        tracked[path] = nil
        backoff.succeed()
        tellRecovered()
    }

    private func setSeen(_ path: InboxPath, _ seen: LookStamp) {
        pendingSeen[path] = seen
        formOwners[FileName.receiptText(of: path.name)] = path
    }

    private func clearSeen(_ path: InboxPath) {
        guard path.isInPendingFolder else { return }
        pendingSeen[path] = nil
        formOwners[FileName.receiptText(of: path.name)] = nil
    }

    private func skip(_ path: InboxPath, _ reason: WaitingFile.Reason) {
        let stamp = tracked[path]?.stamp?.file
        tracked[path] = nil
        guard reason == .receipt else {
            // Links and special files are listed by the next scan.
            nextScan = .now
            return
        }
        listed[path] = reason
        if let stamp { skipped[path] = stamp }
        tell(
            .waiting(WaitingFile(file: path.description, reason: reason, message: nil, attempts: 0))
        )
    }

    /// Waits whether a file that looks cut off is completed.
    private func waitForRest(_ path: InboxPath, _ code: ReportError.Code) {
        guard let file = tracked[path] else { return }
        tellWaiting(path, .incomplete, code.rawValue)
        tracked[path]?.state = .waiting
        let rest = file.lastChange + configuration.timing.incompleteGrace - .now
        setDeadline(path, after: max(rest, .milliseconds(10)))
    }

    /// Tries a file again after a growing delay.
    func fail(_ path: InboxPath, _ problem: FilerProblem) {
        let error = problem.reportError
        if problem.isGeneral {
            failGenerally(error)
        }
        tellWaiting(path, problem.isPermission ? .unreadable : .fault, error.description)
        tracked[path]?.state = .waiting
        tracked[path]?.attempts += 1
        let attempts = tracked[path]?.attempts ?? 1
        setDeadline(path, after: Backoff.delay(attempts, configuration.timing))
    }

    private func tellWaiting(
        _ path: InboxPath,
        _ reason: WaitingFile.Reason,
        _ message: String
    ) {
        let waiting = WaitingFile(
            file: path.description,
            reason: reason,
            message: message,
            attempts: 0
        )
        guard let file = tracked[path], file.waiting != waiting else { return }
        tracked[path]?.waiting = waiting
        tell(.waiting(waiting))
    }
}
