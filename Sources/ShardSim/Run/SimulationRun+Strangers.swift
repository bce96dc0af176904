import ShardCore

/// Another cluster in the same world, which means no harm: its operators mistake addresses.
extension SimulationRun {
    private static let strangerNumbers = 201...204
    private var strangers: [NodeAddress] { Self.strangerNumbers.map(SimulatedCluster.address) }
    private static let strangersShardCount = 2
    /// The beginning of all values of the other cluster.
    private static let mark = "stranger"

    func startStrangers() {
        for node in strangers {
            cluster.start(node, view: strangers, shardCount: Self.strangersShardCount, isStranger: true)
        }
    }

    func meetStrangers(_ action: Scenario.Action) {
        let strangers = strangers
        let host = strangers.randomElement(using: &random) ?? strangers[0]
        switch action {
        case .addStranger(let index, let number):
            change(.addToView(strangers[index]), at: number, fault: "stranger added")
        case .addToStrangers(let number):
            note("\(address(number)) is added to the other cluster, at \(host)")
            hit("added to strangers")
            _ = cluster.submit(.addToView(address(number)), to: host)
        case .reshardStrangers(let count):
            note("the other cluster is to have \(count) shards")
            _ = cluster.submit(.reshard(shardCount: count, force: false), to: host)
        case .writeToStrangers:
            strangersWrites += 1
            let key = clients.keys[strangersWrites % clients.keys.count]
            let value = Array("\(Self.mark)\(strangersWrites)".utf8)
            _ = cluster.submit(.put(key: key, value: value, context: .empty), to: host)
        case .takeAddress(let number):
            let node = address(number)
            guard mayCrash(node) else {
                return note("\(node) keeps its address: the others could not do without it now")
            }
            hit("address taken")
            crash(node)
            note("a node of the other cluster starts as \(node)")
            cluster.start(node, view: strangers + [node], shardCount: nil, isStranger: true)
        case .giveAddressBack(let number): endStranger(at: address(number))
        default: assertionFailure("\(action) is nothing about another cluster")
        }
    }

    func endStranger(at node: NodeAddress) {
        guard cluster.stranger(at: node) != nil else { return }
        note("the other cluster's node at \(node) ends")
        cluster.crash(node)
    }

    /// Checks that the other cluster is what it was, and that neither has anything of the other's.
    func judgeStrangers() {
        let ids = Set(strangers.compactMap { cluster.stranger(at: $0)?.cluster?.id })
        let own = Set(cluster.running.compactMap { cluster.replica(of: $0)?.cluster?.id })
        if ids.count != 1 || own.count != 1 || !ids.isDisjoint(with: own) {
            fail(.clustersStayApart, "one cluster has the ids \(own), the other \(ids)")
        }
        for node in strangers {
            guard let replica = cluster.stranger(at: node) else { continue }
            guard replica.servingState == .serving else {
                return fail(.clustersStayApart, "\(node) of the other cluster is \(replica.servingState.rawValue)")
            }
            judge(replica, isOwn: false)
        }
        for node in cluster.running { if let replica = cluster.replica(of: node) { judge(replica, isOwn: true) } }
    }

    private func judge(_ replica: Replica, isOwn: Bool) {
        let wrong = replica.storedRecords.first { record in
            guard let value = record.entry.value else { return false }
            return String(decoding: value, as: UTF8.self).hasPrefix(Self.mark) == isOwn
        }
        guard let wrong else { return }
        fail(.clustersStayApart, "\(replica.recordInForce.layout.epoch): \(wrong.key) has a value of the other cluster")
    }

    /// Founds a cluster whose founders start far apart, one of them with another shard count. Nothing is served by two
    /// layouts; then the operator corrects the mistake.
    func foundApart() {
        let counts = (1...max(1, scenario.founderCount / 2)).filter { $0 != scenario.shardCount }
        let wrong = Int.random(in: 1...scenario.founderCount, using: &random)
        for number in (1...scenario.founderCount).shuffled(using: &random) {
            start(number, shardCount: number == wrong ? counts.randomElement(using: &random) : nil)
            cluster.run(milliseconds: [0, 100, 600, 2_500].randomElement(using: &random) ?? 0)
        }
        cluster.run(milliseconds: 3_500)
        let isServing = cluster.running.contains { cluster.replica(of: $0)?.servingState == .serving }
        note("the founder that was set up otherwise is put right; some serve: \(isServing)")
        guard !areAllServing else { return }
        cluster.crash(address(wrong))
        cluster.run(milliseconds: 100)
        start(wrong)
    }
}
