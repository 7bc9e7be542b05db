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
            let before = max(0, line - depth) * stepAcross
            let after = min(across - 1, line + depth) * stepAcross
            let here = line * stepAcross
            var start = -1
            var missing = 0
            for place in 0...along {
                var isDark = false
                if place < along {
                    let offset = place * stepAlong
                    let value = Int(raster.pixels[here + offset])
                    isDark =
                        value < 216
                        && value + contrast <= Int(raster.pixels[before + offset])
                        && value + contrast <= Int(raster.pixels[after + offset])
                }
                if isDark {
                    if start < 0 { start = place }
                    missing = 0
                } else if start >= 0 {
                    // Crossing lines and the gaps of dotted ones interrupt a ruling.
                    missing += 1
                    if missing <= depth, place < along { continue }
                    let end = place - missing + 1
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
                    missing = 0
                }
            }
        }
        return found
    }
}
