package import ReportModel

/// What a clerk is told about each reason for which a file is not taken in.
///
/// Source: record schema, codes of files that cannot be read.
package struct ErrorAdvice: Hashable, Sendable {
    /// What is wrong, in one sentence.
    package var reason: String
    /// What to do about it.
    package var advice: String

    /// The words for an error of a document.
    package init(_ error: ReportError) {
        switch error.code {
        case .empty:
            reason = "文件是空的，里面没有内容。"
            advice = "请打开原文件确认有内容，重新保存后再放入收件文件夹。"
        case .unreadable:
            reason = "文件已损坏，或者内容与格式不符，无法打开。"
            advice = "请用 Word 或 WPS 打开原文件，另存为 docx 后再放入收件文件夹。"
        case .truncated:
            reason = "文件不完整，后半部分缺失，可能是复制或下载中断造成的。"
            advice = "请重新复制或下载完整的文件，再放入收件文件夹。"
        case .encrypted:
            reason = "文件设有打开密码，无法读取。"
            advice = "请取消密码后另存，再放入收件文件夹。"
        case .tooLarge:
            reason = "文件超过 64 MB 的上限，没有读取。"
            advice = "请压缩文件中的图片或拆分附件后再放入收件文件夹。"
        case .tooDeep:
            reason = "文件内部嵌套层数过多，无法安全读取。"
            advice = "请把内容复制到新建的文档中保存，再放入收件文件夹。"
        case .tooSlow:
            reason = "读取文件用时过长，已经停止。"
            advice = "请把文件另存为 docx，或删去其中的大图后再放入收件文件夹。"
        case .noText:
            reason = "文件中没有可识别的文字，可能是扫描件或图片。"
            advice = "请提交 Word、WPS 或带文字的 PDF 原件，扫描件可以另外留存。"
        case .notAReport:
            reason = "文件中没有绩效自评、部门决算等报告的内容。"
            advice = "请确认没有放错文件；如果确实是报告，请与管理员联系。"
        case .unsupported:
            reason = "暂不支持这种格式的文件。"
            advice = "请另存为 docx、xlsx 或 pdf；压缩包请先解压，再把里面的文件放入收件文件夹。"
        case .needsTool:
            let tool = error.details["tool"]?.stringValue.map { SafeText.line($0) }
            reason = "读取这种格式需要本机没有安装的工具" + (tool.map { "（\($0)）" } ?? "") + "。"
            advice = "请另存为 docx、xlsx 或 pdf 后再放入收件文件夹，或请管理员安装该工具。"
        case .noKey where error.details["elsewhere"] != nil:
            let place = SafeText.line(error.details["elsewhere"]?.stringValue ?? "")
            let own = SafeText.line(error.details["own"]?.stringValue ?? "")
            reason = "报告写的地区是“\(place)”，不属于本收件夹的地区“\(own)”，所以还没有存入。"
            advice = "如放错了，请把文件移到该地区的收件夹；如地区写错或认错了，请在回执末尾填写正确的地区并保存。"
        case .noKey:
            reason = "文件能读，但不能确定是哪一年、哪个地区、哪个单位的报告，所以还没有存入。"
            advice = "请在本回执末尾填写所缺的内容并保存，系统会自动重新处理。"
        default:
            reason = "文件没有被接收（\(error.code.rawValue)）。"
            advice = "请与管理员联系，并提供本回执。"
        }
    }
}
