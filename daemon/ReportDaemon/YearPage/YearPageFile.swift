import Failpoints
import Glibc
import ReportModel

/// The file `本年情况.html` in an inbox: replaced whole, and never what somebody else put there.
struct YearPageFile: Sendable {
    /// What became of it.
    enum Outcome: Hashable, Sendable {
        case unchanged
        case written
    }

    /// Where it stands; nowhere else.
    static let path = InboxPath([Array(YearPage.fileName.utf8)])
    /// The next page, before it takes its place; the watcher looks at no such name.
    private static let draft = InboxPath([Array(".reportd-page.new".utf8)])
    /// The name that a file gets which somebody else put in the page's place: it is taken in.
    private static let foreignName = Array("本年情况（来件）.html".utf8)
    /// The longest page that is compared.
    private static let maximumByteCount = 8 << 20

    let disk: InboxDisk

    /// Whether the content is such a page.
    static func isOurs(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array(YearPage.beginning.utf8))
    }

    /// Writes the page unless it stands there already.
    /// - Parameter bytes: the page.
    /// - Returns: what was done.
    /// - Throws: ``FileFault``; the old page then stays.
    func write(_ bytes: [UInt8]) throws(FileFault) -> Outcome {
        switch try disk.read(Self.path, limit: Self.maximumByteCount) {
        case .file(let old, _):
            if old == bytes { return .unchanged }
            if !Self.isOurs(old) { try moveAside(Self.path) }
        case .tooLarge: try moveAside(Self.path)
        case .changed, .gone: break
        case .link, .special:
            throw FileFault("open", YearPage.fileName, number: EEXIST)
        }
        // What an earlier turn could not clear away may be somebody's file.
        try clearDraft()
        try disk.write(bytes, to: Self.draft, flushesFolder: false)
        let isOldKept = try disk.withFolder(.root) { (root) throws(FileFault) -> Bool in
            let (from, to) = (Self.draft.name, Self.path.name)
            var number = Failpoint.pageName.around {
                SystemCalls.renameWithoutReplacing(root, from, root, to)
            }
            guard number == EEXIST else {
                guard number == 0 else { throw fault(number) }
                return false
            }
            let isKept: Bool
            (number, isKept) = Failpoint.pageExchange.around {
                SystemCalls.exchange(root, from, with: to)
            }
            guard number == 0 else { throw fault(number) }
            return isKept
        }
        if isOldKept { try clearDraft() }
        return .written
    }

    /// Removes what a crash left behind.
    func prepare() throws(FileFault) {
        try clearDraft()
        for name in try disk.names(in: .root) where name.starts(with: FileName.temporaryBeginning) {
            try disk.remove(InboxPath([name]))
        }
    }

    /// Removes the page that was replaced; a file that somebody put there at that moment stays.
    private func clearDraft() throws(FileFault) {
        switch try disk.read(Self.draft, limit: Self.maximumByteCount) {
        case .file(let old, _) where Self.isOurs(old): try disk.remove(Self.draft)
        case .gone: break
        default: try moveAside(Self.draft)
        }
    }

    /// Gives a file a name under which it is taken in.
    private func moveAside(_ path: InboxPath) throws(FileFault) {
        try disk.withFolder(.root) { (root) throws(FileFault) in
            for number in 1...InboxLimits.maximumNameAttemptCount {
                let name = FileName.numbered(Self.foreignName, number)
                let status = Failpoint.pageAside.around {
                    SystemCalls.renameWithoutReplacing(root, path.name, root, name)
                }
                if status == 0 || status == ENOENT { return }
                guard status == EEXIST else { throw fault(status) }
            }
        }
    }

    private func fault(_ number: Int32) -> FileFault {
        FileFault("rename", YearPage.fileName, number: number)
    }
}
