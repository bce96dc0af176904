import ClusterModel

/// Whether a cluster is in a state to be changed.
enum Safety {
    /// Why slots must not move now, with the nodes concerned and the remedy; empty if they may.
    static func hindrances(_ survey: Survey) -> [String] {
        let topology = survey.topology
        var found: [String] = []
        let jobs = survey.runningJobs
        if let job = jobs.first {
            let more = jobs.count > 1 ? " and \(jobs.count - 1) more" : ""
            found.append(
                "\(job.slots.words) are on their way from \(topology.name(of: job.source)) to \(topology.name(of: job.target))\(more), "
                    + "by somebody else or by a shardtop that was ended. Wait until that is over, or end it with a repair"
            )
        }
        if !topology.openSlots.isEmpty {
            let slots = SlotSet(topology.openSlots.keys)
            found.append(
                "\(slots.words) \(slots.count == 1 ? "is" : "are") open: somebody else moves them, or a move was broken off. "
                    + "Where nobody does, repair first")
        }
        if !topology.uncovered.isEmpty { found.append("\(topology.uncovered.words) belong to nobody. Repair first") }
        if !topology.doublyOwned.isEmpty {
            found.append("\(topology.doublyOwned.words) are claimed by two nodes. Repair first")
        }
        return found + missingOwners(survey)
    }

    /// Primaries with slots that cannot be asked, and why.
    static func missingOwners(_ survey: Survey) -> [String] {
        let topology = survey.topology
        return topology.primaries.filter { !$0.slots.isEmpty && !survey.isUp($0.id) }.map { node in
            let why = survey.silent[node.id].map { " (\($0.what))" } ?? ""
            let state =
                survey.answers[node.id]?.info?.persistence.isLoading == true ? "loads its data" : "is down\(why)"
            return "\(topology.name(of: node.id)), which has \(node.slots.words), \(state). Wait for it, or fail over"
        }
    }

    /// Primaries that serve no keys although they answer.
    static func idlePrimaries(_ survey: Survey) -> [String] {
        survey.askablePrimaries.filter { survey.answers[$0.id]?.isServing == false }.map {
            "\($0.address) serves no keys now (cluster_state:fail)"
        }
    }

    /// The nodes' disagreements about slots, in words: they pass where nodes are only about to learn of a change.
    static func disagreements(_ survey: Survey) -> [String] {
        survey.topology.disagreements.filter { disagreement in
            if case .owner = disagreement.subject { return true }
            return false
        }.map { $0.words(survey.topology) }
    }

    /// Commands that change nothing and are still refused where the user may not use their kind, by node.
    ///
    /// The end of jobs is not among them, as it would end those that another operator began meanwhile. Where a user may
    /// begin jobs and not end them, an abort waits for those that run.
    static func trials(_ moves: [PeerMove], _ way: MoveWay) -> [Request] {
        var commands: [ServerAddress: Set<Command>] = [:]
        for move in moves {
            switch way {
            case .classic:
                let setSlot = Command("CLUSTER", "SETSLOT", "-1", "STABLE")
                commands[move.from.address, default: []].formUnion([
                    setSlot, Command("CLUSTER", "COUNTKEYSINSLOT", "0"), Command("CLUSTER", "GETKEYSINSLOT", "0", "0"),
                    Command("ROLE"),
                    Command("MIGRATE", "127.0.0.1", "0", "shardtop:trial", "0", "x"),
                ])
                commands[move.to.address, default: []].formUnion([setSlot, Command("CLUSTER", "COUNTKEYSINSLOT", "0")])
            case .jobs(.valkey):
                commands[move.from.address, default: []].formUnion([
                    Command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "0", "NODE", "x"), JobDialect.valkey.list,
                ])
            case .jobs(.redis):
                commands[move.to.address, default: []].formUnion([
                    Command("CLUSTER", "MIGRATION", "IMPORT", "-1", "-1"), JobDialect.redis.list,
                ])
            }
        }
        return commands.sorted { $0.key < $1.key }.map {
            Request($0.value.sorted { $0.description < $1.description }, to: $0.key)
        }
    }
}

/// How slots are moved.
package enum MoveWay: Sendable, Hashable {
    case classic
    case jobs(JobDialect)

    /// The best way that all nodes concerned support.
    init(of moves: [PeerMove], _ survey: Survey) {
        func all(_ ids: [NodeID], have feature: ServerFeatures.Feature) -> Bool {
            ids.allSatisfy { survey.answers[$0]?.features[feature].isPresent == true }
        }
        let ends = moves.flatMap { [$0.from.id, $0.to.id] }
        if all(ends, have: .migrateSlots) {
            self = .jobs(.valkey)
        } else if all(ends, have: .migration) {
            self = .jobs(.redis)
        } else {
            self = .classic
        }
    }

    var words: String {
        switch self {
        case .classic: "slot by slot: their keys are sent with MIGRATE, some slots at once"
        case .jobs: "whole: a job's slots change hands in one step"
        }
    }
}
