import HeapModule
import ShardCore

/// A whole cluster in one process: the replicas that nodes run, on a simulated clock and network, from one seed.
///
/// The same seed and the same calls give the same run, event for event.
public final class SimulatedCluster {
    /// One replica and its clock; shared, since copying all that a replica knows takes longer than its work.
    final class Node {
        let configuration: ReplicaConfiguration
        var replica: Replica
        var skewMicroseconds: Int64
        /// A paused node takes nothing in until it goes on.
        var isPaused = false
        /// True for a node of another cluster in the same world: questions about this cluster leave it out.
        let isStranger: Bool
        /// The number of this start, so that events meant for an earlier one are dropped.
        let start: UInt64
        var gate: DiskGate
        /// The changes that are being written to the node's disk.
        var committing: [DiskChange] = []
        /// True while the next group of changes gathers.
        var isGathering = false
        /// The time at which the replica is resumed next; as in a real node, only the earliest of the times asked for
        /// counts.
        var resumeMicroseconds: UInt64?

        init(
            configuration: ReplicaConfiguration, replica: Replica, skewMicroseconds: Int64, isStranger: Bool,
            start: UInt64, gate: DiskGate
        ) {
            self.isStranger = isStranger
            self.configuration = configuration
            self.replica = replica
            self.skewMicroseconds = skewMicroseconds
            self.start = start
            self.gate = gate
        }
    }

    enum Work {
        case deliver(Envelope, to: NodeAddress)
        case tick(NodeAddress, start: UInt64)
        case resume(NodeAddress, start: UInt64, dueMicroseconds: UInt64)
        case group(NodeAddress, start: UInt64)
        case commit(NodeAddress, start: UInt64)
    }

    private struct Scheduled: Comparable {
        let atMicroseconds: UInt64
        let order: UInt64
        let work: Work

        static func < (left: Self, right: Self) -> Bool {
            (left.atMicroseconds, left.order) < (right.atMicroseconds, right.order)
        }

        static func == (left: Self, right: Self) -> Bool { left.order == right.order }
    }

    public private(set) var nowMicroseconds: UInt64 = 1_000_000
    public var network = SimulatedNetwork()
    /// The time that a commit to a disk takes.
    public var diskMicroseconds: ClosedRange<UInt64> = 100...6_000
    public var random: SeededRandom
    /// Replies that came and were not taken yet.
    public private(set) var replies: [UInt64: Reply] = [:]
    /// The occurrences that the replicas recorded, with the time and the node.
    public private(set) var occurrences: [(atMicroseconds: UInt64, node: NodeAddress, Occurrence)] = []
    /// Sees every message as it is sent; returns false to lose it.
    public var onSend: ((Envelope, NodeAddress) -> Bool)?
    /// Called after every event that a node took in.
    var onEvent: ((NodeAddress) -> Void)?
    /// The hash of all that the replicas directed.
    private var hash = TraceHash()
    /// The same for equal runs, and hardly ever for different ones.
    public var traceHash: UInt64 { hash.value }

    var nodes: [NodeAddress: Node] = [:] {
        didSet {
            guard nodes.count != nodesSeen else { return }
            nodesSeen = nodes.count
            running = nodes.filter { !$0.value.isStranger }.keys.sorted()
        }
    }
    private var nodesSeen = 0
    /// Addresses of the nodes that run, sorted; those of another cluster are left out.
    public private(set) var running: [NodeAddress] = []
    /// The nodes that hold writes for a switch of the layout.
    private(set) var holdingWrites: Set<NodeAddress> = []
    /// The nodes that were asked to stop and have nothing left to do.
    private(set) var drained: Set<NodeAddress> = []
    /// The nodes' disks, which outlive them.
    var disks: [NodeAddress: SimulatedDisk] = [:]
    private var queue = Heap<Scheduled>()
    private var lastOrder: UInt64 = 0
    private var lastRequest: UInt64 = 0
    private var lastStart: UInt64 = 0
    private var incarnations: [NodeAddress: UInt64] = [:]

    public init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let addresses = (0...255).compactMap { NodeAddress("10.0.0.\($0):8090") }

    public static func address(_ number: Int) -> NodeAddress { addresses[number] }

    /// The state of a node's replica; nil if it does not run.
    func replica(of node: NodeAddress) -> Replica? { own(node)?.replica }

    /// The state of the replica of a node of another cluster; nil if it does not run.
    func stranger(at node: NodeAddress) -> Replica? { nodes[node].flatMap { $0.isStranger ? $0.replica : nil } }

    private func own(_ node: NodeAddress) -> Node? { nodes[node].flatMap { $0.isStranger ? nil : $0 } }

    /// Looks at a node's replica in place, since a copy takes longer than most of its work. Nil if the node does not
    /// run.
    func look<Sight>(at node: NodeAddress, _ sight: (inout Replica) -> Sight) -> Sight? {
        guard let target = own(node) else { return nil }
        return sight(&target.replica)
    }

    /// The number of the node's present start, which differs from those of earlier ones. Nil if the node does not run.
    func start(of node: NodeAddress) -> UInt64? { own(node)?.start }

    func isPaused(_ node: NodeAddress) -> Bool { own(node)?.isPaused ?? false }

    // MARK: Nodes

    /// Starts `count` founders at once.
    public func found(count: Int, shardCount: Int, adjust: (inout ReplicaConfiguration) -> Void = { _ in }) {
        let view = (1...count).map(Self.address)
        for node in view { start(node, view: view, shardCount: shardCount, adjust: adjust) }
    }

    /// Starts a node, for the first time or again: with the contents of its disk, or else with nothing remembered.
    ///
    /// - Parameters:
    ///   - durability: gives a node without a disk one, unless it is ``Durability/memory``.
    ///   - isBehind: gives it a lower incarnation than that of an earlier start, like a clock that was set back.
    ///   - isStranger: true if it belongs to another cluster in the same world.
    public func start(
        _ node: NodeAddress, view: [NodeAddress], shardCount: Int?, durability: Durability = .memory,
        isBehind: Bool = false, isStranger: Bool = false,
        adjust: (inout ReplicaConfiguration) -> Void = { _ in }
    ) {
        lastStart += 1
        // So far apart that there is room for incarnations from clocks that are behind, and for those that follow from
        // them.
        let incarnation = isBehind ? (incarnations[node] ?? lastStart << 20) - 1 : lastStart << 20
        incarnations[node] = incarnation
        var configuration = ReplicaConfiguration(
            address: node, view: view, shardCount: shardCount, incarnation: incarnation)
        var draws = SeededRandom(seed: lastStart)
        configuration.draw = draws.next()
        // Short enough that a run sees tombstones go.
        configuration.tombstoneMilliseconds = 400
        configuration.checksInvariants = true
        adjust(&configuration)
        let skew = nodes[node]?.skewMicroseconds ?? 0
        if durability != .memory, disks[node] == nil { disks[node] = SimulatedDisk(durability: durability) }
        let disk = disks[node]
        var promised = disk?.durability ?? .memory
        if configuration.plantedBug == .answersBeforeTheDisk, promised == .sync { promised = .batched }
        nodes[node] = Node(
            configuration: configuration,
            replica: disk.map {
                Replica(configuration: configuration, disk: ($0.read() ?? DiskImage()).contents, now: instant(skew))
            }
                ?? Replica(configuration: configuration, now: instant(skew)),
            skewMicroseconds: skew, isStranger: isStranger, start: lastStart, gate: DiskGate(durability: promised))
        schedule(.tick(node, start: lastStart), afterMicroseconds: 0)
    }

    /// Ends a node like kill -9. Its disk stays, with all or nothing of the commit under way, but never a part of it.
    public func crash(_ node: NodeAddress) {
        endDisk(of: node)
        nodes[node] = nil
        holdingWrites.remove(node)
        drained.remove(node)
    }

    public func pause(_ node: NodeAddress) { nodes[node]?.isPaused = true }

    public func unpause(_ node: NodeAddress) {
        guard nodes[node]?.isPaused == true else { return }
        nodes[node]?.isPaused = false
        if let start = nodes[node]?.start { schedule(.tick(node, start: start), afterMicroseconds: 0) }
    }

    /// Sets a node's wall clock off by that much.
    public func skew(_ node: NodeAddress, byMicroseconds skew: Int64) { nodes[node]?.skewMicroseconds = skew }

    // MARK: Requests

    /// Hands a request to a node. The reply comes to ``replies`` under the number returned; nil if no such node runs.
    public func submit(_ request: Request, to node: NodeAddress) -> UInt64? {
        guard let target = nodes[node], !target.isPaused else { return nil }
        lastRequest += 1
        let id = lastRequest
        feed(.request(RequestID(id), request), to: node)
        return id
    }

    public func takeReply(_ id: UInt64) -> Reply? { replies.removeValue(forKey: id) }

    /// Submits a request and runs until its reply comes, at most for the time given; nil if it does not come.
    public func ask(_ request: Request, at node: NodeAddress, withinMilliseconds: UInt64 = 20_000) -> Reply? {
        guard let id = submit(request, to: node) else { return nil }
        run(untilMilliseconds: withinMilliseconds) { self.replies[id] != nil }
        return takeReply(id)
    }

    public func status(of node: NodeAddress) -> ReplicaStatus? {
        guard case .status(let status)? = ask(.status, at: node, withinMilliseconds: 0) else { return nil }
        return status
    }

    // MARK: Time

    /// Runs for the time given.
    public func run(milliseconds: UInt64) { run(untilMilliseconds: milliseconds) { false } }

    /// Runs until the condition holds, at most for the time given. Returns whether it holds.
    @discardableResult
    public func run(untilMilliseconds limit: UInt64, _ condition: () -> Bool) -> Bool {
        let end = nowMicroseconds + limit * 1_000
        if condition() { return true }
        while let next = queue.min, next.atMicroseconds <= end {
            queue.removeMin()
            nowMicroseconds = max(nowMicroseconds, next.atMicroseconds)
            carryOut(next.work)
            if condition() { return true }
        }
        nowMicroseconds = max(nowMicroseconds, end)
        return condition()
    }

    /// Does the same for a condition that takes long to check, so it is checked only at every `step`.
    @discardableResult
    func run(everyMilliseconds step: UInt64, untilMilliseconds limit: UInt64, _ condition: () -> Bool) -> Bool {
        var left = limit
        while !condition(), left > 0 {
            run(milliseconds: min(step, left))
            left -= min(step, left)
        }
        return condition()
    }

    private func instant(_ skewMicroseconds: Int64) -> Instant {
        let wall = Int64(1_700_000_000_000_000) + Int64(nowMicroseconds) + skewMicroseconds
        return Instant(monotonicMicroseconds: nowMicroseconds, wallMicroseconds: UInt64(max(0, wall)))
    }

    func schedule(_ work: Work, afterMicroseconds delay: UInt64) {
        lastOrder += 1
        queue.insert(Scheduled(atMicroseconds: nowMicroseconds + delay, order: lastOrder, work: work))
    }

    private func carryOut(_ work: Work) {
        switch work {
        case .deliver(let envelope, let node):
            guard let target = nodes[node] else { return }
            guard !target.isPaused else {
                // The message lies in the paused node's socket.
                return schedule(work, afterMicroseconds: 20_000)
            }
            feed(.message(envelope), to: node)
        case .tick(let node, let start):
            guard let target = nodes[node], target.start == start, !target.isPaused else { return }
            feed(.tick, to: node)
            schedule(work, afterMicroseconds: target.configuration.tickMilliseconds * 1_000)
        case .resume(let node, let start, let due):
            guard let target = nodes[node], target.start == start, target.resumeMicroseconds == due else { return }
            if target.isPaused { return schedule(work, afterMicroseconds: 20_000) }
            target.resumeMicroseconds = nil
            feed(.resume, to: node)
        case .group(let node, let start), .commit(let node, let start):
            guard let target = nodes[node], target.start == start else { return }
            if target.isPaused { return schedule(work, afterMicroseconds: 20_000) }
            if case .group = work { beginCommit(of: node) } else { endCommit(of: node) }
        }
    }

    /// Hands an event to a node's replica and carries out what it directs.
    public func feed(_ event: Event, to node: NodeAddress) {
        guard let target = nodes[node] else { return }
        let directives = target.replica.handle(event, now: instant(target.skewMicroseconds))
        hash.fold(directives, of: node, at: nowMicroseconds)
        carryOut(target.gate.pass(directives), of: node)
        wantCommit(of: node)
        noteHolding(node)
        onEvent?(node)
    }

    private func noteHolding(_ node: NodeAddress) {
        let isHolding = look(at: node) { $0.isHoldingWrites } ?? false
        guard isHolding != holdingWrites.contains(node) else { return }
        if isHolding { holdingWrites.insert(node) } else { holdingWrites.remove(node) }
    }

    func carryOut(_ directives: [Directive], of node: NodeAddress) {
        for directive in directives {
            guard let start = nodes[node]?.start else { return }
            switch directive {
            case .reply(let id, let reply): replies[id.value] = reply
            case .send(let envelope, let peer): transmit(envelope, to: peer)
            case .resume(let delay):
                let due = nowMicroseconds + max(delay, 20)
                guard let target = nodes[node], target.resumeMicroseconds.map({ due < $0 }) ?? true else { continue }
                target.resumeMicroseconds = due
                schedule(
                    .resume(node, start: start, dueMicroseconds: due), afterMicroseconds: due - nowMicroseconds)
            case .record(let occurrence): occurrences.append((nowMicroseconds, node, occurrence))
            case .drained: drained.insert(node)
            case .persist: break
            }
        }
    }

    private func transmit(_ envelope: Envelope, to peer: NodeAddress) {
        if let onSend, !onSend(envelope, peer) { return }
        for delay in network.arrivals(from: envelope.from, to: peer, using: &random) {
            schedule(.deliver(envelope, to: peer), afterMicroseconds: delay)
        }
    }
}
