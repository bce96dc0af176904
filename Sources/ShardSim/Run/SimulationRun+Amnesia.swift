import ShardCore

/// The trap that makes a voter forget what it accepted; see ``Scenario/Action/armAmnesia(restartMilliseconds:)``.
struct Amnesia {
    let restartMilliseconds: UInt64
    var victim: NodeAddress?
    /// The nodes that decide with the victim's vote.
    var deciders: [NodeAddress] = []
    var rest: [NodeAddress] = []
    var hasAccepted = false
    var restartMicroseconds: UInt64?
}

extension SimulationRun {
    /// Springs the trap on a message that is being sent, if it is the awaited one.
    func springAmnesia(_ envelope: Envelope) {
        guard var trap = amnesia else { return }
        switch envelope.message {
        case .accept where trap.victim == nil:
            guard let layout = cluster.replica(of: envelope.from)?.recordInForce.layout else { return }
            let others = layout.members.filter { $0 != envelope.from }.shuffled(using: &random)
            guard let victim = others.first, others.count == layout.members.count - 1 else { return }
            let rest = others.dropFirst().prefix(layout.members.count - layout.members.count / 2 - 1)
            trap.victim = victim
            trap.rest = Array(rest)
            trap.deciders = allNodes.filter { $0 != victim && !rest.contains($0) }
            note("the proposal reaches \(trap.deciders.map(\.host)) and \(victim.host), and nobody else")
            cluster.network.partition(trap.rest, from: trap.deciders + [victim])
            activeFaults.insert("links cut")
        case .accepted where envelope.from == trap.victim: trap.hasAccepted = true
        default: return
        }
        amnesia = trap
    }

    /// Ends the victim once it has voted, and starts it again among the rest.
    func advanceAmnesia() {
        guard var trap = amnesia, let victim = trap.victim, trap.hasAccepted else { return }
        if let due = trap.restartMicroseconds {
            guard cluster.nowMicroseconds >= due, let number = allNodes.firstIndex(of: victim) else { return }
            amnesia = nil
            if cluster.start(of: victim) == nil { start(number + 1) }
            return note("\(victim) starts again, and has forgotten its vote")
        }
        guard mayCrash(victim) else {
            amnesia = nil
            return note("\(victim) is not killed: the others could not do without it now")
        }
        hit("amnesia")
        crash(victim)
        cluster.network.heal()
        cluster.network.partition(trap.rest + [victim], from: trap.deciders)
        trap.restartMicroseconds = cluster.nowMicroseconds + trap.restartMilliseconds * 1_000
        amnesia = trap
    }
}
