package import ArgumentParser
import ReportIntake
import ReportModel

/// `reportctl`: asks a node or a store, and shows what the parser sees.
package struct Reportctl: AsyncParsableCommand {
    /// Name, help and commands.
    package static let configuration = CommandConfiguration(
        commandName: "reportctl",
        abstract: "Read, check and hand in performance self-evaluation reports.",
        discussion: """
            A record is found by a year and parts of its key:
              reportctl get 2023/麻章区

            Answers come from --store DIR, a store on this disk, or from
            --node HOST:PORT, a running reportd; else from REPORTCTL_STORE,
            REPORTCTL_NODE or 127.0.0.1:7323. What a node takes from its
            administrators only, or needs the store itself, goes without
            either of them to /var/lib/reportd/store, as root.

            A node that takes the connection and says nothing is given up
            after 10 s, a question after 2 min of silence; work (submit,
            verify, repair) is waited for as long as it takes.

            Exit codes:
              0 done                      6 no node answers
              1 internal                  7 not allowed
              2 usage                     8 stored data is damaged
              3 not found, or erased      9 no space, or read-only
              4 ambiguous, or conflict   10 timed out, or silent
              5 the document's fault     11 several files, not all alike
            """,
        version: ProgramVersion.text,
        subcommands: [
            GetCommand.self, ListCommand.self, HistoryCommand.self, DiffCommand.self,
            StatsCommand.self, TrendCommand.self, MissingCommand.self, ParseCommand.self,
            CheckCommand.self, NoteSubcommand.self, SubmitCommand.self, WatchCommand.self,
            StatusCommand.self, InboxSubcommand.self,
            ReviewSubcommand.self, RetractSubcommand.self, RekeySubcommand.self,
            EraseSubcommand.self, ReparseSubcommand.self, QueueSubcommand.self,
            AuditSubcommand.self,
            SearchCommand.self, ReindexCommand.self, ExportCommand.self, ImportCommand.self,
            ProveCommand.self, VerifyCommand.self, BackupCommand.self, RestoreCommand.self,
            RepairCommand.self,
            PeerSubcommand.self, BundleSubcommand.self, NATSCommand.self, DiskUseCommand.self,
            PkiCommand.self, DoctorCommand.self, StoreSubcommand.self,
            VerifyStoreCommand.self,
        ]
    )

    /// Makes the value.
    package init() {}
}
