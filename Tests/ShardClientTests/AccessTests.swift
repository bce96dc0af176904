import ClusterModel
import ShardCore
import ShardWire
import Testing

@testable import ShardClient

/// Whether a cluster is open or closed, of what its nodes tell.
@Suite struct AccessTests {
    private func state(
        _ peers: SecurityState.Peers, _ clients: SecurityState.Clients, accepts: Bool = false, isLoopback: Bool = true,
        _ weaknesses: [String] = []
    ) -> SecurityState {
        SecurityState(
            peers: peers, clients: clients, transport: .plain, acceptsOpenPeers: accepts, isLoopback: isLoopback,
            weaknesses: weaknesses)
    }

    @Test func itIsAsOpenAsItsWeakestNode() {
        let closed = state(.tls, .tokens)
        #expect(Cluster.access([closed, closed])?.standing == .closed)
        #expect(Cluster.access([closed, state(.secret, .tokens)])?.standing == .closed)
        #expect(Cluster.access([closed, state(.open, .tokens)])?.words == "peers open")
        #expect(Cluster.access([closed, state(.tls, .open)])?.words == "clients open")
        #expect(Cluster.access([closed, state(.tlsAndSecret, .tokens, accepts: true)])?.words == "peers open")
        #expect(Cluster.access([state(.open, .tokens), state(.tls, .open)])?.words == "cluster open")
    }

    @Test func aNodeThatTellsNothingLetsEverybodyIn() {
        #expect(Cluster.access([state(.tls, .tokens), nil])?.standing == .open)
        #expect(Cluster.access([nil, nil]) == nil)
        #expect(Cluster.access([]) == nil)
    }

    @Test func whatIsOpenIsWarnedOfWhereOthersReachIt() {
        #expect(Cluster.access([state(.open, .open)])?.level == .good)
        #expect(Cluster.access([state(.open, .open), state(.open, .open, isLoopback: false)])?.level == .warning)
        #expect(Cluster.access([state(.tls, .tokens, isLoopback: false)])?.level == .good)
    }

    @Test func weaknessesAreToldOnceEach() {
        let access = Cluster.access([state(.open, .open, ["a", "b"]), state(.open, .open, ["b", "c"])])
        #expect(access?.weaknesses == ["a", "b", "c"])
    }

    @Test func filesThatAreNotInForceAndCertificatesThatEndAreTroubles() {
        func troubles(_ change: (inout SecurityState) -> Void) -> [String] {
            var security = state(.tls, .tokens)
            change(&security)
            let status = ReplicaStatus(
                address: NodeAddress("a:1")!, incarnation: 1, state: .serving, shard: 0, epoch: 1, seed: 0,
                placement: .hashed, shards: [], peers: [], keys: 0, tombstones: 0, bytes: 0, heldWrites: 0,
                waitingRequests: 0, handOnEntries: 0)
            let process = ProcessState(
                id: 1, uptimeMilliseconds: 1, residentBytes: 1, cpuMicroseconds: 1, cpuShare: 0)
            let state = NodeState(
                version: "1", replica: status, traffic: Traffic(), process: process, security: security, reshard: nil,
                lastEvent: 0)
            return Cluster.troubles(security: [state]).map(\.long)
        }
        let now = WallClock.nowMilliseconds
        let day: UInt64 = 86_400_000
        #expect(troubles { _ in } == [])
        #expect(
            troubles { $0.problem = "the key is no key" } == ["a:1 goes on with the files it had: the key is no key"])
        #expect(troubles { $0.certificateEndsMilliseconds = now + 40 * day } == [])
        #expect(
            troubles { $0.certificateEndsMilliseconds = now + 3 * day + day / 2 }
                == ["the certificate of a:1 ends in 3 days; renew it with 'shardtop certs node --renew'"])
        #expect(
            troubles { $0.certificateEndsMilliseconds = now - day }
                == ["the certificate of a:1 has ended; renew it with 'shardtop certs node --renew'"])
    }
}
