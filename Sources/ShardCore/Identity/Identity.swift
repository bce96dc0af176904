/// Which cluster this node belongs to, how sure it is of that, and which nodes it met that belong to another.
///
/// Founders hold a draw each at first. A smaller draw of the same settings takes a greater one's place, so those that
/// hear each other come to hold the same. Who hears that all of them hold its own, or, where some are not to be heard
/// for long, that a majority does, locks it, and a majority that is locked settles it. A node is locked to one draw at
/// most, so only one can ever be settled; whoever hears that one is settled takes it over.
struct Identity: Sendable {
    /// Nil for a node that has not met its cluster yet.
    private(set) var mark: ClusterMark?
    /// What this node was given to found a cluster with; nil for one that joins, or that took another cluster's side.
    private(set) var founding: FoundingSettings?
    /// How sure other founders are of the draw that this node holds, as they said last.
    private var holders: [NodeAddress: Standing] = [:]
    var strangers = Strangers()

    /// - Parameter draw: drawn for this start of the node.
    init(founding: FoundingSettings?, draw: UInt64) {
        self.founding = founding
        mark = founding.map { ClusterMark(id: ClusterID(settings: $0.digest, draw: draw), standing: .held) }
    }

    /// What a word under some mark, or under none, is to this node.
    enum Relation: Sendable, Hashable {
        case own
        /// The same, and this node has just taken the sender's mark over.
        case taken
        /// Its sender has no cluster yet.
        case newcomer
        case stranger
    }

    var isSettled: Bool { mark?.standing == .settled }

    /// Takes in under which mark `node` speaks.
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
        // Of two that are settled neither gives way: they are two clusters.
        guard own.standing < .settled || theirs.standing < .settled else { return .stranger }
        guard Self.prevails(theirs, over: own, hasPart: hasPart) else { return .own }
        join(theirs, of: node, hasPart: hasPart)
        return .taken
    }

    private static func prevails(_ theirs: ClusterMark, over own: ClusterMark, hasPart: Bool) -> Bool {
        switch (own.standing, theirs.standing) {
        case (.settled, _), (_, .borrowed): false
        case (_, .settled): true
        // What this node has now it has of those, and not of the cluster that it heard of first.
        case (.borrowed, _): hasPart
        case (.locked, _): false
        case (.held, .locked): true
        case (.held, .held): theirs.id.draw < own.id.draw
        }
    }

    private mutating func join(_ theirs: ClusterMark, of node: NodeAddress, hasPart: Bool) {
        // Who is locked has locked itself: to take a draw over is to hold it.
        let standing = theirs.standing < .settled ? Standing.held : hasPart ? .settled : .borrowed
        mark = ClusterMark(id: theirs.id, standing: standing)
        holders = [node: theirs.standing]
        strangers.forget(node)
    }

    /// Nobody had anything of the cluster: this node founds one under its own draw, and not that of a cluster that is
    /// gone.
    mutating func found(draw: UInt64) {
        guard let mark, mark.standing == .borrowed else { return }
        self.mark = ClusterMark(id: ClusterID(settings: mark.id.settings, draw: draw), standing: .held)
        holders = [:]
    }

    /// Takes another cluster's side: that goes before this node's own settings, and before a cluster that is gone. Only for
    /// a node that has nothing to lose.
    ///
    /// - Parameter founding: what that cluster was founded with, as far as `node` knows.
    mutating func giveWay(to theirs: ClusterMark, of node: NodeAddress, founding: FoundingSettings?) {
        assert(mark?.id != theirs.id, "a node gives way to its own cluster")
        self.founding = founding?.digest == theirs.id.settings ? founding : nil
        join(theirs, of: node, hasPart: false)
    }

    /// Locks or settles the draw where enough of those who found the cluster hold it.
    ///
    /// - Parameter voters: the founders, this node among them where it may lock.
    /// - Parameter isPatient: whether those that were not heard are still waited for.
    /// - Returns: true where the mark has changed.
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

    /// What a disk kept.
    mutating func restore(_ mark: ClusterMark) { self.mark = mark }

    /// The data on the disk are of a version that knew no ids: this node belongs to the cluster that it finds among the
    /// members of its layout, and only where it finds none is an id made.
    mutating func findName() { mark = nil }

    /// Makes an id where none was found.
    mutating func makeName(draw: UInt64) {
        assert(mark == nil, "a second id is made")
        mark = ClusterMark(id: ClusterID(settings: founding?.digest ?? Self.inherited, draw: draw), standing: .held)
    }

    /// True where nobody knows any more who founded the cluster: then its members stand in for the founders.
    var isInherited: Bool { mark?.id.settings == Self.inherited }

    /// Stands for the settings of a cluster that is older than ids, where they are not known any more.
    private static let inherited: UInt64 = 0
}
