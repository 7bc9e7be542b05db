import Glibc
import ReportParsing

/// A file that cases are made from.
public struct FuzzSeed: Sendable {
    /// Where it comes from.
    public var name: String
    /// Its bytes.
    public var bytes: [UInt8]
    /// Its format, told by content.
    public var format: String

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        format = FileFormat.sniff(bytes, name: name).name
    }

    /// Formats that are read in this process; the rest stands together as one.
    private static let own = ["txt", "html", "docx", "xlsx", "xml-sheet", "mht", "pdf", "ofd"]

    /// Seeds by format, so that each format gets as many cases as any other.
    /// - Parameter seeds: all seeds.
    /// - Returns: groups, none of them empty, in the same order in every run.
    static func groups(_ seeds: [FuzzSeed]) -> [[FuzzSeed]] {
        (own.map { format in seeds.filter { $0.format == format } }
            + [seeds.filter { !own.contains($0.format) }])
            .filter { !$0.isEmpty }
    }

    /// All seeds: the files of the folders, and the texts among them dressed in the other formats.
    /// - Parameter folders: folders of files; truth files are left out.
    /// - Returns: seeds sorted by name; files that cannot be opened or exceed a megabyte are left out.
    public static func load(folders: [String]) -> [FuzzSeed] {
        var seeds: [FuzzSeed] = []
        for folder in folders {
            let files = names(in: folder).filter { !$0.hasSuffix(".json") && !$0.hasPrefix(".") }
            for name in files.sorted() {
                guard let bytes = read(folder + "/" + name), !bytes.isEmpty else { continue }
                seeds.append(FuzzSeed(name, bytes))
            }
        }
        let texts = seeds.filter { $0.format == "txt" }.prefix(24)
        for seed in texts {
            let lines = String(decoding: seed.bytes, as: UTF8.self).split(separator: "\n")
            for (format, bytes) in SeedDocuments.all(lines.prefix(120).map(String.init)) {
                seeds.append(FuzzSeed(seed.name + "." + format, bytes))
            }
        }
        return seeds
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    private static func read(_ path: String) -> [UInt8]? {
        let maximum = 1 << 20
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: maximum + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        return count > maximum ? nil : Array(bytes[..<count])
    }
}
