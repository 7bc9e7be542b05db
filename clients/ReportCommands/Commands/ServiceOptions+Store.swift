import Glibc
import ReportClient
package import ReportModel
package import ReportStore

extension ServiceOptions {
    /// Opens the store that flags or environment name, for reading.
    /// - Returns: the store; close it when done.
    /// - Throws: ``ReportError`` `usage` when only a node is named.
    package func openStore() throws(ReportError) -> Store {
        try Store.openReadOnly(directory: try storeDirectory())
    }

    /// Folder of the store that flags or environment name; else that of the package's node.
    /// - Parameter refusal: the error when only a node is named; nil for that of reading.
    /// - Returns: the folder.
    /// - Throws: ``ReportError`` `usage` when only a node is named.
    package func storeDirectory(
        otherwise refusal: ReportError? = nil
    ) throws(ReportError) -> String {
        if let store, node == nil { return store }
        let variable = getenv("REPORTCTL_STORE").map { String(cString: $0) } ?? ""
        guard node == nil, store == nil,
            case let found = variable.isEmpty && refusal == nil ? usual : variable,
            !found.isEmpty
        else {
            throw refusal
                ?? ReportError(
                    .usage,
                    "this needs the store itself: a node does not give whole logs to strangers",
                    hint:
                        "run it as root on the node's machine, or give --store DIR; the node may go "
                        + "on running"
                )
        }
        return found
    }

    /// The store of the package's node, unless the environment names a node; empty when there is none.
    private var usual: String {
        getenv("REPORTCTL_NODE") == nil ? ReportServices.usualStore() ?? "" : ""
    }
}
