import ClusterModel
import Dashboard
import HostSystem
import ShardClient
import ShardCore
import ShardWire

/// A demo of our own nodes.
struct NodeDemo: DemoCluster {
    let cluster: LocalCluster
    let source: PollingSource
    /// So long may pass without one more node that serves.
    var startSecondsMax = 20
    private let cutOff = Locked<Set<NodeAddress>>([])

    init(cluster: LocalCluster, source: PollingSource, startSecondsMax: Int = 20) {
        self.cluster = cluster
        self.source = source
        self.startSecondsMax = startSecondsMax
    }

    var members: [MemberID] { cluster.addresses.map { MemberID($0) } }
    var paused: Set<MemberID> { Set(cluster.paused.map { MemberID($0) }) }
    var isolated: Set<MemberID> { Set(cutOff.withLock { $0 }.map { MemberID($0) }) }

    var readsBack: String { "each through another node" }

    func agreement(_ summary: ClusterSummary) -> String {
        "all nodes in epoch \(EpochNumber.words(summary.epochs.first ?? 0))"
    }

    // MARK: Starting

    func awaitServing(_ told: @escaping @Sendable (Int) -> Void) async throws {
        var servingMost = 0
        var deadline = ContinuousClock.now + .seconds(startSecondsMax)
        while true {
            if let (address, ending) = cluster.ended.first {
                if ending.isPortTaken { throw PortTaken(port: address.port) }
                throw trouble("\(address) ended (\(ending.words))", address)
            }
            let snapshot = await source.snapshot()
            let serving = cluster.addresses.filter { Self.serves($0, snapshot) }
            told(serving.count)
            guard let silent = cluster.addresses.first(where: { !serving.contains($0) }) else { return }
            if serving.count > servingMost {
                servingMost = serving.count
                deadline = .now + .seconds(startSecondsMax)
            }
            if ContinuousClock.now > deadline {
                let why = Self.whyNotServing(silent, snapshot)
                let others = cluster.addresses.count - serving.count - 1
                throw trouble(
                    "\(silent)\(others > 0 ? " and \(Words.plural(others, "other node"))" : "") "
                        + "\(others > 0 ? "do" : "does") not serve, and none came to for \(startSecondsMax) s: "
                        + "\(silent): \(why)", silent)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func serves(_ address: NodeAddress, _ snapshot: ClusterSnapshot) -> Bool {
        guard let node = snapshot.nodes.first(where: { $0.address == address }), node.isReachable,
            case .full(let state) = node.answer
        else { return false }
        return state.replica.state == .serving
    }

    private static func whyNotServing(_ address: NodeAddress, _ snapshot: ClusterSnapshot) -> String {
        guard let node = snapshot.nodes.first(where: { $0.address == address }) else { return "nobody asked it" }
        if let problem = node.problem { return problem }
        guard case .full(let state) = node.answer, let answered = node.answeredMilliseconds else {
            return "it answers, but does not tell its state"
        }
        let seconds = Double(snapshot.takenMilliseconds - min(answered, snapshot.takenMilliseconds)) / 1_000
        return "its last answer, \(seconds) s ago, was that it is \(state.replica.state.words)"
    }

    private func trouble(_ words: String, _ address: NodeAddress) -> ClusterTrouble {
        ClusterTrouble(words: words, log: cluster.logTail(address))
    }

    // MARK: Faults

    func kill(_ node: MemberID) throws {
        let node = try address(node)
        guard cluster.kill(node) else { throw Failure(.failed, "\(node) does not run; X starts it") }
        // It comes back with its links whole.
        cutOff.withLock { _ = $0.remove(node) }
    }

    func restart(_ node: MemberID) throws {
        let node = try address(node)
        guard cluster.start(node) else { throw Failure(.failed, "\(node) runs; x kills it") }
    }

    func pause(_ node: MemberID, isPaused: Bool) throws {
        let node = try address(node)
        guard cluster.pause(node, isPaused: isPaused) else {
            throw Failure(.failed, "\(node) does not run; X starts it")
        }
    }

    func isolate(_ node: MemberID, isIsolated: Bool) async throws {
        let node = try address(node)
        try await source.isolate(node, isIsolated: isIsolated)
        cutOff.withLock { if isIsolated { $0.insert(node) } else { $0.remove(node) } }
    }

    func startNode() async throws -> MemberID { MemberID(try await cluster.startAnother()) }

    private func address(_ node: MemberID) throws -> NodeAddress {
        guard let address = NodeAddress(node) else { throw Failure(.failed, "'\(node)' is none of the demo's nodes") }
        return address
    }
}
