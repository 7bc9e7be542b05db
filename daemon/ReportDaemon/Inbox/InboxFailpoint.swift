/// The instants at which a test lets an inbox die.
package enum InboxFailpoint: String, Sendable, CaseIterable {
    case afterReading
    case afterNote
    case afterSubmit
    case afterDecision
    case afterReceiptText
    case afterReceiptJSON
    case afterMove
    case afterRemovals
    case afterEnd
}
