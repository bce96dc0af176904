import ClusterModel
import TerminalUI
import Wording

/// The goals that a cluster whose slots are dealt out can be asked for.
extension CommandTable {
    static let goals: [CommandRow] = [
        CommandRow(
            keys: "c", words: "change the cluster: choose what, see the plan, confirm", more: "Cancel has the focus",
            group: .goals, commands: [change],
            hint: { _ in .init(keys: "c", words: "change", priority: 7, place: 35) }),
        goal(
            "b", "rebalance", .init(words: "slots|keys|memory", values: { _ in Goal.Measure.allCases.map(\.rawValue) }),
            "rebalance: by slots, keys or memory", "by what the shards are to be even in",
            like: .rebalance(.slots)
        ) { _, argument in
            guard let argument else { return .rebalance(.slots) }
            return Goal.Measure(rawValue: argument).map { .rebalance($0) }
        },
        goal(
            "M", "move", .init(words: "SLOTS SHARD", values: \.moves), "move slots a-b from one shard to another",
            "to that shard", like: .move(slots: "", from: nil, to: nil)
        ) { $0.draftOfMove($1) },
        goal(
            "D", "remove", .init(words: "HOST:PORT", values: { $0.members.map(\.id.text) }),
            "remove a node; slots that it has go to the others first",
            "a node; slots that it has go to the others first", like: .remove(nil)
        ) { $0.draft(ofNode: $1).map { .remove($0) } },
        goal(
            "F", "failover", .init(words: "HOST:PORT", values: { $0.replicas.map(\.text) }),
            "failover: the chosen replica becomes the primary", "make that replica the primary",
            like: .failover(nil, .graceful, word: "")
        ) { $0.draftOfFailover($1) },
        goal(
            "R", "repair", .init(words: "finish|back", values: { _ in ["finish", "back"] }),
            "repair open slots: finish their move, or put them back", "of open slots",
            like: .repair(.finish)
        ) { _, argument in
            argument == nil || argument == "finish" ? .repair(.finish) : argument == "back" ? .repair(.putBack) : nil
        },
        CommandRow(
            keys: "T", words: "limit what a change moves in a second", group: .goals,
            commands: [
                Command(
                    name: "pace", keys: [.init(event: .character("T"))],
                    argument: .init(words: "KEYS|none", values: { _ in ["none", "1000", "10000"] }),
                    words: "a second, at most", offer: { $0.offer($0.features.pace) }, run: { $0.setPace($1) })
            ]),
    ]

    /// A row for one goal.
    /// - Parameters:
    ///   - example: any draft of that goal.
    ///   - draft: makes the draft for an argument or, without one, for the chosen node; nil for none.
    private static func goal(
        _ key: Character, _ name: String, _ argument: Command.Argument, _ help: String, _ words: String,
        like example: GoalDraft,
        _ draft: @escaping @Sendable (DashboardModel, String?) -> GoalDraft?
    ) -> CommandRow {
        CommandRow(
            keys: String(key), words: help, group: .goals,
            commands: [
                Command(
                    name: name, keys: [.init(event: .character(key))], argument: argument, words: words,
                    offer: { $0.offer(of: example) },
                    run: { model, argument in draft(model, argument).map { model.open($0) } })
            ])
    }

    private static let change = Command(
        name: "change", keys: [.init(event: .character("c"))], words: "the cluster: choose what",
        offer: { $0.hasSlots && $0.changes.contains { $0.offer == .offered } ? .offered : .absent },
        run: { model, _ in
            model.overlay = .changes(selected: 0)
            return []
        })
}

extension DashboardModel {
    /// The commands to choose from under ``CommandTable/change``; one that cannot be given shows why.
    var changes: [(row: CommandRow, command: Command, offer: Command.Offer)] {
        (CommandTable.changing + CommandTable.goals.dropFirst()).flatMap { row in
            row.commands.map { (row, $0, $0.offer(self)) }
        }.filter { $0.offer != .absent }
    }

    fileprivate var replicas: [MemberID] { members.filter { $0.role == .replica }.map(\.id) }

    /// The node with that address, or the chosen one: the inner optional is nil if no node is chosen, the outer one if
    /// no node has the address.
    fileprivate func draft(ofNode argument: String?) -> MemberID?? {
        guard let argument else { return .some(selected?.id) }
        return overview.member(MemberID(argument)).map { .some($0.id) }
    }

    fileprivate func draftOfFailover(_ argument: String?) -> GoalDraft? {
        if let argument {
            return replicas.first { $0.text == argument }.map { .failover($0, .graceful, word: "") }
        }
        // If a primary is chosen, one of its replicas is meant.
        let ofShard = members.first { $0.role == .replica && $0.shard == selected?.shard }?.id
        let chosen = selected.flatMap { $0.role == .replica ? $0.id : nil } ?? ofShard ?? replicas.first
        return .failover(chosen, .graceful, word: "")
    }

    /// The possible moves from the chosen shard to each of the others, run by run.
    fileprivate var moves: [String] {
        let from = selected?.shard ?? overview.shards.first?.id
        let runs = overview.slots?.runs.filter { $0.shard != nil && $0.shard == from }.prefix(8) ?? []
        return runs.flatMap { run in
            overview.shards.prefix(32).filter { $0.id != from }.map { "\(run.first)-\(run.last) \($0.id.text)" }
        }
    }

    fileprivate func draftOfMove(_ argument: String?) -> GoalDraft? {
        let shards = overview.shards.map(\.id)
        guard let argument else {
            let from = selected?.shard ?? shards.first
            return .move(slots: "", from: from, to: shards.first { $0 != from })
        }
        let parts = argument.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, SlotText.range(parts[0]) != nil, let to = shard(meantBy: parts[1])
        else { return nil }
        return .move(slots: TextLine(parts[0]), from: nil, to: to)
    }

    /// The shard with that id, or the only one whose id begins with it, as some engines' ids are long.
    func shard(meantBy text: String) -> ShardID? {
        let beginning = overview.shards.map(\.id).filter { $0.text.hasPrefix(text) }
        return beginning.first { $0.text == text } ?? (hasSlots && beginning.count == 1 ? beginning.first : nil)
    }

    /// - Parameter argument: the pace; nil opens a line to type it into.
    fileprivate mutating func setPace(_ argument: String?) -> [Effect]? {
        guard let argument else {
            overlay = .pace(TextLine(change?.paceMax.map(String.init) ?? ""))
            return []
        }
        return pace(argument)
    }

    /// Returns nil if the text is no pace.
    func pace(_ text: String) -> [Effect]? {
        if text.isEmpty || text == "none" { return [.pace(keysPerSecond: nil)] }
        guard let keys = Int(text), (1...100_000_000).contains(keys) else { return nil }
        return [.pace(keysPerSecond: keys)]
    }
}
