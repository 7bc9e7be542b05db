import ReportIntake

/// The ceilings of an inbox, in one place.
enum InboxLimits {
    /// Folders below the inbox that are looked into.
    static let maximumDepth = 4
    /// Folders below the inbox; an office has some units and some years.
    static let maximumFolderCount = 2000
    /// Entries that one scan looks at; the rest waits until some have gone to their outcome.
    static let maximumScannedEntryCount = 200_000
    /// Files that are remembered at once, as names and stamps (about 200 bytes each).
    static let maximumTrackedFileCount = 50_000
    /// Files looked at in one go before others get their turn.
    static let lookBatchCount = 512
    /// Hints kept between two steps; one more means a rescan.
    static let maximumHintCount = 16_384
    /// The largest source file.
    static let maximumSourceByteCount = WorkerLimits.maximumSourceByteCount
    /// The longest form that is read; the form reportd writes has some KiB.
    static let maximumFormByteCount = 256 * 1024
    /// The longest value taken from a form, in scalars.
    static let maximumFieldScalarCount = 200
    /// Longest file name of Linux file systems.
    static let maximumNameByteCount = 255
    /// Findings that a receipt quotes; the rest is counted.
    static let maximumQuotedFindingCount = 50
    /// Quotes printed for one finding.
    static let maximumQuoteCount = 3
    /// Scalars of one quote.
    static let maximumQuoteScalarCount = 200
    /// Scalars of any other text that a receipt takes from a document.
    static let maximumTextScalarCount = 500
    /// Items of any list in a receipt other than the findings.
    static let maximumListItemCount = 30
    /// Files that the status lists by name; the rest is counted.
    static let maximumListedFileCount = 200
    /// Names with a number that are tried when a name is taken.
    static let maximumNameAttemptCount = 100_000
    /// Journal rows read at once.
    static let journalPageCount = 256
    /// Marks of acknowledged logs; a node writes to one log at a time.
    static let maximumCityMarkCount = 64
}
