import ShardCore

/// A row is whole, but in a format that is not known here: another version of the program wrote it.
public struct DiskFormatError: Error, Hashable, Sendable {
    public let found: UInt8

    public init(found: UInt8) { self.found = found }
}

/// The bytes of a disk row: first a checksum, so that a damaged row is never taken for one that was written; then the
/// format's number, the tables of addresses and origins, and the fields.
///
/// Nodes and the simulator's disks write the same bytes.
public enum DiskCodec {
    public static let format: UInt8 = 3
    /// The same, but its states say nothing of the cluster that they belong to.
    private static let formatWithoutClusters: UInt8 = 2
    private static let checksumBytes = 8

    public static func encode(_ entry: Entry, under key: String) -> [UInt8] {
        var body = ByteWriter()
        body.entry(entry)
        return seal(body, for: key)
    }

    /// - Throws: ``MessageFormatError`` with the fault of the row, of which nothing is to be believed then;
    ///   ``DiskFormatError`` if this version cannot read it.
    public static func decodeEntry(_ row: ArraySlice<UInt8>, under key: String) throws -> Entry {
        var tables = LastTables()
        return try decodeEntry(row, under: key, tables: &tables)
    }

    /// The same for reading many rows one after another.
    public static func decodeEntry(
        _ row: ArraySlice<UInt8>, under key: String, tables: inout LastTables
    ) throws -> Entry {
        try open(row, for: key, &tables) { try $0.entry() }
    }

    public static func encode(_ state: DurableState) -> [UInt8] {
        var body = ByteWriter()
        body.durableState(state)
        return seal(body, for: "")
    }

    /// - Throws: as ``decodeEntry(_:under:)`` does.
    public static func decodeState(_ row: ArraySlice<UInt8>) throws -> DurableState {
        try open(row, for: "") { try $0.durableState() }
    }

    /// A row of the log: a change that clears nothing.
    public static func encode(_ change: DiskChange, number: Int64) -> [UInt8] {
        precondition(!change.clearsFirst, "a log cannot say that everything before it is dropped")
        var body = ByteWriter()
        body.records(change.records)
        body.list(change.removals) { $0.text($1) }
        body.durableState(change.state)
        return seal(body, for: "\(number)")
    }

    /// - Throws: as ``decodeEntry(_:under:)`` does.
    public static func decodeChange(_ row: ArraySlice<UInt8>, number: Int64) throws -> DiskChange {
        try open(row, for: "\(number)") { reader in
            DiskChange(
                records: try reader.records(), removals: try reader.list { try $0.text() },
                state: try reader.durableState(), isVital: false)
        }
    }

    private static func seal(_ body: ByteWriter, for key: String) -> [UInt8] {
        let tables = body.tables
        var row: [UInt8] = []
        row.reserveCapacity(checksumBytes + 1 + tables.count + body.bytes.count)
        row += repeatElement(0, count: checksumBytes)
        row.append(format)
        row += tables
        row += body.bytes
        let sum = checksum(of: row[checksumBytes...], key)
        for index in 0..<checksumBytes { row[index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt64(index))) }
        return row
    }

    private static func open<Content>(
        _ row: ArraySlice<UInt8>, for key: String, _ read: (inout ByteReader) throws -> Content
    ) throws -> Content {
        var tables = LastTables()
        return try open(row, for: key, &tables, read)
    }

    private static func open<Content>(
        _ row: ArraySlice<UInt8>, for key: String, _ tables: inout LastTables,
        _ read: (inout ByteReader) throws -> Content
    ) throws -> Content {
        guard row.count > checksumBytes else { throw MessageFormatError("the row is cut short") }
        let written = row.prefix(checksumBytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let content = row.dropFirst(checksumBytes)
        guard checksum(of: content, key) == written else { throw MessageFormatError("the checksum is wrong") }
        if let found = content.first, found != format, found != formatWithoutClusters {
            throw DiskFormatError(found: found)
        }
        do {
            var reader = ByteReader(content.dropFirst())
            try reader.readTables(&tables)
            let result = try read(&reader)
            try reader.finish()
            return result
        } catch let error as MessageFormatError {
            throw error
        } catch {
            throw MessageFormatError("\(error)")
        }
    }

    /// FNV-1a of 64 bits (draft-eastlake-fnv): it finds damage, not forgery. The key goes in too, so that a row cannot
    /// pass for another key's.
    private static func checksum(of bytes: ArraySlice<UInt8>, _ key: String) -> UInt64 {
        var sum: UInt64 = 14_695_981_039_346_656_037
        for byte in key.utf8 { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
        bytes.withUnsafeBufferPointer { bytes in
            for byte in bytes { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
        }
        return sum
    }
}

extension ByteWriter {
    fileprivate mutating func durableState(_ state: DurableState) {
        address(state.address)
        integer(state.incarnation)
        epochRecord(state.record)
        vector(state.vector)
        vector(state.collected)
        integer(state.timestampsPast)
        bool(state.isWhole)
        vector(state.extensions)
        knownNodes(state.decisions)
        optional(state.promised) { $0.ballot($1) }
        optional(state.accepted) { $0.accepted($1) }
        voterState(state.voter)
        list(state.staged) { writer, portion in
            writer.operation(portion.operation)
            writer.layout(portion.layout)
        }
        optional(state.cluster) { $0.clusterMark($1) }
    }
}

extension ByteReader {
    fileprivate mutating func durableState() throws -> DurableState {
        var state = DurableState(
            address: try address(), incarnation: try integer(), record: try epochRecord(), vector: try vector(),
            collected: try vector(), timestampsPast: try integer(), isWhole: try bool(), extensions: try vector(),
            decisions: try knownNodes(), promised: try optional { try $0.ballot() },
            accepted: try optional { try $0.accepted() }, voter: try voterState(),
            staged: try list { StagedPortion(operation: try $0.operation(), layout: try $0.layout()) })
        // A state ends its row, and one from a version without clusters ends here.
        if remaining > 0 { state.cluster = try optional { try $0.clusterMark() } }
        return state
    }
}
