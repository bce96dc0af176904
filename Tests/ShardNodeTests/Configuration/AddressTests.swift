import ShardCore
import Testing

@testable import ShardNode

@Suite(.timeLimit(.minutes(10))) struct AddressTests {
    private func configured(view: String, own: String? = nil, hostNames: String? = nil) throws -> NodeConfiguration {
        var settings = NodeSettings()
        let first = String(view.prefix { $0 != "," })
        settings.socketAddress = .init(name: "SOCKET_ADDRESS", text: own ?? first)
        settings.view = .init(name: "VIEW", text: view)
        settings.hostNames = hostNames.map { .init(name: "HOST_NAMES", text: $0) }
        return try NodeConfiguration(settings)
    }

    @Test(arguments: [
        ("localhost:8081,127.0.0.1:8081", "'localhost:8081' and '127.0.0.1:8081' are one node"),
        ("127.0.0.1:8081,10.0.0.1:8081,LocalHost:8081", "are one node"), ("[::1]:8081,localhost:8081", "are one node"),
        ("node-1:8081,NODE-1:8081", "are one node"), ("a.example:80,A.Example:80", "are one node"),
        ("[fe80::1]:80,[fe80:0:0::1]:80", "are one node"), ("[FE80::A]:80,[fe80::a]:80", "are one node"),
        ("[::ffff:10.0.0.1]:80,10.0.0.1:80", "are one node"),
        ("127.0.0.1:8081,127.0.0.1:8081", "stands in it twice"),
    ])
    func aViewNamesEveryNodeInOneWay(_ view: String, _ why: String) {
        let error = #expect(throws: ConfigurationError.self) { _ = try configured(view: view) }
        #expect(error?.setting == "VIEW" && error?.problem.contains(why) == true, "\(error?.description ?? "none")")
    }

    @Test(arguments: [
        "256.1.1.1:80", "1.2.3:80", "127.1:80", "1.2.3.4.5:80", "01.2.3.4:80", "2130706433:80", "0x7f000001:80",
        "1.2.3.4.:80", "0.0.0.0:80", "[::]:80", "[1:2]:80", "[1.2.3.4]:80", "[::1::2]:80", "a..b:80", ".a:80", "a.:80",
        "-a:80", "a-.b:80", "a:08081", "\(String(repeating: "a", count: 64)).b:80",
    ])
    func whatIsNoAddressOfANodeIsRefused(_ address: String) {
        #expect(NodeAddress(address)?.problem != nil)
        let error = #expect(throws: ConfigurationError.self) {
            _ = try configured(view: "127.0.0.1:8081,\(address)")
        }
        #expect(error?.problem.contains("entry 2") == true, "\(error?.description ?? "none")")
        #expect(throws: ConfigurationError.self) { _ = try configured(view: "127.0.0.1:8081", own: address) }
    }

    @Test(arguments: [
        "127.0.0.1:8081,127.0.0.2:8081", "localhost:8081,127.0.0.1:8082", "127.0.0.1:8081,[::1]:8081",
        "kv_node-1:8085,kv_node-2:8085", "a.b-c.example:80,a.example:80", "1a.example:80,10.0.0.1:80",
        "[::ffff:1.2.3.4]:80,[2001:db8::1]:80", "x:1,x:65535",
    ])
    func everyAddressThatCanBeOneIsTaken(_ view: String) throws {
        #expect(try configured(view: view).view.map(\.description).joined(separator: ",") == view)
    }

    @Test func aNodesOwnAddressIsWrittenAsInTheView() {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try configured(view: "127.0.0.1:8081,127.0.0.1:8082", own: "localhost:8081")
        }
        #expect(error?.problem.contains("is in it as '127.0.0.1:8081'") == true)
    }

    @Test func namesByWhichANodeIsAskedAreNames() throws {
        let named = try configured(view: "127.0.0.1:8081", hostNames: "a.example, B.example")
        #expect(named.hostNames == ["a.example", "B.example"])
        for text in ["a.example:80", "a.example,,b", "http://a", "", "a b"] {
            #expect(throws: ConfigurationError.self, "\(text)") {
                _ = try configured(view: "127.0.0.1:8081", hostNames: text)
            }
        }
    }

    @Test func aNameThatIsLoopbackAloneIsListenedOnThere() throws {
        func hosts(_ address: String, _ addresses: [String]) throws -> [String] {
            ListenHosts.hosts(for: try #require(NodeAddress(address)), addresses: addresses)
        }
        #expect(try hosts("laptop:80", ["127.0.1.1"]) == ["127.0.1.1"])
        #expect(try hosts("laptop:80", ["127.0.0.1", "::1"]) == ["127.0.0.1", "::1"])
        #expect(try hosts("laptop:80", ["127.0.1.1", "10.0.0.7"]) == ["0.0.0.0", "::"])
        #expect(try hosts("laptop:80", []) == ["0.0.0.0", "::"])
        #expect(try hosts("127.evil.example:80", []) == ["0.0.0.0", "::"])
        #expect(try hosts("10.0.0.7:80", []) == ["0.0.0.0", "::"])
        #expect(try hosts("[2001:db8::1]:80", []) == ["::", "0.0.0.0"])
        #expect(try hosts("127.0.0.3:80", []) == ["127.0.0.3"])
        #expect(try hosts("LOCALHOST:80", []) == ["127.0.0.1", "::1"])
    }

    @Test func aNameIsLookedUpBeforeANodeListens() async throws {
        // The resolver knows names under localhost without asking anybody (RFC 6761), or not at all.
        let configuration = try configured(view: "localhost:8081")
        #expect(await ListenHosts.resolved(configuration) == ["127.0.0.1", "::1"])
    }
}
