import ShardCore

/// The faults that a run may have.
public enum Profile: String, Sendable, CaseIterable {
    /// Reshards and nothing else: no request may be refused for it, and no write may be lost.
    case reshard
    /// Two changes of the layout at once, or one right after the other.
    case rivals
    /// Nodes added to shards, removed and put back.
    case membership
    /// The coordinator dies after some of the messages of each kind.
    case coordinator
    /// The coordinator dies in the middle of the decision and comes back without its memory, while some nodes are cut
    /// off and others begin another change.
    case decision
    /// A voter starts again without its disk right after it accepted, among nodes that heard nothing of the proposal
    /// and begin another change, while the nodes that decide are cut off.
    case amnesia
    /// So many nodes are gone for good that no majority is left, a reshard is forced on the rest, and new nodes take
    /// the place of the old ones later.
    case force
    /// Messages lost, doubled, late and overtaken.
    case lossy
    /// Few keys, written and deleted all the time and soon forgotten, while late messages may bring them back: messages
    /// are doubled and late, or a change of the layout goes on although a member did not take part in it.
    case forgetting
    /// Single links, each way for itself, that are slow or lose much while all others do well.
    case clogged
    /// Groups cut off, links cut one way or one by one, views that flap.
    case partition
    /// Nodes killed without their disk, and started again.
    case crash
    /// As `crash`, but a write is answered only once two members hold it: no answered write may be lost.
    case acks
    /// Nodes that stop for a while and go on as if nothing had happened.
    case pause
    /// Wall clocks that are wrong, and jump.
    case clock
    /// Nodes with disks: killed and started again, one or all at once, with every answered write on a disk.
    case sync
    /// As `sync`, but the disks are a moment behind.
    case batched
    /// All members of a shard killed with their memory, so that nobody has its data, and started again.
    case ruin
    /// All nodes without disks killed one after the other at close intervals, in any order, and started again at once,
    /// some with a clock that is behind.
    case rolling
    /// A second cluster in the same world, whose nodes are put into this one's view and the other way round, and which
    /// takes addresses of this one for a while.
    case neighbours
    /// Peers' messages with false fields that are beyond all bounds, and clients whose contexts name writes that were
    /// never made; otherwise nothing but changes of the layout, so all others must be served as if there were no lies.
    case liars
    /// Founders that start far apart, one of them with another shard count.
    case founders
    /// Nodes that are stopped gracefully, one at a time, and started again with nothing.
    case stops
    /// Nodes that are stopped gracefully, one or all at once, and started again with disks that are a moment behind.
    case stopsOnDisk
    /// Disks that refuse writes for a while.
    case fullDisk
    /// Every answered write on a disk, and all other faults of nodes and network besides.
    case syncFaults
    /// As `syncFaults`, but the disks are a moment behind.
    case batchedFaults
    /// Two members hold a write before it is answered, and all faults of nodes and network.
    case acksFaults
    /// As `acksFaults`, but the disks are a moment behind.
    case acksOnDisk
    /// All of these together, without disks.
    case everything

    /// True if nothing happens but changes of the layout that refuse nobody.
    var isWithoutFaults: Bool { self == .reshard || self == .rivals || self == .liars }

    /// True if data are lost that nobody promised to keep.
    var losesData: Bool { self == .ruin || self == .rolling }

    /// True if the profile is about which cluster a node is of and what is believed, and has no passing faults.
    var isOfIdentity: Bool { self == .neighbours || self == .founders || self == .liars }

    /// The profiles that take turns in this one; empty if it has faults of its own.
    var parts: [Profile] {
        switch self {
        case .everything:
            Profile.allCases.filter {
                $0.durability == .memory && $0.writeAcks == 1 && $0 != .everything && $0 != .force && !$0.losesData
                    && !$0.isOfIdentity
            }
        case .syncFaults:
            [.sync, .sync, .stopsOnDisk, .fullDisk, .lossy, .clogged, .partition, .pause, .clock, .crash, .coordinator]
        case .batchedFaults:
            [
                .batched, .batched, .stopsOnDisk, .fullDisk, .lossy, .clogged, .partition, .pause, .clock, .crash,
                .coordinator,
            ]
        case .acksFaults: [.acks, .acks, .lossy, .clogged, .partition, .pause, .clock, .coordinator]
        case .acksOnDisk: [.batched, .batched, .fullDisk, .lossy, .clogged, .partition, .pause, .clock, .crash]
        default: []
        }
    }

    var writeAcks: Int { [.acks, .acksFaults, .acksOnDisk].contains(self) ? 2 : 1 }

    /// The durability that the nodes' disks promise under this profile.
    var durability: Durability {
        switch self {
        case .sync, .fullDisk, .syncFaults: .sync
        case .batched, .batchedFaults, .acksOnDisk, .stopsOnDisk: .batched
        default: .memory
        }
    }
}
