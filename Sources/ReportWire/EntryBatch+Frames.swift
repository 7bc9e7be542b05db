import ReportCompression
import ReportModel

extension EntryBatch {
    /// Fewest bytes of a body that are worth a frame.
    private static let smallestFrame = 256

    /// Makes frames of bodies that have none, unless they would be larger; a body of a file has one in the store.
    package mutating func compress() {
        for entry in entries.indices {
            for index in entries[entry].bodies.indices {
                guard let body = entries[entry].bodies[index], body.frame == nil,
                    body.bytes.count >= Self.smallestFrame
                else { continue }
                entries[entry].bodies[index]?.frame = Compression.compressed(
                    body.bytes,
                    level: Compression.roadLevel
                )
            }
        }
    }

    /// Drops frames, so that bodies travel as they are.
    package mutating func expand() {
        for entry in entries.indices {
            for index in entries[entry].bodies.indices {
                entries[entry].bodies[index]?.frame = nil
            }
        }
    }
}
