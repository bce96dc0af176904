import ShardCore
import ShardWire

/// Lies about some of the fields of a message, chosen at random.
package final class Lies: FieldLiar {
    private var random: SeededRandom
    private let nodes: [NodeAddress]
    /// The fields to lie about, by their order in the message; nil to count them.
    private var targets: Set<Int>?
    private var next = 0

    private static let elementsMax = 2_000

    package init(random: SeededRandom, nodes: [NodeAddress]) {
        self.random = random
        self.nodes = nodes
    }

    /// Returns `envelope` with one to three lies in it, as bytes without their length.
    package func frame(_ envelope: Envelope) -> ArraySlice<UInt8> {
        (targets, next) = (nil, 0)
        _ = encoded(envelope)
        let fields = next
        let count = [1, 1, 2, 3].randomElement(using: &random) ?? 1
        (targets, next) = (Set((0..<count).map { _ in Int.random(in: 0..<max(1, fields), using: &random) }), 0)
        return encoded(envelope)
    }

    private func encoded(_ envelope: Envelope) -> ArraySlice<UInt8> {
        var bytes: [UInt8] = []
        MessageCodec.encode(envelope, liar: self, into: &bytes)
        return bytes.dropFirst(MessageCodec.lengthBytes)
    }

    private var isDue: Bool {
        defer { next += 1 }
        return targets?.contains(next) ?? false
    }

    package func number(_ value: UInt64) -> UInt64 { isDue ? lie(about: value) : value }

    private func lie(about value: UInt64) -> UInt64 {
        let step = UInt64(1) << UInt64.random(in: 0..<64, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return 0
        case 1: return .max
        case 2: return value &+ 1
        case 3: return value &- 1
        case 4: return value &+ step
        case 5: return step
        case 6: return step &- 1
        default:
            let bounds: [UInt64] = [
                Bounds.countMax, Bounds.epochMax, Bounds.incarnationMax, Bounds.timestampMax,
                Bounds.wallMicrosecondsMax, UInt64(Int.max), 1_000, 1_001,
            ]
            return (bounds.randomElement(using: &random) ?? 0) &+ UInt64.random(in: 0...2, using: &random) &- 1
        }
    }

    package func address(_ value: NodeAddress) -> NodeAddress {
        guard isDue else { return value }
        let other = SimulatedCluster.address(Int.random(in: 0...255, using: &random))
        return Bool.random(using: &random) ? other : nodes.randomElement(using: &random) ?? other
    }

    package func origin(_ value: Origin) -> Origin {
        guard isDue else { return value }
        return switch Int.random(in: 0..<3, using: &random) {
        case 0: Origin(node: value.node, incarnation: lie(about: value.incarnation), epoch: value.epoch)
        case 1: Origin(node: value.node, incarnation: value.incarnation, epoch: lie(about: value.epoch))
        default:
            Origin(
                node: nodes.randomElement(using: &random) ?? value.node, incarnation: value.incarnation,
                epoch: value.epoch)
        }
    }

    package func list<Element>(_ values: [Element]) -> [Element] {
        guard isDue else { return values }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return []
        case 1: return Array(values.prefix(1))
        case 2: return values.reversed() + values
        default:
            guard !values.isEmpty else { return values }
            let times = min(Self.elementsMax / values.count, 1_500)
            return Array(repeatElement(values, count: max(1, times)).joined())
        }
    }
}

/// Messages that were sent, some of each kind, to be sent again with lies in them.
package struct Overheard {
    private static let perKind = 24

    private var messages: [String: [(envelope: Envelope, receiver: NodeAddress)]] = [:]
    private var kinds: [String] = []
    private var random: SeededRandom

    package init(random: SeededRandom) { self.random = random }

    package mutating func hear(_ envelope: Envelope, to receiver: NodeAddress) {
        let kind = Self.kind(envelope.message)
        guard let known = messages[kind] else {
            messages[kind] = [(envelope, receiver)]
            return kinds.append(kind)
        }
        if known.count < Self.perKind {
            messages[kind]?.append((envelope, receiver))
        } else {
            messages[kind]?[Int.random(in: 0..<Self.perKind, using: &random)] = (envelope, receiver)
        }
    }

    /// Returns a message, of every kind with the same likelihood.
    package mutating func any() -> (envelope: Envelope, receiver: NodeAddress)? {
        kinds.randomElement(using: &random).flatMap { messages[$0]?.randomElement(using: &random) }
    }

    package var kindCount: Int { kinds.count }

    private static func kind(_ message: Message) -> String {
        Mirror(reflecting: message).children.first?.label ?? "\(message)"
    }
}
