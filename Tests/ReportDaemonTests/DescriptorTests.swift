import Descriptors
import Glibc
import Testing

@Suite("Whole reads and writes")
struct DescriptorTests {
    @Test("a file is read to its limit and a byte further; what cannot be read is no empty file")
    func descriptors() throws {
        let folder = TestFolder()
        folder.write("0123456789", to: "a")
        func read(_ limit: Int) -> [UInt8]? {
            let descriptor = open(folder.full("a"), O_RDONLY | O_CLOEXEC)
            defer { close(descriptor) }
            return Descriptor.read(descriptor, limit: limit)
        }
        #expect(read(10)?.count == 10 && read(100)?.count == 10)
        #expect(read(9)?.count == 10 && read(3) == Array("0123".utf8))
        let directory = open(folder.path, O_RDONLY | O_CLOEXEC)
        defer { close(directory) }
        #expect(Descriptor.read(directory, limit: 10) == nil && errno == EISDIR)
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        #expect(!Descriptor.write([1], to: full) && errno == ENOSPC)
    }
}
