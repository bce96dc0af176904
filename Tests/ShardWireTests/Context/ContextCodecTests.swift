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

    @Test func aContextComesBackAsItWent() throws {
        let text = ContextCodec.text(of: context)
        #expect(try ContextCodec.decode(Array(text.utf8)[...]) == context)
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
    }

    @Test func theEmptyContextIsTheEmptyText() throws {
        #expect(ContextCodec.text(of: .empty) == "")
        #expect(try ContextCodec.decode([]) == .empty)
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
