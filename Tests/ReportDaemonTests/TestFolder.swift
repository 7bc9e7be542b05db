import Glibc
import ReportModel

@testable import ReportDaemon

/// A directory of its own for one test; removed with the value.
final class TestFolder: Sendable {
    let path: String

    /// Makes the directory; one in memory spares the flushes of a test with many files.
    init(inMemory: Bool = false) {
        let parent = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        path = "\(parent)/reportd-inbox-\(String(UInt64.random(in: .min ... .max), radix: 16))"
        mkdir(path, 0o755)
    }

    deinit { Self.remove(Array(path.utf8)) }

    private static func remove(_ path: [UInt8]) {
        for name in names(path) {
            let entry = path + [0x2F] + name
            var status = stat()
            lstat(entry.cString, &status)
            if status.st_mode & S_IFMT == S_IFDIR { remove(entry) } else { unlink(entry.cString) }
        }
        rmdir(path.cString)
    }

    static func names(_ path: [UInt8]) -> [[UInt8]] {
        guard let stream = opendir(path.cString) else { return [] }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        return names
    }

    func full(_ name: String) -> String { path + "/" + name }

    func makeFolder(_ name: String) { mkdir(full(name), 0o755) }

    /// Writes a file the way a program does: create, write, close.
    func write(_ text: String, to name: String) { write(Array(text.utf8), to: Array(name.utf8)) }

    func write(_ bytes: [UInt8], to name: [UInt8], flags: Int32 = O_TRUNC) {
        let file = open(
            (Array(path.utf8) + [0x2F] + name).cString,
            O_WRONLY | O_CREAT | flags,
            0o644
        )
        precondition(file >= 0, "cannot create a test file: \(errno)")
        bytes.withUnsafeBytes { _ = Glibc.write(file, $0.baseAddress, $0.count) }
        close(file)
    }

    /// Writes a file beside the inbox and renames it into it.
    func drop(_ text: String, as name: String) {
        let temporary = path + "-drop"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        Array(text.utf8).withUnsafeBytes { _ = Glibc.write(file, $0.baseAddress, $0.count) }
        close(file)
        rename(temporary, full(name))
    }

    func move(_ old: String, to new: String) { rename(full(old), full(new)) }

    func remove(_ name: String) { unlink(full(name)) }

    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat(full(name), &status) == 0
    }

    func bytes(_ name: String) -> [UInt8]? {
        let file = open(full(name), O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    func text(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    /// Names in a folder, sorted, receipts left out unless asked for.
    func names(in folder: String, receipts: Bool = false) -> [String] {
        Self.names(Array(full(folder).utf8))
            .filter { receipts || !FileName.isReceipt($0) }
            .map { String(decoding: $0, as: UTF8.self) }
            .sorted()
    }

    /// Outcome folders in which a file of this name lies.
    func outcomes(of name: String) -> [String] {
        InboxOutcome.allCases.map(\.folderName).filter { exists($0 + "/" + name) }
    }
}

extension TestFolder {
    /// A node for the doctor to look at.
    /// - Parameter more: lines of its configuration beside name and store.
    /// - Returns: the node, whose configuration is `reportd.yaml` here.
    /// - Throws: ``ReportError`` when the configuration is refused.
    func patient(_ more: String) throws -> Patient {
        write("node: {name: 甲}\nstore: \(full("store"))\n" + more, to: "reportd.yaml")
        let file = full("reportd.yaml")
        return Patient(try NodeConfiguration(file: file), file: file)
    }
}
