/// Metrics as a scrape reads them, by a parser that takes nothing but the format.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/, text format 0.0.4.
public struct MetricsText: Sendable {
    /// What is wrong, and in which line.
    public struct Fault: Error, CustomStringConvertible {
        /// A sentence that begins with the number of the line.
        public let description: String
    }

    /// One line with a figure.
    public struct Sample: Sendable {
        /// Name with its ending, as `…_bucket`.
        public var name: String
        /// Labels with their values as they were meant.
        public var labels: [String: String]
        /// The figure.
        public var value: Double
    }

    /// Everything under one name.
    public struct Family: Sendable {
        /// counter, gauge or histogram.
        public var kind: String
        /// The help text.
        public var help: String
        /// Lines in their order.
        public var samples: [Sample]
    }

    /// Families by name.
    public private(set) var families: [String: Family] = [:]
    private var open: String?
    private var awaitsType = false
    private var seen: Set<String> = []

    /// Reads a whole scrape.
    /// - Parameter text: the body.
    /// - Throws: ``Fault`` at the first line that is not as it must be.
    public init(_ text: String) throws(Fault) {
        guard text.hasSuffix("\n") else { throw Fault(description: "the last line has no end") }
        let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            do throws(Fault) {
                try take(line)
            } catch {
                throw Fault(description: "line \(index + 1): \(error.description): \(line)")
            }
        }
        if awaitsType { throw Fault(description: "a family ends without its type") }
        for (name, family) in families { try Self.check(name, family) }
    }

    /// The figure of a series; nil when there is none.
    /// - Parameters:
    ///   - name: name with its ending.
    ///   - labels: all its labels.
    /// - Returns: the figure.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        for family in families.values {
            for sample in family.samples where sample.name == name && sample.labels == labels {
                return sample.value
            }
        }
        return nil
    }

    /// Names that a query may use: of a histogram those of its series.
    public var names: Set<String> {
        var names: Set<String> = []
        for (name, family) in families {
            let endings = family.kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
            for ending in endings { names.insert(name + ending) }
        }
        return names
    }

    // MARK: Lines

    private mutating func take(_ line: Substring) throws(Fault) {
        guard line.hasPrefix("#") else { return try takeSample(line) }
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "#" else {
            throw Fault(description: "a comment that is neither HELP nor TYPE")
        }
        let name = String(words[2])
        guard Self.isName(name, colons: true) else { throw Fault(description: "a bad name") }
        switch words[1] {
        case "HELP":
            guard families[name] == nil, !awaitsType else {
                throw Fault(description: "a second HELP, or one without TYPE")
            }
            families[name] = Family(kind: "", help: String(words[3]), samples: [])
            open = name
            awaitsType = true
        case "TYPE":
            guard awaitsType, open == name,
                ["counter", "gauge", "histogram"].contains(words[3])
            else { throw Fault(description: "TYPE without its HELP, or of an unknown kind") }
            families[name]?.kind = String(words[3])
            awaitsType = false
        default: throw Fault(description: "a comment that is neither HELP nor TYPE")
        }
    }

    private mutating func takeSample(_ line: Substring) throws(Fault) {
        guard let open, !awaitsType, let family = families[open] else {
            throw Fault(description: "a figure outside of a family")
        }
        var rest = line[...]
        let name = String(rest.prefix { $0 != "{" && $0 != " " })
        rest = rest.dropFirst(name.count)
        let endings = family.kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard endings.contains(where: { open + $0 == name }) else {
            throw Fault(description: "a figure of another family")
        }
        var labels: [String: String] = [:]
        if rest.hasPrefix("{") { labels = try Self.labels(&rest) }
        guard rest.hasPrefix(" ") else { throw Fault(description: "no blank before the value") }
        let word = String(rest.dropFirst())
        let special = ["+Inf": Double.infinity, "-Inf": -.infinity, "NaN": .nan]
        let isPlain = word.allSatisfy { $0.isASCII && ($0.isNumber || "+-.e".contains($0)) }
        guard let value = special[word] ?? (isPlain ? Double(word) : nil) else {
            throw Fault(description: "'\(word)' is no value")
        }
        let series = name + labels.sorted { $0.key < $1.key }.map { "\0\($0)\0\($1)" }.joined()
        guard seen.insert(series).inserted else {
            throw Fault(description: "a series stands twice")
        }
        families[open]?.samples.append(Sample(name: name, labels: labels, value: value))
    }

    private static func labels(_ rest: inout Substring) throws(Fault) -> [String: String] {
        var labels: [String: String] = [:]
        rest = rest.dropFirst()
        while true {
            let name = String(rest.prefix { $0 != "=" })
            rest = rest.dropFirst(name.count)
            guard isName(name, colons: false), !name.hasPrefix("__"), rest.hasPrefix("=\"") else {
                throw Fault(description: "a bad label '\(name)'")
            }
            rest = rest.dropFirst(2)
            guard labels[name] == nil else { throw Fault(description: "a label stands twice") }
            labels[name] = try quoted(&rest)
            if rest.hasPrefix(",") {
                rest = rest.dropFirst()
                continue
            }
            guard rest.hasPrefix("}") else { throw Fault(description: "labels have no end") }
            rest = rest.dropFirst()
            return labels
        }
    }

    private static func quoted(_ rest: inout Substring) throws(Fault) -> String {
        var text = String.UnicodeScalarView()
        var scalars = rest.unicodeScalars
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"":
                rest = Substring(scalars)
                return String(text)
            case "\\":
                switch scalars.popFirst() {
                case "\\": text.append("\\")
                case "\"": text.append("\"")
                case "n": text.append("\n")
                default: throw Fault(description: "an unknown escape")
                }
            default: text.append(scalar)
            }
        }
        throw Fault(description: "a label's value has no end")
    }

    private static func isName(_ name: String, colons: Bool) -> Bool {
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
            return false
        }
        return name.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar) || scalar == "_" || colons && scalar == ":"
        }
    }

    // MARK: Families

    private static func check(_ name: String, _ family: Family) throws(Fault) {
        func fail(_ text: String) -> Fault { Fault(description: "\(name) \(text)") }
        guard !family.help.isEmpty else { throw fail("has no help") }
        guard (family.kind == "counter") == name.hasSuffix("_total") else {
            throw fail("is a counter without _total, or the reverse")
        }
        for unit in ["_ms", "_milliseconds", "_minutes", "_kb", "_mb"] where name.hasSuffix(unit) {
            throw fail("is not in a base unit")
        }
        if family.kind == "counter", family.samples.contains(where: { !($0.value >= 0) }) {
            throw fail("counts below zero")
        }
        if family.kind == "histogram" { try checkHistogram(name, family) }
    }

    private static func checkHistogram(_ name: String, _ family: Family) throws(Fault) {
        var groups: [[String: String]: [Sample]] = [:]
        for sample in family.samples {
            var labels = sample.labels
            labels["le"] = nil
            groups[labels, default: []].append(sample)
        }
        for (labels, samples) in groups {
            func fail(_ text: String) -> Fault { Fault(description: "\(name)\(labels) \(text)") }
            let buckets = samples.filter { $0.name == name + "_bucket" }
            let ends = buckets.compactMap { bucket -> Double? in
                bucket.labels["le"].flatMap { $0 == "+Inf" ? .infinity : Double($0) }
            }
            guard ends.count == buckets.count, ends == ends.sorted(), ends.last == .infinity else {
                throw fail("has buckets that do not ascend to +Inf")
            }
            let counts = buckets.map(\.value)
            guard counts == counts.sorted() else { throw fail("is not cumulative") }
            let total = samples.first { $0.name == name + "_count" }?.value
            guard let total, total == counts.last,
                samples.contains(where: { $0.name == name + "_sum" })
            else { throw fail("lacks its sum, or its count is not that of the last bucket") }
        }
    }
}
