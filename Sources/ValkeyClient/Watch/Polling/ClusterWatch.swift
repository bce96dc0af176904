import ClusterModel

/// What is known of a cluster, and whom to ask next for what. Pure: it is told what was answered, and when.
struct ClusterWatch: Sendable {
    let setup: WatchSetup
    /// By the name by which the cluster knows them; of seeds that have not answered, where they are dialled.
    private(set) var records: [ServerAddress: ServerRecord] = [:]
    /// As of the last merge; nil until anybody answered.
    private(set) var topology: Topology?
    /// When the newest view in it was told.
    private(set) var topologyMilliseconds: UInt64 = 0
    /// Of those that were seen twice, so that word that is spreading is not taken for trouble.
    private(set) var problems: [Topology.Problem] = []
    private(set) var shardNames = ShardNames()
    private(set) var foreign = ForeignMigration()
    /// By engine and version: one server speaks for all of its kind.
    private var features: [String: ServerFeatures] = [:]
    private var featuresAsked: Set<String> = []
    private var settling = SettlingProblems()
    private var events: [Event] = []
    private var figuresBegunMilliseconds: UInt64 = 0
    private var viewerBegunMilliseconds: UInt64 = 0
    private var lastViewer: ServerAddress?
    private var shardsAskedMilliseconds: UInt64 = 0
    private var hasNewView = false

    /// More events are not kept for those who do not fetch them.
    private static let eventsMax = 10_000
    /// A view of a large cluster is merged for so long: those of a few nodes asked in turn together.
    private static let viewAgeMax: UInt64 = 6_000
    /// Who differs is asked again for so long.
    private static let doubtMilliseconds: UInt64 = 3_000
    /// Who is in no view for so long is forgotten.
    private static let retentionMilliseconds: UInt64 = 3_000
    private static let shardsMilliseconds: UInt64 = 5_000
    private static let heatMilliseconds: UInt64 = 10_000

    init(seeds: [ServerAddress], setup: WatchSetup, now: UInt64) {
        self.setup = setup
        for seed in seeds.prefix(setup.nodesMax) {
            records[seed] = ServerRecord(
                key: seed, places: [setup.reach[seed] ?? seed], isSeed: true, namedMilliseconds: now)
        }
    }

    /// More nodes than are asked for their views at each poll.
    var isWide: Bool { records.count > setup.viewsMax }

    /// Whether something was seen once that counts only when it is seen again.
    var holdsBack: Bool { settling.isWaiting }

    /// What the server of this node can do, as far as known.
    func features(of record: ServerRecord) -> ServerFeatures {
        record.info.flatMap { features[Self.kind(of: $0)] } ?? ServerFeatures()
    }

    /// Events since the last time.
    mutating func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    private static func kind(of info: ServerInfo) -> String { "\(info.engine.rawValue) \(info.version ?? "")" }
}

// MARK: Whom to ask

extension ClusterWatch {
    /// What is to be asked now. Who is being asked already is left alone.
    mutating func beginRound(_ now: UInt64) -> [ServerAsk] {
        defer { figuresBegunMilliseconds = now }
        let asks = isWide ? wideAsks(now) : records.values.compactMap { ask($0, everything(of: $0, now), now) }
        return asks.sorted { $0.key < $1.key }
    }

    private func everything(of record: ServerRecord, _ now: UInt64) -> ServerAsk.Parts {
        ServerAsk.Parts([.view, .figures]).union(jobs(of: record)).union(extras(of: record, now))
    }

    /// Servers keep a log of migrations that ended; so they are asked for it only where something goes on.
    private func jobs(of record: ServerRecord) -> ServerAsk.Parts {
        guard record.jobs.contains(where: { $0.state == .running }) else { return [] }
        return jobsPart(of: record)
    }

    private func jobsPart(of record: ServerRecord) -> ServerAsk.Parts {
        let features = features(of: record)
        if features[.listSlotMigrations].isPresent { return .jobs }
        return features[.migration].isPresent ? .tasks : []
    }

    private func extras(of record: ServerRecord, _ now: UInt64) -> ServerAsk.Parts {
        let isDue = now >= record.heatAskedMilliseconds + Self.heatMilliseconds
        let hasSlots = record.id.flatMap { topology?.nodes[$0] }?.slots.isEmpty == false
        return isDue && hasSlots && features(of: record)[.slotStatistics].isPresent ? .heat : []
    }

    /// Of a large cluster: figures of the next few, so that all had their turn within a time; one view of the whole;
    /// and the views of those where slots move.
    private mutating func wideAsks(_ now: UInt64) -> [ServerAsk] {
        var parts: [ServerAddress: ServerAsk.Parts] = [:]
        for record in nextForFigures(now) {
            parts[record.key] = ServerAsk.Parts([.figures, .signs]).union(jobs(of: record)).union(
                extras(of: record, now))
        }
        let hot = records.values.filter { $0.hotUntilMilliseconds > now && $0.isReachable }.sorted {
            ($1.hotUntilMilliseconds, $0.key) < ($0.hotUntilMilliseconds, $1.key)
        }
        for record in hot.prefix(setup.viewsMax) {
            parts[record.key, default: []].formUnion([.view, jobsPart(of: record)])
        }
        if now >= viewerBegunMilliseconds + setup.topologyMilliseconds - Self.slack, let viewer = nextViewer() {
            viewerBegunMilliseconds = now
            lastViewer = viewer
            parts[viewer, default: []].insert(.view)
        }
        return parts.compactMap { key, parts in records[key].flatMap { ask($0, parts, now) } }
    }

    /// Polls come a little early and a little late.
    private static let slack: UInt64 = 100

    private mutating func nextForFigures(_ now: UInt64) -> [ServerRecord] {
        let elapsed = now - min(now, figuresBegunMilliseconds)
        let share = (UInt64(records.count) * min(elapsed, setup.figuresMilliseconds)).dividedUp(
            by: max(1, setup.figuresMilliseconds))
        let waiting = records.values.filter { $0.asking == nil }.sorted {
            ($0.figuresAskedMilliseconds, $0.key) < ($1.figuresAskedMilliseconds, $1.key)
        }
        // Those that were never asked do not wait for their turn.
        let new = waiting.prefix { $0.figuresAskedMilliseconds == 0 }.count
        return Array(waiting.prefix(max(new, Int(share))))
    }

    /// The next primary that answers, in the order of their addresses; without one anybody who answers, or a seed.
    private func nextViewer() -> ServerAddress? {
        let answering = records.values.filter { $0.isReachable && $0.asking == nil }
        let primaries = answering.filter { $0.info?.replication?.isReplica != true }
        let candidates = (primaries.isEmpty ? answering : primaries).map(\.key).sorted()
        guard let first = candidates.first else { return records.values.filter(\.isSeed).map(\.key).min() }
        guard let lastViewer else { return first }
        return candidates.first { $0 > lastViewer } ?? first
    }

    private mutating func ask(_ record: ServerRecord, _ parts: ServerAsk.Parts, _ now: UInt64) -> ServerAsk? {
        guard record.asking == nil, !parts.isEmpty else { return nil }
        records[record.key]?.asking = parts
        if parts.contains(.figures) { records[record.key]?.figuresAskedMilliseconds = now }
        if parts.contains(.view) { records[record.key]?.viewAskedMilliseconds = now }
        if parts.contains(.heat) { records[record.key]?.heatAskedMilliseconds = now }
        return ServerAsk(key: record.key, dialled: record.dialled, parts: parts)
    }
}

// MARK: What was answered

extension ClusterWatch {
    /// - Returns: what else is to be asked in the same round: nodes that were not known, and what a sign is worth.
    mutating func answered(
        _ ask: ServerAsk, _ answer: ServerAnswer, tookMicroseconds: UInt64, _ now: UInt64
    ) -> [ServerAsk] {
        guard var record = records[ask.key] else { return [] }
        record.asking = nil
        if let id = answer.id, let expected = record.id, id != expected, !isNewID(of: record, answer) {
            let other = ServerError(
                .broken, at: ask.dialled, "another node answers there than the cluster knows by this address",
                advice: "Where addresses are translated on the way, say where to reach each node with --reach.")
            return failed(ask, other, now)
        }
        let isSameRun = answer.info == nil || record.info == nil || answer.info?.runID == record.info?.runID
        if record.problem != nil, record.answeredMilliseconds != nil, isSameRun {
            note(.nodeUp, record, "\(name(of: record)) answers again", now)
        }
        record.id = answer.id ?? record.id
        record.problem = nil
        record.answeredMilliseconds = now
        record.pollMicroseconds = tookMicroseconds
        if ask.parts.contains(.figures) { record.refusals = answer.refusals }
        record.state = answer.state ?? record.state
        record.keys = answer.keys ?? answer.info?.keys ?? record.keys
        record.jobs = answer.jobs ?? record.jobs
        record.heat = answer.heat ?? record.heat
        var isHot = record.jobs.contains { $0.state == .running }
        if let info = answer.info {
            note(changesOf: record, to: info, now)
            if record.take(info: info, now) { isHot = true }
        }
        if let view = answer.view {
            hasNewView = hasNewView || record.view != view
            record.take(view: view, now)
            if !view.openSlots.isEmpty { isHot = true }
        }
        let wasHot = record.hotUntilMilliseconds > now
        if isHot { record.hotUntilMilliseconds = now + ServerRecord.hotMilliseconds }
        records[ask.key] = record
        if let features = answer.features, let info = record.info { self.features[Self.kind(of: info)] = features }
        if let shards = answer.shards { shardNames.learn(shards, of: topology) }
        let key = answer.view?.own.map { rename(record, $0.endpoint) } ?? record.key
        var more = followUps(key, ask, isNewlyHot: isHot && !wasHot, now)
        if let view = answer.view { more += discover(view, now) }
        return more
    }

    /// A node that was reset hard has a new id under its old address, and says so itself.
    private func isNewID(of record: ServerRecord, _ answer: ServerAnswer) -> Bool {
        guard let own = answer.view?.own?.endpoint.address ?? answer.view.map({ _ in record.key }) else { return false }
        return own == record.key
    }

    /// What its answer makes worth asking at once.
    private mutating func followUps(
        _ key: ServerAddress, _ ask: ServerAsk, isNewlyHot: Bool, _ now: UInt64
    ) -> [ServerAsk] {
        guard let record = records[key], let info = record.info else { return [] }
        var parts: ServerAsk.Parts = []
        let isFirst = featuresAsked.insert(Self.kind(of: info)).inserted
        if isFirst { parts.insert(.features) }
        if isNewlyHot || ask.parts.contains(.features) {
            parts.formUnion(jobsPart(of: record).subtracting(ask.parts))
            if isWide, isNewlyHot, !ask.parts.contains(.view) { parts.insert(.view) }
        }
        let canName = features(of: record)[.shards].isPresent && ask.parts.contains(.view)
        if canName, now >= shardsAskedMilliseconds + Self.shardsMilliseconds, shardNames.lacksAny(of: topology) {
            shardsAskedMilliseconds = now
            parts.insert(.shards)
        }
        return self.ask(record, parts, now).map { [$0] } ?? []
    }

    mutating func failed(_ ask: ServerAsk, _ error: ServerError, _ now: UInt64) -> [ServerAsk] {
        guard var record = records[ask.key] else { return [] }
        record.asking = nil
        // What was never connected may be reached at another of its places.
        if error.kind == .unreachable || error.kind == .broken, record.tryNextPlace() {
            records[ask.key] = record
            return self.ask(record, ask.parts, now).map { [$0] } ?? []
        }
        if record.problem == nil, record.answeredMilliseconds != nil {
            note(.nodeDown, record, "\(name(of: record)) does not answer: \(error.what)", now)
        }
        record.problem = error
        record.jobs = record.jobs.filter { $0.state != .running }
        if record.view != nil {
            record.dropView()
            hasNewView = true
        }
        records[ask.key] = record
        return []
    }

    /// A seed may be dialled under another name than it goes by.
    private mutating func rename(_ record: ServerRecord, _ endpoint: NodesView.Endpoint) -> ServerAddress {
        guard record.isSeed, let name = endpoint.name, name != record.key else { return record.key }
        var places = places(of: endpoint)
        if !places.contains(record.dialled) { places.append(record.dialled) }
        records[record.key] = nil
        if records[name] != nil {
            records[name]?.add(place: record.dialled)
            records[name]?.isSeed = true
            return name
        }
        records[name] = record.renamed(to: name, places: places)
        return name
    }

    /// Nodes may call one by different addresses.
    private func answersElsewhere(_ id: NodeID) -> Bool { records.values.contains { $0.id == id && $0.isReachable } }

    private func places(of endpoint: NodesView.Endpoint) -> [ServerAddress] {
        guard let port = endpoint.port, let name = endpoint.name else { return [] }
        if let place = setup.reach[name] { return [place] }
        let hostName = endpoint.hostName.map { ServerAddress(host: $0, port: port) }
        if let hostName, let place = setup.reach[hostName] { return [place] }
        let places = [endpoint.address, hostName].compactMap { $0 }
        return setup.prefersHostNames ? places.reversed() : places
    }

    private mutating func discover(_ view: NodesView, _ now: UInt64) -> [ServerAsk] {
        var asks: [ServerAsk] = []
        for node in view.nodes {
            guard node.id != view.myself, let name = node.endpoint.name,
                node.flags.isDisjoint(with: [.handshake, .noAddress])
            else { continue }
            if records[name] != nil {
                records[name]?.namedMilliseconds = now
                if records[name]?.id == nil { records[name]?.id = node.id }
            } else if records.count < setup.nodesMax, !answersElsewhere(node.id) {
                var record = ServerRecord(
                    key: name, places: places(of: node.endpoint), isSeed: false, namedMilliseconds: now)
                record.id = node.id
                records[name] = record
            }
        }
        let new = records.values.filter { $0.asking == nil && $0.figuresAskedMilliseconds == 0 }.map(\.key).sorted()
        for key in new {
            guard let record = records[key] else { continue }
            let parts = isWide ? [.figures, .signs] : everything(of: record, now)
            if let ask = ask(record, parts, now) { asks.append(ask) }
        }
        return asks
    }
}

// MARK: Merging

extension ClusterWatch {
    /// Puts together what was answered.
    ///
    /// - Parameter isOursRunning: whether this program moves slots itself, so that what moves is not somebody else's.
    mutating func endRound(isOursRunning: Bool = false, _ now: UInt64) {
        if isWide { dropOldViews(now) }
        if hasNewView || topology == nil { merge(now) }
        hasNewView = false
        topologyMilliseconds = max(topologyMilliseconds, records.values.map(\.viewMilliseconds).max() ?? 0)
        guard let topology else { return }
        if isWide { askDoubtedAgain(topology, now) }
        problems = settling.settle(topology.problems, now)
        for problem in settling.newlySettled {
            note(Sighting(kind: .warning, node: problem.node.map(topology.member), text: problem.words), now)
        }
        let moves = foreign.observe(
            topology, jobs: records.values.flatMap(\.jobs), bytes: slotBytes(), isOursRunning: isOursRunning, now)
        for sighting in moves { note(sighting, now) }
        forgetOldRecords(topology, now)
    }

    private mutating func merge(_ now: UInt64) {
        let views = MainViews.choose(records.values.compactMap(\.view))
        guard !views.isEmpty else { return }
        let merged = Topology(merging: views)
        if let before = topology {
            for sighting in TopologyChanges.sightings(from: before, to: merged) { note(sighting, now) }
        }
        shardNames.follow(from: topology, to: merged)
        topology = merged
    }

    /// Of a large cluster the views of several polls are merged. Who differs in an old one is asked again at the next
    /// poll, before that is called a disagreement.
    private mutating func askDoubtedAgain(_ topology: Topology, _ now: UInt64) {
        let doubted = Set(topology.disagreements.flatMap(\.viewers)).union(whoCountsOtherwise(topology))
        guard !doubted.isEmpty else { return }
        for (key, record) in records where record.id.map(doubted.contains) == true {
            records[key]?.hotUntilMilliseconds = max(record.hotUntilMilliseconds, now + Self.doubtMilliseconds)
        }
    }

    /// Those whose count of nodes or slots is not that of the merged view: each tells it cheaply.
    private func whoCountsOtherwise(_ topology: Topology) -> [NodeID] {
        let slots = HashSlot.count - topology.uncovered.count
        return records.values.compactMap { record in
            guard let id = record.id, let state = record.state else { return nil }
            let differs = state.slotsAssigned != slots || state.knownNodes != topology.nodes.count
            return differs ? id : nil
        }
    }

    private mutating func dropOldViews(_ now: UInt64) {
        for (key, record) in records where record.view != nil && now > record.viewMilliseconds + Self.viewAgeMax {
            records[key]?.dropView()
            hasNewView = true
        }
    }

    private func slotBytes() -> [NodeID: SlotBytes] {
        var bytes: [NodeID: SlotBytes] = [:]
        for record in records.values {
            guard let id = record.id, let info = record.info, let sent = info.slotBytesSent else { continue }
            bytes[id] = SlotBytes(sent: sent, received: info.slotBytesReceived ?? 0)
        }
        return bytes
    }

    private mutating func forgetOldRecords(_ topology: Topology, _ now: UInt64) {
        let named = Set(topology.nodes.values.compactMap(\.endpoint.name))
        for record in records.values where record.isSeed && !named.contains(record.key) && record.asking == nil {
            // A seed that was asked for figures alone is known by its id.
            guard let node = record.id.flatMap({ topology.nodes[$0] }) else { continue }
            _ = rename(record, node.endpoint)
        }
        records = records.filter { key, record in
            named.contains(key) || record.isSeed || record.asking != nil
                || record.isReachable && record.id.map { topology.nodes[$0] != nil } == true
                || now < record.namedMilliseconds + Self.retentionMilliseconds
        }
    }

    private func name(of record: ServerRecord) -> String {
        record.id.flatMap { id in topology?.nodes[id] == nil ? nil : topology?.name(of: id) } ?? "\(record.key)"
    }

    private mutating func note(_ sighting: Sighting, _ now: UInt64) {
        guard events.count < Self.eventsMax else { return }
        events.append(
            Event(
                milliseconds: now, kind: sighting.kind, node: sighting.node, text: sighting.text,
                recordedBy: sighting.by))
    }

    private mutating func note(
        _ kind: Event.Kind, _ record: ServerRecord, by: MemberID? = nil, _ text: String, _ now: UInt64
    ) {
        note(Sighting(kind: kind, node: MemberID(name(of: record)), text: text, by: by), now)
    }

    /// What a server tells of itself that it did not tell before.
    private mutating func note(changesOf record: ServerRecord, to info: ServerInfo, _ now: UInt64) {
        guard let before = record.info else { return }
        let name = name(of: record)
        let member = MemberID(name)
        if let old = before.runID, let new = info.runID, old != new {
            note(.nodeUp, record, by: member, "\(name) was started anew", now)
        }
        if !before.persistence.isLoading, info.persistence.isLoading {
            note(.catchingUp, record, by: member, "\(name) loads its data", now)
        } else if before.persistence.isLoading, !info.persistence.isLoading {
            note(.serving, record, by: member, "\(name) has loaded its data", now)
        }
        if before.replication?.isLinkUp == true, info.replication?.isLinkUp == false {
            note(.warning, record, by: member, "\(name) lost the link to its primary", now)
        } else if before.replication?.isLinkUp == false, info.replication?.isLinkUp == true {
            note(.serving, record, by: member, "\(name) follows its primary again", now)
        }
        if before.persistence.failure == nil, let failure = info.persistence.failure {
            note(.warning, record, by: member, "\(name): \(failure)", now)
        }
    }
}

extension UInt64 {
    fileprivate func dividedUp(by divisor: UInt64) -> UInt64 { (self + divisor - 1) / divisor }
}

extension NodesView.Endpoint {
    /// By which a node goes: its address, or, where it keeps that to itself, the host name that it announces.
    var name: ServerAddress? {
        if let address { return address }
        guard let hostName, let port else { return nil }
        return ServerAddress(host: hostName, port: port)
    }
}
