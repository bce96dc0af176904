import BasicNodes
import ShardCore
import ShardWire
import Testing

@testable import ShardClient

@Suite struct NodeProbeTests {
    @Test(arguments: BasicCluster.Names.allCases)
    func `a basic node is known by its family of names`(_ names: BasicCluster.Names) async throws {
        try await withBasicNodes(names, count: 2, shards: 1) { _, nodes, transport in
            let identity = await NodeProbe(transport: transport)
                .identify(nodes[0].nodeAddress, timeoutMilliseconds: 5_000)
            #expect(identity == .basic(names == .long ? .long : .short))
        }
    }

    @Test func `something else that speaks HTTP is described`() async throws {
        try await withBasicNodes(.short, count: 2, shards: 1) { _, nodes, transport in
            nodes[0].behave(.foreign)
            let identity = await NodeProbe(transport: transport)
                .identify(nodes[0].nodeAddress, timeoutMilliseconds: 5_000)
            #expect(identity == .other("speaks HTTP, but not this API: 404 text/html on /view"))
        }
    }

    /// A node of one family of names answers 404 under those of the other.
    @Test func `a node of which one question got no file is not taken for something else`() {
        let unknown = NodeProbe.Answer.success(NodeResponse(status: 404, contentType: "text/html", body: []))
        let none = NodeProbe.Answer.failure(.outOfFiles)
        #expect(NodeProbe.judge(state: unknown, shortView: none, longView: unknown) == .nobody(.outOfFiles))
        #expect(NodeProbe.judge(state: unknown, shortView: unknown, longView: none) == .nobody(.outOfFiles))
        #expect(
            NodeProbe.judge(state: none, shortView: unknown, longView: unknown)
                == .other("speaks HTTP, but not this API: 404 text/html on /view"))
    }

    @Test func `what is not HTTP is something else, and nobody is nobody`() async throws {
        try await withBasicNodes(.short, count: 2, shards: 1) { _, nodes, transport in
            nodes[0].behave(.garbled)
            let probe = NodeProbe(transport: transport)
            guard case .other = await probe.identify(nodes[0].nodeAddress, timeoutMilliseconds: 5_000) else {
                Issue.record("garbage was taken for a node")
                return
            }
            let nobody = await probe.identify(NodeAddress("127.0.0.1:1")!, timeoutMilliseconds: 5_000)
            #expect(nobody == .nobody(.cannotConnect("connection refused")))
        }
    }

    @Test(arguments: [
        (
            401, "wants a token of role read",
            NodeIdentity.refuses(
                "answered 401 'wants a token of role read'; a token is given by --token-file or $SHARDTOP_TOKEN")
        ),
        (403, "wants the role read", .refuses("answered 403 'wants the role read'")),
        (400, "ask with https://", .nobody(.noSecureConnection("answers 400 'ask with https://'"))),
    ])
    func `a node that lets in only whom it knows is told by its words`(
        _ status: Int, _ words: String, _ identity: NodeIdentity
    ) async throws {
        let node = try await BasicNode.scripted { _, _, _ in (status, #"{"error":"\#(words)"}"#) }
        try await NodeTransport.with { transport in
            let found = await NodeProbe(transport: transport).identify(node.nodeAddress, timeoutMilliseconds: 5_000)
            #expect(found == identity)
        }
        await node.die()
    }
}
