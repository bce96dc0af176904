import Foundation
import ShardCore
import Testing

@testable import ShardWire

/// The contract, row by row.
@Suite struct APITests {
    private func route(_ method: String, _ target: String, _ body: String = "") throws(APIError) -> APIRoute {
        try APIRequest(method: method, target: target, body: Array(body.utf8)).route()
    }

    private func failure(_ method: String, _ target: String, _ body: String = "") -> APIError? {
        do throws(APIError) {
            _ = try route(method, target, body)
            return nil
        } catch {
            return error
        }
    }

    static let node = NodeAddress("127.0.0.1:8081")!

    static let requests: [(String, String, String, Request, NameFamily)] = [
        ("GET", "/key-value-store-view", "", .view, .long),
        ("GET", "/view", "", .view, .short),
        ("PUT", "/view", #"{"socket-address":"127.0.0.1:8081"}"#, .addToView(node), .short),
        ("DELETE", "/key-value-store-view", #"{"socket-address":"127.0.0.1:8081"}"#, .removeFromView(node), .long),
        ("GET", "/key-value-store-shard/shard-ids", "", .shardIDs, .long),
        ("GET", "/shard/ids", "", .shardIDs, .short),
        ("GET", "/shard/node-shard-id", "", .nodeShardID, .short),
        ("GET", "/key-value-store-shard/node-shard-id", "", .nodeShardID, .long),
        ("GET", "/key-value-store-shard/shard-id-members/3", "", .shardMembers(shard: 3), .long),
        ("GET", "/shard/members/3", "", .shardMembers(shard: 3), .short),
        ("GET", "/key-value-store-shard/shard-id-key-count/0", "", .keyCount(shard: 0), .long),
        ("GET", "/shard/key-count/0", "", .keyCount(shard: 0), .short),
        ("PUT", "/shard/add-member/1", #"{"socket-address":"127.0.0.1:8081"}"#, .addMember(node, shard: 1), .short),
        (
            "PUT", "/key-value-store-shard/add-member/1", #"{"socket-address":"127.0.0.1:8081"}"#,
            .addMember(node, shard: 1), .long
        ),
        ("PUT", "/shard/reshard", #"{"shard-count":3}"#, .reshard(shardCount: 3, force: false), .short),
        (
            "PUT", "/key-value-store-shard/reshard", #"{"shard-count":3,"force":true}"#,
            .reshard(shardCount: 3, force: true), .long
        ),
        (
            "PUT", "/shard/reshard", #"{"shard-count":3,"step":true}"#,
            .reshard(shardCount: 3, force: false, isStepped: true), .short
        ),
        ("PUT", "/shardnode/v1/reshard/step", #"{"step":"next"}"#, .stepReshard(.next), .short),
        ("PUT", "/shardnode/v1/reshard/step", #"{"step":"off"}"#, .stepReshard(.off), .short),
        ("GET", "/kvs/a%2Fb%20c", "", .get(key: "a/b c", context: .empty), .short),
        ("GET", "/key-value-store/k", #"{"causal-metadata":""}"#, .get(key: "k", context: .empty), .long),
        (
            "PUT", "/kvs/k", #"{"causal-metadata":{}, "value": [1, 2]}"#,
            .put(key: "k", value: Array("[1, 2]".utf8), context: .empty), .short
        ),
        ("DELETE", "/kvs/k", #"{"causal-metadata":null}"#, .delete(key: "k", context: .empty), .short),
        ("DELETE", "/kvs/k", "", .delete(key: "k", context: .empty), .short),
        ("GET", "/shardnode/v1/reshard/plan?shard-count=4", "", .planReshard(shardCount: 4), .short),
        ("GET", "/shardnode/v1/reshard", "", .reshardProgress, .short),
        ("DELETE", "/shardnode/v1/reshard", "", .abortReshard, .short),
        ("GET", "/shardnode/v1/keys/%C3%A9", "", .locate(key: "é"), .short),
    ]

    @Test(arguments: requests.indices)
    func everyEndpointIsUnderstood(index: Int) throws {
        let (method, target, body, request, family) = Self.requests[index]
        #expect(try route(method, target, body) == .request(request, family))
    }

    @Test func theStoresOwnEndpointsAreUnderstood() throws {
        #expect(try route("GET", "/shardnode/v1/state") == .state)
        #expect(try route("GET", "/shardnode/v1/events?after=12") == .events(after: 12))
        #expect(try route("GET", "/shardnode/v1/reshard/stream") == .reshardStream)
        #expect(try route("GET", "/metrics") == .metrics)
        #expect(try route("PUT", "/shardnode/v1/faults", #"{"isolated":true}"#) == .isolate(true))
    }

    @Test(arguments: [
        ("GET", "/", "", 404), ("GET", "/nothing", "", 404), ("POST", "/kvs/k", "", 405), ("GET", "/kvs/", "", 400),
        ("PATCH", "/view", "", 405), ("GET", "/kvs/%zz", "", 400), ("GET", "/kvs/%ff", "", 400),
        ("GET", "/kvs/%4", "", 400),
        ("PUT", "/kvs/k", "", 400), ("PUT", "/kvs/k", "{}", 400), ("PUT", "/kvs/k", #"{"value":null}"#, 400),
        ("PUT", "/kvs/k", "[1]", 400), ("PUT", "/kvs/k", #"{"value":1"#, 400), ("GET", "/kvs/k", "x", 400),
        ("PUT", "/kvs/k", #"{"value":1,"causal-metadata":7}"#, 400),
        ("PUT", "/kvs/k", #"{"value":1,"causal-metadata":"garbage"}"#, 400),
        ("PUT", "/kvs/k", #"{"value":1,"causal-metadata":{"a":1}}"#, 400), ("PUT", "/view", "{}", 400),
        ("PUT", "/view", #"{"socket-address":7}"#, 400), ("PUT", "/view", #"{"socket-address":"x"}"#, 400),
        ("PUT", "/shard/reshard", #"{"shard-count":0}"#, 400), ("PUT", "/shard/reshard", #"{"shard-count":"3"}"#, 400),
        ("PUT", "/shard/reshard", #"{"shard-count":1.5}"#, 400), ("PUT", "/shard/reshard", "{}", 400),
        ("PUT", "/shard/reshard", #"{"shard-count":2,"force":1}"#, 400), ("GET", "/shard/members/x", "", 404),
        ("GET", "/shard/members/-1", "", 404), ("GET", "/shardnode/v1/events?after=x", "", 400),
        ("GET", "/shardnode/v1/reshard/plan", "", 400), ("PUT", "/shardnode/v1/reshard/step", "{}", 400),
        ("PUT", "/shardnode/v1/reshard/step", #"{"step":"back"}"#, 400), ("GET", "/shardnode/v1/reshard/step", "", 405),
        ("PUT", "/shard/reshard", #"{"shard-count":2,"step":1}"#, 400), ("PUT", "/shardnode/v1/faults", "{}", 400),
    ])
    func whatIsMalformedIsRefusedWithAReason(method: String, target: String, body: String, status: Int) throws {
        let error = try #require(failure(method, target, body))
        #expect(error.status == status)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(error.body)) as? [String: Any])
        #expect((object["error"] as? String)?.isEmpty == false)
    }

    @Test func aKeyMayHaveFiftyCharactersOfAnyKindAndNoMore() throws {
        let fifty = String(repeating: "%C3%A9", count: 50)
        guard case .request(.get(let key, _), _) = try route("GET", "/kvs/" + fifty) else { return }
        #expect(key.count == 50)
        #expect(failure("GET", "/kvs/" + fifty + "x")?.error == "Key is too long")
        let long = try #require(failure("PUT", "/key-value-store/" + fifty + "x", #"{"value":1}"#))
        #expect(long.message == "Error in PUT")
    }

    /// Fifty characters as people write them, composed or not, take far fewer bytes than the bound.
    @Test(arguments: ["क्षि", "e\u{301}", "ก็", "\u{1112}\u{1161}\u{11AB}", "לָ", "ế", "\u{1F1E9}\u{1F1EA}", "བྷྲ"])
    func aKeyOfFiftyCharactersOfAnyScriptIsTaken(_ character: String) {
        let key = String(repeating: character, count: 50)
        #expect(character.count == 1)
        #expect(failure("GET", "/kvs/" + encoded(key)) == nil)
    }

    private static let longKeys = [
        // Marks without end on one letter; what grows where it is composed; what is much too long before it is looked at.
        "e" + String(repeating: "\u{301}", count: 10_000), "e" + String(repeating: "\u{301}", count: 501),
        String(repeating: "\u{1D160}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", count: 50),
        String(repeating: "x", count: 30_000),
    ]

    @Test(arguments: longKeys.indices)
    func aKeyIsBoundInBytesAsWell(_ index: Int) {
        let key = Self.longKeys[index]
        #expect(failure("GET", "/kvs/" + encoded(key))?.error == "Key is too long")
        #expect(failure("PUT", "/key-value-store/" + encoded(key), #"{"value":1}"#)?.message == "Error in PUT")
        #expect(failure("GET", "/shardnode/v1/keys/" + encoded(key))?.status == 400)
    }

    private func encoded(_ key: String) -> String {
        key.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(arguments: ["256.1.1.1:80", "a..b:80", "[::g]:80", "0.0.0.0:80", "a:080", "127.1:80"])
    func whatNamesNoNodeIsNotPutIntoTheView(_ address: String) throws {
        let body = #"{"socket-address":"\#(address)"}"#
        for path in ["/view", "/key-value-store-view", "/shard/add-member/0", "/key-value-store-shard/add-member/0"] {
            #expect(failure("PUT", path, body)?.status == 400, "\(path)")
        }
        // One that was let in before can still be taken out.
        if NodeAddress(address) != nil { #expect(failure("DELETE", "/view", body) == nil) }
    }

    /// They would be one key in some shards and two in others, and a reshard would lose one of them.
    @Test func aKeyIsTheSameHoweverItsCharactersAreComposed() throws {
        for target in ["/kvs/%C3%A9", "/kvs/e%CC%81", "/key-value-store/e%CC%81"] {
            guard case .request(.get(let key, _), _) = try route("GET", target) else {
                Issue.record("\(target) is no read")
                continue
            }
            #expect(Array(key.utf8) == [0xC3, 0xA9])
        }
    }

    @Test func missingValuesAreSaidInTheWordsOfEachFamily() {
        #expect(
            failure("PUT", "/key-value-store/k", "{}") == APIError(400, "Value is missing", message: "Error in PUT"))
        #expect(failure("PUT", "/kvs/k", "{}") == APIError(400, "PUT request does not specify a value"))
    }

    @Test func aValueOverTheLimitIs413() {
        let request = APIRequest(
            method: "PUT", target: "/kvs/k", body: Array(#"{"value":"12345"}"#.utf8), valueBytesMax: 6)
        #expect(throws: APIError.self) { try request.route() }
        do throws(APIError) { _ = try request.route() } catch { #expect(error.status == 413) }
    }

    /// Reply, HTTP method, and for each family the status and the body; metadata is "" for the empty context.
    static let replies: [(Reply, String, Int, String, Int, String)] = [
        (
            .created(context: .empty, shard: 1), "PUT", 201,
            #"{"message":"Added successfully","causal-metadata":"","shard-id":1}"#, 201,
            #"{"result":"created","causal-metadata":"","shard-id":1}"#
        ),
        (
            .replaced(context: .empty, shard: 0), "PUT", 200,
            #"{"message":"Updated successfully","causal-metadata":"","shard-id":0}"#, 200,
            #"{"result":"replaced","causal-metadata":"","shard-id":0}"#
        ),
        (
            .found(value: Array(#"{"a":[1]}"#.utf8), context: .empty), "GET", 200,
            #"{"message":"Retrieved successfully","causal-metadata":"","value":{"a":[1]}}"#, 200,
            #"{"result":"found","causal-metadata":"","value":{"a":[1]}}"#
        ),
        (
            .deleted(context: .empty, shard: 1), "DELETE", 200,
            #"{"message":"Deleted successfully","causal-metadata":"","shard-id":1}"#, 200,
            #"{"result":"deleted","causal-metadata":"","shard-id":1}"#
        ),
        (
            .noSuchKey(context: .empty), "GET", 404,
            #"{"doesExist":false,"error":"Key does not exist","message":"Error in GET","causal-metadata":""}"#, 404,
            #"{"error":"Key does not exist","causal-metadata":""}"#
        ),
        (
            .noSuchKey(context: .empty), "DELETE", 404,
            #"{"doesExist":false,"error":"Key does not exist","message":"Error in DELETE","causal-metadata":""}"#, 404,
            #"{"error":"Key does not exist","causal-metadata":""}"#
        ),
        (
            .view([node]), "GET", 200, #"{"message":"View retrieved successfully","view":["127.0.0.1:8081"]}"#, 200,
            #"{"view":["127.0.0.1:8081"]}"#
        ),
        (
            .addedToView, "PUT", 201, #"{"message":"Replica added successfully to the view"}"#, 201,
            #"{"result":"added"}"#
        ),
        (
            .alreadyInView, "PUT", 404,
            #"{"error":"Socket address already exists in the view","message":"Error in PUT"}"#, 200,
            #"{"result":"already present"}"#
        ),
        (
            .removedFromView, "DELETE", 200, #"{"message":"Replica deleted successfully from the view"}"#,
            200, #"{"result":"deleted"}"#
        ),
        (
            .notInView, "DELETE", 404,
            #"{"error":"Socket address does not exist in the view","message":"Error in DELETE"}"#, 404,
            #"{"error":"View has no such replica"}"#
        ),
        (
            .shardIDs([0, 1]), "GET", 200, #"{"message":"Shard IDs retrieved successfully","shard-ids":[0,1]}"#,
            200,
            #"{"shard-ids":[0,1]}"#
        ),
        (
            .nodeShardID(2), "GET", 200,
            #"{"message":"Shard ID of the node retrieved successfully","shard-id":2}"#, 200, #"{"node-shard-id":2}"#
        ),
        (
            .shardMembers([node]), "GET", 200,
            #"{"message":"Members of shard ID retrieved successfully","shard-id-members":["127.0.0.1:8081"]}"#, 200,
            #"{"shard-members":["127.0.0.1:8081"]}"#
        ),
        (
            .keyCount(7), "GET", 200,
            #"{"message":"Key count of shard ID retrieved successfully","shard-id-key-count":7}"#, 200,
            #"{"shard-key-count":7}"#
        ),
        (
            .refused(.notEnoughNodes(nodes: 6, shardCount: 10)), "PUT", 400,
            #"{"message":"Not enough nodes to provide fault-tolerance with the given shard count!",\#(needed)}"#, 400,
            #"{"error":"Not enough nodes to provide fault tolerance with requested shard count",\#(needed)}"#
        ),
        (
            .refused(.dependenciesNotMet), "PUT", 503,
            #"{"error":"Causal dependencies not satisfied; try again later","message":"Error in PUT"}"#, 503,
            #"{"error":"Causal dependencies not satisfied; try again later"}"#
        ),
        (
            .refused(.shardDown(shard: 1)), "GET", 503,
            #"{"error":"Shard is down","message":"Error in GET",\#(unserved)}"#, 503,
            #"{"error":"Shard is down",\#(unserved)}"#
        ),
    ]

    private static let needed =
        #""reason":"10 shards of two or more members need 20 nodes that are up, and there are 6""#
    private static let unserved = #""reason":"no member of shard 1 can serve it now""#

    @Test func whoIsSilentIsNamedBesideTheFixedWords() throws {
        let response = APIResponse(.shardDown(shard: 1), toMethod: "GET", in: .short, silent: [Self.node])
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"{"error":"Shard is down","reason":"no member of shard 1 can serve it now; start 127.0.0.1:8081 again, "#
                + #"of which nothing is heard"}"#)
    }

    @Test(arguments: replies.indices, NameFamily.allCases)
    func everyReplyIsInTheWordsOfTheFamily(index: Int, family: NameFamily) throws {
        let (reply, method, longStatus, long, shortStatus, short) = Self.replies[index]
        let response = APIResponse(reply, toMethod: method, in: family)
        #expect(response.status == (family == .long ? longStatus : shortStatus))
        let found = try JSONSerialization.jsonObject(with: Data(response.body)) as? NSDictionary
        let wanted =
            try JSONSerialization.jsonObject(with: Data((family == .long ? long : short).utf8)) as? NSDictionary
        #expect(found == wanted, "\(String(decoding: response.body, as: UTF8.self))")
    }

    @Test func theReadmeTellsEveryEndpoint() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        for path in Endpoint.all.flatMap({ [$0.path, $0.longPath].compactMap { $0 } }) {
            // The table writes an ellipsis for what stands in front of the last names.
            let tails = path.indices.filter { path[$0] == "/" }.map { "…\(path[$0...])" }
            #expect(([path] + tails).contains { readme.contains("\($0)`") || readme.contains("\($0)?") }, "\(path)")
        }
    }

    @Test func metadataOfAnAnswerIsTakenBackUnchanged() throws {
        let vector = VersionVector([Dot(origin: Origin(node: Self.node, incarnation: 3, epoch: 1), counter: 4)])
        let context = CausalContext(vector: vector, timestamp: 77)
        let body = APIResponse(.created(context: context, shard: 0), toMethod: "PUT", in: .short).body
        let object = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        let metadata = try #require(object["causal-metadata"] as? String)
        let again = try route("GET", "/kvs/k", #"{"causal-metadata":"\#(metadata)"}"#)
        #expect(again == .request(.get(key: "k", context: context), .short))
    }
}
