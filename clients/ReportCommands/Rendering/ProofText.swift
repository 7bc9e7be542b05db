import ReportModel

/// What the check of a proof says, in sentences.
enum ProofText {
    /// One line for each step, then the verdict.
    static func lines(_ check: ProofCheck) -> [String] {
        var lines = check.steps.map { step in (step.isTrue ? "✓ " : "✗ ") + sentence(step.subject) }
        lines.append(
            check.isSound
                ? Wording.pick("Proven: everything holds.", "证明成立：各项全部核对无误。")
                : Wording.pick(
                    "NOT PROVEN: what is marked with ✗ does not hold.",
                    "证明不成立：标有 ✗ 的各项不符。"
                )
        )
        return lines
    }

    /// The check as an object.
    static func json(_ check: ProofCheck, _ proof: Proof) -> JSONValue {
        [
            "sound": .bool(check.isSound), "key": .optional(proof.key),
            "log": .string(proof.descriptor.id.description),
            "steps": .array(
                check.steps.map { step in
                    [
                        "check": .string(name(step.subject)), "ok": .bool(step.isTrue),
                        "text": .string(sentence(step.subject)),
                    ]
                }
            ),
        ]
    }

    private static func name(_ subject: ProofCheck.Subject) -> String {
        switch subject {
        case .entry: "entry"
        case .unreadable: "entry"
        case .head: "head"
        case .inclusion: "inclusion"
        case .consistency: "consistency"
        case .acknowledgement: "acknowledgement"
        case .expected: "expected-key"
        case .file, .uncomparable: "file"
        }
    }

    private static func sentence(_ subject: ProofCheck.Subject) -> String {
        switch subject {
        case .entry(let key, let number, let recordedAt):
            let what = (key ?? Wording.pick("an entry", "一条日志")) + (number > 0 ? "@\(number)" : "")
            let time = LocalTime.zonedStamp(recordedAt.description)
            return Wording.pick(
                "Entry: \(what), recorded at \(time) by its node",
                "条目：\(what)，由其节点记录于 \(time)"
            )
        case .unreadable: return Wording.pick("The entry cannot be read", "条目无法读取")
        case .head(let owner, let name, let size, let signedAt):
            let time = LocalTime.zoned(signedAt.description)
            return Wording.pick(
                "Signature: \(name), key \(owner), signed its log of \(size) entries at \(time)",
                "签名：\(name)（公钥 \(owner)）于 \(time) 签署了共 \(size) 条的日志"
            )
        case .inclusion(let sequence):
            return Wording.pick(
                "Inclusion: the entry is number \(sequence) of the signed log",
                "包含：该条目是所签日志的第 \(sequence) 条"
            )
        case .consistency(let size, let isSigned):
            return Wording.pick(
                "Consistency: the signed log goes on from the \(isSigned ? "signed " : "")older one of "
                    + "\(size) entries, nothing in it was changed",
                "一致：所签日志由较早的 \(size) 条\(isSigned ? "（当时也已签名）" : "")延续而来，其中没有改动"
            )
        case .acknowledgement(let node, let sequence, let time, let strength):
            return acknowledgement(node, sequence, LocalTime.zoned(time.description), strength)
        case .expected(let node):
            return Wording.pick(
                "Expected key: \(node) signed",
                "指定公钥：\(node) 已签名"
            )
        case .uncomparable(let name):
            return Wording.pick(
                "File: \(name) cannot be compared: this proof has no salt for a content of its length, which was "
                    + "erased or is withheld; a proof made before may have it",
                "文件：\(name) 无法比对：相应内容已依法删除或不公开，本证明不含其盐值；可用此前生成的证明比对"
            )
        case .file(let name, let body):
            guard let body else {
                return Wording.pick("File: \(name) is none of the entry's", "文件：\(name) 不属于该条目")
            }
            return Wording.pick(
                "File: \(name) is the entry's \(body), byte for byte",
                "文件：\(name) 与该条目的 \(body) 逐字节一致"
            )
        }
    }

    private static func acknowledgement(
        _ node: NodeID,
        _ sequence: UInt64,
        _ time: String,
        _ strength: ProofCheck.Strength
    ) -> String {
        let bound =
            switch strength {
            case .itself: Wording.pick("its signature is over this entry", "签名即针对该条目")
            case .chain: Wording.pick("the chain of hashes leads back to this entry", "哈希链回溯至该条目")
            case .tree:
                Wording.pick(
                    "that this entry lies before it is signed by the log's owner only",
                    "该条目在其之前这一点仅由日志所有者签名"
                )
            }
        return Wording.pick(
            "Acknowledged: node \(node) signed at \(time) that it held entry \(sequence); \(bound)",
            "收讫：节点 \(node) 于 \(time) 签名确认已持有第 \(sequence) 条；\(bound)"
        )
    }
}
