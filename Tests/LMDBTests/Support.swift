import Glibc
import LMDB
import Testing

/// Makes a directory of its own for a test and removes it with everything in it afterwards.
@discardableResult
func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = try makeDirectory()
    defer { removeTree(path) }
    return try body(path)
}

/// Makes a directory of its own for an asynchronous test and removes it afterwards.
@discardableResult
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = try makeDirectory()
    defer { removeTree(path) }
    return try await body(path)
}

/// Opens a small environment in a directory of its own, closes it afterwards and checks that it
/// could be closed, which means that no transaction was left behind.
@discardableResult
func withEnvironment<Result>(
    mapByteCount: Int = 16 << 20,
    _ body: (Environment) throws -> Result
) throws -> Result {
    try withDirectory { path in
        let environment = try Environment(path: path, options: small(mapByteCount))
        let result = try body(environment)
        try environment.close(waitingAtMost: .zero)
        return result
    }
}

/// Options of a map that suits a test.
func small(_ mapByteCount: Int = 16 << 20, readOnly: Bool = false) -> Environment.Options {
    var options = Environment.Options()
    options.mapByteCount = mapByteCount
    options.readOnly = readOnly
    return options
}

/// The error code a body throws, or nil when it throws none.
func code(of body: () throws -> Void) throws -> LMDBError.Code? {
    do {
        try body()
        return nil
    } catch let error as LMDBError {
        return error.code
    }
}

/// The bytes of a string.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A number as a key: the greatest byte first.
func key(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

/// Copies a lent span.
func copy(_ span: RawSpan) -> [UInt8] {
    span.withUnsafeBytes { [UInt8]($0) }
}

/// The keys and values of a table as text, in its order.
func contents(_ environment: Environment, _ table: Database) throws -> [String] {
    try environment.read { (transaction) throws(LMDBError) in
        var lines: [String] = []
        try transaction.forEach(in: table) { key, value in
            lines.append(text(key) + "=" + text(value))
            return .continue
        }
        return lines
    }
}

/// A lent span as text.
func text(_ span: RawSpan) -> String { String(decoding: copy(span), as: UTF8.self) }

private func makeDirectory() throws -> String {
    var template = Array("/tmp/lmdb-tests-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    return try #require(made)
}

private func removeTree(_ path: String) {
    // A link to a directory goes before what it names is looked at.
    if unlink(path) == 0 { return }
    if let directory = opendir(path) {
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." {
                removeTree(path + "/" + name)
            }
        }
        closedir(directory)
    }
    remove(path)
}
