/// The settings of the office program's profile.
enum OfficeProfile {
    /// Content of `registrymodifications.xcu`: no macros, no links, no recalculation, no recovery.
    ///
    /// Source: LibreOffice's `officecfg/registry/schema/org/openoffice/Office`: Common.xcs,
    /// Calc.xcs, Writer.xcs, Recovery.xcs.
    static let settings: String = {
        let common = "/org.openoffice.Office.Common"
        let calc = "/org.openoffice.Office.Calc"
        let writer = "/org.openoffice.Office.Writer"
        let items: [(path: String, name: String, value: String)] = [
            ("\(common)/Security/Scripting", "MacroSecurityLevel", "3"),
            ("\(common)/Security/Scripting", "DisableMacrosExecution", "true"),
            ("\(common)/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
            ("\(common)/Security/Scripting", "DisableActiveContent", "true"),
            ("\(common)/Misc", "FirstRun", "false"),
            ("\(common)/Save/Document", "CreateBackup", "false"),
            ("\(common)/Save/Document", "AutoSave", "false"),
            // 2: never.
            ("\(calc)/Content/Update", "Link", "2"),
            ("\(writer)/Content/Update", "Link", "2"),
            // 1: never; the values that the author saw count.
            ("\(calc)/Formula/Load", "OOXMLRecalcMode", "1"),
            ("\(calc)/Formula/Load", "ODFRecalcMode", "1"),
            ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
        ]
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <oor:items xmlns:oor="http://openoffice.org/2001/registry" \
            xmlns:xs="http://www.w3.org/2001/XMLSchema" \
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">

            """
        for item in items {
            text +=
                "<item oor:path=\"\(item.path)\"><prop oor:name=\"\(item.name)\" oor:op=\"fuse\">"
                + "<value>\(item.value)</value></prop></item>\n"
        }
        return text + "</oor:items>\n"
    }()
}
