import HostSystem
import ShardCore

/// Why a text is no `causal-metadata` of this store.
public struct ContextError: TellingError, Hashable, Sendable {
    public let description: String
}

/// The causal context as the text that clients carry.
///
/// `2;cluster,timestamp,epoch;node,incarnation,epoch,counter;…;checksum`, numbers in base 36. Equal contexts have equal texts; the
/// empty one is the empty text. The checksum (FNV-1a, 32 bits) refuses what was cut short or edited; it is no secret.
public enum ContextCodec {
    /// The most nodes that a context may name.
    public static let elementsMax = 4_096
    public static let bytesMax = 512 * 1024

    /// Appends the text, all of it ASCII that JSON need not escape, without quotes.
    public static func encode(_ context: CausalContext, into output: inout [UInt8]) {
        guard !context.isEmpty else { return }
        let bytesBound = context.vector.elements.reduce(64) {
            $0 + $1.origin.node.description.utf8.count + 4 * (ContextWriter.numberBytesMax + 1)
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytesBound) { buffer in
            var writer = ContextWriter(buffer)
            writer.byte(version)
            writer.byte(semicolon)
            writer.number(context.cluster)
            writer.byte(comma)
            writer.number(context.timestamp)
            writer.byte(comma)
            writer.number(context.epoch)
            for element in context.vector.elements {
                writer.byte(semicolon)
                writer.text(element.origin.node.description)
                writer.byte(comma)
                writer.number(element.origin.incarnation)
                writer.byte(comma)
                writer.number(element.origin.epoch)
                writer.byte(comma)
                writer.number(element.counter)
            }
            let sum = checksum(writer.written)
            writer.byte(semicolon)
            writer.number(UInt64(sum))
            output.append(contentsOf: writer.written)
        }
    }

    public static func text(of context: CausalContext) -> String {
        var bytes: [UInt8] = []
        encode(context, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func decode(_ text: ArraySlice<UInt8>) throws(ContextError) -> CausalContext {
        try text.withUnsafeBufferPointer { bytes throws(ContextError) in try decode(bytes) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) throws(ContextError) -> CausalContext {
        guard !text.isEmpty else { return .empty }
        guard text.count <= bytesMax else { throw ContextError(description: "it is over \(bytesMax) bytes") }
        guard let lastSeparator = text.lastIndex(of: semicolon) else { throw .notOurs }
        let content = UnsafeBufferPointer(rebasing: text[..<lastSeparator])
        var ending = ContextReader(UnsafeBufferPointer(rebasing: text[(lastSeparator + 1)...]))
        guard ending.number() == UInt64(checksum(content)), ending.isAtEnd else {
            throw ContextError(description: "it was cut short or changed")
        }
        var reader = ContextReader(content)
        if reader.take(versionWithoutCluster), reader.take(semicolon) {
            throw ContextError(
                description: "it is of a version that did not say which cluster it is of; begin anew without it")
        }
        guard reader.take(version), reader.take(semicolon), let cluster = reader.number(), reader.take(comma),
            let timestamp = reader.number(), reader.take(comma),
            let epoch = reader.number()
        else { throw .notOurs }
        var vector = VersionVector()
        vector.reserveCapacity(min(elementsMax, content.count / elementBytesUsual))
        while !reader.isAtEnd {
            guard reader.take(semicolon), vector.count < elementsMax else { throw .notOurs }
            guard let (origin, counter) = reader.element() else {
                throw ContextError(description: "one of its nodes is malformed")
            }
            guard vector.append(origin, counter: counter) else {
                throw ContextError(description: "its nodes are out of order")
            }
        }
        let context = CausalContext(vector: vector, timestamp: timestamp, epoch: epoch, cluster: cluster)
        guard context.isWithinBounds else { throw .notOurs }
        return context
    }

    private static let version: UInt8 = 0x32
    private static let versionWithoutCluster: UInt8 = 0x31
    static let semicolon: UInt8 = 0x3B
    static let comma: UInt8 = 0x2C
    /// Few nodes take less of the text, so that room is made for all of them at once.
    private static let elementBytesUsual = 24

    private static func checksum(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var sum: UInt32 = 2_166_136_261
        for byte in bytes { sum = (sum ^ UInt32(byte)) &* 16_777_619 }
        return sum
    }
}

extension ContextError {
    fileprivate static let notOurs = ContextError(description: "it is not what this store gave")
}

/// Writes a context's text into memory that has room for all of it.
private struct ContextWriter {
    /// A number of 64 bits in base 36 has no more digits.
    static let numberBytesMax = 13
    private static let fourDigits: UInt64 = 36 * 36 * 36 * 36

    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    var written: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: buffer[..<count]) }

    mutating func byte(_ value: UInt8) {
        buffer[count] = value
        count += 1
    }

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            _ = UnsafeMutableBufferPointer(rebasing: buffer[count...]).update(fromContentsOf: bytes)
            count += bytes.count
        }
    }

    /// In base 36. Every context is written once a request, and is mostly numbers.
    mutating func number(_ value: UInt64) {
        if value < 10 { return byte(0x30 + UInt8(value)) }
        let (high, low) = value.quotientAndRemainder(dividingBy: Self.fourDigits * Self.fourDigits)
        if high > 0 { digits(high, isFirst: true) }
        digits(low, isFirst: high == 0)
    }

    /// Eight digits; the first ones of a number without the zeros before them.
    private mutating func digits(_ value: UInt64, isFirst: Bool) {
        // A digit a byte: the first one is in the lowest, which comes first in memory as well. Both halves go along at
        // once, since each division waits for the one before.
        var digits: UInt64 = 0
        var first = UInt32(truncatingIfNeeded: value / Self.fourDigits)
        var second = UInt32(truncatingIfNeeded: value % Self.fourDigits)
        for _ in 0..<4 {
            digits = digits << 8 | UInt64(first % 36) | UInt64(second % 36) << 32
            first /= 36
            second /= 36
        }
        // Adding 118 sets the top bit of the bytes above 9, which become letters: those stand 39 beyond the digits.
        let letters = (digits &+ 0x7676_7676_7676_7676) & 0x8080_8080_8080_8080
        let text = digits &+ 0x3030_3030_3030_3030 &+ (letters >> 7) &* 39
        let zeros = isFirst ? min(digits.trailingZeroBitCount / 8, 7) : 0
        UnsafeMutableRawBufferPointer(buffer).storeBytes(
            of: (text >> (UInt64(zeros) * 8)).littleEndian, toByteOffset: count, as: UInt64.self)
        count += 8 - zeros
    }
}

/// Reads a context's text from its beginning to its end.
private struct ContextReader {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    /// Nil for what the encoder would not write: no digits, a zero in front, or more than 64 bits.
    mutating func number() -> UInt64? {
        let start = position
        var value: UInt64 = 0
        while position < text.count {
            let byte = text[position]
            let digit: UInt64
            switch byte {
            case 0x30...0x39: digit = UInt64(byte - 0x30)
            case 0x61...0x7A: digit = UInt64(byte - 0x61 + 10)
            default: return isPlain(from: start) ? value : nil
            }
            let (product, overflows) = value.multipliedReportingOverflow(by: 36)
            let (sum, carries) = product.addingReportingOverflow(digit)
            guard !overflows, !carries else { return nil }
            value = sum
            position += 1
        }
        return isPlain(from: start) ? value : nil
    }

    private func isPlain(from start: Int) -> Bool {
        position > start && (text[start] != 0x30 || position == start + 1)
    }

    /// `node,incarnation,epoch,counter`
    mutating func element() -> (Origin, counter: UInt64)? {
        let start = position
        while position < text.count, text[position] != ContextCodec.comma, text[position] != ContextCodec.semicolon {
            position += 1
        }
        guard let node = NodeAddress(utf8: UnsafeBufferPointer(rebasing: text[start..<position])),
            take(ContextCodec.comma), let incarnation = number(), take(ContextCodec.comma), let epoch = number(),
            take(ContextCodec.comma), let counter = number(), counter > 0
        else { return nil }
        return (Origin(node: node, incarnation: incarnation, epoch: epoch), counter)
    }
}
