// Members stand as ``CanonicalWritable`` writes them; CanonicalReaderTests holds the two together.

extension Place: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let block = try reader.integer("{\"block\":")
        let cell = reader.passIf(",\"cell\":") ? try reader.text() : nil
        let end = try reader.integer(",\"end\":")
        let page = reader.passIf(",\"page\":") ? try reader.integer() : nil
        let quote = try reader.quotation(",\"quote\":")
        let sheet = reader.passIf(",\"sheet\":") ? try reader.text() : nil
        let source = try reader.integer(",\"source\":")
        let start = try reader.integer(",\"start\":")
        try reader.pass("}")
        return Self(
            source: source,
            block: block,
            start: start,
            end: end,
            quote: quote,
            page: page,
            sheet: sheet,
            cell: cell
        )
    }
}

extension Amount: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let approximate = try reader.bool("{\"approximate\":")
        let direction = try reader.optionalString(",\"direction\":")
        let functionCode = try reader.optionalText(",\"functionCode\":")
        let label = try reader.text(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let project = try reader.optionalText(",\"project\":")
        let role = try reader.string(",\"role\":")
        let unit = try reader.text(",\"unit\":")
        let value = try reader.text(",\"value\":")
        let year = try reader.optionalInteger(",\"year\":")
        let yuan = try reader.string(",\"yuan\":")
        try reader.pass("}")
        return Self(
            label: label,
            role: role,
            value: value,
            unit: unit,
            yuan: yuan,
            direction: direction,
            approximate: approximate,
            year: year,
            functionCode: functionCode,
            project: project,
            part: part,
            place: place
        )
    }
}

extension Rate: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let direction = try reader.optionalString("{\"direction\":")
        let label = try reader.text(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let percent = try reader.string(",\"percent\":")
        let place: Place = try reader.value(",\"place\":")
        let role = try reader.string(",\"role\":")
        let score = try reader.optionalText(",\"score\":")
        let weight = try reader.optionalText(",\"weight\":")
        try reader.pass("}")
        return Self(
            label: label,
            role: role,
            percent: percent,
            direction: direction,
            weight: weight,
            score: score,
            part: part,
            place: place
        )
    }
}

extension Indicator: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let actual = try reader.optionalText("{\"actual\":")
        let level1 = try reader.optionalText(",\"level1\":")
        let level2 = try reader.optionalText(",\"level2\":")
        let level3 = try reader.optionalText(",\"level3\":")
        let note = try reader.optionalText(",\"note\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let project = try reader.optionalText(",\"project\":")
        let score = try reader.optionalText(",\"score\":")
        let target = try reader.optionalText(",\"target\":")
        let unit = try reader.optionalText(",\"unit\":")
        let weight = try reader.optionalText(",\"weight\":")
        try reader.pass("}")
        return Self(
            level1: level1,
            level2: level2,
            level3: level3,
            target: target,
            actual: actual,
            unit: unit,
            weight: weight,
            score: score,
            note: note,
            project: project,
            part: part,
            place: place
        )
    }
}

extension Remark: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let kind = try reader.text("{\"kind\":")
        let label = try reader.text(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let text = try reader.text(",\"text\":")
        try reader.pass("}")
        return Self(
            kind: kind,
            label: label,
            text: text,
            part: part,
            place: place
        )
    }
}

extension StatedCount: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let approximate = try reader.bool("{\"approximate\":")
        let count = try reader.text(",\"count\":")
        let label = try reader.text(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let stage = try reader.optionalText(",\"stage\":")
        let unit = try reader.text(",\"unit\":")
        try reader.pass("}")
        return Self(
            label: label,
            count: count,
            unit: unit,
            stage: stage,
            approximate: approximate,
            part: part,
            place: place
        )
    }
}

extension Section: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let level = try reader.integer("{\"level\":")
        let number = try reader.optionalText(",\"number\":")
        let place: Place = try reader.value(",\"place\":")
        let title = try reader.text(",\"title\":")
        try reader.pass("}")
        return Self(
            number: number,
            title: title,
            level: level,
            place: place
        )
    }
}

extension Part: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let kind: PartKind = try reader.rawValue("{\"kind\":")
        let place: Place = try reader.value(",\"place\":")
        let source = try reader.integer(",\"source\":")
        let title = try reader.optionalText(",\"title\":")
        try reader.pass("}")
        return Self(
            kind: kind,
            title: title,
            source: source,
            place: place
        )
    }
}

extension Finding: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let computed = try reader.optionalText("{\"computed\":")
        let fingerprint = try reader.text(",\"fingerprint\":")
        let message = try reader.text(",\"message\":")
        let places: [Place] = try reader.values(",\"places\":")
        let rule = try reader.text(",\"rule\":")
        let severity: Severity = try reader.rawValue(",\"severity\":")
        let stated = try reader.optionalText(",\"stated\":")
        try reader.pass("}")
        return Self(
            rule: rule,
            severity: severity,
            message: message,
            stated: stated,
            computed: computed,
            places: places,
            fingerprint: fingerprint
        )
    }
}
