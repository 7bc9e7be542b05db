import ReportModel

/// The setting `http`: where health, readiness and metrics are told, and what they hold for late.
struct WatchSettings: Hashable, Sendable {
    /// A place that only this machine can reach.
    enum Place: Hashable, Sendable, CustomStringConvertible {
        case address(ListenAddress)
        /// The absolute path of a Unix socket.
        case socket(String)

        var description: String {
            switch self {
            case .address(let address): address.description
            case .socket(let path): path
            }
        }
    }

    var place: Place
    /// How long an upstream may leave entries unsigned before the node is not ready.
    var lagLimit = WatchSettings.defaultLagLimit

    /// ``lagLimit`` when nothing is said.
    static let defaultLagLimit: Duration = .seconds(3600)

    /// Why a host is none to listen at.
    static func refusal(_ host: String) -> ReportError {
        ReportError(
            .notAllowed,
            "http: \(host) can be reached by other machines; health and metrics are for this machine only",
            hint:
                "write http: 127.0.0.1:7071, or unix:/run/reportd/http.sock, and let the monitoring "
                + "program run here"
        )
    }

    /// Reads the setting `http`.
    /// - Returns: nil when it is not there.
    /// - Throws: ``ReportError`` `usage`, `not-allowed`.
    static func read(_ reader: SettingReader) throws(ReportError) -> WatchSettings? {
        guard reader.isPresent("http") else { return nil }
        guard reader.isMapping("http") else {
            guard let text = try reader.text("http"), text != "off" else { return nil }
            return WatchSettings(place: try place(text, reader, "http"))
        }
        let settings = try reader.mapping("http")
        try settings.allow(["listen", "lag"])
        var watch = WatchSettings(
            place: try place(try settings.required("listen"), settings, "listen")
        )
        if let text = try settings.text("lag") {
            guard let limit = try settings.interval(text, "lag") else {
                throw settings.fail(
                    "lag",
                    Words("days or hours are expected, such as 24h", "应为天数或小时数，如 24h"),
                    example: "lag: 24h"
                )
            }
            watch.lagLimit = limit
        }
        return watch
    }

    private static func place(
        _ text: String,
        _ reader: SettingReader,
        _ setting: String
    ) throws(ReportError) -> Place {
        let prefix = "unix:"
        if text.hasPrefix(prefix) {
            let path = String(text.dropFirst(prefix.count))
            guard path.hasPrefix("/"), path.utf8.count <= ServerLimits.maximumSocketPathByteCount
            else {
                let most = ServerLimits.maximumSocketPathByteCount
                throw reader.fail(
                    setting,
                    Words(
                        "unix: and an absolute path of at most \(most) bytes is expected",
                        "应为 unix: 加绝对路径，最长 \(most) 字节"
                    ),
                    example: "\(setting): unix:/run/reportd/http.sock"
                )
            }
            return .socket(path)
        }
        let address = try reader.address(text, setting: setting)
        guard address.isLoopbackName else { throw refusal(address.host) }
        return .address(address)
    }
}
