import ShardCore

/// Carries out one scenario: first clients and faults, watched for safety, then quiet, watched for liveness.
///
/// The same scenario gives the same run, event for event.
public final class SimulationRun {
    let scenario: Scenario
    let cluster: SimulatedCluster
    let clients: Clients
    var watch = EpochWatch()
    var coverage = Coverage()
    var trace: Trace
    var failures: [Failure] = []
    var random: SeededRandom

    /// The lasting faults, by name, under which a phase of a change runs.
    var activeFaults: Set<String> = []
    /// The time at which something was last wrong with the network or a node.
    var lastFaultMicroseconds: UInt64 = 0
    /// The death that waits for its message, and how many messages are left until then.
    var armed: (kind: MessageKind, left: Int)?
    var amnesia: Amnesia?
    /// A node that died in the middle of sending; the rest of its messages is lost.
    var dying: NodeAddress?
    /// Nodes whose next start has a lower incarnation than their last.
    var clocksBehind: Set<Int> = []
    /// The messages that are told again with lies in them, and the maker of the lies.
    var liars: Liars?
    /// The number of values that were given to the other cluster.
    var strangersWrites = 0
    /// False once all faults have ended: a node that stops is then started again at once.
    var hasFaults = true
    /// The losses that come to nothing if an accepted change is decided.
    var undecidedLosses: [Loss] = []
    /// Changes of the layout that were asked for and not answered yet.
    var changes: [(request: UInt64, node: NodeAddress, start: UInt64)] = []
    private var phases: [NodeAddress: ReshardProgress.Phase] = [:]
    private var frozenSince: [NodeAddress: UInt64] = [:]
    /// The time at which writes were last held while a majority had no votes.
    private var votelessMicroseconds: UInt64 = 0
    var tombstoneWatch = TombstoneWatch()
    /// The time at which a node's disk last could not keep up.
    var diskTroubles: [NodeAddress: UInt64] = [:]
    /// True once a clock was set off: a tombstone may then be younger than it says, by as much.
    var areClocksOff = false
    private let tracesMessages: Bool
    private var occurrencesSeen = 0
    /// The longest that a node may hold writes under any profile while no fault goes on: a lease runs out, a silence is
    /// noticed, and the round is finished by others, perhaps more than once.
    private static let calmFreezeMicrosecondsMax: UInt64 = 15_000_000

    /// - Parameters:
    ///   - traceLinesMax: the number of last lines that are kept.
    ///   - tracesMessages: true to put every message into the trace.
    ///   - plantedBug: a mistake to make on purpose, so that the checks can be checked.
    public init(
        _ scenario: Scenario, traceLinesMax: Int = 200, tracesMessages: Bool = false, plantedBug: PlantedBug? = nil
    ) {
        self.scenario = scenario
        self.tracesMessages = tracesMessages
        self.plantedBug = plantedBug
        cluster = SimulatedCluster(seed: scenario.seed)
        cluster.network.latencyMicroseconds = scenario.latencyMicroseconds
        cluster.diskMicroseconds = scenario.diskMicroseconds
        clients = Clients(cluster: cluster, scenario: scenario)
        random = SeededRandom(seed: scenario.seed ^ 0xFA_17)
        trace = Trace(linesMax: traceLinesMax)
    }

    let plantedBug: PlantedBug?

    public func execute() -> RunReport {
        connect()
        if scenario.profile == .founders { foundApart() }
        if scenario.profile == .neighbours { startStrangers() }
        if scenario.profile == .liars { liars = Liars(seed: scenario.seed, nodes: allNodes) }
        for number in 1...scenario.nodeCount where cluster.start(of: address(number)) == nil { start(number) }
        cluster.run(untilMilliseconds: 6_000) { self.areAllServing }
        if areAllServing { act() } else { fail(.clusterConverges, "the founders do not serve after 6 s") }
        if failures.isEmpty { quieten() }
        if failures.isEmpty { judgeEnd() }
        if failures.isEmpty, scenario.profile == .neighbours { judgeStrangers() }
        return RunReport(
            scenario: scenario, failures: failures, traceHash: cluster.traceHash, coverage: coverage,
            answers: clients.answers, refusals: clients.refusals,
            epochs: watch.latest, trace: trace.all)
    }

    /// The address of the cluster's node `number`, from 1: founders first, then joiners.
    func address(_ number: Int) -> NodeAddress { SimulatedCluster.address(number) }

    private(set) lazy var allNodes = (1...scenario.nodeCount).map(address)

    /// - Parameter shardCount: nil for the scenario's.
    func start(_ number: Int, shardCount: Int? = nil) {
        let isFounder = number <= scenario.founderCount
        let view = isFounder ? (1...scenario.founderCount).map(address) : allNodes
        cluster.start(
            address(number), view: view, shardCount: isFounder ? shardCount ?? scenario.shardCount : nil,
            durability: scenario.profile.durability, isBehind: clocksBehind.remove(number) != nil
        ) {
            $0.writeAcks = self.scenario.profile.writeAcks
            if let age = self.scenario.tombstoneMilliseconds { $0.tombstoneMilliseconds = age }
            if let pause = self.scenario.heartbeatMilliseconds { $0.heartbeatMilliseconds = pause }
            if let bytes = self.scenario.batchBytesMax { $0.batchBytesMax = bytes }
            $0.reshardKeysPerSecondMax = self.scenario.keysPerSecondMax
            $0.plantedBug = self.plantedBug
        }
    }

    func fail(_ property: Property, _ text: String) {
        failures.append(Failure(property: property, text: text, atMicroseconds: cluster.nowMicroseconds))
        note("VIOLATION \(property.rawValue): \(text)")
    }

    func note(_ text: @autoclosure () -> String) { trace.append(text(), at: cluster.nowMicroseconds) }

    // MARK: The run

    private func connect() {
        // Making text that nobody reads takes longer than the run itself.
        if trace.isKept { clients.onLine = { [unowned self] in note($0) } }
        cluster.onEvent = { [unowned self] in observe($0) }
        cluster.onSend = { [unowned self] envelope, peer in isSent(envelope, to: peer) }
    }

    private func act() {
        let beginMicroseconds = cluster.nowMicroseconds
        let endMicroseconds = beginMicroseconds + scenario.lengthMilliseconds * 1_000
        var steps = scenario.steps[...]
        while cluster.nowMicroseconds < endMicroseconds, failures.isEmpty {
            let elapsed = (cluster.nowMicroseconds - beginMicroseconds) / 1_000
            while let step = steps.first, step.atMilliseconds <= elapsed {
                steps.removeFirst()
                carryOut(step.action)
            }
            tellLies()
            advance(isSending: true)
        }
    }

    /// Lets one millisecond pass.
    func advance(isSending: Bool) {
        clients.step(isSending: isSending)
        cluster.run(milliseconds: 1)
        if let node = dying {
            dying = nil
            crash(node)
        }
        advanceAmnesia()
        endStopped()
        settleLosses()
        if isDisturbed { touchFaults() }
        takeChangeReplies()
        watchFreezes()
        watchDisks()
        if tombstoneWatch.isDue(at: cluster.nowMicroseconds) { seeAllTombstones() }
        failures += clients.failures
        if let new = clients.failures.first { note("VIOLATION \(new)") }
    }

    // MARK: Watching

    /// Checks a node after it took an event in.
    private func observe(_ node: NodeAddress) {
        guard let start = cluster.start(of: node),
            let (record, phase, writes, state, mark) = cluster.look(
                at: node, { ($0.recordInForce, $0.coordinatedPhase, $0.ownWrites, $0.servingState, $0.cluster) })
        else { return }
        if tombstoneWatch.hasWritten(at: node, start: start, epoch: record.layout.epoch, writes: writes) {
            seeTombstones(of: node)
        }
        // Founders whose settings differ have founded nothing before they serve. And a cluster whose nodes have all
        // lost their memory is another cluster, which counts its epochs anew.
        let founding = scenario.profile == .rolling ? mark?.id.draw ?? 0 : 0
        if scenario.profile != .founders || state == .serving {
            let now = cluster.nowMicroseconds
            for (property, text) in watch.see(record, of: founding, at: node, start: start, micros: now) {
                fail(property, text)
            }
        }
        if phase != phases[node] {
            phases[node] = phase
            if phase != nil {
                for fault in activeFaults { coverage.note(fault, in: phase) }
                if activeFaults.isEmpty { coverage.note("none", in: phase) }
            }
        }
        while occurrencesSeen < cluster.occurrences.count {
            let (_, node, occurrence) = cluster.occurrences[occurrencesSeen]
            occurrencesSeen += 1
            note("\(node): \(occurrence.text)")
        }
    }

    /// The phase of the furthest change under way.
    var phaseNow: ReshardProgress.Phase? { phases.values.max() }

    private func isSent(_ envelope: Envelope, to peer: NodeAddress) -> Bool {
        if envelope.from == dying { return false }
        if let wrong = watch.see(records(of: envelope.message)) { fail(wrong.0, wrong.1) }
        springAmnesia(envelope)
        liars?.overheard.hear(envelope, to: peer)
        if let kind = MessageKind(envelope.message), let trap = armed, trap.kind == kind {
            armed = trap.left > 1 ? (kind, trap.left - 1) : nil
            if trap.left == 1, mayCrash(envelope.from) {
                coverage.note("death before \(kind.rawValue)", in: phaseNow)
                dying = envelope.from
                return false
            }
        }
        if tracesMessages, MessageText.isTold(envelope.message) {
            note("  \(envelope.from) -> \(peer): \(MessageText.brief(envelope))")
        }
        return true
    }

    private func records(of message: Message) -> [Record] {
        switch message {
        case .replicate(let replication): replication.records
        case .fetched(let page): page.records
        case .handOn(_, let records): records
        case .stage(_, let batch): batch.records
        default: []
        }
    }

    private func takeChangeReplies() {
        changes.removeAll { change in
            guard let reply = cluster.takeReply(change.request) else {
                return cluster.start(of: change.node) != change.start
            }
            note("change [\(change.request)]: \(MessageText.brief(reply))")
            coverage.note(outcome: MessageText.form(reply))
            return true
        }
    }

    /// The longest that a node may hold writes while faults go on: longer if a coordinator dies and its lease has to
    /// run out, without bound if the network keeps a decision from being made.
    private var freezeMicrosecondsMax: UInt64? {
        switch scenario.profile {
        case .reshard, .rivals, .membership: 4_000_000
        case .coordinator, .crash, .acks: 12_000_000
        default: nil
        }
    }

    /// True if so many members have lost their votes with their memory that the others decide nothing without them,
    /// until an operator forces a layout.
    var isMajorityWithoutVotes: Bool {
        let replicas = cluster.running.compactMap { cluster.replica(of: $0) }
        guard let layout = replicas.first?.recordInForce.layout else { return false }
        return replicas.count { $0.recordInForce.layout == layout && $0.isWithoutVotes } * 2 >= layout.members.count
    }

    private func watchFreezes() {
        if frozenSince.contains(where: { !cluster.holdingWrites.contains($0.key) }) {
            frozenSince = frozenSince.filter { cluster.holdingWrites.contains($0.key) }
        }
        if !cluster.holdingWrites.isEmpty, isMajorityWithoutVotes { votelessMicroseconds = cluster.nowMicroseconds }
        for node in cluster.holdingWrites.sorted() {
            let since = frozenSince[node] ?? cluster.nowMicroseconds
            frozenSince[node] = since
            let quiet = max(since, lastFaultMicroseconds, votelessMicroseconds) + Self.calmFreezeMicrosecondsMax
            let end = min(freezeMicrosecondsMax.map { since + $0 } ?? .max, quiet)
            if cluster.nowMicroseconds > end {
                frozenSince[node] = cluster.nowMicroseconds
                fail(.freezesEnd, "\(node) has held writes for \((cluster.nowMicroseconds - since) / 1_000) ms")
            }
        }
    }
}
