import ReportModel
import ReportStore
import Testing

@Suite("Compressed batches of a bundle")
struct BundleBatchTests {
    /// A section: a byte count, then a zstd frame of one raw block that states a length of its own.
    private func section(declared: UInt64, stated: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        var section: [UInt8] = []
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            section.append(UInt8(truncatingIfNeeded: declared >> shift))
        }
        section += [0x28, 0xB5, 0x2F, 0xFD, 0xA0]
        for shift in stride(from: UInt32(0), through: 24, by: 8) {
            section.append(UInt8(truncatingIfNeeded: stated >> shift))
        }
        let head = bytes.count << 3 | 1
        for shift in [0, 8, 16] { section.append(UInt8(truncatingIfNeeded: head >> shift)) }
        return section + bytes
    }

    private func error(_ section: [UInt8]) -> ReportError? {
        #expect(throws: ReportError.self) {
            try BundleReader.batch(section, isCompressed: true)
        }
    }

    @Test("a length that frame or bytes contradict is refused before room is made")
    func declared() {
        let bytes = [UInt8](repeating: 7, count: 300)
        // The first was found by the fuzzer: 60 MiB were made room for on the word of eight bytes.
        for (declared, stated) in [
            (UInt64(63_260_481), UInt32(300)), (300, 299), (134_217_728, 134_217_728),
            (134_217_729, 300), (.max, 300), (0, 0),
        ] {
            let section = section(declared: declared, stated: stated, bytes)
            let fault = error(section)
            #expect(fault?.code == .integrity)
        }
        let none = error([])
        let cut = error([0, 0, 0, 0, 0, 0, 1, 44])
        #expect(none?.code == .integrity && cut?.code == .integrity)
    }
}
