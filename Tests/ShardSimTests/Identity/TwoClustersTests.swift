import ShardCore
import ShardSim
import ShardWire
import Testing

@testable import ShardSim

/// Two clusters that reach each other, in one world.
@Suite struct TwoClustersTests {
    private let ours = (1...4).map(SimulatedCluster.address)
    private let theirs = (11...14).map(SimulatedCluster.address)

    private func world() -> SimulatedCluster {
        let cluster = SimulatedCluster(seed: 5)
        for node in ours { cluster.start(node, view: ours, shardCount: 2) }
        for node in theirs { cluster.start(node, view: theirs, shardCount: 2) }
        #expect(cluster.run(untilMilliseconds: 5_000) { (ours + theirs).allSatisfy { serves($0, cluster) } })
        return cluster
    }

    private func serves(_ node: NodeAddress, _ cluster: SimulatedCluster) -> Bool {
        cluster.replica(of: node)?.servingState == .serving
    }

    private func epoch(of node: NodeAddress, _ cluster: SimulatedCluster) -> UInt64? {
        cluster.replica(of: node)?.recordInForce.layout.epoch
    }

    /// The higher epoch used to win, whosever it was.
    @Test func aNodeOfAnotherClusterThatIsAddedSwallowsNothingAndIsNotSwallowed() throws {
        let cluster = world()
        _ = cluster.ask(.put(key: "k", value: [0x31], context: .empty), at: ours[0])
        for count in [1, 2] {
            guard case .resharded? = cluster.ask(.reshard(shardCount: count, force: false), at: theirs[0]) else {
                Issue.record("no reshard")
                return
            }
        }
        #expect(epoch(of: theirs[1], cluster) == 3)
        #expect(cluster.ask(.addToView(ours[0]), at: theirs[0]) == .addedToView, "it was never heard")
        cluster.run(milliseconds: 8_000)
        for node in ours { #expect(serves(node, cluster) && epoch(of: node, cluster) == 1) }
        guard case .found(let value, _)? = cluster.ask(.get(key: "k", context: .empty), at: ours[1]) else {
            Issue.record("the key is gone")
            return
        }
        #expect(value == [0x31])
        let id = try #require(cluster.replica(of: ours[0])?.cluster?.id)
        #expect(
            cluster.ask(.addToView(ours[0]), at: theirs[0]) == .refused(.ofAnotherCluster(ours[0], id)),
            "it is known to belong elsewhere")
        guard case .view(let view)? = cluster.ask(.view, at: theirs[0]) else { return }
        #expect(view == theirs)
        let told = cluster.occurrences.contains {
            $0.node == ours[0] && $0.2.text.contains("belongs to another cluster")
        }
        #expect(told)
        #expect(cluster.status(of: theirs[0])?.strangers?.map(\.address) == [ours[0]])
    }

    @Test func aContextOfAnotherClusterIsTurnedDown() {
        let cluster = world()
        guard
            case .created(let context, _)? = cluster.ask(
                .put(key: "k", value: [0x31], context: .empty), at: theirs[0])
        else {
            Issue.record("no write")
            return
        }
        #expect(
            cluster.ask(.get(key: "k", context: context), at: ours[0]) == .refused(.contextOfAnotherCluster))
    }

    @Test func aNodeThatWasNeverHeardGetsNoPlace() {
        let cluster = world()
        let nobody = SimulatedCluster.address(99)
        #expect(cluster.ask(.addToView(nobody), at: ours[0]) == .addedToView)
        #expect(cluster.ask(.addMember(nobody, shard: 0), at: ours[0]) == .refused(.notHeard(nobody)))
        guard case .resharded? = cluster.ask(.reshard(shardCount: 1, force: false), at: ours[0]) else {
            Issue.record("no reshard")
            return
        }
        #expect(cluster.replica(of: ours[0])?.recordInForce.layout.members == ours)
    }

    @Test func aNodeThatWasTakenOutIsSpokenToNoMore() {
        let cluster = world()
        let added = SimulatedCluster.address(98)
        cluster.start(added, view: ours + [added], shardCount: nil)
        #expect(cluster.run(untilMilliseconds: 5_000) { cluster.replica(of: added)?.recordInForce.layout.epoch == 1 })
        cluster.crash(added)
        #expect(cluster.ask(.removeFromView(added), at: ours[0]) == .removedFromView)
        cluster.run(milliseconds: 3_000)
        var spoken = 0
        cluster.onSend = { _, node in
            if node == added { spoken += 1 }
            return true
        }
        cluster.run(milliseconds: 3_000)
        #expect(spoken == 0)
    }

    // MARK: Founders that differ

    @Test func foundersWithDifferentSettingsServeNothingAndSayWhatDiffers() {
        let cluster = SimulatedCluster(seed: 6)
        cluster.start(ours[0], view: ours, shardCount: 2)
        cluster.start(ours[3], view: ours, shardCount: 1)
        cluster.run(milliseconds: 3_000)
        for (node, other, words) in [
            (ours[0], ours[3], "SHARD_COUNT 1, and this node with 2"),
            (ours[3], ours[0], "SHARD_COUNT 2, and this node with 1"),
        ] {
            #expect(cluster.replica(of: node)?.servingState == .starting)
            let wait = cluster.status(of: node)?.wait?.description
            #expect(wait?.hasPrefix("\(other), which was started with \(words): ") == true, "\(wait ?? "")")
        }
        // The operator puts it right.
        cluster.crash(ours[3])
        for node in ours[1...] { cluster.start(node, view: ours, shardCount: 2) }
        #expect(cluster.run(untilMilliseconds: 6_000) { ours.allSatisfy { serves($0, cluster) } })
    }

    /// Two layouts used to be in force in one epoch, without a word.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func oneFounderThatDiffersMakesNoSecondLayout(seed: UInt64) {
        let cluster = SimulatedCluster(seed: seed)
        for node in ours {
            cluster.start(node, view: ours, shardCount: node == ours[3] ? 1 : 2)
            cluster.run(milliseconds: seed % 4 * 700)
        }
        cluster.run(milliseconds: 6_000)
        let servers = ours.filter { serves($0, cluster) }
        #expect(Set(servers.compactMap { cluster.replica(of: $0)?.recordInForce.layout }).count <= 1)
        for node in ours where !servers.contains(node) { #expect(cluster.status(of: node)?.wait?.description != nil) }
    }

    @Test func aFounderThatTheRunningClusterCountsJoinsItWhateverItsSettings() {
        let cluster = SimulatedCluster(seed: 7)
        for node in ours.dropLast() { cluster.start(node, view: ours, shardCount: 2) }
        #expect(cluster.run(untilMilliseconds: 6_000) { ours.dropLast().allSatisfy { serves($0, cluster) } })
        cluster.start(ours[3], view: ours, shardCount: 1)
        #expect(cluster.run(untilMilliseconds: 6_000) { serves(ours[3], cluster) })
        #expect(Set(ours.compactMap { cluster.replica(of: $0)?.recordInForce.layout }).count == 1)
        let told = cluster.occurrences.contains {
            $0.node == ours[3] && $0.2.text.contains("its own settings are not used")
        }
        #expect(told)
    }

    @Test func theIdOfAClusterIsSettledAndOutlivesARestartOfAnyNode() throws {
        let cluster = world()
        cluster.run(milliseconds: 2_000)
        let id = try #require(cluster.replica(of: ours[0])?.cluster)
        #expect(id.standing == .settled)
        for node in ours {
            cluster.crash(node)
            cluster.start(node, view: ours, shardCount: 2)
            #expect(
                cluster.run(untilMilliseconds: 6_000) {
                    cluster.replica(of: node)?.cluster == id && serves(node, cluster)
                })
        }
    }
}
