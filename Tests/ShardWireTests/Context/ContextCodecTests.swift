import ShardCore
import Testing

@testable import ShardWire

@Suite struct ContextCodecTests {
    private var context: CausalContext {
        var vector = VersionVector()
        for number in 1...5 {
            vector.raise(
                Origin(node: NodeAddress("127.0.0.1:808\(number)")!, incarnation: 99, epoch: 3),
                to: UInt64(number * 1_000))
        }
        return CausalContext(vector: vector, timestamp: 123_456_789_012, epoch: 41)
    }

    @Test(arguments: [
        CausalContext(timestamp: .max), CausalContext(timestamp: 1, epoch: 1 << 53),
        CausalContext(
            vector: VersionVector([
                Dot(origin: Origin(node: NodeAddress("10.0.0.1:8081")!, incarnation: 1, epoch: 1), counter: 1 << 49)
            ])),
    ])
    func whatNoNodeHasComeToIsRefused(_ context: CausalContext) {
        let text = ContextCodec.text(of: context)
        #expect(throws: ContextError.self) { try ContextCodec.decode(Array(text.utf8)[...]) }
    }

    @Test func aContextComesBackAsItWent() throws {
        let text = ContextCodec.text(of: context)
        #expect(try ContextCodec.decode(Array(text.utf8)[...]) == context)
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
    }

    @Test func theEmptyContextIsTheEmptyText() throws {
        #expect(ContextCodec.text(of: .empty) == "")
        #expect(try ContextCodec.decode([]) == .empty)
    }

    @Test func numbersStandInBase36() throws {
        for power in 0..<13 {
            let number = (0..<power).reduce(UInt64(1)) { value, _ in value * 36 }
            for timestamp in [number - 1, number, number + 1, number &* 35] {
                let context = CausalContext(timestamp: timestamp, epoch: 7)
                let text = ContextCodec.text(of: context)
                #expect(text.hasPrefix("2;0,\(String(timestamp, radix: 36)),7;"))
                #expect(try ContextCodec.decode(Array(text.utf8)[...]) == context)
            }
        }
        #expect(ContextCodec.text(of: CausalContext(timestamp: .max)).hasPrefix("2;0,3w5e11264sgsf,0;"))
    }

    @Test func thereIsRoomForTheLongestNumbersInEveryPlace() {
        let dots = (1...3).map {
            Dot(
                origin: Origin(node: NodeAddress("1.1.1.\($0):1")!, incarnation: .max, epoch: .max), counter: .max)
        }
        let context = CausalContext(vector: VersionVector(dots), timestamp: .max, epoch: .max, cluster: .max)
        let most = "3w5e11264sgsf"
        let elements = (1...3).map { "1.1.1.\($0):1,\(most),\(most),\(most);" }.joined()
        #expect(ContextCodec.text(of: context).hasPrefix("2;\(most),\(most),\(most);\(elements)"))
    }

    @Test func nodesOutOfOrderAreRefused() throws {
        let text = ContextCodec.text(of: context)
        let parts = text.split(separator: ";").map(String.init)
        let swapped = ([parts[0], parts[1], parts[3], parts[2]] + parts[4...]).joined(separator: ";")
        let sum = swapped.utf8.prefix(swapped.utf8.count - (parts.last?.utf8.count ?? 0) - 1).reduce(
            UInt32(2_166_136_261)
        ) {
            ($0 ^ UInt32($1)) &* 16_777_619
        }
        let sealed = swapped.prefix(swapped.count - (parts.last?.count ?? 0)) + String(sum, radix: 36)
        let error = #expect(throws: ContextError.self) { try ContextCodec.decode(Array(sealed.utf8)[...]) }
        #expect(error?.description == "its nodes are out of order")
    }

    @Test func aTextCutShortAnywhereIsRefused() {
        let bytes = Array(ContextCodec.text(of: context).utf8)
        for length in 1..<bytes.count {
            #expect(throws: ContextError.self) { try ContextCodec.decode(bytes[..<length]) }
        }
    }

    @Test func aTextChangedAnywhereIsRefused() {
        let bytes = Array(ContextCodec.text(of: context).utf8)
        for position in bytes.indices {
            var changed = bytes
            changed[position] = changed[position] == 0x31 ? 0x32 : 0x31
            #expect(throws: ContextError.self) { try ContextCodec.decode(changed[...]) }
        }
    }

    @Test(arguments: ["1", ";", "1;", "1;;", "garbage", "1;0;0", "2;0;abc", "1;zzzzzzzzzzzzzzzzzzzz;1"])
    func garbageIsRefused(text: String) {
        #expect(throws: ContextError.self) { try ContextCodec.decode(Array(text.utf8)[...]) }
    }
}
