import ClusterModel

/// The commands that change a cluster, and those that ask it.
extension CommandTable {
    static let changing: [CommandRow] = [
        CommandRow(
            keys: "r", words: "reshard: choose the count, see the dry run, confirm", more: "Cancel has the focus",
            group: .changing,
            commands: [
                Command(
                    name: "reshard", keys: [.init(event: .character("r"))],
                    argument: .init(words: "SHARDS", values: { $0.shardCounts.map(String.init) }),
                    words: "shows the dry run first",
                    offer: { $0.offerAlone($0.features.reshard) },
                    run: { model, argument in
                        guard let argument else { return model.openReshard() }
                        guard let count = Int(argument), (1...1_000).contains(count) else { return nil }
                        return model.openReshard(to: count)
                    })
            ],
            hint: { _ in .init(keys: "r", words: "reshard", priority: 8, place: 0) }),
        CommandRow(
            keys: "a", words: "abort the running reshard, while that is safe", group: .changing,
            commands: [
                Command(
                    name: "abort", keys: [.init(event: .character("a"))], words: "the running reshard",
                    offer: { model in
                        let offer = model.offer(model.features.abort, where: model.isMigrating)
                        guard offer == .offered, let change = model.change, !change.isAbortable else { return offer }
                        guard change.isOurs else {
                            return .refused("somebody else began this \(change.name); it cannot be ended here")
                        }
                        return .refused("the point of no return is passed; the \(change.name) completes")
                    },
                    run: { model, _ in
                        model.overlay = .confirmAbort(isConfirming: false)
                        return []
                    })
            ],
            hint: { _ in .init(keys: "a", words: "abort", priority: 8, place: 30) }),
        CommandRow(
            keys: "A", words: "add a node to a shard", group: .changing,
            commands: [
                Command(
                    name: "add", keys: [.init(event: .character("A"))],
                    argument: .init(words: "HOST:PORT SHARD", values: \.additions), words: "a node to a shard",
                    offer: \.offerAdd,
                    run: { $0.openAddMember($1) })
            ],
            hint: { _ in .init(keys: "A", words: "add member", priority: 3, place: 40) }),
    ]

    static let asking: [CommandRow] = [
        CommandRow(
            keys: "w", words: "where is a key: its shard, and what each member holds", group: .changing,
            commands: [
                Command(
                    name: "where", keys: [.init(event: .character("w"))],
                    argument: .init(words: "KEY", values: \.followedKeys, problem: KeyText.problem), words: "is it",
                    offer: \.offerLocate,
                    run: { model, key in
                        model.overlay = .locate(key.map { LocateDialog(key: $0, answer: .asking) } ?? LocateDialog())
                        return key.map { [.locate(key: $0)] } ?? []
                    })
            ],
            hint: { _ in .init(keys: "w", words: "where is a key", priority: 5, place: 50) }),
        CommandRow(
            keys: "w … Tab", words: "follow that key through a reshard; Esc ends it", group: .changing,
            commands: [
                Command(
                    name: "follow", argument: .init(words: "KEY", problem: KeyText.problem), words: "through a reshard",
                    offer: \.offerLocate,
                    run: { model, key in
                        guard let key else { return nil }
                        model.followed = FollowedKey(key: key, isAsking: true)
                        model.note("following \(key)")
                        return [.locate(key: key)]
                    })
            ]),
    ]
}

extension DashboardModel {
    fileprivate var offerAdd: Command.Offer {
        hasSlots
            ? offer(of: .add(node: "", shard: nil)) : offer(features.addMember, where: !overview.shards.isEmpty)
    }

    fileprivate var offerLocate: Command.Offer {
        if replay != nil { return .refused("a recording cannot be asked for a key") }
        guard features.locate.isOffered else { return .absent }
        return isReached ? .offered : .refused("no node answers")
    }

    /// The shard counts for which the nodes that are up suffice, two for each shard.
    fileprivate var shardCounts: [Int] { Array(1...max(1, min(1_000, overview.nodesUp / 2))) }

    /// Nodes in no shard, with each shard that they could be added to.
    fileprivate var additions: [String] {
        overview.others.filter(\.condition.isGood).flatMap { node in
            (hasSlots ? [node.id.text] : []) + overview.shards.map { "\(node.id.text) \($0.id.text)" }
        }
    }

    fileprivate var followedKeys: [String] { followed.map { [$0.key] } ?? [] }
}
