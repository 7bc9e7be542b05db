import ReportModel

/// The page of an evidence archive that tells a person what is what and how to check it.
struct EvidenceExplanation {
    let summary: EvidenceArchive.Summary
    let people: Bool
    let names: [String]

    var lines: [String] {
        var lines = [
            "绩效报告全部证据", "",
            "编号：\(summary.key)",
            "版本：\(summary.versionCount) 个，源文件：\(summary.fileCount) 个",
        ]
        if summary.absentCount > 0 {
            lines.append("另有 \(summary.absentCount) 项内容不在本节点：已依法删除，或未发送到本节点。")
        }
        if !people { lines.append("本文件不含单独保存的人员姓名和电话；源文件中如有，仍保持原样。") }
        lines += [
            "", "一、文件清单", "",
            "history.json        该编号的全部登记：每个版本、审核、说明，按时间先后",
            "notes.json          对疑点的说明",
            "versions/版本号/     每个版本一个文件夹",
            "  record.json       从报告中读出的内容，连同状态和版本信息",
            "  body.record.json  登记时封存的内容（不含状态和版本信息），校验用",
            "  sources/          上报的原始文件，一字未改",
            "  people.json       人员姓名和电话（仅在要求时包含）",
            "details/            审核意见、说明等的原文",
            "entries/            每条登记的封存头（header）及各项内容的校验值",
            "logs/               登记由哪个节点作出，及该节点的签名",
        ]
        if names.contains(where: { $0.hasPrefix("proofs/") }) {
            lines.append("proofs/             每个版本的登记确在该节点已签名日志中的证明")
        }
        lines += [
            "", "二、如何核对", "",
            "1. 原始文件：计算 sources/ 中文件的 SHA-256，与 record.json 的 sources 中同序号的 sha256 比较。",
            "   Windows：certutil -hashfile 文件 SHA256　　Linux：sha256sum 文件",
            "2. 登记内容：entries/ 中每项的 hash = SHA-256(\"reportd body 1\\n\" + salt + 文件内容)；",
            "   记录（body.record.json）先去掉 sources 各项的 name 再计算。",
            "3. 登记本身：header（十六进制）按字节计算 SHA-256，等于 hash；header 中含上一条登记的 hash，",
            "   因此改动任何一条都会使其后各条不符。",
            "4. 签名：logs/ 中 head 的最后 64 字节是 Ed25519 签名，覆盖其前 132 字节；公钥在 descriptor 的",
            "   第 4 至 35 字节。",
        ]
        if names.contains(where: { $0.hasPrefix("proofs/") }) {
            lines.append("5. 证明：reportctl verify proofs/中的文件，不需要节点，也不需要网络。")
        }
        lines += ["", "各字段的确切含义见 reportd 的 docs/format.md。", ""]
        return lines
    }
}
