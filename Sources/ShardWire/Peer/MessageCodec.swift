import ShardCore

/// Messages between nodes as bytes: a frame is its length (32 bits, big-endian, itself not counted), the format's
/// number, the tables of addresses and origins, the sender, and the message.
public enum MessageCodec {
    public static let format: UInt8 = 3
    /// The bytes in front of a frame that say its length.
    public static let lengthBytes = 4
    /// The longest frame, without its length.
    public static let frameBytesMax = 64 * 1024 * 1024

    /// Appends the whole frame.
    public static func encode(_ envelope: Envelope, into output: inout [UInt8]) {
        encode(envelope, liar: nil, into: &output)
    }

    /// The same with lies in it.
    package static func encode(_ envelope: Envelope, liar: (any FieldLiar)?, into output: inout [UInt8]) {
        var body = ByteWriter()
        body.liar = liar
        body.address(envelope.from)
        body.optional(envelope.cluster) { $0.clusterMark($1) }
        body.integer(envelope.incarnation)
        body.integer(envelope.epoch)
        body.integer(envelope.timestamp)
        body.message(envelope.message)

        let tables = body.tables
        let bodyBytes = body.bytes
        let length = 1 + tables.count + bodyBytes.count
        precondition(length <= frameBytesMax, "a message of \(length) bytes is too long for a frame")
        output.reserveCapacity(output.count + lengthBytes + length)
        for shift in [24, 16, 8, 0] { output.append(UInt8(truncatingIfNeeded: length >> shift)) }
        output.append(format)
        output += tables
        output += bodyBytes
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
        reader.isBounded = true
        let found = try reader.byte()
        guard found == format else { throw MessageFormatError("format \(found) is not known here") }
        try reader.readTables()
        let envelope = Envelope(
            from: try reader.address(), cluster: try reader.optional { try $0.clusterMark() },
            incarnation: try reader.start(), epoch: try reader.epoch(),
            timestamp: try reader.timestamp(), message: try reader.message())
        try reader.finish()
        return envelope
    }
}
