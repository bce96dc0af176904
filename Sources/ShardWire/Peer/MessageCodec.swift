import ShardCore

/// Messages between nodes as bytes: a frame is its length (32 bits, big-endian, itself not counted), the format's
/// number, the tables of addresses and origins, the sender, and the message.
public enum MessageCodec {
    public static let format: UInt8 = 1
    /// The bytes in front of a frame that say its length.
    public static let lengthBytes = 4
    /// The longest frame, without its length.
    public static let frameBytesMax = 64 * 1024 * 1024

    /// Appends the whole frame.
    public static func encode(_ envelope: Envelope, into output: inout [UInt8]) {
        var body = ByteWriter()
        body.address(envelope.from)
        body.integer(envelope.incarnation)
        body.integer(envelope.epoch)
        body.integer(envelope.timestamp)
        body.message(envelope.message)

        var tables = ByteWriter()
        var addresses = body.addresses
        let origins = body.origins.map { origin in
            (origin, index(of: origin.node, in: &addresses))
        }
        tables.list(addresses) { $0.text($1.description) }
        tables.list(origins) { writer, origin in
            writer.count(origin.1)
            writer.integer(origin.0.incarnation)
            writer.integer(origin.0.epoch)
        }
        let bodyBytes = body.bytes
        let length = 1 + tables.bytes.count + bodyBytes.count
        precondition(length <= frameBytesMax, "a message of \(length) bytes is too long for a frame")
        output.reserveCapacity(output.count + lengthBytes + length)
        for shift in [24, 16, 8, 0] { output.append(UInt8(truncatingIfNeeded: length >> shift)) }
        output.append(format)
        output += tables.bytes
        output += bodyBytes
    }

    /// The place of an address in the table; one that only an origin names is added to it.
    private static func index(of address: NodeAddress, in addresses: inout [NodeAddress]) -> Int {
        if let index = addresses.firstIndex(of: address) { return index }
        addresses.append(address)
        return addresses.count - 1
    }

    /// Reads a frame without its length.
    public static func decode(_ frame: ArraySlice<UInt8>) throws(MessageFormatError) -> Envelope {
        do {
            return try read(frame)
        } catch let error as MessageFormatError {
            throw error
        } catch {
            throw MessageFormatError("\(error)")
        }
    }

    private static func read(_ frame: ArraySlice<UInt8>) throws -> Envelope {
        var reader = ByteReader(frame)
        let found = try reader.byte()
        guard found == format else { throw MessageFormatError("format \(found) is not known here") }
        reader.addresses = try reader.list(bytesMin: 4) { reader in
            let text = try reader.text()
            guard let address = NodeAddress(text) else { throw MessageFormatError("'\(text)' is no address") }
            return address
        }
        reader.origins = try reader.list(bytesMin: 3) { reader in
            Origin(node: try reader.address(), incarnation: try reader.integer(), epoch: try reader.integer())
        }
        let envelope = Envelope(
            from: try reader.address(), incarnation: try reader.integer(), epoch: try reader.integer(),
            timestamp: try reader.integer(), message: try reader.message())
        try reader.finish()
        return envelope
    }
}
