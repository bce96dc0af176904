import ShardCore

// The parts that messages are made of; each is written and read the same way side by side.

extension ByteWriter {
    mutating func vector(_ value: VersionVector) {
        list(value.elements) { writer, element in
            writer.origin(element.origin)
            writer.integer(element.counter)
        }
    }

    mutating func context(_ value: CausalContext) {
        vector(value.vector)
        integer(value.timestamp)
        integer(value.epoch)
        integer(value.cluster)
    }

    mutating func clusterMark(_ value: ClusterMark) {
        integer(value.id.settings)
        integer(value.id.draw)
        byte(value.standing.rawValue)
    }

    mutating func foundingSettings(_ value: FoundingSettings) {
        list(value.view) { $0.address($1) }
        count(value.shardCount)
        optional(value.name) { $0.text($1) }
    }

    mutating func clusterNotice(_ value: ClusterNotice) {
        optional(value.founding) { $0.foundingSettings($1) }
        text(value.state.rawValue)
        bool(value.countsReceiver)
    }

    mutating func version(_ value: Version) {
        origin(value.dot.origin)
        integer(value.dot.counter)
        integer(value.timestamp)
    }

    mutating func entry(_ value: Entry) {
        version(value.version)
        optional(value.value) { $0.blob($1) }
        vector(value.dependencies)
    }

    mutating func record(_ value: Record) {
        text(value.key)
        entry(value.entry)
    }

    mutating func knownNodes(_ value: [KnownNode]) {
        list(value) { writer, node in
            writer.address(node.address)
            writer.bool(node.isRemoved)
            writer.integer(node.decidedAt)
            writer.integer(node.incarnation)
        }
    }

    mutating func records(_ value: [Record]) { list(value) { $0.record($1) } }

    mutating func layout(_ value: Layout) {
        integer(value.epoch)
        integer(value.seed)
        text(value.placement.rawValue)
        list(value.shards) { writer, members in writer.list(members) { $0.address($1) } }
    }

    mutating func operation(_ value: OperationID) {
        integer(value.epoch)
        integer(value.attempt)
        address(value.coordinator)
        integer(value.incarnation)
    }

    mutating func ballot(_ value: Ballot) {
        integer(value.round)
        address(value.node)
        integer(value.incarnation)
    }

    mutating func accepted(_ value: Accepted) {
        ballot(value.ballot)
        epochRecord(value.record)
    }

    mutating func epochRecord(_ value: EpochRecord) {
        layout(value.layout)
        vector(value.baseline)
        optional(value.operation) { $0.operation($1) }
        crashVector(value.starts)
    }

    mutating func crashVector(_ value: CrashVector) { list(value.starts) { $0.integer($1) } }

    mutating func voterState(_ value: VoterState) {
        integer(value.memorySince)
        bool(value.hasVotes)
        crashVector(value.crashVector)
        crashVector(value.founding)
    }

    mutating func voteReport(_ value: VoteReport) {
        voterState(value.voter)
        optional(value.promised) { $0.ballot($1) }
        optional(value.accepted) { $0.accepted($1) }
    }
}

extension ByteReader {
    mutating func vector() throws -> VersionVector {
        let length = try count(bytesMin: 2)
        var vector = VersionVector()
        vector.reserveCapacity(min(length, 4_096))
        for _ in 0..<length {
            let origin = try origin()
            let counter = try tally()
            // As a rule they come in order.
            if !vector.append(origin, counter: counter) { vector.raise(origin, to: counter) }
        }
        return vector
    }

    mutating func context() throws -> CausalContext {
        CausalContext(
            vector: try vector(), timestamp: try timestamp(), epoch: try epoch(), cluster: try integer())
    }

    mutating func clusterMark() throws -> ClusterMark {
        let id = ClusterID(settings: try integer(), draw: try integer())
        let standing = try byte()
        guard let standing = Standing(rawValue: standing) else {
            throw MessageFormatError("\(standing) says nothing of how sure a cluster's id is")
        }
        return ClusterMark(id: id, standing: standing)
    }

    mutating func foundingSettings() throws -> FoundingSettings {
        FoundingSettings(
            view: try list { try $0.address() }, shardCount: try int(), name: try optional { try $0.text() })
    }

    mutating func clusterNotice() throws -> ClusterNotice {
        ClusterNotice(
            founding: try optional { try $0.foundingSettings() }, state: try choice(ServingState.self),
            countsReceiver: try bool())
    }

    mutating func version() throws -> Version {
        Version(dot: Dot(origin: try origin(), counter: try tally()), timestamp: try timestamp())
    }

    mutating func entry() throws -> Entry {
        let version = try version()
        let value = try optional { try $0.blob() }
        return Entry(value: value, version: version, dependencies: try vector())
    }

    mutating func record() throws -> Record { Record(key: try text(), entry: try entry()) }

    mutating func knownNodes() throws -> [KnownNode] {
        try list(bytesMin: 4) { reader in
            KnownNode(
                address: try reader.address(), isRemoved: try reader.bool(), decidedAt: try reader.timestamp(),
                incarnation: try reader.start())
        }
    }

    mutating func records() throws -> [Record] { try list(bytesMin: 6) { try $0.record() } }

    mutating func layout() throws -> Layout {
        let epoch = try epoch()
        let seed = try integer()
        let placement = try choice(NodePlacement.self)
        let shards = try list { reader in try reader.list { try $0.address() } }
        return Layout(epoch: epoch, seed: seed, placement: placement, shards: shards)
    }

    /// One of the cases of an enumeration, by its name.
    mutating func choice<Choice: RawRepresentable>(_ type: Choice.Type) throws -> Choice
    where Choice.RawValue == String {
        let name = try text()
        guard let choice = Choice(rawValue: name) else { throw MessageFormatError("'\(name)' is no \(type)") }
        return choice
    }

    mutating func operation() throws -> OperationID {
        OperationID(
            epoch: try epoch(), attempt: try tally(), coordinator: try address(), incarnation: try start())
    }

    mutating func ballot() throws -> Ballot {
        Ballot(round: try tally(), node: try address(), incarnation: try start())
    }

    mutating func accepted() throws -> Accepted {
        Accepted(ballot: try ballot(), record: try epochRecord())
    }

    mutating func epochRecord() throws -> EpochRecord {
        EpochRecord(
            layout: try layout(), baseline: try vector(), operation: try optional { try $0.operation() },
            starts: try crashVector())
    }

    mutating func crashVector() throws -> CrashVector { CrashVector(try list { try $0.start() }) }

    mutating func voterState() throws -> VoterState {
        VoterState(
            memorySince: try start(), hasVotes: try bool(), crashVector: try crashVector(),
            founding: try crashVector())
    }

    mutating func voteReport() throws -> VoteReport {
        VoteReport(
            voter: try voterState(), promised: try optional { try $0.ballot() },
            accepted: try optional { try $0.accepted() })
    }
}
