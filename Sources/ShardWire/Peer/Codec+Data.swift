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
    }

    mutating func version(_ value: Version) {
        origin(value.dot.origin)
        integer(value.dot.counter)
        integer(value.timestamp)
    }

    mutating func record(_ value: Record) {
        text(value.key)
        version(value.entry.version)
        optional(value.entry.value) { $0.blob($1) }
        vector(value.entry.dependencies)
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

    mutating func epochRecord(_ value: EpochRecord) {
        layout(value.layout)
        vector(value.baseline)
        optional(value.operation) { $0.operation($1) }
    }
}

extension ByteReader {
    mutating func vector() throws -> VersionVector {
        let dots = try list(bytesMin: 2) { Dot(origin: try $0.origin(), counter: try $0.integer()) }
        return VersionVector(dots)
    }

    mutating func context() throws -> CausalContext {
        CausalContext(vector: try vector(), timestamp: try integer())
    }

    mutating func version() throws -> Version {
        Version(dot: Dot(origin: try origin(), counter: try integer()), timestamp: try integer())
    }

    mutating func record() throws -> Record {
        let key = try text()
        let version = try version()
        let value = try optional { try $0.blob() }
        return Record(key: key, entry: Entry(value: value, version: version, dependencies: try vector()))
    }

    mutating func records() throws -> [Record] { try list(bytesMin: 6) { try $0.record() } }

    mutating func layout() throws -> Layout {
        let epoch = try integer()
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
            epoch: try integer(), attempt: try integer(), coordinator: try address(), incarnation: try integer())
    }

    mutating func ballot() throws -> Ballot {
        Ballot(round: try integer(), node: try address(), incarnation: try integer())
    }

    mutating func epochRecord() throws -> EpochRecord {
        EpochRecord(layout: try layout(), baseline: try vector(), operation: try optional { try $0.operation() })
    }
}
