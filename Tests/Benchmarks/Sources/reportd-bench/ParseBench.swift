import Glibc
import ReportModel
import ReportParsing

/// Parsing on one core, in process.
enum ParseBench {
    /// Parses the same text again and again, extraction, recognition and rules included.
    /// - Parameters:
    ///   - text: UTF-8 of a report.
    ///   - seconds: how long.
    /// - Returns: the median of all runs, in 10⁶ bytes of text a second of this thread's processor time:
    ///   the figure of one core, whatever else the machine does.
    /// - Throws: ``ReportError`` when the text is not understood.
    static func megabytesPerSecond(of text: [UInt8], seconds: Double) throws -> Double {
        let input = ParsingInput(name: "report.txt", bytes: text)
        var times: [Double] = []
        let until = monotonicSeconds() + seconds
        repeat {
            let started = processorSeconds()
            let output = try Parser.parse(input)
            times.append(processorSeconds() - started)
            guard output.record.key != nil, !output.record.indicators.isEmpty else {
                throw ReportError(.internal, "the report of the benchmark was not understood")
            }
        } while monotonicSeconds() < until
        times.sort()
        return Double(text.count) / times[times.count / 2] / 1e6
    }

    /// Seconds that a processor spent on this thread.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
