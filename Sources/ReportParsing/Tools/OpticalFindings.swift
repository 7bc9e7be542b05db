import ReportModel

/// Keeps findings about text that was read from pictures from alarming anybody.
enum OpticalFindings {
    private static let remark = "（文字由图像识别得来，可能有误，请核对原件）"

    /// Lowers every finding that leans on an optically read source to `info`, and says so in it.
    ///
    /// A finding without a place leans on all sources of the filing.
    /// - Parameters:
    ///   - findings: what the rules found.
    ///   - sources: the files that places point into.
    /// - Returns: the findings in the same order.
    static func lowered(_ findings: [Finding], sources: [SourceFile]) -> [Finding] {
        let optical = Set(sources.indices.filter { sources[$0].isOptical })
        guard !optical.isEmpty else { return findings }
        return findings.map { finding in
            let leans =
                finding.places.isEmpty || finding.places.contains { optical.contains($0.source) }
            guard leans else { return finding }
            var lowered = finding
            lowered.severity = .info
            if !lowered.message.hasSuffix(remark) { lowered.message += remark }
            return lowered
        }
    }
}
