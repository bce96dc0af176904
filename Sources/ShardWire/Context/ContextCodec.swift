import ShardCore

/// Why a text is no `causal-metadata` of this store.
public struct ContextError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

/// The causal context as the text that clients carry.
///
/// `1;timestamp,epoch;node,incarnation,epoch,counter;…;checksum`, numbers in base 36. Equal contexts have equal texts; the
/// empty one is the empty text. The checksum (FNV-1a, 32 bits) refuses what was cut short or edited; it is no secret.
public enum ContextCodec {
    /// The most nodes that a context may name.
    public static let elementsMax = 4_096
    public static let bytesMax = 512 * 1024

    /// Appends the text, all of it ASCII that JSON need not escape, without quotes.
    public static func encode(_ context: CausalContext, into output: inout [UInt8]) {
        guard !context.isEmpty else { return }
        let start = output.count
        output.append(0x31)
        output.append(semicolon)
        append(context.timestamp, to: &output)
        output.append(comma)
        append(context.epoch, to: &output)
        for element in context.vector.elements {
            output.append(semicolon)
            output += element.origin.node.description.utf8
            for number in [element.origin.incarnation, element.origin.epoch, element.counter] {
                output.append(comma)
                append(number, to: &output)
            }
        }
        let sum = checksum(output[start...])
        output.append(semicolon)
        append(UInt64(sum), to: &output)
    }

    public static func text(of context: CausalContext) -> String {
        var bytes: [UInt8] = []
        encode(context, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func decode(_ text: ArraySlice<UInt8>) throws(ContextError) -> CausalContext {
        guard !text.isEmpty else { return .empty }
        guard text.count <= bytesMax else { throw ContextError(description: "it is over \(bytesMax) bytes") }
        guard let lastSeparator = text.lastIndex(of: semicolon) else { throw .notOurs }
        var ending = ContextReader(text[(lastSeparator + 1)...])
        guard ending.number() == UInt64(checksum(text[..<lastSeparator])), ending.isAtEnd else {
            throw ContextError(description: "it was cut short or changed")
        }
        var reader = ContextReader(text[..<lastSeparator])
        guard reader.take(0x31), reader.take(semicolon), let timestamp = reader.number(), reader.take(comma),
            let epoch = reader.number()
        else { throw .notOurs }
        var vector = VersionVector()
        var last: Origin?
        while !reader.isAtEnd {
            guard reader.take(semicolon), vector.count < elementsMax else { throw .notOurs }
            guard let (origin, counter) = reader.element() else {
                throw ContextError(description: "one of its nodes is malformed")
            }
            if let last, origin <= last { throw ContextError(description: "its nodes are out of order") }
            last = origin
            vector.append(origin, counter: counter)
        }
        return CausalContext(vector: vector, timestamp: timestamp, epoch: epoch)
    }

    static let semicolon: UInt8 = 0x3B
    static let comma: UInt8 = 0x2C

    private static func append(_ value: UInt64, to output: inout [UInt8]) {
        // Enough for any number in base 36, the last digit first.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 13) { digits in
            var rest = value
            var start = digits.count
            repeat {
                let digit = UInt8(truncatingIfNeeded: rest % 36)
                rest /= 36
                start -= 1
                digits[start] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
            } while rest > 0
            output.append(contentsOf: digits[start...])
        }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum: UInt32 = 2_166_136_261
        for byte in bytes { sum = (sum ^ UInt32(byte)) &* 16_777_619 }
        return sum
    }
}

extension ContextError {
    fileprivate static let notOurs = ContextError(description: "it is not what this store gave")
}

/// Reads a context's text from its beginning to its end.
private struct ContextReader {
    private let text: ArraySlice<UInt8>
    private var position: Int

    init(_ text: ArraySlice<UInt8>) {
        self.text = text
        position = text.startIndex
    }

    var isAtEnd: Bool { position == text.endIndex }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.endIndex, text[position] == byte else { return false }
        position += 1
        return true
    }

    /// Nil for what the encoder would not write: no digits, a zero in front, or more than 64 bits.
    mutating func number() -> UInt64? {
        let start = position
        var value: UInt64 = 0
        while position < text.endIndex {
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
        while position < text.endIndex, text[position] != ContextCodec.comma, text[position] != ContextCodec.semicolon {
            position += 1
        }
        guard let node = NodeAddress(String(decoding: text[start..<position], as: UTF8.self)),
            take(ContextCodec.comma), let incarnation = number(), take(ContextCodec.comma), let epoch = number(),
            take(ContextCodec.comma), let counter = number(), counter > 0
        else { return nil }
        return (Origin(node: node, incarnation: incarnation, epoch: epoch), counter)
    }
}
