import Foundation
import Logging
import NIOCore
import NIOPosix
import ShardCore
import Testing

@testable import ShardNode

/// What becomes of what a node gives its disk, on an event loop as in a node.
@Suite struct DiskWriterTests {
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
        forcePacer: ForcePacer = ForcePacer(), _ body: (Running) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shardnode-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try DataFolder.open(path, for: testAddress).store
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        do {
            let writer = try await loop.submit {
                let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                let writer = DiskWriter(
                    store: store, durability: .batched, eventLoop: loop, logger: logger, forcePacer: forcePacer)
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
