import BasicNodes
import Foundation
import LocalNodes
import Testing

@testable import TopCommand

@Suite struct DemoPartsTests {
    @Test func `a port in use is stepped over`() async throws {
        let cluster = BasicCluster(names: .short)
        let node = try await BasicNode.start(cluster)
        let port = try #require(node.address.split(separator: ":").last.flatMap { Int($0) })
        #expect(await !FreePorts.isFree(port))
        let found = try await FreePorts.find(2, from: port)
        #expect(!found.contains(port))
        #expect(Set(found).count == 2)
        await node.die()
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
