import ShardCore
import Testing

@testable import ShardSim

/// What two versions of the program are compared by.
@Suite struct TraceHashTests {
    private let node = SimulatedCluster.address(1)

    private func hash(_ directives: [Directive], at microseconds: UInt64 = 1) -> UInt64 {
        var hash = TraceHash()
        hash.fold(directives, of: node, at: microseconds)
        return hash.value
    }

    private func replication(_ key: String) -> Directive {
        let origin = Origin(node: node, incarnation: 1, epoch: 1)
        let version = Version(dot: Dot(origin: origin, counter: 1), timestamp: 1)
        let record = Record(key: key, entry: Entry(value: [0x31], version: version, dependencies: VersionVector()))
        let replication = Replication(
            origin: origin, after: 0, upTo: 1, requires: VersionVector(), records: [record])
        return .send(
            Envelope(
                from: node, cluster: nil, incarnation: 1, epoch: 1, timestamp: 1, message: .replicate(replication)),
            to: SimulatedCluster.address(2))
    }

    @Test func `a message that differs in one byte is another trace`() {
        #expect(hash([replication("a")]) == hash([replication("a")]))
        #expect(hash([replication("a")]) != hash([replication("b")]))
    }

    @Test func `answers, times, kinds and their order count`() {
        let reply = { (count: Int) in Directive.reply(RequestID(1), .keyCount(count)) }
        let traces = [
            hash([reply(1)]), hash([reply(2)]), hash([reply(1)], at: 2), hash([reply(1), .drained]),
            hash([.drained, reply(1)]), hash([.resume(afterMicroseconds: 1)]), hash([.resume(afterMicroseconds: 2)]),
        ]
        #expect(Set(traces).count == traces.count)
    }

    @Test func `a list names the runs that did something else, and no others`() async throws {
        let scenarios = [Scenario(seed: 1, profile: .reshard), Scenario(seed: 2, profile: .reshard)]
        let hashes = await LongWork.run { scenarios.map { RunHash(SimulationRun($0).execute()) } }
        let list = hashes.map(\.line).joined(separator: "\n") + "\n"
        #expect(try ExpectedHashes(list).compared(with: hashes).different.isEmpty)
        let other = list.replacing(hashes[1].line, with: "\(hashes[1].run) 00")
        #expect(try ExpectedHashes(other).compared(with: hashes).different == [hashes[1]])
        #expect(try ExpectedHashes(hashes[0].line).compared(with: hashes).known == [hashes[0]])
        #expect(throws: ExpectedHashes.LineError(line: "reshard one 00")) { try ExpectedHashes("reshard one 00") }
    }
}
