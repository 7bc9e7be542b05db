// What the store writes with every version; the bytes are those of the trees.

extension VersionInfo {
    /// Appends what stands behind a stored record in the answer to a `get`, in place of its last brace.
    package func appendSuffix(to bytes: inout ByteWriter) {
        bytes.append(",\"status\":", status.rawValue)
        bytes.append(",\"version\":")
        appendCanonical(to: &bytes)
        bytes.append("}\n")
    }

    /// Appends the canonical form of ``json``.
    package func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"comment\":", comment)
        bytes.append(",\"conflict\":", conflict)
        bytes.append(",\"id\":", id)
        bytes.append(",\"log\":", log.description)
        bytes.append(",\"node\":", node)
        bytes.append(",\"number\":", number)
        bytes.append(",\"parents\":[")
        for (index, parent) in parents.enumerated() {
            if index > 0 { bytes.append(",") }
            bytes.append("", parent.hex)
        }
        bytes.append("],\"recordedAt\":\"")
        recordedAt.append(to: &bytes)
        bytes.append("\",\"sequence\":", Int(clamping: sequence))
        bytes.append("}")
    }
}

extension RecordSummary {
    /// Appends the canonical form of ``json`` with the members `province` and `partKinds` added.
    package func appendCanonical(
        to bytes: inout ByteWriter,
        province: String?,
        partKinds: [String]
    ) {
        bytes.append("{\"conflict\":", !version.conflict.isEmpty)
        bytes.append(",\"executionRate\":", executionRate)
        bytes.append(",\"findings\":{\"high\":", findings.high)
        bytes.append(",\"info\":", findings.info)
        bytes.append(",\"low\":", findings.low)
        bytes.append(",\"medium\":", findings.medium)
        bytes.append("},\"grade\":", grade)
        bytes.append(",\"id\":", version.id)
        bytes.append(",\"key\":", version.key)
        bytes.append(",\"kind\":", kind)
        bytes.append(",\"partKinds\":", partKinds)
        bytes.append(",\"province\":", province)
        bytes.append(",\"recordedAt\":\"")
        version.recordedAt.append(to: &bytes)
        bytes.append("\",\"region\":", regionCode)
        bytes.append(",\"score\":", score)
        bytes.append(",\"status\":", version.status.rawValue)
        bytes.append(",\"title\":", title)
        bytes.append(",\"unit\":", unit)
        bytes.append(",\"version\":", version.number)
        if isWithheld { bytes.append(",\"withheld\":", true) }
        bytes.append(",\"year\":", year)
        bytes.append("}")
    }
}
