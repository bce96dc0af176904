import ShardCore

// The tables in front of a frame or a disk row: what its fields name by number.

extension ByteWriter {
    /// The tables of what was written so far, as bytes.
    var tables: [UInt8] {
        var tables = ByteWriter()
        var addresses = addresses
        let origins = origins.map { origin in (origin, Self.index(of: origin.node, in: &addresses)) }
        tables.list(addresses) { $0.text($1.description) }
        tables.list(origins) { writer, origin in
            writer.count(origin.1)
            writer.integer(origin.0.incarnation)
            writer.integer(origin.0.epoch)
        }
        return tables.bytes
    }

    /// The place of an address in the table; one that only an origin names is added to it.
    private static func index(of address: NodeAddress, in addresses: inout [NodeAddress]) -> Int {
        if let index = addresses.firstIndex(of: address) { return index }
        addresses.append(address)
        return addresses.count - 1
    }
}

/// Tables that were read before. Most rows of a disk have those of the row in front of them, byte for byte.
public struct LastTables: Sendable {
    fileprivate var bytes: [UInt8] = []
    fileprivate var addresses: [NodeAddress] = []
    fileprivate var origins: [Origin] = []

    public init() {}
}

extension ByteReader {
    /// Reads the tables, unless they are those of `last`.
    mutating func readTables(_ last: inout LastTables) throws {
        // How long tables are is told by their own bytes, so whatever begins with theirs has the same.
        if !last.bytes.isEmpty, take(last.bytes) {
            addresses = last.addresses
            origins = last.origins
            return
        }
        let start = self
        try readTables()
        last.bytes = start.bytes(until: self)
        last.addresses = addresses
        last.origins = origins
    }

    mutating func readTables() throws {
        addresses = try list(bytesMin: 4) { reader in
            let text = try reader.text()
            guard let address = NodeAddress(text) else { throw MessageFormatError("'\(text)' is no address") }
            return address
        }
        origins = try list(bytesMin: 3) { reader in
            Origin(node: try reader.address(), incarnation: try reader.start(), epoch: try reader.epoch())
        }
    }
}
