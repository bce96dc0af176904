import ClusterModel
import ShardClient
import ShardCore
import ShardWire

@testable import Dashboard

/// Clusters by chance, the same for the same seed: addresses of many kinds, small numbers and huge ones.
struct RandomCluster {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    /// A number of any size.
    mutating func number() -> Int {
        let digits = next(12)
        return next((0..<digits).reduce(1) { sum, _ in sum * 10 } * 9 + 1)
    }

    private mutating func word(_ count: Int) -> String {
        String((0..<count).map { _ in Array("abcxyz0189")[next(10)] })
    }

    /// Two to nine nodes whose addresses are alike in one way or another.
    mutating func addresses() -> [NodeAddress] {
        let (kind, stem, end) = (next(7), word(1 + next(24)), word(1 + next(30)))
        var found: Set<NodeAddress> = []
        for number in 0..<2 + next(8) {
            let text =
                switch kind {
                case 0: "\(stem)-\(number).\(end).svc.cluster.local:21730"
                case 1: "127.0.0.1:\(8_081 + number)"
                case 2: "10.\(next(256)).\(next(256)).\(number):\(1 + next(65_000))"
                case 3: "\(stem)-\(word(5)).\(end):80"
                case 4: "[fd00:1:2:3:4:5:6:\(number)]:8081"
                case 5: "\(word(1 + next(60))):\(1 + next(65_000))"
                default: number == 0 ? "localhost:9000" : "\(stem)\(word(3)).\(end):8081"
                }
            if let address = NodeAddress(text) { found.insert(address) }
        }
        return found.sorted()
    }

    /// A snapshot in any phase of a reshard.
    mutating func snapshot() -> ClusterSnapshot {
        let phases = ReshardProgress.Phase.allCases
        var reshard = Fixture.reshard(phases[next(phases.count)])
        for index in reshard.seedTries.indices { reshard.seedTries[index].seed = UInt64(number()) }
        if reshard.seed != nil { reshard.seed = UInt64(number()) }
        for index in reshard.parts.indices {
            reshard.parts[index].planned = number()
            reshard.parts[index].confirmed = next(reshard.parts[index].planned + 1)
        }
        for index in reshard.moves.indices { reshard.moves[index].planned = number() }
        for index in reshard.collated.indices {
            reshard.collated[index].keysTotal = number()
            reshard.collated[index].bytes = number()
        }
        let twist = Fixture.Twist(
            isReachable: next(3) > 0, health: next(2) == 0 ? .up : .down, state: next(2) == 0 ? .serving : .catchingUp,
            epoch: next(3) == 0 ? UInt64(number()) : nil)
        var snapshot = Fixture.snapshot(
            layout: Fixture.two, keys: [number(), number()], twists: [1 + next(6): twist],
            reshard: next(2) == 0 ? reshard : nil, joiners: next(2) == 0 ? [7] : [], operations: Double(number()))
        for index in snapshot.nodes.indices {
            guard case .full(var state)? = snapshot.nodes[index].answer else { continue }
            state.replica.seed = UInt64(number())
            for peer in state.replica.peers.indices { state.replica.peers[peer].lagWrites = UInt64(next(3) * number()) }
            snapshot.nodes[index].answer = .full(state)
        }
        let names = addresses()
        return Fixture.renamed(snapshot) { $0 <= names.count ? "\(names[$0 - 1])" : "other-\($0):8081" }
    }
}
