/// Bare words whose role the sentence around them gives.
extension AmountRole {
    private static let purchases: Words = [
        "货物", "工程", "服务", "货物类", "工程类", "服务类", "货物支出", "工程支出", "服务支出",
    ]
    private static let procurementContext: Words = ["政府采购"]
    private static let vehicleCosts: Words = [
        "购置费", "购置", "购置支出", "购置费支出", "运行维护费", "运行维护", "运行维护支出", "运行维护费支出", "运行费",
    ]
    private static let vehicleContext: Words = ["公务用车", "公务车", "公车"]

    /// The role of 货物 in a sentence about 政府采购, and of 运行维护费 in one about official cars.
    static func ofContext(_ evidence: Evidence) -> String? {
        guard !evidence.isTable else { return nil }
        if purchases.contain(evidence.label), procurementContext.occur(in: evidence.context) {
            return "procurement"
        }
        if vehicleCosts.contain(evidence.label), vehicleContext.occur(in: evidence.context) {
            return "three-public-part"
        }
        return nil
    }
}
