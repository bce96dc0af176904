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
        guard text.starts(with: [0x31, semicolon]), let lastSeparator = text.lastIndex(of: semicolon),
            lastSeparator > text.startIndex + 1
        else { throw ContextError(description: "it is not what this store gave") }
        let body = text[..<lastSeparator]
        guard number(text[(lastSeparator + 1)...]) == UInt64(checksum(body)) else {
            throw ContextError(description: "it was cut short or changed")
        }
        var parts = body.dropFirst(2).split(separator: semicolon, omittingEmptySubsequences: false)[...]
        let head = parts.popFirst()?.split(separator: comma, omittingEmptySubsequences: false) ?? []
        guard head.count == 2, let timestamp = number(head[0]), let epoch = number(head[1]),
            parts.count <= elementsMax
        else { throw ContextError(description: "it is not what this store gave") }
        var vector = VersionVector()
        var last: Origin?
        for part in parts {
            let (origin, counter) = try element(part)
            if let last, origin <= last { throw ContextError(description: "its nodes are out of order") }
            last = origin
            vector.raise(origin, to: counter)
        }
        return CausalContext(vector: vector, timestamp: timestamp, epoch: epoch)
    }

    private static func element(_ part: ArraySlice<UInt8>) throws(ContextError) -> (Origin, UInt64) {
        let fields = part.split(separator: comma, omittingEmptySubsequences: false)
        guard fields.count == 4, let node = NodeAddress(String(decoding: fields[0], as: UTF8.self)),
            let incarnation = number(fields[1]), let epoch = number(fields[2]), let counter = number(fields[3]),
            counter > 0
        else { throw ContextError(description: "one of its nodes is malformed") }
        return (Origin(node: node, incarnation: incarnation, epoch: epoch), counter)
    }

    private static let semicolon: UInt8 = 0x3B
    private static let comma: UInt8 = 0x2C

    private static func append(_ value: UInt64, to output: inout [UInt8]) {
        var count = 1
        var power: UInt64 = 1
        while value / power >= 36 {
            power *= 36
            count += 1
        }
        var rest = value
        for _ in 0..<count {
            let digit = UInt8(rest / power)
            output.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
            rest %= power
            power /= 36
        }
    }

    /// Nil for what ``append(_:to:)`` would not write.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard let first = digits.first, first != 0x30 || digits.count == 1 else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            let digit: UInt64
            switch byte {
            case 0x30...0x39: digit = UInt64(byte - 0x30)
            case 0x61...0x7A: digit = UInt64(byte - 0x61 + 10)
            default: return nil
            }
            let (product, overflows) = value.multipliedReportingOverflow(by: 36)
            let (sum, carries) = product.addingReportingOverflow(digit)
            guard !overflows, !carries else { return nil }
            value = sum
        }
        return value
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
