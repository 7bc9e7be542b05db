import ReportModel

/// The terminal shows Chinese: the locale is one of UTF-8.
enum LocaleCheck: DoctorCheck {
    static let name = "locale"
    static let title = Words("locale", "语言环境")

    static func examine(_ patient: Patient) async -> [Diagnosis] {
        let value = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
            .compactMap { patient.environment($0) }.first { !$0.isEmpty }
        let locale = value ?? "POSIX"
        let folded = locale.lowercased().replacing("-", with: "")
        guard !folded.contains("utf8") else { return [ok(locale, locale)] }
        return [
            notice(
                "the locale is \(locale), not UTF-8: programs may show Chinese as question marks",
                "语言环境为 \(locale)，不是 UTF-8，中文可能显示为问号",
                // C.UTF-8 is on every Debian; zh_CN.UTF-8 has to be made first.
                command:
                    "echo LANG=C.UTF-8 >> /etc/default/locale; export LANG=C.UTF-8"
            )
        ]
    }
}
