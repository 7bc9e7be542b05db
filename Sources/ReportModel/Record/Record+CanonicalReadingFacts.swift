// Members stand as ``CanonicalWritable`` writes them; CanonicalReaderTests holds the two together.

extension Place: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let block = try reader.integer("{\"block\":")
        let cell = reader.passIf(",\"cell\":") ? try reader.string() : nil
        let end = try reader.integer(",\"end\":")
        let page = reader.passIf(",\"page\":") ? try reader.integer() : nil
        let quote = try reader.string(",\"quote\":")
        let sheet = reader.passIf(",\"sheet\":") ? try reader.string() : nil
        let source = try reader.integer(",\"source\":")
        let start = try reader.integer(",\"start\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let approximate = try reader.bool("{\"approximate\":")
        let direction = try reader.optionalString(",\"direction\":")
        let functionCode = try reader.optionalString(",\"functionCode\":")
        let label = try reader.string(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let project = try reader.optionalString(",\"project\":")
        let role = try reader.string(",\"role\":")
        let unit = try reader.string(",\"unit\":")
        let value = try reader.string(",\"value\":")
        let year = try reader.optionalInteger(",\"year\":")
        let yuan = try reader.string(",\"yuan\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let direction = try reader.optionalString("{\"direction\":")
        let label = try reader.string(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let percent = try reader.string(",\"percent\":")
        let place: Place = try reader.value(",\"place\":")
        let role = try reader.string(",\"role\":")
        let score = try reader.optionalString(",\"score\":")
        let weight = try reader.optionalString(",\"weight\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let actual = try reader.optionalString("{\"actual\":")
        let level1 = try reader.optionalString(",\"level1\":")
        let level2 = try reader.optionalString(",\"level2\":")
        let level3 = try reader.optionalString(",\"level3\":")
        let note = try reader.optionalString(",\"note\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let project = try reader.optionalString(",\"project\":")
        let score = try reader.optionalString(",\"score\":")
        let target = try reader.optionalString(",\"target\":")
        let unit = try reader.optionalString(",\"unit\":")
        let weight = try reader.optionalString(",\"weight\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let kind = try reader.string("{\"kind\":")
        let label = try reader.string(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let text = try reader.string(",\"text\":")
        try reader.pass("}")
        self.init(
            kind: kind,
            label: label,
            text: text,
            part: part,
            place: place
        )
    }
}

extension StatedCount: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let approximate = try reader.bool("{\"approximate\":")
        let count = try reader.string(",\"count\":")
        let label = try reader.string(",\"label\":")
        let part = try reader.integer(",\"part\":")
        let place: Place = try reader.value(",\"place\":")
        let stage = try reader.optionalString(",\"stage\":")
        let unit = try reader.string(",\"unit\":")
        try reader.pass("}")
        self.init(
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
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let level = try reader.integer("{\"level\":")
        let number = try reader.optionalString(",\"number\":")
        let place: Place = try reader.value(",\"place\":")
        let title = try reader.string(",\"title\":")
        try reader.pass("}")
        self.init(
            number: number,
            title: title,
            level: level,
            place: place
        )
    }
}

extension Part: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let kind: PartKind = try reader.rawValue("{\"kind\":")
        let place: Place = try reader.value(",\"place\":")
        let source = try reader.integer(",\"source\":")
        let title = try reader.optionalString(",\"title\":")
        try reader.pass("}")
        self.init(
            kind: kind,
            title: title,
            source: source,
            place: place
        )
    }
}

extension Finding: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let computed = try reader.optionalString("{\"computed\":")
        let fingerprint = try reader.string(",\"fingerprint\":")
        let message = try reader.string(",\"message\":")
        let places: [Place] = try reader.values(",\"places\":")
        let rule = try reader.string(",\"rule\":")
        let severity: Severity = try reader.rawValue(",\"severity\":")
        let stated = try reader.optionalString(",\"stated\":")
        try reader.pass("}")
        self.init(
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
