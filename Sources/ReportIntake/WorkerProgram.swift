import Descriptors
import Glibc
public import ReportModel

/// The inside of `reportd-worker`: reads requests from standard input, writes replies to standard
/// output, ends at end of file.
public enum WorkerProgram {
    /// Limits the process, then answers requests until standard input ends.
    ///
    /// The limits are soft: a program that the handler starts sets its own. Standard output belongs
    /// to the protocol: whatever the handler prints must go elsewhere.
    /// - Parameters:
    ///   - addressSpaceByteCount: address space after which allocations fail.
    ///   - dataByteCount: private writable memory after which allocations fail.
    ///   - timeLimitSeconds: time after which a request ends the process with its children, should
    ///     nobody watch it.
    ///   - handle: does the work of one request; its errors become error replies.
    /// - Returns: the exit status: 0 at end of file, 1 when the peer broke the protocol.
    public static func run(
        addressSpaceByteCount: Int,
        dataByteCount: Int,
        timeLimitSeconds: Int,
        handle: (WorkerRequest, WorkerProgress) throws(ReportError) -> [UInt8]
    ) -> Int32 {
        limit(RLIMIT_AS, to: addressSpaceByteCount)
        limit(RLIMIT_DATA, to: dataByteCount)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        WorkerAlarm.install()
        var input = DescriptorReader(descriptor: STDIN_FILENO)
        while true {
            guard let line = input.line(maximumByteCount: 128) else { return input.atEnd ? 0 : 1 }
            guard let request = read(line: line, from: &input) else { return 1 }
            let reply: WorkerReply
            let progress = WorkerProgress(start: .now, slackSeconds: 5)
            alarm(UInt32(clamping: timeLimitSeconds))
            do throws(ReportError) {
                reply = .success(try handle(request, progress))
            } catch {
                reply = .failure(error)
            }
            alarm(0)
            guard Descriptor.write(reply.bytes, to: STDOUT_FILENO) else { return 1 }
        }
    }

    private static func limit(_ resource: __rlimit_resource, to value: Int) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(resource.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(max(0, value)))
        setrlimit(resource, &limit)
    }

    private static func read(
        line: [UInt8],
        from input: inout DescriptorReader
    ) -> WorkerRequest? {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 3, let operation = WorkerOperation(rawValue: String(words[0])),
            let argumentCount = Int(words[1]),
            (0...WorkerLimits.maximumArgumentByteCount).contains(argumentCount),
            let payloadCount = Int(words[2]),
            (0...WorkerLimits.maximumPayloadByteCount).contains(payloadCount),
            let argument = input.bytes(argumentCount),
            let json = try? JSONValue(parsing: argument),
            let payload = input.bytes(payloadCount)
        else { return nil }
        return WorkerRequest(operation, argument: json, payload: payload)
    }
}

/// Reads lines and counted bytes from a descriptor.
struct DescriptorReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var offset = 0
    private(set) var atEnd = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// One line without its line feed; nil at the end or when it is too long.
    mutating func line(maximumByteCount: Int) -> [UInt8]? {
        while true {
            let rest = buffer[offset...]
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { offset = end + 1 }
                return Array(rest[..<end])
            }
            guard rest.count <= maximumByteCount, fill() else { return nil }
        }
    }

    /// Exactly `count` bytes; nil when the input ends before.
    mutating func bytes(_ count: Int) -> [UInt8]? {
        while buffer.count - offset < count {
            guard fill() else { return nil }
        }
        defer {
            offset += count
            if offset == buffer.count {
                buffer = []
                offset = 0
            }
        }
        return Array(buffer[offset..<offset + count])
    }

    private mutating func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                atEnd = count == 0 && offset == buffer.count
                return false
            }
            buffer.append(contentsOf: chunk[..<count])
            return true
        }
    }
}
