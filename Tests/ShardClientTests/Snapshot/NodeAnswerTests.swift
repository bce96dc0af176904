import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Testing

@Suite struct NodeAnswerTests {
    private let basic = NodeAnswer.basic(
        BasicNodeState(family: .short, view: [NodeAddress("127.0.0.1:8081")!], shard: nil, shards: []))

    private var full: NodeAnswer {
        let node = NodeAddress("127.0.0.1:8081")!
        let replica = ReplicaStatus(
            address: node, incarnation: 1, state: .serving, shard: 0, epoch: 1, seed: 7, placement: .hashed,
            shards: [[node]], peers: [], keys: 0, tombstones: 0, bytes: 0, heldWrites: 0, waitingRequests: 0,
            handOnEntries: 0)
        let process = ProcessState(id: 1, uptimeMilliseconds: 1, residentBytes: 1, cpuMicroseconds: 1, cpuShare: 0)
        return .full(
            NodeState(
                version: "1", replica: replica, traffic: Traffic(), process: process, reshard: nil, lastEvent: 0))
    }

    @Test func whatANodeToldSaysOfWhichKindItIs() throws {
        for (answer, kind) in [(basic, "basic"), (full, "shardnode")] {
            let bytes = Data(APIResponse.encoded(answer).body)
            let json = String(decoding: bytes, as: UTF8.self)
            #expect(json.hasPrefix("{\"kind\":\"\(kind)\",\"state\":{") && !json.contains("_0"))
            #expect(try JSONDecoder().decode(NodeAnswer.self, from: bytes) == answer)
        }
    }

    @Test func recordingsOfEarlierVersionsAreStillRead() throws {
        for (answer, name) in [(basic, "basic"), (full, "full")] {
            let json = String(decoding: APIResponse.encoded(answer).body, as: UTF8.self)
            let state = try #require(json.firstRange(of: "\"state\":"))
            let earlier = "{\"\(name)\":{\"_0\":" + json[state.upperBound...] + "}"
            #expect(try JSONDecoder().decode(NodeAnswer.self, from: Data(earlier.utf8)) == answer)
        }
    }

    @Test(arguments: ["{}", #"{"kind":"other","state":{}}"#, #"{"kind":"basic"}"#, #"{"full":{}}"#, "[]"])
    func whatIsNeitherIsNotRead(_ json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(NodeAnswer.self, from: Data(json.utf8)) }
    }
}
