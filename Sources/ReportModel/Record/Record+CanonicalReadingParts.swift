// Members stand as ``CanonicalWritable`` writes them; CanonicalReaderTests holds the two together.

extension SourceFile: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let bytes = try reader.integer("{\"bytes\":")
        let encoding = try reader.optionalText(",\"encoding\":")
        let format = try reader.text(",\"format\":")
        let name = try reader.string(",\"name\":")
        let isOptical = reader.passIf(",\"ocr\":true")
        let pages = try reader.optionalInteger(",\"pages\":")
        let sha256 = try reader.string(",\"sha256\":")
        try reader.pass("}")
        return Self(
            name: name,
            format: format,
            bytes: bytes,
            sha256: sha256,
            encoding: encoding,
            pages: pages,
            isOptical: isOptical
        )
    }
}

extension ListedItem: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let part = try reader.integer("{\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let text = try reader.text(",\"text\":")
        try reader.pass("}")
        return Self(
            text: text,
            part: part,
            place: place
        )
    }
}

extension TotalScore: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let full = try reader.optionalText("{\"full\":")
        let grade = try reader.optionalText(",\"grade\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let total = try reader.text(",\"total\":")
        try reader.pass("}")
        return Self(
            total: total,
            full: full,
            grade: grade,
            part: part,
            place: place
        )
    }
}

extension Staffing: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let count = try reader.string("{\"count\":")
        let label = try reader.text(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let role = try reader.string(",\"role\":")
        let unit = try reader.optionalText(",\"unit\":")
        try reader.pass("}")
        return Self(
            role: role,
            count: count,
            label: label,
            unit: unit,
            part: part,
            place: place
        )
    }
}

extension ExecutionLine: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let label = try reader.text("{\"label\":")
        let part = try reader.integer(",\"part\":")
        let percent = try reader.optionalText(",\"percent\":")
        let place: Place = try reader.value(",\"place\":")
        let project = try reader.optionalText(",\"project\":")
        let score = try reader.optionalText(",\"score\":")
        let weight = try reader.optionalText(",\"weight\":")
        try reader.pass("}")
        return Self(
            label: label,
            percent: percent,
            weight: weight,
            score: score,
            project: project,
            part: part,
            place: place
        )
    }
}

extension Project: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let budget = try reader.optionalText("{\"budget\":")
        let code = try reader.optionalText(",\"code\":")
        let executed = try reader.optionalText(",\"executed\":")
        let name = try reader.text(",\"name\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let unit = try reader.optionalText(",\"unit\":")
        try reader.pass("}")
        return Self(
            name: name,
            code: code,
            budget: budget,
            executed: executed,
            unit: unit,
            part: part,
            place: place
        )
    }
}

extension UnreadItem: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let place: Place? = try reader.optionalValue("{\"place\":")
        let reason = try reader.text(",\"reason\":")
        let what = try reader.text(",\"what\":")
        try reader.pass("}")
        return Self(
            what: what,
            reason: reason,
            place: place
        )
    }
}

extension UnitIdentity: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let aliases = try reader.texts("{\"aliases\":")
        let name = try reader.optionalString(",\"name\":")
        let scope = try reader.optionalText(",\"scope\":")
        let shortName = try reader.optionalText(",\"shortName\":")
        try reader.pass("}")
        return Self(
            name: name,
            shortName: shortName,
            scope: scope,
            aliases: aliases
        )
    }
}
