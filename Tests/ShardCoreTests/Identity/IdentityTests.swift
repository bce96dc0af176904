import Testing

@testable import ShardCore

@Suite struct IdentityTests {
    private static let nodes = (1...5).compactMap { NodeAddress("10.0.0.\($0):8081") }
    private static let settings = FoundingSettings(view: nodes, shardCount: 2, name: nil)
    private var identity = Identity(founding: settings, draw: 50)

    private static func mark(_ draw: UInt64, _ standing: Standing) -> ClusterMark {
        ClusterMark(id: ClusterID(settings: settings.digest, draw: draw), standing: standing)
    }

    private mutating func hear(
        _ draw: UInt64, _ standing: Standing, from node: Int = 1, hasPart: Bool = true
    ) -> Identity.Relation {
        identity.hear(Self.mark(draw, standing), from: Self.nodes[node], mayJoin: false, hasPart: hasPart)
    }

    private mutating func advance(isPatient: Bool) -> Bool {
        identity.advance(voters: Self.nodes, own: Self.nodes[0], isPatient: isPatient)
    }

    @Test mutating func aSmallerDrawOfTheSameSettingsIsTakenOver() {
        #expect(hear(60, .held) == .own)
        #expect(identity.mark == Self.mark(50, .held))
        #expect(hear(40, .held) == .taken)
        #expect(identity.mark == Self.mark(40, .held))
    }

    @Test mutating func aDrawThatAllHoldIsLockedAndOneThatMostLockIsSettled() {
        for node in 1...3 { _ = hear(50, .held, from: node) }
        #expect(advance(isPatient: true) == false, "one was not heard")
        _ = hear(50, .held, from: 4)
        #expect(advance(isPatient: true) == true)
        #expect(identity.mark == Self.mark(50, .locked))
        #expect(hear(40, .held) == .own, "who is locked takes no other draw's side")
        for node in 2...3 { _ = hear(50, .locked, from: node) }
        #expect(advance(isPatient: true) == true)
        #expect(identity.isSettled)
    }

    @Test mutating func aMajorityLocksItWithoutThoseThatStaySilent() {
        for node in 1...2 { _ = hear(50, .held, from: node) }
        #expect(advance(isPatient: true) == false)
        #expect(advance(isPatient: false) == true)
        #expect(identity.mark == Self.mark(50, .locked))
    }

    @Test mutating func whoHasTakenAnotherDrawIsNotCountedForThisOne() {
        for node in 1...4 { _ = hear(50, .held, from: node) }
        _ = hear(60, .held, from: 2)
        #expect(advance(isPatient: true) == false)
    }

    @Test mutating func aSettledDrawGoesBeforeALockedOne() {
        for node in 1...4 { _ = hear(50, .held, from: node) }
        _ = identity.advance(voters: Self.nodes, own: Self.nodes[0], isPatient: true)
        #expect(hear(99, .settled) == .taken)
        #expect(identity.mark == Self.mark(99, .settled))
        #expect(hear(98, .settled) == .stranger, "two settled draws are two clusters")
    }

    /// Else a cluster that founds itself after all nodes lost their memory would pass for the one before.
    @Test mutating func whoHasNothingOfARunningClusterHandsItsIdOnToNobody() {
        #expect(hear(99, .settled, hasPart: false) == .taken)
        #expect(identity.mark == Self.mark(99, .borrowed))
        var other = Identity(founding: Self.settings, draw: 100)
        let word = other.hear(identity.mark, from: Self.nodes[0], mayJoin: true, hasPart: false)
        #expect(word == .own)
        #expect(other.mark == Self.mark(100, .held))
        identity.found(draw: 70)
        #expect(identity.mark == Self.mark(70, .held))
    }

    @Test mutating func otherSettingsAreAnotherCluster() {
        let others = FoundingSettings(view: Self.nodes, shardCount: 1, name: nil)
        let theirs = ClusterMark(id: ClusterID(settings: others.digest, draw: 1), standing: .held)
        let word = identity.hear(theirs, from: Self.nodes[1], mayJoin: true, hasPart: false)
        #expect(word == .stranger)
        #expect(identity.mark == Self.mark(50, .held))
    }

    @Test func whoHasNoClusterTakesTheSideOfOneThatItMayJoin() {
        var joiner = Identity(founding: nil, draw: 1)
        let words = [
            joiner.hear(nil, from: Self.nodes[1], mayJoin: true, hasPart: false),
            joiner.hear(Self.mark(5, .settled), from: Self.nodes[1], mayJoin: false, hasPart: false),
        ]
        #expect(words == [.newcomer, .stranger])
        #expect(joiner.mark == nil)
        let word = joiner.hear(Self.mark(5, .held), from: Self.nodes[1], mayJoin: true, hasPart: false)
        #expect(word == .taken)
        #expect(joiner.mark == Self.mark(5, .held))
    }

    @Test func whatFoundersDifferInIsSaid() {
        let nodes = Self.nodes
        let own = Self.settings
        #expect(own.difference(from: own) == nil)
        let counts = FoundingSettings(view: nodes, shardCount: 1, name: nil)
        #expect(own.difference(from: counts) == .shardCount(1, here: 2))
        let smaller = FoundingSettings(view: Array(nodes.dropLast()), shardCount: 2, name: nil)
        #expect(own.difference(from: smaller) == .viewLacks(nodes[4]))
        #expect(smaller.difference(from: own) == .viewAdds(nodes[4]))
        let named = FoundingSettings(view: nodes, shardCount: 2, name: "b")
        #expect(own.difference(from: named) == .name("b", here: nil))
        #expect(own.digest == FoundingSettings(view: nodes.reversed(), shardCount: 2, name: nil).digest)
    }

    @Test func anIdIsATextThatIsReadBack() {
        let id = ClusterID(settings: 0xAB, draw: .max)
        #expect(id.description == "00000000000000ab-ffffffffffffffff")
        #expect(ClusterID(id.description) == id)
        for text in ["", "-", "ab-cd", "00000000000000ab", "00000000000000ab-fffffffffffffffg", id.description + "0"] {
            #expect(ClusterID(text) == nil)
        }
    }

    @Test func aContextOfAnotherDrawIsTurnedDownOnceTheDrawIsSettled() {
        let settled = Self.mark(50, .settled)
        let open = Self.mark(60, .held)
        #expect(settled.match(tag: settled.tag) == .own)
        #expect(settled.match(tag: open.tag) == .own, "given before the draw was settled")
        #expect(settled.match(tag: Self.mark(60, .settled).tag) == .other)
        #expect(open.match(tag: settled.tag) == .undecided)
        let others = ClusterMark(id: ClusterID(settings: 1, draw: 50), standing: .settled)
        #expect(settled.match(tag: others.tag) == .other)
        #expect(open.match(tag: others.tag) == .other)
    }

    /// A node that has just started serves under the draw of the cluster that it found, which is settled there.
    @Test func aContextOfABorrowedDrawIsTurnedDownByTheClusterThatComesAfter() {
        #expect(Self.mark(60, .borrowed).tag == Self.mark(60, .settled).tag)
        #expect(Self.mark(50, .settled).match(tag: Self.mark(60, .borrowed).tag) == .other)
        #expect(Self.mark(60, .borrowed).match(tag: Self.mark(60, .settled).tag) == .own)
    }

    @Test func aContextThatPassesThroughAnUnsureNodeStillNamesItsCluster() throws {
        let node = try #require(NodeAddress("10.0.0.1:8081"))
        let peer = try #require(NodeAddress("10.0.0.2:8081"))
        let now = Instant(monotonicMicroseconds: 1, wallMicroseconds: 1)
        let replica = Replica(
            configuration: ReplicaConfiguration(address: node, view: [node, peer], shardCount: 1, incarnation: 1),
            now: now)
        let mark = try #require(replica.cluster)
        #expect(mark.standing == .held)
        let settled = ClusterMark(id: mark.id, standing: .settled).tag
        #expect(replica.pruned(CausalContext(cluster: settled)).cluster == settled)
        #expect(replica.pruned(.empty).cluster == mark.tag)
    }
}
