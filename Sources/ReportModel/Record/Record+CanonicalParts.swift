// Members stand in the order of RFC 8785; CanonicalRecordTests holds them against the trees.

extension Section: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"level\":", level)
        bytes.append(",\"number\":", number)
        bytes.append(",\"place\":", place)
        bytes.append(",\"title\":", title)
        bytes.append("}")
    }
}

extension Part: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"kind\":", kind.rawValue)
        bytes.append(",\"place\":", place)
        bytes.append(",\"source\":", source)
        bytes.append(",\"title\":", title)
        bytes.append("}")
    }
}

extension Finding: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"computed\":", computed)
        bytes.append(",\"fingerprint\":", fingerprint)
        bytes.append(",\"message\":", message)
        bytes.append(",\"places\":", places)
        bytes.append(",\"rule\":", rule)
        bytes.append(",\"severity\":", severity.rawValue)
        bytes.append(",\"stated\":", stated)
        bytes.append("}")
    }
}

extension SourceFile: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"bytes\":", self.bytes)
        bytes.append(",\"encoding\":", encoding)
        bytes.append(",\"format\":", format)
        bytes.append(",\"name\":", name)
        if isOptical { bytes.append(",\"ocr\":true") }
        bytes.append(",\"pages\":", pages)
        bytes.append(",\"sha256\":", sha256)
        bytes.append("}")
    }
}

extension ListedItem: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"text\":", text)
        bytes.append("}")
    }
}

extension TotalScore: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"full\":", full)
        bytes.append(",\"grade\":", grade)
        bytes.append(",\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"total\":", total)
        bytes.append("}")
    }
}

extension Staffing: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"count\":", count)
        bytes.append(",\"label\":", label)
        bytes.append(",\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"role\":", role)
        bytes.append(",\"unit\":", unit)
        bytes.append("}")
    }
}

extension ExecutionLine: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"label\":", label)
        bytes.append(",\"part\":", part)
        bytes.append(",\"percent\":", percent)
        bytes.append(",\"place\":", place)
        bytes.append(",\"project\":", project)
        bytes.append(",\"score\":", score)
        bytes.append(",\"weight\":", weight)
        bytes.append("}")
    }
}

extension Project: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"budget\":", budget)
        bytes.append(",\"code\":", code)
        bytes.append(",\"executed\":", executed)
        bytes.append(",\"name\":", name)
        bytes.append(",\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"unit\":", unit)
        bytes.append("}")
    }
}

extension UnreadItem: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"place\":")
        if let place { place.appendCanonical(to: &bytes) } else { bytes.append("null") }
        bytes.append(",\"reason\":", reason)
        bytes.append(",\"what\":", what)
        bytes.append("}")
    }
}

extension UnitIdentity: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"aliases\":", aliases)
        bytes.append(",\"name\":", name)
        bytes.append(",\"scope\":", scope)
        bytes.append(",\"shortName\":", shortName)
        bytes.append("}")
    }
}

extension Region: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"candidates\":[")
        for (index, candidate) in candidates.enumerated() {
            if index > 0 { bytes.append(",") }
            bytes.append("{\"city\":", candidate.city)
            bytes.append(",\"code\":", candidate.code)
            bytes.append(",\"district\":", candidate.district)
            bytes.append(",\"province\":", candidate.province)
            bytes.append("}")
        }
        bytes.append("],\"city\":", city)
        bytes.append(",\"code\":", code)
        bytes.append(",\"district\":", district)
        bytes.append(",\"local\":", local)
        bytes.append(",\"province\":", province)
        bytes.append("}")
    }
}
