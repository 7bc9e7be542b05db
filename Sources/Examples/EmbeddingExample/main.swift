import ReportStore

let store = try Store.open(directory: CommandLine.arguments.dropFirst().first ?? "store")
var record = Record(key: try ReportKey(parsing: "2023/湛江市/麻章区/总工会/整体支出"))
record.score = "96.50"
let report = FilingMember(name: "自评报告.txt", bytes: Array("总工会2023年度整体支出绩效自评得96.50分。".utf8))
let outcome = try await store.append(try Filing(record, files: [report]))
print(outcome.version.key, outcome.version.number)
print(try await store.record("2023/麻章区").score ?? "-")
print(try await store.source(0, of: "2023/麻章区").count, "bytes")
store.close()
