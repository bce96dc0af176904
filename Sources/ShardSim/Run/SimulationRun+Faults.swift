import ShardCore

extension SimulationRun {
    func carryOut(_ action: Scenario.Action) {
        switch action {
        case .reshard(let count, let node):
            change(.reshard(shardCount: count, force: false), at: node, fault: "rival reshard")
        case .addMember(let node, let shard, let at):
            change(.addMember(address(node), shard: shard), at: at, fault: "rival add-member")
        case .removeMember(let node, let at):
            change(.removeFromView(address(node)), at: at, fault: "rival remove-member")
        case .putBack(let node, let at): change(.addToView(address(node)), at: at, fault: "put back")
        case .abort(let node): change(.abortReshard, at: node, fault: "abort")
        case .crash(let number): crashIfAllowed(address(number))
        case .crashAll:
            hit("crash of all")
            for node in cluster.running { crash(node) }
        case .stop(let number): if mayCrash(address(number)) { stop(address(number)) }
        case .stopAll: for node in cluster.running { stop(node) }
        case .loseDisk(let number): loseDisk(address(number))
        case .disk(let number, let isFailing): setDisk(address(number), isFailing: isFailing)
        case .restart(let number):
            guard cluster.start(of: address(number)) == nil else { return }
            hit("restart")
            note("\(address(number)) starts again")
            start(number)
        case .kill(let number):
            hit("kill")
            crash(address(number))
        case .setClockBack(let number): clocksBehind.insert(number)
        case .addStranger, .addToStrangers, .takeAddress, .giveAddressBack, .reshardStrangers, .writeToStrangers:
            meetStrangers(action)
        case .pause(let number): pause(address(number))
        case .goOn(let number): goOn(address(number))
        case .cut, .cutFromShard, .clog, .isolate, .heal, .network: changeNetwork(action)
        case .clock(let number, let offset):
            hit("clock jump")
            activeFaults.insert("clock off")
            areClocksOff = true
            note("the clock of \(address(number)) is off by \(offset) ms")
            cluster.skew(address(number), byMicroseconds: offset * 1_000)
        case .armDeath(let kind, let count):
            note("who sends \(kind.rawValue) number \(count) will die")
            armed = (kind, count)
        case .loseMajority: loseMajority()
        case .loseShard: loseShard()
        case .forceReshard:
            guard let node = cluster.running.randomElement(using: &random),
                let number = allNodes.firstIndex(of: node)
            else { return }
            let count = Int.random(in: 1...max(1, cluster.running.count / 2), using: &random)
            change(.reshard(shardCount: count, force: true), at: number + 1, fault: "forced reshard")
        case .armAmnesia(let delay): amnesia = Amnesia(restartMilliseconds: delay)
        }
    }

    func hit(_ fault: String) { coverage.note(fault, in: phaseNow) }

    func change(_ request: Request, at number: Int, fault: String) {
        let node = address(number)
        guard let start = cluster.start(of: node), let id = cluster.submit(request, to: node) else { return }
        if phaseNow != nil { hit(fault) }
        note("change [\(id)] at \(node): \(request)")
        changes.append((id, node, start))
    }

    // MARK: Nodes

    /// True if losing `node` with its memory is a fault that the cluster promises to survive: all others are up and
    /// have their data, and its shard has another member that serves.
    func mayCrash(_ node: NodeAddress) -> Bool {
        if scenario.profile.durability == .sync { return cluster.start(of: node) != nil }
        guard cluster.running.count == scenario.nodeCount, let victim = cluster.replica(of: node) else { return false }
        let others = cluster.running.filter { $0 != node }
        let areWell = others.allSatisfy { other in
            guard let replica = cluster.replica(of: other), !cluster.isPaused(other) else { return false }
            // A majority without votes counts as lost.
            return [.serving, .joiner].contains(replica.servingState) && !replica.isWithoutVotes
        }
        guard areWell else { return false }
        // This holds under a layout that may be decided already, too: a member that lost its staged portion does not
        // count.
        let replicas = others.compactMap { cluster.replica(of: $0) }
        let records = (replicas + [victim]).flatMap { [$0.recordInForce, $0.acceptedRecord].compactMap { $0 } }
        return Set(records).allSatisfy { record in
            guard let shard = record.layout.shard(of: node) else { return true }
            return record.layout.shards[shard].contains { member in
                guard member != node, let other = cluster.replica(of: member) else { return false }
                return other.isPrepared(for: record)
            }
        }
    }

    /// Kills all but one member of every shard, if all nodes are well now.
    private func loseMajority() {
        let replicas = cluster.running.compactMap { cluster.replica(of: $0) }
        let layouts = Set(replicas.map(\.recordInForce.layout))
        guard let layout = layouts.first, layouts.count == 1, layout.shardCount > 0,
            replicas.allSatisfy({
                [.serving, .joiner].contains($0.servingState) && $0.acceptedRecord == nil && !$0.isWithoutVotes
            }), layout.members.allSatisfy({ cluster.start(of: $0) != nil })
        else { return note("no majority is killed: not all nodes are well now") }
        var rest = layout.shards.compactMap { $0.randomElement(using: &random) }
        if rest.count < 2, let other = layout.members.first(where: { !rest.contains($0) }) { rest.append(other) }
        guard rest.count * 2 <= layout.members.count else {
            return note("no majority is killed: too few nodes would be left")
        }
        hit("majority lost")
        for node in cluster.running where !rest.contains(node) { crash(node) }
    }

    /// Kills all members of a shard, if all nodes are well now. The others must be enough for the members to learn what
    /// they voted for, or a proposal that is under way could be neither finished nor closed.
    private func loseShard() {
        let replicas = cluster.running.compactMap { cluster.replica(of: $0) }
        let layouts = Set(replicas.map(\.recordInForce.layout))
        guard let layout = layouts.first, layouts.count == 1, cluster.running.count == scenario.nodeCount,
            replicas.allSatisfy({ [.serving, .joiner].contains($0.servingState) && !$0.isWithoutVotes }),
            let members = layout.shards.filter({ $0.count <= layout.members.count / 2 }).randomElement(using: &random)
        else { return note("no shard is lost: it would be the majority, or not all nodes are well now") }
        // They may be all the members of a coming shard, whose keys the old owners drop once the layout is decided.
        guard !replicas.contains(where: \.isHoldingWrites) else {
            return note("no shard is lost: a switch is under way")
        }
        hit("shard lost")
        for node in members { crash(node) }
    }

    private func crashIfAllowed(_ node: NodeAddress) {
        guard mayCrash(node) else { return note("\(node) is not killed: the others could not do without it now") }
        hit("crash")
        crash(node)
    }

    /// Kills a node, and writes off the writes that nobody else holds: the stated loss window.
    func crash(_ node: NodeAddress) {
        // Answers that it gave before it died count.
        clients.step(isSending: false)
        guard let victim = cluster.replica(of: node) else { return }
        if scenario.profile.durability != .memory { return crashWithDisk(node, victim) }
        note("\(node) dies, and its memory with it")
        let decided = decidedOperations
        cluster.crash(node)
        for record in victim.storedRecords {
            lose(Loss(record: record, node: node, micros: cluster.nowMicroseconds), decided: decided)
        }
        activeFaults.insert("node down")
        touchFaults()
    }

    private func pause(_ node: NodeAddress) {
        guard cluster.start(of: node) != nil, !cluster.isPaused(node) else { return }
        hit("pause")
        activeFaults.insert("node paused")
        note("\(node) is paused")
        clients.excuse(node)
        cluster.pause(node)
        touchFaults()
    }

    private func goOn(_ node: NodeAddress) {
        guard cluster.isPaused(node) else { return }
        hit("going on")
        note("\(node) goes on")
        clients.excuse(node)
        cluster.unpause(node)
        touchFaults()
    }

    // MARK: The network

    private func changeNetwork(_ action: Scenario.Action) {
        switch action {
        case .cut(let from, let to):
            hit("one-way cut")
            activeFaults.insert("links cut")
            note("nothing goes from \(address(from)) to \(address(to))")
            cluster.network.cut.insert(SimulatedNetwork.Link(from: address(from), to: address(to)))
        case .cutFromShard(let number):
            let node = address(number)
            let layout = cluster.replica(of: node)?.recordInForce.layout
            guard let layout, let shard = layout.shard(of: node) else { return }
            hit("partition")
            activeFaults.insert("links cut")
            note("\(node) is cut off from the rest of its shard")
            cluster.network.partition([node], from: layout.shards[shard].filter { $0 != node })
        case .clog(let from, let to, let loss, let delay):
            hit("clogged link")
            activeFaults.insert("links clogged")
            note("from \(address(from)) to \(address(to)) \(loss)% lost, up to \(delay) ms late")
            cluster.network.clogs[SimulatedNetwork.Link(from: address(from), to: address(to))] = .init(
                loss: Double(loss) / 100, delayMicroseconds: UInt64(delay) * 250...UInt64(delay) * 1_000)
        case .isolate(let numbers):
            hit("partition")
            activeFaults.insert("links cut")
            let group = numbers.map(address)
            note("cut off: \(group.map(\.host).joined(separator: " "))")
            cluster.network.partition(group, from: allNodes.filter { !group.contains($0) })
        case .network(let loss, let duplication, let delay, let delayMilliseconds):
            hit("loss and delay")
            activeFaults.insert("loss and delay")
            note("\(loss)% lost, \(duplication)% doubled, \(delay)% up to \(delayMilliseconds) ms late")
            cluster.network.loss = Double(loss) / 100
            cluster.network.duplication = Double(duplication) / 100
            cluster.network.delay = Double(delay) / 100
            cluster.network.delayMicrosecondsMax = UInt64(delayMilliseconds) * 1_000
        default:
            hit("healing")
            activeFaults.subtract(["links cut", "links clogged"])
            note("all links work")
            cluster.network.heal()
        }
        touchFaults()
    }

    /// True while a lasting fault keeps writes from reaching other members.
    var isDisturbed: Bool {
        let network = cluster.network
        return !network.cut.isEmpty || !network.clogs.isEmpty || network.loss > 0 || network.delay > 0
            || allNodes.contains {
                cluster.start(of: $0) == nil || cluster.isPaused($0) || cluster.isDiskFailing($0)
            }
    }

    func touchFaults() { lastFaultMicroseconds = cluster.nowMicroseconds }

    /// Ends all faults: the network is perfect, and every node is up. Clocks stay as they are.
    func endFaults() {
        note("all faults end")
        armed = nil
        amnesia = nil
        for number in 1...scenario.nodeCount { endStranger(at: address(number)) }
        cluster.network = SimulatedNetwork()
        for node in allNodes { cluster.setDisk(of: node, isFailing: false) }
        cluster.network.latencyMicroseconds = scenario.latencyMicroseconds
        hasFaults = false
        for number in 1...scenario.nodeCount {
            if cluster.isPaused(address(number)) { goOn(address(number)) }
            if cluster.start(of: address(number)) == nil { start(number) }
        }
        activeFaults = []
        touchFaults()
    }
}
