import Foundation
import Logging
import NIOCore
import NIOPosix
import ShardCore
import Testing

@testable import ShardNode

/// What becomes of what a node gives its disk, on an event loop as in a node.
@Suite struct DiskWriterTests {
    /// Runs `body` on a loop with a writer to a new folder, and returns the folder's path with what `body` returns.
    private func withWriter<Outcome: Sendable>(
        _ body: @escaping @Sendable (DiskWriter) throws -> Outcome,
        then judge: (String, Outcome) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shardnode-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try DataFolder.open(path, for: testAddress).store
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        do {
            let outcome = try await loop.submit {
                let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                return try body(DiskWriter(store: store, durability: .batched, eventLoop: loop, logger: logger))
            }.get()
            try await judge(path, outcome)
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

    /// Also behind a commit that is under way.
    @Test(arguments: [false, true]) func whatWasGivenBeforeItClosesIsOnTheDisk(isUnderWay: Bool) async throws {
        try await withWriter { writer in
            if isUnderWay { _ = writer.pass([Self.change(1, isVital: true), .drained]) }
            for counter in 2...4 as ClosedRange<UInt64> { _ = writer.pass([Self.change(counter)]) }
            try writer.close()
        } then: { path, _ in
            let folder = try DataFolder.open(path, for: testAddress)
            #expect(folder.contents.state?.vector.elements.map(\.counter) == [4])
            try folder.store.close()
        }
    }
}
