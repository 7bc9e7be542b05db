import CZip
import Testing

/// Files of a zip by name.
func members(of path: String) throws -> [String: [UInt8]] {
    var code: Int32 = 0
    let archive = try #require(zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code))
    defer { zip_discard(archive) }
    var members: [String: [UInt8]] = [:]
    for index in 0..<zip_get_num_entries(archive, 0) {
        let name = try #require(zip_get_name(archive, UInt64(index), ZIP_FL_ENC_GUESS))
        var facts = zip_stat_t()
        #expect(zip_stat_index(archive, UInt64(index), 0, &facts) == 0)
        let file = try #require(zip_fopen_index(archive, UInt64(index), 0))
        defer { zip_fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Int(facts.size))
        let count = bytes.withUnsafeMutableBytes { zip_fread(file, $0.baseAddress, facts.size) }
        #expect(count == Int64(facts.size))
        members[String(cString: name)] = bytes
    }
    return members
}
