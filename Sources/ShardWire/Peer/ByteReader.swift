import HostSystem
import ShardCore

/// The reason why bytes are no message.
public struct MessageFormatError: TellingError, Hashable, Sendable {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// Reads what ``ByteWriter`` wrote; throws on everything else, and never takes more memory than the bytes justify.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    var addresses: [NodeAddress] = []
    var origins: [Origin] = []
    /// False for the rows of a disk: an earlier version may have believed anything, and its data must not be lost for
    /// that.
    var isBounded = false

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var remaining: Int { bytes.endIndex - position }

    mutating func byte() throws -> UInt8 {
        guard position < bytes.endIndex else { throw MessageFormatError("the message ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    /// Passes over `wanted` if it comes next.
    mutating func take(_ wanted: [UInt8]) -> Bool {
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// The bytes from here to the place of `later`, a later state of this reader.
    func bytes(until later: ByteReader) -> [UInt8] { Array(bytes[position..<later.position]) }

    mutating func bool() throws -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        case let other: throw MessageFormatError("\(other) stands for neither true nor false")
        }
    }

    mutating func integer() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let next = try byte()
            let part = UInt64(next & 0x7F)
            guard shift < 63 || part <= 1 else { throw MessageFormatError("a number has more than 64 bits") }
            value |= part << shift
            if next & 0x80 == 0 { return value }
        }
        throw MessageFormatError("a number does not end")
    }

    /// A number that is refused as nonsense if it is above `max`; see ``Bounds``.
    private mutating func integer(upTo max: UInt64, _ name: String) throws -> UInt64 {
        let value = try integer()
        guard value <= max || !isBounded else { throw MessageFormatError("\(value) is no \(name)") }
        return value
    }

    mutating func epoch() throws -> UInt64 { try integer(upTo: Bounds.epochMax, "epoch") }
    mutating func start() throws -> UInt64 { try integer(upTo: Bounds.incarnationMax - 1, "incarnation") }
    mutating func timestamp() throws -> UInt64 { try integer(upTo: Bounds.timestampMax, "timestamp") }
    mutating func wall() throws -> UInt64 { try integer(upTo: Bounds.wallMicrosecondsMax, "time") }
    /// The number of things that are counted one by one.
    mutating func tally() throws -> UInt64 { try integer(upTo: Bounds.countMax, "count") }

    /// A number of elements that take `bytesMin` or more each, so that it cannot exceed what is left to read.
    mutating func count(bytesMin: Int = 1) throws -> Int {
        let value = try integer()
        guard value <= UInt64(remaining / max(1, bytesMin)) else {
            throw MessageFormatError("\(value) elements do not fit into the \(remaining) bytes left")
        }
        return Int(value)
    }

    /// A number that must be small enough for an `Int`.
    mutating func int() throws -> Int {
        guard let value = Int(exactly: try tally()) else { throw MessageFormatError("a number is too large") }
        return value
    }

    mutating func blob() throws -> [UInt8] {
        let length = try count()
        defer { position += length }
        return Array(bytes[position..<position + length])
    }

    mutating func text() throws -> String {
        let length = try count()
        defer { position += length }
        guard let text = String(validating: bytes[position..<position + length], as: UTF8.self) else {
            throw MessageFormatError("a text is not UTF-8")
        }
        return text
    }

    mutating func list<Element>(
        bytesMin: Int = 1, _ read: (inout ByteReader) throws -> Element
    ) throws -> [Element] {
        let length = try count(bytesMin: bytesMin)
        var result: [Element] = []
        result.reserveCapacity(min(length, 4_096))
        for _ in 0..<length { result.append(try read(&self)) }
        return result
    }

    mutating func optional<Value>(_ read: (inout ByteReader) throws -> Value) throws -> Value? {
        try bool() ? try read(&self) : nil
    }

    mutating func address() throws -> NodeAddress {
        let index = try integer()
        guard index < UInt64(addresses.count) else { throw MessageFormatError("no address has the number \(index)") }
        return addresses[Int(index)]
    }

    mutating func origin() throws -> Origin {
        let index = try integer()
        guard index < UInt64(origins.count) else { throw MessageFormatError("no origin has the number \(index)") }
        return origins[Int(index)]
    }

    func finish() throws {
        guard remaining == 0 else { throw MessageFormatError("\(remaining) bytes follow the message") }
    }
}
