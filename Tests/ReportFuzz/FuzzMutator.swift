import FuzzSupport

/// Changes a file in the way that fits its format, sometimes in one that does not.
enum FuzzMutator {
    /// Makes a changed file.
    /// - Parameters:
    ///   - seed: the file.
    ///   - other: another file to splice with, mostly of the same format.
    ///   - ceiling: bytes up to which blocks are repeated many times.
    ///   - random: numbers of this case.
    /// - Returns: the changed file.
    static func changed(
        _ seed: [UInt8],
        other: [UInt8],
        ceiling: Int,
        _ random: inout FuzzGenerator
    ) -> [UInt8] {
        if !random.once(in: 12), var zip = FuzzZip(seed) {
            changeMembers(&zip, other: FuzzZip(other), ceiling: ceiling, &random)
            return zip.bytes
        }
        var bytes = seed
        changePart(&bytes, other: other, ceiling: ceiling, &random)
        return bytes
    }

    private static func changeMembers(
        _ zip: inout FuzzZip,
        other: FuzzZip?,
        ceiling: Int,
        _ random: inout FuzzGenerator
    ) {
        for _ in 0..<(random.once(in: 3) ? 2 : 1) {
            // What holds the text is changed more often than the rest.
            let large = zip.members.indices.max {
                zip.members[$0].bytes.count < zip.members[$1].bytes.count
            }
            let any = random.below(zip.members.count)
            let index = random.once(in: 2) ? large ?? any : any
            let name = zip.members[index].name
            let twin = other?.members.first { $0.name == name }?.bytes ?? []
            changePart(&zip.members[index].bytes, other: twin, ceiling: ceiling, &random)
        }
        switch random.below(40) {
        case 0 where zip.members.count > 1: zip.members.remove(at: random.below(zip.members.count))
        case 1:
            var member = random.pick(zip.members)
            member.name = random.pick(zip.members).name
            zip.members.append(member)
        case 2:
            let index = random.below(zip.members.count)
            ByteMutator.change(&zip.members[index].name, other: [], &random)
        case 3 where other != nil:
            let index = random.below(zip.members.count)
            zip.members[index].bytes = random.pick(other?.members ?? zip.members).bytes
        default: break
        }
    }

    private static func changePart(
        _ bytes: inout [UInt8],
        other: [UInt8],
        ceiling: Int,
        _ random: inout FuzzGenerator
    ) {
        let head = bytes.prefix(400)
        let isMarkup = head.contains(0x3C) && head.contains(0x3E)
        let isBinary = head.contains { $0 < 9 } || head.starts(with: Array("%PDF".utf8))
        if random.once(in: 6) || (isBinary && random.once(in: 2)) {
            ByteMutator.change(&bytes, other: other, &random)
        } else if isMarkup && !isBinary {
            MarkupMutator.change(&bytes, other: other, ceiling: ceiling, &random)
        } else {
            TextMutator.change(&bytes, other: other, ceiling: isBinary ? 0 : ceiling, &random)
        }
    }
}
