import Logging
import NIOCore
import ShardCore
import ShardWire

/// Takes the reply to a request.
protocol ReplySink: AnyObject {
    /// Called once on the event loop, maybe before the request's submission returns.
    func take(_ reply: Reply, token: UInt64)
}

/// Carries messages to the other nodes.
protocol MessageCarrier: AnyObject {
    func send(_ envelope: Envelope, to peer: NodeAddress)
}

/// The heart of a node: feeds the replica with events, one at a time, and carries out what it directs.
///
/// Everything here happens on one event loop, which is why the replica needs no lock. Directives are carried out after
/// the replica has returned; an event that arises meanwhile waits its turn.
final class NodeCore {
    /// The delay of a directive to resume "soon": just long enough that the loop looks at its sockets in between. A
    /// task that is due at once would run before them.
    static let resumeMicrosecondsMin: UInt64 = 20

    let eventLoop: any EventLoop
    let address: NodeAddress
    let incarnation: UInt64
    let logger: Logger
    let connections: ConnectionTable
    private(set) var events = EventRing()
    var traffic: TrafficMeter
    var process: ProcessMeter
    /// True while no message leaves or enters this node, as if every link to its peers were cut.
    var isIsolated = false
    /// Set once, before the first event.
    var carrier: (any MessageCarrier)?
    /// Nil for a node that keeps nothing on a disk.
    let disk: DiskWriter?
    /// Decides whom the node lets in.
    let security: NodeSecurity
    /// Called once the replica has nothing left to pass on.
    var onDrained: (() -> Void)?

    private struct Waiter {
        let sink: any ReplySink
        let token: UInt64
    }

    private var machine: any StateMachine
    private var lastRequest: UInt64 = 0
    private var waiters: [UInt64: Waiter] = [:]
    /// The request being handled, which needs no place among the waiters if it is answered at once.
    private var current: (id: UInt64, waiter: Waiter)?
    private var backlog = CircularBuffer<Event>()
    private var isBusy = false
    private var resumption: (dueMicroseconds: UInt64, task: Scheduled<Void>)?
    private var ticker: RepeatedTask?

    init(
        eventLoop: any EventLoop, machine: any StateMachine, address: NodeAddress, incarnation: UInt64,
        connections: ConnectionTable, logger: Logger, disk: DiskWriter? = nil,
        security: NodeSecurity? = nil
    ) {
        self.eventLoop = eventLoop
        self.machine = machine
        self.address = address
        self.incarnation = incarnation
        self.connections = connections
        self.logger = logger
        self.disk = disk
        self.security = security ?? NodeSecurity(address: address)
        let now = NodeClock.monotonicMicroseconds()
        traffic = TrafficMeter(nowMicroseconds: now)
        process = ProcessMeter(nowMicroseconds: now)
        disk?.onReleased = { [weak self] in self?.carryOut($0) }
        disk?.onWritable = { [weak self] in self?.feed(.disk(isWritable: $0)) }
        self.security.onNotice = { [weak self] in self?.record($0, of: $1, $2) }
        disk?.onNotice = { [weak self] in self?.record(.warning, of: address, $0) }
    }

    /// Requests that have not been answered yet.
    var waitingCount: Int { waiters.count }

    /// The nodes of the cluster as far as this one knows, those that are down included.
    var clusterNodes: [NodeAddress] { machine.clusterNodes }

    /// The nodes that have to be started again before what was refused can be done; empty if it is not known.
    func silentMembers(_ refusal: Refusal) -> [NodeAddress] {
        if case .shardDown(let shard?) = refusal { machine.silentMembers(of: shard) } else { [] }
    }

    func startTicking(everyMilliseconds: UInt64) {
        let interval = TimeAmount.milliseconds(Int64(everyMilliseconds))
        let core = NIOLoopBound(self, eventLoop: eventLoop)
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: interval) { _ in core.value.tick() }
    }

    /// Stops the timers, which would otherwise run for ever. Replies that are still to come are not delivered any more.
    func stop() {
        ticker?.cancel()
        ticker = nil
        resumption?.task.cancel()
        resumption = nil
        waiters.removeAll()
        onDrained = nil
    }

    /// Submits a request that came at `now`. The sink is kept until the reply.
    func submit(_ request: Request, to sink: any ReplySink, token: UInt64, now: Instant = NodeClock.now()) {
        lastRequest += 1
        let waiter = Waiter(sink: sink, token: token)
        if isBusy {
            waiters[lastRequest] = waiter
            backlog.append(.request(RequestID(lastRequest), request))
            return
        }
        current = (lastRequest, waiter)
        feed(.request(RequestID(lastRequest), request), now: now)
    }

    func feed(_ event: Event) {
        guard !isBusy else {
            backlog.append(event)
            return
        }
        feed(event, now: NodeClock.now())
    }

    /// Feeds the replica with an event. The core must not be busy.
    private func feed(_ event: Event, now: Instant) {
        isBusy = true
        run(event, now: now)
        while let next = backlog.popFirst() { run(next, now: NodeClock.now()) }
        isBusy = false
    }

    private func run(_ event: Event, now: Instant) {
        let directives = machine.handle(event, now: now)
        carryOut(disk?.pass(directives) ?? directives)
        if let (id, waiter) = current {
            waiters[id] = waiter
            current = nil
        }
    }

    private func carryOut(_ directives: [Directive]) {
        for directive in directives { carryOut(directive) }
    }

    private func carryOut(_ directive: Directive) {
        switch directive {
        case .persist: break
        case .reply(let id, let reply):
            guard let waiter = removeWaiter(id.value) else { return }
            waiter.sink.take(reply, token: waiter.token)
        case .send(let envelope, let peer):
            if case .forward(let forward) = envelope.message, forward.request.key != nil, !forward.isRetry {
                traffic.recordForward()
            }
            if !isIsolated { carrier?.send(envelope, to: peer) }
        case .resume(let afterMicroseconds):
            scheduleResume(afterMicroseconds: max(afterMicroseconds, Self.resumeMicrosecondsMin))
        case .record(let occurrence):
            record(occurrence.kind, of: occurrence.node, occurrence.text)
        case .drained:
            onDrained?()
            onDrained = nil
        }
    }

    private func removeWaiter(_ id: UInt64) -> Waiter? {
        if let (currentID, waiter) = current, currentID == id {
            current = nil
            return waiter
        }
        return waiters.removeValue(forKey: id)
    }

    private func tick() {
        let now = NodeClock.monotonicMicroseconds()
        traffic.tick(nowMicroseconds: now)
        process.tick(nowMicroseconds: now)
        connections.sweep(now: .now())
        security.tick(nowMicroseconds: now, on: eventLoop)
        feed(.tick)
    }

    /// Keeps the earliest of the times asked for: a resumed replica looks at all it has to do.
    private func scheduleResume(afterMicroseconds: UInt64) {
        let delay = min(afterMicroseconds, 3_600_000_000)
        let due = NodeClock.monotonicMicroseconds() + delay
        if let resumption {
            if resumption.dueMicroseconds <= due { return }
            resumption.task.cancel()
        }
        let core = NIOLoopBound(self, eventLoop: eventLoop)
        let task = eventLoop.scheduleTask(in: .microseconds(Int64(delay))) {
            core.value.resumption = nil
            core.value.feed(.resume)
        }
        resumption = (due, task)
    }

    /// Notes an event of the replica or of the shell itself, for those who ask and in the log.
    func record(_ kind: Occurrence.Kind, of node: NodeAddress, _ text: String) {
        events.append(kind, of: node, text, by: address, milliseconds: NodeClock.wallMilliseconds())
        let level: Logger.Level =
            switch kind {
            case .warning, .nodeDown, .reshardFailed: .warning
            case .reshardPhase: .debug
            default: .info
            }
        logger.log(level: level, "\(text)", metadata: ["event": "\(kind.rawValue)", "node": "\(node)"])
    }
}
