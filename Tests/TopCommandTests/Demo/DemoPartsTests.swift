import BasicNodes
import Foundation
import LocalNodes
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct DemoPartsTests {
    @Test func `a port in use is stepped over`() async throws {
        let cluster = BasicCluster(names: .short)
        let node = try await BasicNode.start(cluster)
        let port = try #require(node.address.split(separator: ":").last.flatMap { Int($0) })
        #expect(PortClaim.isListening(port))
        #expect(try PortClaim.take(port) == nil)
        let found = try DemoPorts.claim(2, from: port).map(\.port)
        #expect(!found.contains(port))
        #expect(Set(found).count == 2)
        await node.die()
    }

    @Test func `a port that one demo has claimed no other one gets, until it is given back`() throws {
        var first: [PortClaim]? = try PortClaim.take(3, from: 24_600)
        let ports = try #require(first).map(\.port)
        let second = try PortClaim.take(3, from: 24_600).map(\.port)
        #expect(ports.count == 3 && second.count == 3)
        #expect(Set(ports).isDisjoint(with: second))
        #expect(!ports.contains(where: PortClaim.isListening), "a node can still have it")
        first = nil
        #expect(try PortClaim.take(ports[0])?.port == ports[0])
    }

    @Test(arguments: [(65_534, 2), (65_536, 0), (70_000, 0)])
    func `ports end where their numbers do`(first: Int, most: Int) throws {
        #expect(try PortClaim.take(64, from: first).count <= most)
    }

    @Test func `a missing node program is an error that says where it was looked for`() {
        let error = #expect(throws: Failure.self) { _ = try NodeProgram.find(beside: "/nowhere/shardtop", path: "") }
        #expect(error?.words.contains("/nowhere") == true)
    }

    @Test func `the life line ends when its holder does`() throws {
        var line: LifeLine? = try LifeLine()
        let reader = dup(try #require(line).readingEnd.rawValue)
        defer { close(reader) }
        line = nil
        var byte: UInt8 = 0
        #expect(read(reader, &byte, 1) == 0)
    }
}

/// How the files that a process may open are shared out.
@Suite(.timeLimit(.minutes(10))) struct FileBudgetTests {
    @Test func `connections shrink with the limit, and never below one`() {
        let few = FileBudget(nodes: 6, limit: 256).connectionsPerNode
        #expect(FileBudget(nodes: 6, limit: 20_000).connectionsPerNode > few)
        #expect(few > 1)
        #expect(FileBudget(nodes: 32, limit: 256).connectionsPerNode == 1)
    }

    @Test(arguments: [(6, 256), (20, 256), (32, 256), (6, 100), (64, 1_024)])
    func `what is shared out fits`(nodes: Int, limit: Int) throws {
        let budget = FileBudget(nodes: nodes, limit: limit)
        try budget.check()
        #expect(nodes * (2 * budget.connectionsPerNode + 3) + 24 < limit)
    }

    @Test func `too many nodes for the limit are refused in words, with what to do`() {
        let error = #expect(throws: Failure.self) { try FileBudget(nodes: 44, limit: 256).check() }
        #expect(
            error?.words
                == "this process may open 256 files, and a demo of 44 nodes needs about 276: "
                + "allow more with 'ulimit -n 1024', or start fewer nodes")
    }
}
