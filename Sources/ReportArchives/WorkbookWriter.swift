import CXLSXWriter
import Glibc
public import ReportExport
public import ReportModel

/// Writes an xlsx workbook with one sheet for each table, row by row in constant memory.
///
/// Header rows stay in sight and filter; numbers are numbers, dates are dates at +08:00. Not for use
/// by several tasks at once.
///
/// Source: libxlsxwriter 1.1, workbook.h and worksheet.h; docs/export.md.
public final class WorkbookWriter {
    private struct Sheet {
        var table: ExportTable
        var pointer: UnsafeMutablePointer<lxw_worksheet>
        var rowCount: UInt32 = 0
        var ordinal = 1
    }

    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private let formats: WorkbookFormats
    private var sheets: [Sheet] = []
    private var isClosed = false

    /// Begins a workbook.
    /// - Parameters:
    ///   - path: the file, which is written by ``close()``.
    ///   - tables: the sheets in their order.
    /// - Throws: ``ReportError`` when there is no memory for it.
    public init(path: String, tables: [ExportTable]) throws(ReportError) {
        var options = lxw_workbook_options()
        options.constant_memory = 1
        guard let workbook = workbook_new_opt(path, &options) else {
            throw ReportError(.internal, "the workbook cannot be begun")
        }
        self.workbook = workbook
        do throws(ReportError) {
            formats = try WorkbookFormats(workbook)
        } catch {
            lxw_workbook_free(workbook)
            throw error
        }
        for table in tables { sheets.append(try makeSheet(table, ordinal: 1)) }
    }

    private func makeSheet(_ table: ExportTable, ordinal: Int) throws(ReportError) -> Sheet {
        let name = ordinal == 1 ? table.title : "\(table.title) \(ordinal)"
        guard let pointer = workbook_add_worksheet(workbook, name) else {
            throw ReportError(.internal, "the workbook takes no sheet '\(name)'")
        }
        var sheet = Sheet(table: table, pointer: pointer, ordinal: ordinal)
        worksheet_freeze_panes(pointer, 1, 0)
        for (index, column) in table.columns.enumerated() {
            let place = UInt16(clamping: index)
            worksheet_set_column(pointer, place, place, column.width, nil)
            let code = worksheet_write_string(pointer, 0, place, column.title, formats.header)
            try Self.check(code)
        }
        sheet.rowCount = 1
        return sheet
    }

    /// Appends the rows that a record has in each sheet.
    /// - Parameter record: a version of a record.
    /// - Throws: ``ReportError`` when the disk is full.
    public func append(_ record: ExportedRecord) throws(ReportError) {
        for index in sheets.indices {
            for row in sheets[index].table.rows(of: record) { try append(row, toSheet: index) }
        }
    }

    private func append(_ row: [TableCell], toSheet index: Int) throws(ReportError) {
        if sheets[index].rowCount >= ExportLimits.maximumSheetRowCount {
            finish(sheets[index])
            sheets[index] = try makeSheet(sheets[index].table, ordinal: sheets[index].ordinal + 1)
        }
        let sheet = sheets[index]
        for (column, cell) in row.enumerated() {
            try write(cell, to: sheet.pointer, sheet.rowCount, UInt16(clamping: column))
        }
        sheets[index].rowCount += 1
    }

    private func write(
        _ cell: TableCell,
        to sheet: UnsafeMutablePointer<lxw_worksheet>,
        _ row: UInt32,
        _ column: UInt16
    ) throws(ReportError) {
        let code: lxw_error
        switch cell {
        case .empty: return
        case .text(let text), .code(let text), .word(_, let text):
            code = worksheet_write_string(sheet, row, column, Self.fitting(text), nil)
        case .number(let text):
            code = number(text, sheet, row, column, nil)
        case .yuan(let text):
            code = number(text, sheet, row, column, formats.money)
        case .integer(let value):
            code = worksheet_write_number(sheet, row, column, Double(value), nil)
        case .time(let time):
            let serial = SheetDate.serial(of: time)
            code = worksheet_write_number(sheet, row, column, serial, formats.time)
        case .day(let text):
            guard let day = CalendarDay(text) else { return }
            let serial = SheetDate.serial(of: day)
            code = worksheet_write_number(sheet, row, column, serial, formats.day)
        }
        try Self.check(code)
    }

    /// A number; text when the sheet's binary number would not hold all its digits.
    private func number(
        _ text: String,
        _ sheet: UnsafeMutablePointer<lxw_worksheet>,
        _ row: UInt32,
        _ column: UInt16,
        _ format: UnsafeMutablePointer<lxw_format>?
    ) -> lxw_error {
        let digits = text.utf8.filter { (0x30...0x39).contains($0) }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }.count
        guard significant <= ExportLimits.maximumSheetDigitCount, let value = Double(text) else {
            return worksheet_write_string(sheet, row, column, Self.fitting(text), nil)
        }
        return worksheet_write_number(sheet, row, column, value, format)
    }

    /// The text without characters that XML forbids, cut where a cell ends.
    private static func fitting(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(ExportLimits.maximumCellCharacterCount) {
            let isForbidden = scalar.value < 0x20 && ![0x09, 0x0A, 0x0D].contains(scalar.value)
            if !isForbidden, scalar.value != 0xFFFE, scalar.value != 0xFFFF { kept.append(scalar) }
        }
        return String(kept)
    }

    /// Lets the header filter all rows.
    private func finish(_ sheet: Sheet) {
        let lastColumn = UInt16(clamping: sheet.table.columns.count - 1)
        worksheet_autofilter(sheet.pointer, 0, 0, max(1, sheet.rowCount) - 1, lastColumn)
    }

    /// Writes the file; nothing may be appended afterwards.
    /// - Throws: ``ReportError`` `no-space` or `internal`.
    public func close() throws(ReportError) {
        guard !isClosed else { return }
        isClosed = true
        for sheet in sheets { finish(sheet) }
        errno = 0
        let code = workbook_close(workbook)
        if code != LXW_NO_ERROR, errno == ENOSPC || errno == EDQUOT {
            throw ReportError(.noSpace, "there is no space for the workbook")
        }
        try Self.check(code)
    }

    private static func check(_ code: lxw_error) throws(ReportError) {
        guard code != LXW_NO_ERROR else { return }
        let text = lxw_strerror(code).map { String(cString: $0) } ?? "\(code.rawValue)"
        throw ReportError(.internal, "the workbook cannot be written: \(text)")
    }

    deinit { if !isClosed { lxw_workbook_free(workbook) } }
}

/// Formats of cells.
private struct WorkbookFormats {
    let header: UnsafeMutablePointer<lxw_format>
    let money: UnsafeMutablePointer<lxw_format>
    let time: UnsafeMutablePointer<lxw_format>
    let day: UnsafeMutablePointer<lxw_format>

    init(_ workbook: UnsafeMutablePointer<lxw_workbook>) throws(ReportError) {
        guard let header = workbook_add_format(workbook),
            let money = workbook_add_format(workbook), let time = workbook_add_format(workbook),
            let day = workbook_add_format(workbook)
        else { throw ReportError(.internal, "the workbook takes no format") }
        format_set_bold(header)
        format_set_bg_color(header, 0xDDEBF7)
        format_set_num_format(money, "#,##0.00####")
        format_set_num_format(time, "yyyy-mm-dd hh:mm:ss")
        format_set_num_format(day, "yyyy-mm-dd")
        self.header = header
        self.money = money
        self.time = time
        self.day = day
    }
}

/// Dates as sheets count them: days since 1899-12-30.
///
/// Source: ECMA-376 part 1 section 18.17.4.
enum SheetDate {
    /// Days from 1899-12-30 to 1970-01-01.
    private static let epoch = 25569

    /// A moment by the clocks of China.
    static func serial(of time: Timestamp) -> Double {
        (Double(time.milliseconds) / 1000 + 8 * 3600) / 86400 + Double(epoch)
    }

    /// A day.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    static func serial(of day: CalendarDay) -> Double {
        let year = day.month <= 2 ? day.year - 1 : day.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let month = (day.month + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + day.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Double(era * 146_097 + dayOfEra - 719_468 + epoch)
    }
}
