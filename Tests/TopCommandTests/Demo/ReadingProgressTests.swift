import ClusterModel
import Dashboard
import Testing

@testable import TopCommand

/// How far a demo says that it is while it reads the keys back.
@Suite(.timeLimit(.minutes(10))) struct ReadingProgressTests {
    private final class IdleCluster: DemoCluster {
        let members: [MemberID] = []
        let paused: Set<MemberID> = []
        let isolated: Set<MemberID> = []
        let readsBack = "each once"
        func awaitServing(_ told: @escaping @Sendable (Int) -> Void) async throws {}
        func kill(_ node: MemberID) async throws {}
        func restart(_ node: MemberID) async throws {}
        func pause(_ node: MemberID, isPaused: Bool) async throws {}
        func isolate(_ node: MemberID, isIsolated: Bool) async throws {}
        func startNode() async throws -> MemberID { "none" }
        func agreement(_ summary: ClusterSummary) -> String { "" }
    }

    private final class NoTraffic: DemoTraffic {
        let keysWritten = 0
        func start() {}
        func stop() {}
        func figures() -> ClientTraffic? { nil }
    }

    /// Tells at each key what the demo says at that moment; every second key is not answered.
    private final class WatchedStore: KeyStore {
        let controls = Locked<LocalControls?>(nil)
        let seen = Locked<[Stage.Work?]>([])

        func put(_ key: String, _ text: String, turn: Int) async throws(KeyTrouble) -> Bool { false }

        func look(_ key: String, for text: String, turn: Int) async throws(KeyTrouble) -> KeyFinding {
            let state = controls.withLock { $0 }?.state().reading
            seen.withLock { $0.append(state) }
            if turn.isMultiple(of: 2) { throw KeyTrouble(kind: .silence, description: "nobody answers") }
            return KeyFinding(holding: .wanted, node: "none")
        }
    }

    @Test func `it counts each key as it is read, answered or not, and nothing once it is over`() async {
        let store = WatchedStore()
        let controls = LocalControls(
            cluster: IdleCluster(), keys: DemoKeys(store: store, count: 100), traffic: NoTraffic())
        store.controls.withLock { $0 = controls }
        #expect(controls.state().reading == nil)
        let check = await controls.readBack()
        #expect(check?.asked == 100 && check?.failed == 50)
        let seen = store.seen.withLock { $0 }
        #expect(seen.count == 100 && seen.allSatisfy { $0?.total == 100 })
        // Sixteen are under way at a time, so the last ones begin with nearly all done.
        #expect(seen.first??.done == 0 && seen.compactMap { $0?.done }.max() ?? 0 >= 84)
        #expect(controls.state().reading == nil)
    }
}
