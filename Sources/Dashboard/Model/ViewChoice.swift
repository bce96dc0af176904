import ClusterModel

/// The user's choice of view and order, worth keeping from one start to the next.
public struct ViewChoice: Equatable, Sendable {
    /// True if a table of all nodes is shown in place of the shards.
    public var isTable = false
    public var sortOrder = SortOrder.address
    public var tableSort = NodeColumn.status
    public var isReversed = false
    /// The columns of the table; nil for those that the nodes tell.
    public var columns: [NodeColumn]?

    public init() {}
}

extension DashboardModel {
    public var viewChoice: ViewChoice {
        var choice = ViewChoice()
        (choice.isTable, choice.sortOrder) = (table.isShown, sortOrder)
        (choice.tableSort, choice.isReversed, choice.columns) = (table.sort, table.isReversed, table.chosen)
        return choice
    }

    public mutating func take(_ choice: ViewChoice) {
        (table.sort, table.isReversed, table.chosen) = (choice.tableSort, choice.isReversed, choice.columns)
        sortOrder = choice.sortOrder
        showTable(choice.isTable)
    }
}

extension ViewChoice {
    private static let columnsMax = NodeColumn.allCases.count

    /// The choice as lines of `key = value`.
    public var text: String {
        """
        view = \(isTable ? "nodes" : "shards")
        sort = \(sortOrder.rawValue)
        table-sort = \(isReversed ? "-" : "")\(tableSort.rawValue)
        columns = \(columns.map { $0.map(\.rawValue).joined(separator: ",") } ?? "auto")

        """
    }

    /// Reads the lines and skips those that it does not know, as another version may have written them: nothing depends
    /// on them.
    public init(parsing text: String) {
        for line in text.split(whereSeparator: \.isNewline).prefix(20) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.split(separator: " ").joined() }
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "view": isTable = parts[1] == "nodes"
            case "sort": sortOrder = SortOrder(rawValue: parts[1]) ?? sortOrder
            case "table-sort":
                let name = parts[1].hasPrefix("-") ? String(parts[1].dropFirst()) : parts[1]
                guard let column = NodeColumn(rawValue: name) else { continue }
                (tableSort, isReversed) = (column, parts[1].hasPrefix("-"))
            case "columns":
                let names = parts[1].split(separator: ",").prefix(Self.columnsMax).map {
                    NodeColumn(rawValue: String($0))
                }
                columns = names.contains(nil) || names.isEmpty ? nil : names.compactMap(\.self)
            default: continue
            }
        }
    }
}
