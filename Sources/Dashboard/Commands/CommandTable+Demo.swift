import ClusterModel

/// The commands for a cluster of this program's own, before an audience.
extension CommandTable {
    static let demo: [CommandRow] = [
        CommandRow(
            keys: "x", words: "kill -9 the chosen node", group: .demo,
            commands: [fault("kill", "x", "with kill -9") { node, _ in .kill(node) }],
            hint: { _ in .init(keys: "x", words: "kill", priority: 3, place: 70) }),
        CommandRow(
            keys: "X", words: "start the chosen node again", group: .demo,
            commands: [fault("restart", "X", "a node that ended") { node, _ in .restart(node) }],
            hint: { _ in .init(keys: "X", words: "restart", priority: 2, place: 80) }),
        CommandRow(
            keys: "p", words: "pause the chosen node, or let it go on", group: .demo,
            commands: [
                fault("pause", "p", "or let it go on") { .pause($0, isPaused: !$1.paused.contains($0)) }
            ]),
        CommandRow(
            keys: "P", words: "cut the chosen node off from its peers, or connect it",
            more: "it goes on serving its clients", group: .demo,
            commands: [
                fault("cut", "P", "off from its peers, or connect it again") {
                    .isolate($0, isIsolated: !$1.isolated.contains($0))
                }
            ]),
        CommandRow(
            keys: "n", words: "start one node more", group: .demo,
            commands: [
                Command(
                    name: "node", keys: [.init(event: .character("n"))], words: "one more", offer: \.offerDemo,
                    run: { _, _ in [.startNode] })
            ]),
        CommandRow(
            keys: "L", words: "client traffic on or off", more: "its latency and its errors are counted", group: .demo,
            commands: [
                Command(
                    name: "traffic", keys: [.init(event: .character("L"))], words: "of clients, on or off",
                    offer: \.offerDemo, run: { model, _ in [.traffic(model.demoNow?.traffic == nil)] })
            ],
            hint: { $0.hasAnswer ? .init(keys: "L", words: "traffic", priority: 6, place: 60) : nil }),
        CommandRow(
            keys: ".", words: "reshard in steps; then the next step", more: "a batch for each press", group: .demo,
            commands: [
                Command(
                    name: "step", keys: [.init(event: .character("."))],
                    words: "the reshard: stop before each batch, then one more", offer: \.offerDemo,
                    run: { model, _ in model.stepOn() })
            ],
            hint: { $0.waitsForSteps ? .init(keys: ".", words: "next step", priority: 9, place: 10) : nil }),
        CommandRow(
            keys: ",", words: "reshard without steps again", group: .demo,
            commands: [
                Command(
                    name: "run", keys: [.init(event: .character(","))], words: "the reshard on without steps",
                    offer: { model in
                        guard model.offerDemo == .offered else { return model.offerDemo }
                        return model.isStepping ? .offered : .refused("reshards go on by themselves already")
                    },
                    run: { model, _ in model.stepOff() })
            ],
            hint: { $0.waitsForSteps ? .init(keys: ",", words: "go on", priority: 8, place: 20) : nil }),
    ]

    /// - Parameter effect: makes the effect on a node, by the state of the demo.
    private static func fault(
        _ name: String, _ key: Character, _ words: String,
        _ effect: @escaping @Sendable (MemberID, DemoState) -> Effect
    ) -> Command {
        Command(
            name: name, keys: [.init(event: .character(key))],
            argument: .init(words: "HOST:PORT", values: { $0.members.map(\.id.text) }),
            words: words, offer: \.offerInjury,
            run: { model, argument in
                let node = argument.map { MemberID($0) } ?? model.selected?.id
                guard let node, node.isAddress, let demo = model.demoNow else {
                    if argument == nil { model.note("no node is chosen", isProblem: true) }
                    return argument == nil ? [] : nil
                }
                return [effect(node, demo)]
            })
    }
}

extension DashboardModel {
    /// The newest state of the demo, also while a frozen screen shows an older one.
    fileprivate var demoNow: DemoState? { held.demo ?? demo }

    /// The offer of a command for a cluster of this program's own.
    fileprivate var offerDemo: Command.Offer {
        if replay != nil { return .refused("a recording cannot be changed") }
        return isControlled ? .offered : .absent
    }

    /// The offer of a command that needs nodes that serve.
    fileprivate var offerInjury: Command.Offer {
        guard offerDemo == .offered else { return offerDemo }
        return hasAnswer ? .offered : .refused("no node has answered yet")
    }

    fileprivate var waitsForSteps: Bool { isMigrating && isStepping }
}
