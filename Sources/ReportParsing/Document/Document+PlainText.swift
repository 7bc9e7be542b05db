extension Document {
    /// The text of all blocks in UTF-8: a line for each paragraph, a line of tab-divided cells for
    /// each row of a table.
    public var plainText: [UInt8] {
        var rows: [Int: Int] = [:]
        for table in tables { for cell in table.cells { rows[cell.block] = cell.row } }
        var result: [UInt8] = []
        var before: (table: Int, row: Int)?
        for (index, block) in blocks.enumerated() {
            var now: (table: Int, row: Int)?
            if case .cell(let table) = block.kind { now = (table, rows[index] ?? 0) }
            if index > 0 {
                let isSameRow = now != nil && now?.table == before?.table && now?.row == before?.row
                result.append(isSameRow ? 0x09 : 0x0A)
            }
            for byte in block.text.utf8 {
                result.append(now != nil && (byte == 0x0A || byte == 0x09) ? 0x20 : byte)
            }
            before = now
        }
        if !result.isEmpty { result.append(0x0A) }
        return result
    }
}
