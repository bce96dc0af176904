/// This node's cluster, how sure the node is of it, and the nodes it met that belong to others.
///
/// At first each founder holds a draw of its own. A smaller draw under the same settings takes the place of a greater
/// one, so founders that hear each other come to hold the same one. A founder locks its draw once it hears that all
/// hold it or, if some are not heard for long, that a majority does. Once a majority is locked, the draw is settled. A
/// node is locked to one draw at most, so only one can ever be settled; a node that hears that one is settled takes it
/// over.
struct Identity: Sendable {
    /// Nil for a node that has not met its cluster yet.
    private(set) var mark: ClusterMark?
    /// The settings that this node was given to found a cluster; nil for a joiner, or a node that took another
    /// cluster's side.
    private(set) var founding: FoundingSettings?
    /// How sure other founders are of the draw that this node holds, as they said last.
    private var holders: [NodeAddress: Standing] = [:]
    var strangers = Strangers()

    /// - Parameter draw: the number drawn for this start of the node.
    init(founding: FoundingSettings?, draw: UInt64) {
        self.founding = founding
        mark = founding.map { ClusterMark(id: ClusterID(settings: $0.digest, draw: draw), standing: .held) }
    }

    /// The relation of a message's sender to this node, by the mark of the message, if it has one.
    enum Relation: Sendable, Hashable {
        case own
        /// The same cluster; this node has just taken over the sender's mark.
        case taken
        /// The sender has no cluster yet.
        case newcomer
        case stranger
    }

    var isSettled: Bool { mark?.standing == .settled }

    /// Takes in the mark under which `node` speaks.
    ///
    /// - Parameters:
    ///   - mayJoin: whether a node without a cluster takes its side.
    ///   - hasPart: whether this node has anything of its cluster yet: a layout, and its shard's data.
    mutating func hear(_ theirs: ClusterMark?, from node: NodeAddress, mayJoin: Bool, hasPart: Bool) -> Relation {
        guard let theirs else { return .newcomer }
        guard let own = mark else {
            guard mayJoin else { return .stranger }
            join(theirs, of: node, hasPart: hasPart)
            return .taken
        }
        if own == theirs, own.standing == .settled { return .own }
        guard own.id.settings == theirs.id.settings else { return .stranger }
        guard own.id != theirs.id else {
            holders[node] = theirs.standing
            guard theirs.standing == .settled, own.standing < .settled, hasPart else { return .own }
            mark = theirs
            return .taken
        }
        holders[node] = nil
        // Two settled clusters never merge: neither gives way.
        guard own.standing < .settled || theirs.standing < .settled else { return .stranger }
        guard Self.prevails(theirs, over: own, hasPart: hasPart) else { return .own }
        join(theirs, of: node, hasPart: hasPart)
        return .taken
    }

    private static func prevails(_ theirs: ClusterMark, over own: ClusterMark, hasPart: Bool) -> Bool {
        switch (own.standing, theirs.standing) {
        case (.settled, _), (_, .borrowed): false
        case (_, .settled): true
        // This node got its part from these founders, and not from the cluster that it heard of first.
        case (.borrowed, _): hasPart
        case (.locked, _): false
        case (.held, .locked): true
        case (.held, .held): theirs.id.draw < own.id.draw
        }
    }

    private mutating func join(_ theirs: ClusterMark, of node: NodeAddress, hasPart: Bool) {
        // A lock is a node's own: a draw that is taken over is only held.
        let standing = theirs.standing < .settled ? Standing.held : hasPart ? .settled : .borrowed
        mark = ClusterMark(id: theirs.id, standing: standing)
        holders = [node: theirs.standing]
        strangers.forget(node)
    }

    /// Founds a cluster under this node's own draw, as nobody had anything of the cluster whose draw it borrowed.
    mutating func found(draw: UInt64) {
        guard let mark, mark.standing == .borrowed else { return }
        self.mark = ClusterMark(id: ClusterID(settings: mark.id.settings, draw: draw), standing: .held)
        holders = [:]
    }

    /// Takes another cluster's side. That goes before this node's own settings, and before a cluster that is gone. Only
    /// for a node that has nothing to lose.
    ///
    /// - Parameter founding: the settings that the other cluster was founded with, as far as `node` knows.
    mutating func giveWay(to theirs: ClusterMark, of node: NodeAddress, founding: FoundingSettings?) {
        assert(mark?.id != theirs.id, "a node gives way to its own cluster")
        self.founding = founding?.digest == theirs.id.settings ? founding : nil
        join(theirs, of: node, hasPart: false)
    }

    /// Locks or settles the draw where enough of those who found the cluster hold it.
    ///
    /// - Parameter voters: the founders, this node among them where it may lock.
    /// - Parameter isPatient: whether founders that were not heard are still waited for.
    /// - Returns: true if the mark has changed.
    mutating func advance(voters: [NodeAddress], own: NodeAddress, isPatient: Bool) -> Bool {
        guard let mark, mark.standing == .held || mark.standing == .locked, voters.contains(own) else { return false }
        let others = voters.filter { $0 != own }
        let holding = 1 + others.count { holders[$0].map { $0 >= .held } ?? false }
        var next = mark.standing
        if next == .held, holding == voters.count || !isPatient && holding * 2 > voters.count { next = .locked }
        let locked = (next == .locked ? 1 : 0) + others.count { holders[$0].map { $0 >= .locked } ?? false }
        if next == .locked, locked * 2 > voters.count { next = .settled }
        guard next != mark.standing else { return false }
        self.mark = ClusterMark(id: mark.id, standing: next)
        return true
    }

    /// Takes over the mark that a disk kept.
    mutating func restore(_ mark: ClusterMark) { self.mark = mark }

    /// Forgets the mark, as the data on the disk are of a version without ids. This node belongs to the cluster that it
    /// finds among the members of its layout, and makes an id only if it finds none.
    mutating func findName() { mark = nil }

    /// Makes an id where none was found.
    mutating func makeName(draw: UInt64) {
        assert(mark == nil, "a second id is made")
        mark = ClusterMark(id: ClusterID(settings: founding?.digest ?? Self.inherited, draw: draw), standing: .held)
    }

    /// True if nobody knows any more who founded the cluster: then its members stand in for the founders.
    var isInherited: Bool { mark?.id.settings == Self.inherited }

    /// Stands for the founders' settings of a cluster older than ids, if they are not known any more.
    private static let inherited: UInt64 = 0
}
