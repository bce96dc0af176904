import Testing
import ValkeyClient

@Suite struct NodesViewTests {
    /// An answer of a Redis 7.0.15, with a slot opened by hand.
    static let redis = """
        338291fed469425c7e01fb1647da862783316b0d 127.0.0.1:7004@17004 slave efab34f487b75c2eccf7b3aabe5c604d53b214ea 0 1796004230164 2 connected
        efab34f487b75c2eccf7b3aabe5c604d53b214ea 127.0.0.1:7002@17002 master - 0 1796004230000 2 connected 5461-10922
        c4936e26fae0bcce6461326c9f781631c3d83625 127.0.0.1:7003@17003 master - 0 1796004230164 3 connected 10923-16383
        a22b19266ffe6b57332d5f676015b3e0ed5f32c2 127.0.0.1:7001@17001 myself,master - 0 1796004229000 1 connected 0-5460 [93->-efab34f487b75c2eccf7b3aabe5c604d53b214ea]

        """

    /// An answer of a Valkey 9.1.2: a host name, a node that failed, one that nobody answers for.
    static let valkey = """
        ab6961ac2a0ad4f99a2bee1de2e668f99501ffc7 127.0.0.1:7102@17102 master - 0 1796004227129 2 connected 5461-10922
        b40a5d1248b850da7302e7436d7e68d5549a3c9c 127.0.0.1:7101@17101 myself,master - 0 0 1 connected 0-5460
        63df4e2d69d72f2088f29faf9b430051633e2832 127.0.0.1:7103@17103 master - 0 1796004227229 3 connected 10923-16383
        2c2896b9fd8c626e942dc44ce1da2d56df34d5c4 127.0.0.1:7106@17106 slave,fail ab6961ac2a0ad4f99a2bee1de2e668f99501ffc7 1796004227028 1796004226023 2 disconnected
        2e5294206f84ee6da0777b97fb8fd3e19a4e3429 127.0.0.1:7105@17105,node-5.example.net slave b40a5d1248b850da7302e7436d7e68d5549a3c9c 0 1796004227531 1 connected
        c0f121b5f3e2e939574eb9a7009b0fa7b4c7dd68 127.0.0.1:7999@17999 handshake - 0 0 0 disconnected
        """

    @Test func aRealAnswerIsRead() throws {
        let view = try NodesView(Self.redis)
        #expect(view.nodes.count == 4)
        #expect(view.own?.endpoint.address == ServerAddress("127.0.0.1:7001"))
        #expect(view.own?.endpoint.busPort == 17_001)
        #expect(view.own?.slots == SlotSet(0...5460))
        #expect(view.own?.epoch == 1)
        let replica = try #require(view.nodes.first)
        #expect(replica.isReplica && !replica.isPrimary && replica.isLinkUp)
        #expect(replica.primary == view.nodes[1].id)
        let open = NodesView.OpenSlot(slot: try #require(HashSlot(93)), direction: .migrating, other: view.nodes[1].id)
        #expect(view.openSlots == [open])
    }

    @Test func namesFlagsAndFailuresAreRead() throws {
        let nodes = try NodesView(Self.valkey).nodes
        #expect(nodes[3].flags == [.replica, .failed])
        #expect(!nodes[3].isLinkUp)
        #expect(nodes[4].endpoint.hostName == "node-5.example.net")
        #expect(nodes[5].flags == .handshake)
    }

    @Test(
        arguments: [
            ("127.0.0.1:7001", "127.0.0.1", 7001, nil, nil),
            ("127.0.0.1:7001@17001,,tls-port=0,shard-id=01409974", "127.0.0.1", 7001, 17_001, nil),
            ("::1:7001@17001,a.example", "::1", 7001, 17_001, "a.example"),
            ("[fe80::1%eth0]:7001@17001", "fe80::1%eth0", 7001, 17_001, nil), (":7050@17050", nil, 7050, 17_050, nil),
            (":0@0", nil, nil, nil, nil), ("?:7001@17001,a.example,later", nil, 7001, 17_001, "a.example"),
        ] as [(String, String?, Int?, Int?, String?)])
    func endpointsOfEveryFormAreRead(text: String, host: String?, port: Int?, bus: Int?, name: String?) throws {
        let endpoint = try #require(try NodesView(line(endpoint: text)).own?.endpoint)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.busPort == bus)
        #expect(endpoint.hostName == name)
    }

    @Test func factsAreKeptByName() throws {
        let view = try NodesView(line(endpoint: "127.0.0.1:7001@17001,,nodename=bobby,shard-id=0140,x=\u{1B}"))
        #expect(view.own?.endpoint.facts == ["nodename": "bobby", "shard-id": "0140"])
    }

    @Test func aNodeThatMetNobodyIsWhereItWasAsked() throws {
        let view = try NodesView(line(endpoint: ":7050@17050"), askedAt: ServerAddress("10.0.0.9:7050"))
        #expect(view.own?.endpoint.address == ServerAddress("10.0.0.9:7050"))
    }

    private static let junk: [(text: String, words: String)] = [
        ("", "does not name the node itself"), ("<html>", "line 1 of its answer to CLUSTER NODES has 1 fields"),
        (line(endpoint: "nonsense"), "no host:port"), (line(primary: "nobody"), "fourth field"),
        (line(endpoint: "127.0.0.1:70000@1"), "no host:port"), (line(endpoint: "127.0.0.1:1@x"), "no bus port"),
        (line(endpoint: "\u{1B}[2J:1@2"), "no name and no address"), (line(slots: "0-16384"), "range of slots"),
        (line(slots: "5 5"), "a slot twice"), (line(slots: "[93->-xyz]"), "open slot that cannot be read"),
        (line(slots: "[93"), "open slot"), (line(slots: "[16384->-\(other)]"), "open slot"),
        (line(epoch: "x"), "no epoch"), (line(epoch: "99999999999999999999"), "no epoch"),
        (line(link: "maybe"), "neither connected nor"), (line() + "\n" + line(), "second node as itself"),
        (line(slots: "0-5") + "\n" + line(id: other, flags: "master", slots: "3"), "another line has too (3)"),
        (line() + "\n" + line(flags: "master"), "for the second time"),
    ]

    @Test(arguments: junk)
    func junkIsRefusedInWords(text: String, words: String) {
        let error = #expect(throws: NodesView.Unreadable.self) { try NodesView(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\u{1B}") == false)
    }

    @Test func anyCutAndAnyWrongByteEndsInAViewOrAReason() {
        let text = Array(Self.redis.utf8)
        for end in stride(from: 0, to: text.count, by: 7) {
            _ = try? NodesView(utf8: Array(text[..<end]))
            var wrong = text
            wrong[end] = wrong[end] &+ UInt8(end % 255) &+ 1
            _ = try? NodesView(utf8: wrong)
        }
    }

    @Test func moreNodesThanAnyClusterHasAreRefused() {
        let lines = (0...NodesView.nodesMax).map { line(id: id($0), flags: $0 == 0 ? "myself,master" : "master") }
        let error = #expect(throws: NodesView.Unreadable.self) { try NodesView(lines.joined(separator: "\n")) }
        #expect(error?.description == "its answer to CLUSTER NODES names more than 10000 nodes")
    }
}

/// A made-up id.
func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 40 - digits.count) + digits
}

let other = id(0xABC)

/// A line of an answer to `CLUSTER NODES`, as it should be but for what is given.
func line(
    id text: String = id(1), endpoint: String = "127.0.0.1:7001@17001", flags: String = "myself,master",
    primary: String = "-", epoch: String = "1", link: String = "connected", slots: String = ""
) -> String {
    "\(text) \(endpoint) \(flags) \(primary) 0 0 \(epoch) \(link)\(slots.isEmpty ? "" : " " + slots)"
}
