import ShardCore

/// What a disk row holds, as bytes: the format's number, the tables of addresses and origins, the fields, and in front
/// of all a checksum, so that a row that was damaged is never taken for one that was written.
///
/// The same bytes are written by nodes and by the simulator's disks.
public enum DiskCodec {
    public static let format: UInt8 = 2
    private static let checksumBytes = 8

    public static func encode(_ entry: Entry, under key: String) -> [UInt8] {
        var body = ByteWriter()
        body.entry(entry)
        return seal(body, for: key)
    }

    /// - Throws: what is wrong with the row; nothing of it is to be believed then.
    public static func decodeEntry(_ row: ArraySlice<UInt8>, under key: String) throws(MessageFormatError) -> Entry {
        try open(row, for: key) { try $0.entry() }
    }

    public static func encode(_ state: DurableState) -> [UInt8] {
        var body = ByteWriter()
        body.address(state.address)
        body.integer(state.incarnation)
        body.epochRecord(state.record)
        body.vector(state.vector)
        body.vector(state.collected)
        body.integer(state.timestampsPast)
        body.bool(state.isWhole)
        body.vector(state.extensions)
        body.knownNodes(state.decisions)
        body.optional(state.promised) { $0.ballot($1) }
        body.optional(state.accepted) { $0.accepted($1) }
        body.voterState(state.voter)
        body.list(state.staged) { writer, portion in
            writer.operation(portion.operation)
            writer.layout(portion.layout)
        }
        return seal(body, for: "")
    }

    public static func decodeState(_ row: ArraySlice<UInt8>) throws(MessageFormatError) -> DurableState {
        try open(row, for: "") { reader in
            DurableState(
                address: try reader.address(), incarnation: try reader.integer(), record: try reader.epochRecord(),
                vector: try reader.vector(), collected: try reader.vector(), timestampsPast: try reader.integer(),
                isWhole: try reader.bool(),
                extensions: try reader.vector(),
                decisions: try reader.knownNodes(), promised: try reader.optional { try $0.ballot() },
                accepted: try reader.optional { try $0.accepted() }, voter: try reader.voterState(),
                staged: try reader.list { StagedPortion(operation: try $0.operation(), layout: try $0.layout()) })
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
    ) throws(MessageFormatError) -> Content {
        guard row.count > checksumBytes else { throw MessageFormatError("the row is cut short") }
        let written = row.prefix(checksumBytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let content = row.dropFirst(checksumBytes)
        guard checksum(of: content, key) == written else { throw MessageFormatError("the checksum is wrong") }
        do {
            var reader = ByteReader(content)
            let found = try reader.byte()
            guard found == format else { throw MessageFormatError("format \(found) is not known here") }
            try reader.readTables()
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
