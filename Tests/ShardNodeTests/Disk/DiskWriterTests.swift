import Foundation
import NIOCore
import NIOPosix
import ShardCore
import Synchronization
import Testing

@testable import ShardNode

/// What becomes of what a node gives its disk, on an event loop as in a node.
@Suite(.timeLimit(.minutes(10))) struct DiskWriterTests {
    private struct Running {
        let path: String
        let loop: any EventLoop
        let writer: NIOLoopBound<DiskWriter>

        func onLoop<Outcome: Sendable>(
            _ work: @escaping @Sendable (DiskWriter) throws -> Outcome
        ) async throws -> Outcome {
            let writer = writer
            return try await loop.submit { try work(writer.value) }.get()
        }
    }

    /// A writer to a new folder.
    private func withWriter(
        durability: Durability = .batched, forcePacer: ForcePacer = ForcePacer(), _ body: (Running) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shardnode-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try DataFolder.open(path, for: testAddress).store
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        do {
            let writer = try await loop.submit {
                let writer = DiskWriter(
                    store: store, durability: durability, eventLoop: loop, forcePacer: forcePacer)
                return NIOLoopBound(writer, eventLoop: loop)
            }.get()
            try await body(Running(path: path, loop: loop, writer: writer))
            try await group.shutdownGracefully()
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func change(_ counter: UInt64, isVital: Bool = false) -> Directive {
        let origin = Origin(node: testAddress, incarnation: 1, epoch: 1)
        return .persist(
            DiskChange(
                records: [],
                state: DurableState(
                    address: testAddress, incarnation: 1, record: .none,
                    vector: VersionVector([Dot(origin: origin, counter: counter)]), isWhole: true),
                isVital: isVital))
    }

    /// What a start finds.
    private func expectState(_ counter: UInt64, in path: String) throws {
        let folder = try DataFolder.open(path, for: testAddress)
        #expect(folder.contents.state?.vector.elements.map(\.counter) == [counter])
        try folder.store.close()
    }

    /// Also behind a commit that is under way.
    @Test(arguments: [false, true]) func whatWasGivenBeforeItClosesIsOnTheDisk(isUnderWay: Bool) async throws {
        try await withWriter { running in
            try await running.onLoop { writer in
                if isUnderWay { _ = writer.pass([Self.change(1, isVital: true), .drained]) }
                for counter in 2...4 as ClosedRange<UInt64> { _ = writer.pass([Self.change(counter)]) }
                try writer.close()
            }
            try expectState(4, in: running.path)
        }
    }

    /// It is told to be failed, and what comes later is taken again.
    @Test func whatRestsOnAFileThatWasDeletedIsNotToldToBeDone() async throws {
        try await withWriter(durability: .sync) { running in
            let (path, told) = (running.path, Told())
            try await running.onLoop { writer in
                writer.onReleased = { told.add(replies: $0) }
                writer.onWritable = { told.add($0 ? "writable" : "not writable") }
                writer.onNotice = { told.add($0.contains("fresh") ? "said" : $0) }
                _ = writer.pass([Self.change(1), Self.done(1)])
            }
            #expect(await eventually { told.all == ["1 done"] })
            try FileManager.default.removeItem(atPath: path + "/" + DiskStore.fileName)
            try await running.onLoop { _ = $0.pass([Self.change(2), Self.done(2)]) }
            #expect(await eventually { told.all.last == "writable" })
            #expect(told.all == ["1 done", "said", "2 failed", "not writable", "said", "writable"])
            try await running.onLoop { _ = $0.pass([Self.change(3), Self.done(3)]) }
            #expect(await eventually { told.all.last == "3 done" })
            try await running.onLoop { try $0.close() }
            try expectState(3, in: path)
        }
    }

    private final class Told: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }

        func add(replies: [Directive]) {
            for case .reply(let id, let reply) in replies {
                if case .refused(.diskFailing) = reply { add("\(id.value) failed") } else { add("\(id.value) done") }
            }
        }
    }

    private static func done(_ id: UInt64) -> Directive {
        .reply(RequestID(id), .deleted(context: CausalContext(), shard: 0))
    }

    /// Else a loss of power might take it long afterwards.
    @Test func whatNothingFollowsIsForcedToTheDiskAllTheSame() async throws {
        try await withWriter(forcePacer: ForcePacer(intervalMicroseconds: 20_000)) { running in
            try await running.onLoop { _ = $0.pass([Self.change(1)]) }
            let isForced = try await eventually { try await running.onLoop { $0.forcedCommits } == 1 }
            #expect(isForced)
            let commits = try await running.onLoop { $0.state.commits }
            #expect(commits == 2, "the first was not, as nobody waits for it")
            try await running.onLoop { try $0.close() }
            try expectState(1, in: running.path)
        }
    }
}
