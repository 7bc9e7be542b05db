/// Metrics in the text format of Prometheus, version 0.0.4.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/, "Text-based format".
enum PrometheusText {
    /// The media type.
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// Writes families in the order of their names.
    static func bytes(_ families: [MetricFamily]) -> [UInt8] {
        var text = ""
        for family in families.sorted(by: { $0.name < $1.name }) { write(family, to: &text) }
        return Array(text.utf8)
    }

    private static func write(_ family: MetricFamily, to text: inout String) {
        text += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        for sample in family.samples {
            switch sample.value {
            case .integer(let number):
                line(family.name, sample.labels, String(number), to: &text)
            case .number(let number):
                line(family.name, sample.labels, self.text(of: number), to: &text)
            case .histogram(let snapshot):
                write(family.name, sample.labels, snapshot, to: &text)
            }
        }
    }

    private static func write(
        _ name: String,
        _ labels: [MetricFamily.Label],
        _ histogram: Histogram.Snapshot,
        to text: inout String
    ) {
        var count = 0
        for (bound, inBucket) in zip(histogram.bounds, histogram.counts) {
            count += inBucket
            let label = MetricFamily.Label("le", self.text(of: bound))
            line(name + "_bucket", labels + [label], String(count), to: &text)
        }
        line(
            name + "_bucket",
            labels + [.init("le", "+Inf")],
            String(histogram.count),
            to: &text
        )
        line(name + "_sum", labels, self.text(of: histogram.sum), to: &text)
        line(name + "_count", labels, String(histogram.count), to: &text)
    }

    private static func line(
        _ name: String,
        _ labels: [MetricFamily.Label],
        _ value: String,
        to text: inout String
    ) {
        text += name
        if !labels.isEmpty {
            let words = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
            text += "{" + words.joined(separator: ",") + "}"
        }
        text += " " + value + "\n"
    }

    /// A number as the format writes it.
    static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        // Whole numbers without a fraction; all others in the shortest form that reads back.
        if let whole = Int(exactly: number), abs(whole) < 1 << 53 { return String(whole) }
        return "\(number)"
    }

    /// Text with backslashes and line feeds escaped, and quotes where they would end it.
    static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
