/// How servers are asked to move slots whole, with their keys, in one step that the clients see.
package enum JobDialect: Sendable, Hashable {
    /// Valkey from 9.0: the source is asked.
    case valkey
    /// Redis from 8.4: the target is asked.
    case redis

    func executor(of move: PeerMove) -> Peer {
        switch self {
        case .valkey: move.from
        case .redis: move.to
        }
    }

    func start(_ slots: SlotSet, to target: Peer) -> Command {
        let ends = slots.ranges.flatMap { ["\($0.lowerBound)", "\($0.upperBound)"] }
        return switch self {
        case .valkey: Command(["CLUSTER", "MIGRATESLOTS", "SLOTSRANGE"] + ends + ["NODE", "\(target.id)"])
        case .redis: Command(["CLUSTER", "MIGRATION", "IMPORT"] + ends)
        }
    }

    var list: Command {
        switch self {
        case .valkey: Command("CLUSTER", "GETSLOTMIGRATIONS")
        case .redis: Command("CLUSTER", "MIGRATION", "STATUS", "ALL")
        }
    }

    /// Ends all that the server was asked for.
    var cancel: Command {
        switch self {
        case .valkey: Command("CLUSTER", "CANCELSLOTMIGRATIONS")
        case .redis: Command("CLUSTER", "MIGRATION", "CANCEL", "ALL")
        }
    }

    /// The end that the executor is, as its list of jobs says it.
    var operation: SlotJob.Operation {
        switch self {
        case .valkey: .sending
        case .redis: .receiving
        }
    }
}

/// Slots that change hands, with where both ends are reached.
struct PeerMove: Sendable, Hashable {
    var slots: SlotSet
    let from: Peer
    let to: Peer
}
