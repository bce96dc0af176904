import PaperCluster
import Testing
import ValkeyClient

/// Bytes that nobody meant: never a crash, never more memory than the bound, the same end wherever the stream is cut.
@Suite struct RESPFuzzTests {
    private static func limits() -> RESPLimits {
        var limits = RESPLimits()
        limits.bulkBytesMax = 4_000
        limits.replyBytesMax = 16_000
        limits.elementsMax = 500
        limits.depthMax = 8
        limits.lineBytesMax = 200
        return limits
    }

    private enum Outcome: Equatable {
        case values([RESPValue], fault: RESPFault?)
    }

    private static func outcome(_ bytes: [UInt8], chunk: Int) -> Outcome {
        var decoder = RESPDecoder(limits: limits())
        var values: [RESPValue] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            decoder.append(bytes[start..<min(bytes.count, start + chunk)])
            do {
                while let value = try decoder.next() {
                    #expect(value.elementsInAll <= limits().elementsMax + 1)
                    values.append(value)
                }
            } catch {
                return .values(values, fault: error)
            }
        }
        return .values(values, fault: nil)
    }

    private func check(_ bytes: [UInt8], _ random: inout Seeded) throws {
        let whole = Self.outcome(bytes, chunk: max(1, bytes.count))
        // The first is enough.
        try #require(Self.outcome(bytes, chunk: Int.random(in: 1...40, using: &random)) == whole)
    }

    @Test func `reads back what was written`() throws {
        var random = Seeded(1)
        for _ in 0..<3_000 {
            let value = RESPValue.random(depth: 4, using: &random)
            try #require(
                Self.outcome(value.bytes(), chunk: Int.random(in: 1...64, using: &random))
                    == .values([value], fault: nil))
        }
    }

    @Test func `ends alike on random bytes`() throws {
        var random = Seeded(2)
        let alphabet = Array("+-:$*_,#!=(%~>|;.?0123456789tfinax\r\n".utf8) + [0, 255]
        for round in 0..<40_000 {
            let count = Int.random(in: 1...120, using: &random)
            let bytes: [UInt8] = (0..<count).map { _ in
                round.isMultiple(of: 4)
                    ? UInt8.random(in: 0...255, using: &random)
                    : alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            try check(bytes, &random)
        }
    }

    @Test func `ends alike on damaged replies`() throws {
        var random = Seeded(3)
        for _ in 0..<6_000 {
            var bytes = (0..<3).flatMap { _ in RESPValue.random(depth: 4, using: &random).bytes() }
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: "9".utf8, at: index)
                default: bytes.removeLast(bytes.count - index)
                }
            }
            try check(bytes, &random)
        }
    }

    @Test func `holds no more than the bound of what never ends`() throws {
        let full = "$100\r\n\(String(repeating: "a", count: 100))\r\n"
        // A server that opens list after list, and one whose line has no end: refused long before a megabyte.
        for piece in ["*9\r\n", "*400\r\n", "|1\r\n+a\r\n", "+aaaaaaaa", "$4000\r\n", full] {
            var decoder = RESPDecoder(limits: Self.limits())
            var sent = 0
            decoder.append("*400\r\n".utf8)
            #expect(throws: RESPFault.self) {
                while sent < 1_000_000 {
                    decoder.append(piece.utf8)
                    sent += piece.utf8.count
                    let reply = try decoder.next()
                    #expect(reply == nil)
                }
            }
            #expect(sent <= 40_000, "\(piece) after \(sent)")
        }
    }
}

extension RESPValue {
    fileprivate var elementsInAll: Int {
        switch self {
        case .map(let entries): entries.reduce(entries.count * 2) { $0 + $1.key.elementsInAll + $1.value.elementsInAll }
        default: (elements ?? []).reduce(elements?.count ?? 0) { $0 + $1.elementsInAll }
        }
    }

    static func random(depth: Int, using random: inout Seeded) -> RESPValue {
        func text() -> [UInt8] {
            (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        func list() -> [RESPValue] {
            (0..<Int.random(in: 0...4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) }
        }
        switch Int.random(in: 0..<(depth > 0 ? 13 : 9), using: &random) {
        case 0: return .simple("word \(Int.random(in: 0...99, using: &random))")
        case 1: return .error(RESPError("ERR \(Int.random(in: 0...99, using: &random))"))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: return .double(Double(Int.random(in: -9...9, using: &random)) / 4)
        case 4: return .boolean(Bool.random(using: &random))
        case 5: return .null
        case 6: return .bigNumber("123456789012345678901234567890")
        case 7: return .verbatim(format: "txt", bytes: text())
        case 8: return .bulk(text())
        case 9: return .map(zip(list(), list()).map { Entry($0, $1) })
        case 10: return .set(list())
        default: return .array(list())
        }
    }
}

/// Random numbers that are the same in every run.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
