/// Which word was probably meant.
enum Spelling {
    /// Finds the known word that is nearest.
    /// - Parameters:
    ///   - word: what was written.
    ///   - known: what can be meant.
    /// - Returns: the word with fewest changes of a character, at most two and at most a third of its
    ///   length; nil when none is that near.
    static func nearest(to word: String, in known: [String]) -> String? {
        let most = max(1, min(2, word.count / 3))
        return known.map { (word: $0, distance: distance(word, $0)) }
            .filter { $0.distance <= most }
            .min { $0.distance < $1.distance }?.word
    }

    /// Characters to be put in, taken out, changed, or exchanged with their neighbour.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        guard abs(left.count - right.count) <= 2 else { return Int.max }
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var next = [row + 1]
            for column in 0..<right.count {
                let isSame = left[row] == right[column]
                var cost = min(
                    last[column] + (isSame ? 0 : 1),
                    last[column + 1] + 1,
                    next[column] + 1
                )
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    cost = min(cost, before[column - 1] + 1)
                }
                next.append(cost)
            }
            before = last
            last = next
        }
        return last[right.count]
    }
}
