import Foundation
import ShardCore
import ShardWire
import Testing

@Suite struct ExactNumberTests {
    static let large: UInt64 = (1 << 60) + 1

    private func status(peerIncarnation: UInt64?) -> ReplicaStatus {
        let node = NodeAddress("127.0.0.1:8081")!
        return ReplicaStatus(
            address: node, incarnation: Self.large, state: .serving, shard: 0, epoch: 1, seed: 7, placement: .hashed,
            shards: [[node]],
            peers: [ReplicaStatus.Peer(address: node, health: .up, shard: 0, incarnation: peerIncarnation)], keys: 0,
            tombstones: 0, bytes: 0, heldWrites: 0, waitingRequests: 0, handOnEntries: 0)
    }

    private func text(_ value: some Encodable) -> String {
        String(decoding: APIResponse.encoded(value).body, as: UTF8.self)
    }

    @Test func whatADoubleCannotHoldIsWrittenAsText() throws {
        let version = KeyLocation.VersionLabel(
            version: Version(
                dot: Dot(
                    origin: Origin(node: NodeAddress("127.0.0.1:8081")!, incarnation: 1, epoch: 1), counter: 3),
                timestamp: Self.large), isTombstone: false)
        for json in [
            text(status(peerIncarnation: Self.large)), text(version),
            text(EventPage(incarnation: Self.large, events: [], isTruncated: false)),
        ] {
            #expect(json.contains("\"1152921504606846977\""), "\(json)")
            // Whoever takes numbers for doubles finds none that lost a digit.
            let digits = json.split { !$0.isNumber && $0 != "\"" }.filter { !$0.contains("\"") }
            #expect(digits.allSatisfy { (UInt64($0) ?? 0) < 1 << 53 }, "\(json)")
        }
    }

    @Test(arguments: [nil, large]) func textAndNumberAreRead(_ incarnation: UInt64?) throws {
        let status = status(peerIncarnation: incarnation)
        let json = text(status)
        #expect(incarnation != nil || json.ranges(of: "incarnation").count == 1)
        let numbers = json.replacing("\"\(Self.large)\"", with: "\(Self.large)")
        #expect(json != numbers)
        for form in [json, numbers] {
            #expect(try JSONDecoder().decode(ReplicaStatus.self, from: Data(form.utf8)) == status)
        }
    }

    @Test(arguments: ["\"-1\"", "\"1e3\"", "\"\"", "-1", "1.5", "true", "\"18446744073709551616\"", "null"])
    func whatIsNoNumberIsNotRead(_ json: String) {
        let page = #"{"incarnation":\#(json),"events":[],"isTruncated":false}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(EventPage.self, from: Data(page.utf8)) }
    }
}
