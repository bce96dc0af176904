import ShardCore
import ShardWire

/// A cluster watched by polling its nodes: shardnodes in full, nodes of other implementations by their basic endpoints.
///
/// Begins with one or more addresses and finds the rest in what the nodes tell. Every node is polled on its own; a
/// snapshot waits a moment for the answers of this round, and takes the last answers of nodes that need longer.
public actor PollingSource {
    public struct Configuration: Sendable {
        /// A node that needs longer for a poll counts as silent.
        public var timeoutMilliseconds: UInt64 = 1_000
        /// The longest time that a snapshot waits for a round. The first waits for the time-out, so that it finds
        /// everyone.
        public var patienceMilliseconds: UInt64 = 250
        /// The most nodes that are followed.
        public var nodesMax = 1_000
        /// The time for which a silent node that nobody names any more stays in the snapshots.
        public var retentionMilliseconds: UInt64 = 300_000
        /// The time after which a reshard whose coordinator fell silent, and of which nobody has heard, is given up.
        public var lostReshardMilliseconds: UInt64 = 5_000

        public init() {}
    }

    let transport: NodeTransport
    let configuration: Configuration
    private let poller: NodePoller
    private(set) var nodes: [NodeAddress: TrackedNode] = [:]
    private let start = ContinuousClock.now
    private var hasSnapshot = false
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter = 0
    private var marks: [NodeAddress: EventCollector.Mark] = [:]
    var inferred = InferredReshard()

    public init(
        seeds: [NodeAddress], transport: NodeTransport, configuration: Configuration = Configuration()
    ) {
        self.transport = transport
        self.configuration = configuration
        poller = NodePoller(
            transport: transport, timeoutMilliseconds: configuration.timeoutMilliseconds,
            nodesMax: configuration.nodesMax)
        let now = WallClock.nowMilliseconds
        for seed in seeds.prefix(configuration.nodesMax) {
            nodes[seed] = TrackedNode(dialled: seed, namedMilliseconds: now, isSeed: true)
        }
    }

    public var capabilities: ClusterCapabilities { isFull ? .full : .basic }

    /// True if at least one node tells its whole state.
    var isFull: Bool {
        nodes.values.contains { if case .full = $0.answer { true } else { false } }
    }

    public func snapshot() async -> ClusterSnapshot {
        for address in nodes.keys where nodes[address]?.isPolled == false { beginPoll(address) }
        await waitForRound(
            milliseconds: hasSnapshot ? configuration.patienceMilliseconds : configuration.timeoutMilliseconds + 100)
        hasSnapshot = true
        observeBasicNodes()
        forgetOldNodes(WallClock.nowMilliseconds)
        return lastSnapshot
    }

    /// The last answers of the nodes, which are not asked again.
    var lastSnapshot: ClusterSnapshot {
        let now = WallClock.nowMilliseconds
        let listed = nodes.sorted { $0.key < $1.key }.map { address, node in
            ClusterSnapshot.Node(
                address: address, answer: node.answer, isReachable: node.isReachable,
                problem: node.isReachable ? nil : node.notAsked ?? node.problem ?? "has not answered yet",
                answeredMilliseconds: node.answeredMilliseconds, pollMicroseconds: node.pollMicroseconds,
                notAsked: node.notAsked,
                isRefusing: !node.isReachable && node.trouble == .refusing ? true : nil)
        }
        let told = nodes.compactMap { address, node -> (node: NodeAddress, progress: ReshardProgress)? in
            guard node.isReachable, case .full(let state) = node.answer, let progress = state.reshard else {
                return nil
            }
            return (address, progress)
        }
        if let progress = ReshardChoice.furthest(told) {
            return ClusterSnapshot(takenMilliseconds: now, nodes: listed, reshard: progress)
        }
        var snapshot = ClusterSnapshot(takenMilliseconds: now, nodes: listed)
        if !isFull { snapshot.inferred = inferred.change }
        return snapshot
    }

    /// The reason why none of the nodes can be asked for anything; nil if one can.
    public var outage: ClientError? {
        guard !nodes.values.contains(where: \.isReachable) else { return nil }
        let sorted = nodes.sorted { $0.key < $1.key }
        for (address, node) in sorted {
            guard let reason = node.problem else { continue }
            switch node.trouble {
            case .foreign: return .notThisAPI(node: address, reason: reason)
            case .refusing: return .notPermitted(node: address, reason: reason)
            case .insecure: return .noSecureConnection(node: address, reason: reason)
            case .silent, .absent, nil: continue
            }
        }
        return .nobodyAnswers(sorted.map { .init(node: $0.key, problem: $0.value.problem ?? "silent") })
    }

    // MARK: Polls

    private func beginPoll(_ address: NodeAddress) {
        guard let node = nodes[address] else { return }
        nodes[address]?.isPolled = true
        let poller = poller
        let identity = node.identity
        let dialled = node.dialled
        // Not a child of the snapshot's task: the poll may outlive its round, and ends with its own time-out.
        Task {
            let start = ContinuousClock.now
            let (identity, answer) = await poller.poll(dialled, identity: identity)
            let took = (ContinuousClock.now - start).components
            let microseconds =
                UInt64(max(0, took.seconds)) * 1_000_000 + UInt64(max(0, took.attoseconds / 1_000_000_000_000))
            self.endPoll(address, identity, answer, microseconds: microseconds)
        }
    }

    private func endPoll(
        _ address: NodeAddress, _ identity: NodeIdentity?, _ answer: PollAnswer, microseconds: UInt64
    ) {
        defer { resumeIfRoundEnded() }
        guard var node = nodes[address] else { return }
        let now = WallClock.nowMilliseconds
        node.isPolled = false
        switch answer {
        case .notAsked(let words):
            node.notAsked = words
            nodes[address] = node
        case .problem(let words, let trouble):
            node.notAsked = nil
            node.isReachable = false
            node.problem = words
            node.trouble = trouble
            if trouble != .silent { node.identity = nil }
            nodes[address] = node
        case .node(let told):
            node.identity = identity
            node.isReachable = true
            node.problem = nil
            node.trouble = nil
            node.notAsked = nil
            node.answer = told
            node.answeredMilliseconds = now
            node.namedMilliseconds = now
            node.pollMicroseconds = microseconds
            let name = ownName(of: address, told)
            nodes[address] = name == address ? node : nil
            if name != address { rename(node, to: name) }
            discover(node.named, now)
        }
    }

    /// The name that a node goes by; it may be dialled under another one, such as `localhost`.
    private func ownName(of dialled: NodeAddress, _ answer: NodeAnswer) -> NodeAddress {
        switch answer {
        case .full(let state): return state.replica.address
        case .basic(let state):
            guard !state.view.contains(dialled), dialled.isLoopback else { return dialled }
            return state.view.first { $0.isLoopback && $0.port == dialled.port } ?? dialled
        }
    }

    private func rename(_ node: TrackedNode, to name: NodeAddress) {
        if let known = nodes[name], known.isReachable { return }
        let isPolled = nodes[name]?.isPolled ?? false
        nodes[name] = node
        nodes[name]?.isPolled = isPolled
    }

    private func discover(_ named: [NodeAddress], _ now: UInt64) {
        for address in named {
            if nodes[address] != nil {
                nodes[address]?.namedMilliseconds = now
            } else if nodes.count < configuration.nodesMax {
                nodes[address] = TrackedNode(dialled: address, namedMilliseconds: now, isSeed: false)
                beginPoll(address)
            }
        }
    }

    private func observeBasicNodes() {
        let basic = nodes.compactMap { address, node -> (address: NodeAddress, state: BasicNodeState)? in
            guard node.isReachable, case .basic(let state) = node.answer else { return nil }
            return (address, state)
        }
        let uptime = (ContinuousClock.now - start).components
        inferred.observe(
            basic.sorted { $0.address < $1.address }, nowMilliseconds: WallClock.nowMilliseconds,
            uptimeMilliseconds: UInt64(max(0, uptime.seconds)) * 1_000
                + UInt64(max(0, uptime.attoseconds)) / 1_000_000_000_000_000)
    }

    private func forgetOldNodes(_ now: UInt64) {
        nodes = nodes.filter { _, node in
            node.isSeed || node.isPolled || node.isReachable
                || now < node.namedMilliseconds + configuration.retentionMilliseconds
        }
    }

    // MARK: Waiting

    func waitForRound(milliseconds: UInt64) async {
        guard nodes.values.contains(where: \.isPolled) else { return }
        let id = nextWaiter
        nextWaiter += 1
        let timer = Task {
            try? await Task.sleep(for: .milliseconds(milliseconds))
            self.resume(id)
        }
        await withCheckedContinuation { waiters[id] = $0 }
        timer.cancel()
    }

    private func resume(_ id: Int) { waiters.removeValue(forKey: id)?.resume() }

    private func resumeIfRoundEnded() {
        guard !nodes.values.contains(where: \.isPolled) else { return }
        for waiter in waiters.values { waiter.resume() }
        waiters.removeAll()
    }

    public var bytesExchanged: UInt64? { transport.bytesExchanged }

    // MARK: Events

    public func events() async -> [ClusterEvent] {
        if !hasSnapshot { _ = await snapshot() }
        let collector = EventCollector(transport: transport, timeoutMilliseconds: configuration.timeoutMilliseconds)
        let wanted = nodes.compactMap { address, node -> (NodeAddress, NodeAddress, EventCollector.Mark?)? in
            guard node.isReachable, case .full(let state) = node.answer, state.lastEvent > 0 else { return nil }
            let mark = marks[address]
            if let mark, mark.incarnation == state.replica.incarnation, mark.sequence >= state.lastEvent { return nil }
            return (address, node.dialled, mark)
        }
        let read = await withTaskGroup(of: (NodeAddress, [ClusterEvent], EventCollector.Mark?).self) { group in
            for (address, dialled, mark) in wanted {
                group.addTask {
                    let (events, mark) = await collector.read(dialled, name: address, after: mark)
                    return (address, events, mark)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var merged: [ClusterEvent] = []
        for (address, events, mark) in read {
            // Another call may have read the same events meanwhile.
            let known = marks[address]
            merged += events.filter {
                known == nil || known?.incarnation != mark?.incarnation || $0.sequence > known?.sequence ?? 0
            }
            if let mark, known?.incarnation != mark.incarnation || mark.sequence > known?.sequence ?? 0 {
                marks[address] = mark
            }
        }
        return merged.sorted {
            ($0.milliseconds, $0.recordedBy.description, $0.sequence) < (
                $1.milliseconds, $1.recordedBy.description, $1.sequence
            )
        }
    }
}
