import ClusterModel
import TerminalUI

/// The commands for the table of nodes, the findings, and a panel alone.
extension CommandTable {
    static let table: [CommandRow] = [
        CommandRow(
            keys: "H", words: "health: what is wrong, the worst first, and what to do", group: .looking,
            commands: [
                Command(
                    name: "health", keys: [.init(event: .character("H"))],
                    words: "what is wrong, the worst first, and what to do",
                    offer: { $0.hasAnswer ? .offered : .absent },
                    run: { model, _ in
                        model.overlay = .health
                        return []
                    })
            ],
            hint: { $0.verdict.rank < .degraded ? nil : .init(keys: "H", words: "health", priority: 7, place: 128) }),
        CommandRow(
            keys: "z", words: "zoom: the chosen panel alone, long lines whole; again, all of them", group: .looking,
            commands: [
                Command(
                    name: "zoom", keys: [.init(event: .character("z"))], words: "the chosen panel, or all again",
                    offer: { $0.hasAnswer ? .offered : .absent },
                    run: { model, _ in
                        model.isZoomed.toggle()
                        return []
                    })
            ],
            hint: { model in
                .init(
                    keys: "z", words: model.isZoomed ? "all panels" : "zoom", priority: model.isZoomed ? 8 : 1,
                    place: 142)
            }),
        CommandRow(
            keys: "N", words: "all nodes in a table, with every figure; again, the shards",
            more: "`s`, left and right choose what it is sorted by, a click on a title does too", group: .looking,
            commands: [
                Command(
                    name: "nodes", keys: [.init(event: .character("N"))], words: "in a table, or the shards again",
                    offer: { $0.hasAnswer ? .offered : .absent },
                    run: { model, _ in
                        model.showTable(!model.table.isShown)
                        return []
                    })
            ],
            hint: { .init(keys: "N", words: $0.table.isShown ? "shards" : "nodes", priority: 5, place: 125) }),
        CommandRow(
            keys: "I", words: "in the table: the other end first", group: .looking,
            commands: [
                Command(
                    name: "reverse", keys: [.init(event: .character("I"))], words: "the order of the table",
                    offer: { $0.table.isShown ? .offered : .absent },
                    run: { model, _ in
                        model.reverseTable()
                        return []
                    }),
                Command(
                    name: "columns",
                    argument: .init(
                        words: "NAME,NAME…",
                        values: { model in
                            ["auto", "all"] + (model.table.chosen == nil ? [] : [model.chosenColumnsText])
                                + NodeColumn.allCases.map(\.rawValue)
                        }),
                    words: "of the table, in this order; auto for those that the nodes tell",
                    offer: { $0.hasAnswer ? .offered : .absent },
                    run: { model, text in text.map { model.chooseColumns($0) } == true ? [] : nil }),
            ],
            hint: { model in
                guard model.table.isShown else { return nil }
                return .init(keys: "I", words: "reverse", priority: 3, place: 126)
            }),
    ]
}

extension DashboardModel {
    fileprivate var chosenColumnsText: String { tableColumns.map(\.rawValue).joined(separator: ",") }
}
