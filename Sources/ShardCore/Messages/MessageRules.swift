/// The rules that hold of a kind of message: whoever adds a kind answers all of them here, once.
struct MessageRules: Sendable, Hashable {
    /// The subject of a message, which decides who takes it in.
    enum Subject: Sendable, Hashable { case membership, layout, replication, request, query, vote, change }

    /// The bearing of the layouts in force at both ends on it.
    enum Epoch: Sendable, Hashable {
        /// It means the same whatever layout the two ends have.
        case any
        /// It means something only where both have the same. One from before is answered with the layout in force.
        case same
        /// The same; but what it carries is taken in from before as well.
        case sameAndAbsorbed
        /// The same; one from before has nothing left to say.
        case sameOrDropped
        /// It brings a layout, and makes what is behind whole.
        case brings
    }

    let subject: Subject
    var epoch = Epoch.any
    /// It carries many keys, or asks for many: only one such message in a turn.
    var carriesKeys = false
    /// It adds to what the disk has to take, or is answered by a word that the disk has something: refused while the disk
    /// takes nothing.
    var loadsDisk = false
    /// It is taken in also of a node that has not met its cluster yet.
    var isOfNewcomers = false
    /// It says that this node holds something, which it may have in memory alone: it waits for the disk.
    var confirms = false

    var needsSameEpoch: Bool {
        switch epoch {
        case .same, .sameAndAbsorbed, .sameOrDropped: true
        case .any, .brings: false
        }
    }
}

extension Message {
    var rules: MessageRules {
        switch self {
        case .heartbeat, .leaving: MessageRules(subject: .membership, isOfNewcomers: true)
        // It comes under another id, and is seen before that is turned away.
        case .otherCluster: MessageRules(subject: .membership)
        case .laterStart: MessageRules(subject: .membership)
        case .epochWanted: MessageRules(subject: .layout, isOfNewcomers: true)
        case .epoch: MessageRules(subject: .layout, epoch: .brings)
        case .replicate: MessageRules(subject: .replication, epoch: .sameAndAbsorbed, loadsDisk: true)
        case .replicated: MessageRules(subject: .replication, epoch: .sameOrDropped, confirms: true)
        case .fetch: MessageRules(subject: .replication, epoch: .same)
        case .fetched: MessageRules(subject: .replication, epoch: .sameOrDropped, loadsDisk: true)
        case .handOn: MessageRules(subject: .replication, epoch: .sameAndAbsorbed, loadsDisk: true)
        case .handedOn: MessageRules(subject: .replication, confirms: true)
        case .baselineExtended: MessageRules(subject: .replication)
        case .forward: MessageRules(subject: .request, epoch: .same)
        // What it confirms is in the reply.
        case .forwarded: MessageRules(subject: .request)
        case .probe, .probed, .count, .counted: MessageRules(subject: .query)
        case .votesWanted: MessageRules(subject: .vote, epoch: .same)
        case .votes: MessageRules(subject: .vote, epoch: .sameOrDropped, confirms: true)
        case .prepare, .recover, .close: MessageRules(subject: .change, loadsDisk: true)
        case .promised, .accepted: MessageRules(subject: .change, confirms: true)
        case .busy, .abort, .lease: MessageRules(subject: .change)
        case .collate, .collated, .gather, .gathered: MessageRules(subject: .change, carriesKeys: true)
        case .change, .changed: MessageRules(subject: .change, carriesKeys: true)
        case .stage: MessageRules(subject: .change, carriesKeys: true, loadsDisk: true)
        case .staged: MessageRules(subject: .change, confirms: true)
        case .freeze: MessageRules(subject: .change, loadsDisk: true)
        case .frozen: MessageRules(subject: .change, confirms: true)
        case .accept: MessageRules(subject: .change, loadsDisk: true)
        case .commit: MessageRules(subject: .change, epoch: .brings)
        case .committed: MessageRules(subject: .change, confirms: true)
        }
    }
}
