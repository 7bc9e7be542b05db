import ReportModel

/// Text and lines of a page of OFD in points.
struct OfdContent {
    /// The characters.
    private(set) var texts: [PositionedText] = []
    /// The level and upright lines.
    private(set) var rulings: [Ruling] = []

    private var remaining: Int

    /// Makes a page without content.
    /// - Parameter remaining: the most characters that are taken.
    init(remaining: Int) { self.remaining = remaining }

    /// Adds the layers of a page or template.
    /// - Parameter page: the element Page.
    /// - Throws: ``ReportError`` `.tooLarge` beyond the ceiling of a page.
    mutating func add(page: XMLNode) throws(ReportError) {
        var stack = (page.child("Content")?.children("Layer") ?? []).reversed() as [XMLNode]
        while let node = stack.popLast() {
            if node.isNamed("TextObject") {
                try add(text: node)
            } else if node.isNamed("PathObject") {
                add(path: node)
            } else if node.isNamed("Layer") || node.isNamed("PageBlock") {
                stack += Array(node.children).reversed()
            }
        }
    }

    private mutating func add(text object: XMLNode) throws(ReportError) {
        let frame = OfdNumbers.box(object.attribute("Boundary"))
        let matrix = OfdMatrix(object.attribute("CTM"))
        let size = OfdNumbers.list(object.attribute("Size")).first ?? 3.5
        let stretch = OfdNumbers.list(object.attribute("HScale")).first ?? 1
        guard size > 0, object.attribute("Visible") != "false" else { return }
        var x = 0.0
        var y = size * 0.86
        for code in object.children("TextCode") {
            x = OfdNumbers.list(code.attribute("X")).first ?? x
            y = OfdNumbers.list(code.attribute("Y")).first ?? y
            let scalars = Array(code.text.unicodeScalars)
            remaining -= scalars.count
            guard remaining >= 0 else {
                let limit = LayoutLimits.maximumPageCharacterCount
                throw ReportError(.tooLarge, "OFD 一页的文字超过上限 \(limit) 字")
            }
            let across = OfdNumbers.deltas(code.attribute("DeltaX"), count: scalars.count)
            let down = OfdNumbers.deltas(code.attribute("DeltaY"), count: scalars.count)
            var (left, base) = (x, y)
            for (index, scalar) in scalars.enumerated() {
                let natural = (CharacterClass.isWide(scalar) ? 1 : 0.5) * size * stretch
                let hasStep = index < across.count
                let step = hasStep ? across[index] : down.isEmpty ? natural : 0
                add(
                    scalar,
                    matrix,
                    frame,
                    x: left,
                    y: base,
                    width: hasStep && step > 0.2 * natural ? min(step, natural) : natural,
                    size: size
                )
                left += step
                if index < down.count { base += down[index] }
            }
        }
    }

    private mutating func add(
        _ scalar: Unicode.Scalar,
        _ matrix: OfdMatrix,
        _ frame: Box?,
        x: Double,
        y: Double,
        width: Double,
        size: Double
    ) {
        if LineShape.isBlank(scalar) || scalar.value < 0x20 {
            if !texts.isEmpty { texts[texts.count - 1].hasSpaceAfter = true }
            return
        }
        let first = matrix.apply(x, y - 0.86 * size)
        let second = matrix.apply(x + width, y + 0.14 * size)
        let scale = OfdReader.scale
        let box = Box(
            left: min(first.x, second.x) * scale,
            top: min(first.y, second.y) * scale,
            right: max(first.x, second.x) * scale,
            bottom: max(first.y, second.y) * scale
        )
        texts.append(
            PositionedText(
                String(Character(CompatibilityForm.common(scalar))),
                box.shifted(by: (frame?.left ?? 0) * scale, (frame?.top ?? 0) * scale),
                size: size * matrix.growth * scale,
                turns: matrix.turns
            )
        )
    }

    /// Adds the straight stretches of a path; a thin filled shape is a line, a wide one is none.
    ///
    /// Source: GB/T 33190-2016 9.1, AbbreviatedData.
    private mutating func add(path object: XMLNode) {
        let frame = OfdNumbers.box(object.attribute("Boundary"))
        if object.attribute("Stroke") == "false", let frame, frame.width > 1.2, frame.height > 1.2 {
            return
        }
        let matrix = OfdMatrix(object.attribute("CTM"))
        let parts = (object.child("AbbreviatedData")?.text ?? "")
            .split(whereSeparator: { $0.isWhitespace || $0 == "," })
        var index = 0
        func point(_ offset: Int) -> (x: Double, y: Double)? {
            let place = index + offset
            guard place + 1 < parts.count, let x = Double(parts[place]),
                let y = Double(parts[place + 1])
            else { return nil }
            return (x, y)
        }
        var start = (x: 0.0, y: 0.0)
        var now = start
        while index < parts.count, rulings.count < 4 * LayoutLimits.maximumRulingCount {
            let command = parts[index]
            index += 1
            switch command {
            case "S", "M":
                guard let next = point(0) else { return }
                (start, now) = (next, next)
                index += 2
            case "L":
                guard let next = point(0) else { return }
                add(line: now, next, matrix, frame)
                now = next
                index += 2
            case "C":
                add(line: now, start, matrix, frame)
                now = start
            case "Q", "B", "A":
                let count = command == "Q" ? 2 : command == "B" ? 4 : 5
                guard let next = point(count) else { return }
                now = next
                index += count + 2
            default: continue
            }
        }
    }

    private mutating func add(
        line start: (x: Double, y: Double),
        _ end: (x: Double, y: Double),
        _ matrix: OfdMatrix,
        _ frame: Box?
    ) {
        let first = matrix.apply(start.x, start.y)
        let second = matrix.apply(end.x, end.y)
        let scale = OfdReader.scale
        let isLevel = abs(first.y - second.y) < 0.25
        guard isLevel != (abs(first.x - second.x) < 0.25) else { return }
        let shift = (x: frame?.left ?? 0, y: frame?.top ?? 0)
        let low = isLevel ? min(first.x, second.x) + shift.x : min(first.y, second.y) + shift.y
        let high = isLevel ? max(first.x, second.x) + shift.x : max(first.y, second.y) + shift.y
        let position =
            isLevel ? (first.y + second.y) / 2 + shift.y : (first.x + second.x) / 2 + shift.x
        rulings.append(
            Ruling(
                isLevel: isLevel,
                position: position * scale,
                start: low * scale,
                end: high * scale
            )
        )
    }
}
