import ClusterModel
import Wording

extension DashboardModel {
    mutating func showTable(_ isShown: Bool) {
        table.isShown = isShown
        if isShown { pane = .shards }
        arrangeTable()
    }

    mutating func arrangeTable() { table.arrange(digest, conditions) }

    /// Sorts by a column; if it is the sorted one already, reverses the order.
    mutating func sortTable(by column: NodeColumn) {
        if table.sort == column {
            table.isReversed.toggle()
        } else {
            (table.sort, table.isReversed) = (column, false)
        }
        arrangeTable()
    }

    mutating func reverseTable() { sortTable(by: table.sort) }

    /// Sorts by the next or the previous of the shown columns.
    mutating func sortTable(step: Int) {
        let columns = tableColumns
        guard !columns.isEmpty else { return }
        let place = columns.firstIndex(of: table.sort) ?? (step > 0 ? -1 : 0)
        let next = columns[(place + step + columns.count) % columns.count]
        if next != table.sort { sortTable(by: next) }
    }

    /// The columns that the user chose, or those that the nodes tell, whether or not there is room for all.
    var tableColumns: [NodeColumn] {
        if let chosen = table.chosen { return chosen }
        return NodeColumn.allCases.filter { column in
            guard column.priority != nil, table.told.contains(column) else { return false }
            // Beside reads and writes their sum says nothing new.
            return column != .operations || !table.told.contains(.reads)
        }
    }

    /// - Returns: false if one of the words is no column.
    mutating func chooseColumns(_ text: String) -> Bool {
        let words = text.split { $0 == "," || $0 == " " }.map { $0.lowercased() }
        switch words {
        case ["auto"]: table.chosen = nil
        case ["all"]: table.chosen = NodeColumn.allCases
        default:
            let columns = words.compactMap(NodeColumn.init(rawValue:))
            guard !columns.isEmpty, columns.count == words.count else { return false }
            // The node comes first: a row without it says nothing.
            table.chosen =
                [.address]
                + columns.reduce(into: []) { kept, column in
                    if column != .address, !kept.contains(column) { kept.append(column) }
                }
        }
        if !table.isShown { showTable(true) }
        note("columns: \(table.chosen.map { $0.map(\.rawValue).joined(separator: ",") } ?? "auto")")
        return true
    }

    /// Moves the selection from row to row.
    mutating func selectInTable(by step: Int) {
        guard !table.order.isEmpty else { return }
        let row = selected.flatMap { chosen in table.order.firstIndex { members[$0].id == chosen.id } }
        let next = row.map { $0 + step } ?? (step > 0 ? 0 : table.order.count - 1)
        selection = table.order[min(max(0, next), table.order.count - 1)]
    }
}
