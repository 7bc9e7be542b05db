extension Record {
    /// The bytes that the store keeps and a `get` prints before `status` and `version`.
    public var canonicalBytes: [UInt8] { canonicalForm.bytes }

    /// The same with the place where the value of the member `sources` begins.
    package var canonicalForm: CanonicalForm {
        var bytes = ByteWriter(capacity: 1 << 14)
        bytes.append("{\"amounts\":", amounts)
        bytes.append(",\"counts\":", counts)
        bytes.append(",\"executionLines\":", executionLines)
        bytes.append(",\"executionRate\":", executionRate)
        bytes.append(",\"findings\":", findings)
        bytes.append(",\"given\":", .object(given))
        bytes.append(",\"grade\":", grade)
        bytes.append(",\"improvements\":", improvements)
        bytes.append(",\"indicators\":", indicators)
        bytes.append(",\"key\":", key)
        bytes.append(",\"kind\":", kind)
        bytes.append(",\"parser\":", parser)
        bytes.append(",\"parts\":", parts)
        bytes.append(",\"problems\":", problems)
        bytes.append(",\"projects\":", projects)
        bytes.append(",\"rates\":", rates)
        bytes.append(",\"region\":", region)
        bytes.append(",\"remarks\":", remarks)
        bytes.append(",\"reportDate\":", reportDate)
        bytes.append(",\"rules\":", rules)
        bytes.append(",\"schema\":", Record.schema)
        bytes.append(",\"score\":", score)
        bytes.append(",\"scores\":", scores)
        bytes.append(",\"sections\":", sections)
        bytes.append(",\"sources\":")
        let start = bytes.count
        bytes.append("", sources)
        bytes.append(",\"staffing\":", staffing)
        bytes.append(",\"title\":", title)
        bytes.append(",\"unit\":", unit)
        bytes.append(",\"unread\":", unread)
        bytes.append(",\"year\":", year)
        bytes.append("}")
        return CanonicalForm(bytes: bytes.bytes, sources: start)
    }
}

extension Place: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"block\":", block)
        if let cell { bytes.append(",\"cell\":", cell) }
        bytes.append(",\"end\":", end)
        if let page { bytes.append(",\"page\":", page) }
        bytes.append(",\"quote\":", quote)
        if let sheet { bytes.append(",\"sheet\":", sheet) }
        bytes.append(",\"source\":", source)
        bytes.append(",\"start\":", start)
        bytes.append("}")
    }
}

extension Amount: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"approximate\":", approximate)
        bytes.append(",\"direction\":", direction)
        bytes.append(",\"functionCode\":", functionCode)
        bytes.append(",\"label\":", label)
        bytes.append(",\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"project\":", project)
        bytes.append(",\"role\":", role)
        bytes.append(",\"unit\":", unit)
        bytes.append(",\"value\":", value)
        bytes.append(",\"year\":", year)
        bytes.append(",\"yuan\":", yuan)
        bytes.append("}")
    }
}

extension Rate: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"direction\":", direction)
        bytes.append(",\"label\":", label)
        bytes.append(",\"part\":", part)
        bytes.append(",\"percent\":", percent)
        bytes.append(",\"place\":", place)
        bytes.append(",\"role\":", role)
        bytes.append(",\"score\":", score)
        bytes.append(",\"weight\":", weight)
        bytes.append("}")
    }
}

extension Indicator: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"actual\":", actual)
        bytes.append(",\"level1\":", level1)
        bytes.append(",\"level2\":", level2)
        bytes.append(",\"level3\":", level3)
        bytes.append(",\"note\":", note)
        bytes.append(",\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"project\":", project)
        bytes.append(",\"score\":", score)
        bytes.append(",\"target\":", target)
        bytes.append(",\"unit\":", unit)
        bytes.append(",\"weight\":", weight)
        bytes.append("}")
    }
}
