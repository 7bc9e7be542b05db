// Members stand as ``CanonicalWritable`` writes them; CanonicalReaderTests holds the two together.

extension SourceFile: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let bytes = try reader.integer("{\"bytes\":")
        let encoding = try reader.optionalText(",\"encoding\":")
        let format = try reader.text(",\"format\":")
        let name = try reader.string(",\"name\":")
        let isOptical = reader.passIf(",\"ocr\":true")
        let pages = try reader.optionalInteger(",\"pages\":")
        let sha256 = try reader.string(",\"sha256\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let part = try reader.integer("{\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let text = try reader.text(",\"text\":")
        try reader.pass("}")
        self.init(
            text: text,
            part: part,
            place: place
        )
    }
}

extension TotalScore: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let full = try reader.optionalText("{\"full\":")
        let grade = try reader.optionalText(",\"grade\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let total = try reader.text(",\"total\":")
        try reader.pass("}")
        self.init(
            total: total,
            full: full,
            grade: grade,
            part: part,
            place: place
        )
    }
}

extension Staffing: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let count = try reader.string("{\"count\":")
        let label = try reader.text(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let role = try reader.string(",\"role\":")
        let unit = try reader.optionalText(",\"unit\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let label = try reader.text("{\"label\":")
        let part = try reader.integer(",\"part\":")
        let percent = try reader.optionalText(",\"percent\":")
        let place: Place = try reader.value(",\"place\":")
        let project = try reader.optionalText(",\"project\":")
        let score = try reader.optionalText(",\"score\":")
        let weight = try reader.optionalText(",\"weight\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let budget = try reader.optionalText("{\"budget\":")
        let code = try reader.optionalText(",\"code\":")
        let executed = try reader.optionalText(",\"executed\":")
        let name = try reader.text(",\"name\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let unit = try reader.optionalText(",\"unit\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let place: Place? = try reader.optionalValue("{\"place\":")
        let reason = try reader.text(",\"reason\":")
        let what = try reader.text(",\"what\":")
        try reader.pass("}")
        self.init(
            what: what,
            reason: reason,
            place: place
        )
    }
}

extension UnitIdentity: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let aliases = try reader.texts("{\"aliases\":")
        let name = try reader.optionalString(",\"name\":")
        let scope = try reader.optionalText(",\"scope\":")
        let shortName = try reader.optionalText(",\"shortName\":")
        try reader.pass("}")
        self.init(
            name: name,
            shortName: shortName,
            scope: scope,
            aliases: aliases
        )
    }
}
