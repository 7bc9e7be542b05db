import Glibc
import ReportModel
import ReportParsing

/// Reading a file of any format on one core, in process, the file's bytes being in memory.
enum FileBench {
    /// Medians of extraction alone, and of extraction, recognition and rules.
    /// - Parameters:
    ///   - path: the file.
    ///   - seconds: how long each is repeated.
    /// - Returns: microseconds.
    /// - Throws: ``ReportError`` when the file cannot be opened or read.
    static func microseconds(path: String, seconds: Double) throws -> (extract: Int, parse: Int) {
        guard let file = fopen(path, "rb") else {
            throw ReportError(.notFound, "cannot open \(path)")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            bytes += chunk[..<count]
        }
        fclose(file)
        let input = ParsingInput(name: path, bytes: bytes)
        return (
            try median(seconds) { _ = try Parser.extractText(input) },
            try median(seconds) { _ = try Parser.parse(input) }
        )
    }

    private static func median(_ seconds: Double, _ work: () throws -> Void) throws -> Int {
        var times: [Double] = []
        let until = monotonicSeconds() + seconds
        repeat {
            let started = monotonicSeconds()
            try work()
            times.append(monotonicSeconds() - started)
        } while monotonicSeconds() < until
        times.sort()
        return Int(times[times.count / 2] * 1e6)
    }
}
