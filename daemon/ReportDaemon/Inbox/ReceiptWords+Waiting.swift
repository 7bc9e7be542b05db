import ReportModel

extension ReceiptWords {
    /// Files that no waiting brings to an outcome, each with what a clerk can do about it.
    /// - Parameter files: files without an outcome.
    /// - Returns: at most ``YearPageLimits/stuckFileCount`` lines, and one with the number of the others.
    static func stuck(_ files: [WaitingFile]) -> [String] {
        let lines = files.compactMap { file in
            help(file.reason).map { "“\(line(file.file, limit: 200))”\($0)" }
        }
        let limit = YearPageLimits.stuckFileCount
        guard lines.count > limit else { return lines }
        return lines.prefix(limit) + ["另有 \(lines.count - limit) 个文件也没有接收"]
    }

    /// nil for a file that is only not done yet.
    private static func help(_ reason: WaitingFile.Reason) -> String? {
        switch reason {
        case .settling, .queued, .working, .incomplete, .fault: nil
        case .unreadable: "没有接收：本机没有读取权限，请检查文件或文件夹的权限"
        case .link: "没有接收：这是链接（快捷方式），请放入文件本身"
        case .special: "没有接收：这不是普通文件，请移走"
        case .tooDeep: "没有接收：文件夹层数太多，请把里面的文件移到上层"
        case .tooManyFolders: "没有接收：收件夹里的文件夹太多，请把里面的文件移到上层"
        case .otherFileSystem: "没有接收：这个文件夹在另一个磁盘上，请把文件复制到收件夹"
        case .receipt: "没有接收：这是回执的副本，不是报告，可以删除"
        }
    }
}
