import ClusterModel

/// A changer of a cluster that is watched.
extension Changer: ClusterChanging {
    public func plan(_ goal: Goal, _ report: WatchReport) async throws -> Plan {
        try await plan(goal, on: ground(report))
    }

    public func perform(_ goal: Goal, seen plan: Plan?, _ report: WatchReport) async throws {
        try await perform(goal, report, way: nil, seen: plan)
    }

    /// - Parameter way: nil for the best that the servers can.
    package func perform(_ goal: Goal, _ report: WatchReport, way: MoveWay?, seen plan: Plan? = nil) async throws {
        if Self.waitsForOthers(goal, report) {
            throw ChangeError(.refused, "somebody else is moving slots of this cluster. Wait until that is over")
        }
        try await perform(goal, on: ground(report), way: way, seen: plan)
    }

    /// Whether somebody else's migration is in the way. Jobs of the servers outlive the program that asked for them: to
    /// wait for those or to end them is what a repair is for.
    static func waitsForOthers(_ goal: Goal, _ report: WatchReport) -> Bool {
        guard report.isSomebodyElseMoving, goal.movesSlots else { return false }
        if case .repair = goal { return report.topology?.openSlots.isEmpty == false }
        return true
    }

    func ground(_ report: WatchReport) -> Ground {
        let (names, before) = (report.shardNames, report.topology)
        let nodes = report.topology.map { Array($0.nodes.values) } ?? []
        var dialled: [ServerAddress: ServerAddress] = [:]
        for node in nodes {
            if let address = node.address, let place = report.dialled(node.id), place != address {
                dialled[address] = place
            }
        }
        let seeds = nodes.sorted { (report.answers($0.id) ? 0 : 1, $0.id) < (report.answers($1.id) ? 0 : 1, $1.id) }
            .compactMap(\.address)
        return Ground(
            calls: dialled.isEmpty ? calls : DialledCalls(calls: calls, dialled: dialled), seeds: seeds,
            shard: { id, topology in names.id(of: id, since: before, now: topology) })
    }

    public func offer(_ features: inout Features, _ report: WatchReport) {
        guard let topology = report.topology else { return }
        let primaries = topology.primaries.map { report.features(of: $0.id) }
        let all = topology.nodes.keys.map { report.features(of: $0) }
        // Slots that a change which runs here has open are on their way.
        let isBroken = RepairPlanner.isNeeded(topology) && !report.isOursRunning && !report.isSomebodyElseMoving
        let moves = isBroken ? Features.Offer.refused("slots are open: repair first") : Self.movesOffer(primaries)
        (features.plan, features.abort, features.pace) = (.offered, .offered, .offered)
        (features.reshard, features.rebalance, features.moveSlots) = (moves, moves, moves)
        features.addMember = Self.offer([.meet, .replicate, .reset], all)
        features.removeMember = Self.offer([.forget, .replicate, .reset], all)
        features.failover =
            topology.nodes.values.contains(where: \.isReplica)
            ? Self.offer([.failover], all) : .refused("no primary has a replica")
        let isOpen = RepairPlanner.isNeeded(topology)
        features.repair = isOpen ? Self.offer([.setSlot, .migrateKeys], primaries) : .refused("no slot is open")
    }

    /// By jobs where all can; else slot by slot.
    private static func movesOffer(_ primaries: [ServerFeatures]) -> Features.Offer {
        for ways: [ServerFeatures.Feature] in [
            [.migrateSlots, .listSlotMigrations, .cancelSlotMigrations], [.migration],
        ]
        where primaries.allSatisfy({ $0[ways[0]].isPresent }) {
            return offer(ways, primaries)
        }
        return offer([.setSlot, .migrateKeys], primaries)
    }

    /// A command that is not known to be there is offered: trying it changes nothing where it is not permitted.
    private static func offer(_ needed: [ServerFeatures.Feature], _ servers: [ServerFeatures]) -> Features.Offer {
        for feature in needed {
            for server in servers {
                switch server[feature] {
                case .denied(let words): return .refused("this user may not do it: \(words)")
                case .absent: return .refused("a server does not know \(feature.words.joined(separator: " "))")
                case .present, .unknown: continue
                }
            }
        }
        return .offered
    }
}

extension Goal {
    /// Whether keys or bytes decide which slots go.
    var isDealtByKeys: Bool {
        if case .rebalance(let measure) = self { measure != .slots } else { false }
    }

    var movesSlots: Bool {
        switch self {
        case .shardCount, .rebalance, .move, .removeMember, .repair: true
        case .addMember, .failover: false
        }
    }
}

/// Servers that are dialled elsewhere than they announce.
struct DialledCalls: ServerCalls {
    let calls: any ServerCalls
    let dialled: [ServerAddress: ServerAddress]

    func send(
        _ commands: [Command], to server: ServerAddress, lane: Int, within limit: Duration
    ) async throws(ServerError) -> [RESPValue] {
        try await calls.send(commands, to: dialled[server] ?? server, lane: lane, within: limit)
    }
}
