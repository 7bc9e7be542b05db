/// Finds the ruling lines of a page that was drawn in shades of grey.
///
/// A ruling is a thin run of pixels that is darker than what lies on both its sides; fills and
/// shades of cells have only one dark side and are none. Strokes of characters are shorter than
/// any ruling that is kept.
enum RulingScanner {
    /// Thickest ruling in points.
    private static let thickness = 2.6
    /// Shortest ruling in points; strokes of characters of common sizes are shorter.
    private static let shortest = 11.0
    /// How much darker than both sides a ruling is.
    private static let contrast = 36
    /// Lightest shade of a ruling.
    private static let darkest = 216

    /// A drawn page.
    struct Raster {
        /// Shades from 0, black; one byte a pixel.
        var pixels: UnsafeBufferPointer<UInt8>
        /// Pixels of a row.
        var width: Int
        /// Rows.
        var height: Int
        /// Bytes from row to row.
        var bytesPerRow: Int
        /// Pixels of a point.
        var scale: Double
    }

    /// Finds the rulings.
    /// - Parameter raster: a drawn page; lent for the call.
    /// - Returns: level and upright lines in points.
    static func rulings(_ raster: Raster) -> [Ruling] {
        guard raster.width > 0, raster.height > 0, raster.bytesPerRow >= raster.width,
            raster.scale > 0.05,
            raster.pixels.count >= (raster.height - 1) * raster.bytesPerRow + raster.width
        else { return [] }
        return scan(raster, isLevel: true) + scan(raster, isLevel: false)
    }

    private static func scan(_ raster: Raster, isLevel: Bool) -> [Ruling] {
        let depth = max(2, Int((thickness * raster.scale).rounded(.up)) + 1)
        let across = isLevel ? raster.height : raster.width
        let along = isLevel ? raster.width : raster.height
        let stepAlong = isLevel ? 1 : raster.bytesPerRow
        let stepAcross = isLevel ? raster.bytesPerRow : 1
        let least = Int(shortest * raster.scale)
        var found: [Ruling] = []
        for line in 0..<across {
            let here = line * stepAcross
            var start = -1
            var end = 0
            var light = 0
            for place in 0...along {
                var shade = 255
                var isRuling = false
                if place < along {
                    let offset = place * stepAlong
                    shade = Int(raster.pixels[here + offset])
                    if shade < darkest {
                        isRuling =
                            isBright(raster, offset, from: line, depth, -1, across, stepAcross)
                            && isBright(raster, offset, from: line, depth, 1, across, stepAcross)
                    }
                }
                if isRuling {
                    if start < 0 { start = place }
                    end = place + 1
                    light = 0
                    continue
                }
                guard start >= 0 else { continue }
                // Where lines cross, both sides are dark; dotted lines have holes.
                light = shade < darkest ? light : light + 1
                if light <= 1, place - end <= 4 * depth, place < along { continue }
                if end - start >= least {
                    found.append(
                        Ruling(
                            isLevel: isLevel,
                            position: (Double(line) + 0.5) / raster.scale,
                            start: Double(start) / raster.scale,
                            end: Double(end) / raster.scale
                        )
                    )
                    if found.count > 4 * LayoutLimits.maximumRulingCount { return found }
                }
                start = -1
                light = 0
            }
        }
        return found
    }

    /// Whether something clearly lighter lies on one side of a dark pixel, not far from it.
    private static func isBright(
        _ raster: Raster,
        _ offset: Int,
        from line: Int,
        _ depth: Int,
        _ direction: Int,
        _ across: Int,
        _ step: Int
    ) -> Bool {
        let shade = Int(raster.pixels[line * step + offset])
        for distance in 1...depth {
            let other = line + direction * distance
            guard other >= 0, other < across else { return true }
            if shade + contrast <= Int(raster.pixels[other * step + offset]) { return true }
        }
        return false
    }
}
