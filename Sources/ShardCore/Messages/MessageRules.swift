/// The rules for a kind of message: a new kind has all of them stated here, once.
struct MessageRules: Sendable, Hashable {
    /// The subject of a message, which decides who takes it in.
    enum Subject: Sendable, Hashable { case membership, layout, replication, request, query, vote, change }

    /// The message's relation to the layouts in force at its two ends.
    enum Epoch: Sendable, Hashable {
        /// Valid whatever layouts the two ends have.
        case any
        /// Valid only if both ends have the same layout. A message of an older one is answered with the layout in
        /// force.
        case same
        /// Valid only under the same layout, but the entries in a message of an older one are taken in as well.
        case sameAndAbsorbed
        /// Valid only under the same layout; a message of an older one has nothing left to say.
        case sameOrDropped
        /// Brings a layout, for a receiver that is behind.
        case brings
    }

    let subject: Subject
    var epoch = Epoch.any
    /// True if it carries many keys, or asks for many: only one such message is taken in a turn.
    var carriesKeys = false
    /// True if it adds to what the disk has to take, or is answered with a confirmation that the disk has something.
    /// Such a message is refused while the disk takes nothing.
    var loadsDisk = false
    /// True if it is taken also from a node that has not met its cluster yet.
    var isOfNewcomers = false
    /// True if it says that this node holds something. That may be in memory only, so the message waits for the disk.
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
        // Carries another cluster's id, and is handled before such messages are turned away.
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
        // The reply in it says what is confirmed.
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
