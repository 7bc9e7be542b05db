import ArgumentParser
import Glibc
import ReportAuthority
import ReportModel
import ReportTLS

/// Which authority.
struct AuthorityOptions: ParsableArguments {
    /// Where the package's node keeps its authority.
    private static let usualFolder = "/var/lib/reportd/authority"

    @Option(
        help: ArgumentHelp(
            "Folder of the authority; else REPORTCTL_AUTHORITY, else \(usualFolder) when it is there.",
            valueName: "dir"
        )
    )
    var authority: String?

    func folder() throws(ReportError) -> String {
        if let authority { return authority }
        if let value = getenv("REPORTCTL_AUTHORITY"), value.pointee != 0 {
            return String(cString: value)
        }
        if access(Self.usualFolder, R_OK) == 0 { return Self.usualFolder }
        throw ReportError(
            .usage,
            "which authority?",
            hint: "give --authority DIR, or set REPORTCTL_AUTHORITY"
        )
    }

    func open() throws(ReportError) -> Authority {
        let folder = try folder()
        do throws(ReportError) {
            return try Authority(folder: folder)
        } catch {
            guard error.code == .notFound else { throw error }
            throw ReportError(
                .notFound,
                "there is no authority at \(folder)",
                hint: "reportctl pki init --authority \(folder.shellWord) --name NAME makes one"
            )
        }
    }
}

/// How long something holds.
enum Span {
    /// Hours from a number with `h` or `d` behind it.
    static func hours(_ text: String) throws(ReportError) -> Int {
        let factor = ["h": 1, "d": 24][text.suffix(1).lowercased()]
        guard let factor, let number = Int(text.dropLast()), number > 0,
            case let (hours, isOver) = number.multipliedReportingOverflow(by: factor), !isOver,
            hours <= AuthorityLimits.maximumTokenHours
        else {
            throw ReportError(
                .usage,
                "'\(text)' is no time for a token",
                hint:
                    "hours or days, at most \(AuthorityLimits.maximumTokenHours / 24) days: 24h, 7d"
            )
        }
        return hours
    }
}

/// The region paths of a grant.
enum RegionPaths {
    /// Of canonical paths those that the table lacks.
    static func unknown(_ paths: [String]) -> [String] {
        paths.filter { $0 != "*" && Divisions.standard.resolve($0) == nil }
    }

    /// Paths as records have them, from names, paths or codes.
    static func canonical(_ texts: [String]) throws(ReportError) -> [String] {
        var paths: [String] = []
        for text in texts {
            guard text != "*" else {
                paths.append(text)
                continue
            }
            let region = Divisions.standard.resolve(text)
            if let region, region.candidates.isEmpty, let city = region.city {
                paths.append([city, region.district].compactMap { $0 }.joined(separator: "/"))
            } else if region == nil, text.contains("/") {
                // A district that the table lacks, as the node's configuration may add some.
                paths.append(text)
            } else {
                throw ReportError(
                    .usage,
                    "'\(text)' is no region, or several",
                    hint: "a path such as 湛江市/麻章区, a six-digit code, or *"
                )
            }
        }
        return paths
    }
}
