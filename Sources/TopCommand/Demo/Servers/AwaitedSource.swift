import ClusterModel

/// A source whose cluster is still being made: nobody sees, or is told of, what its nodes go through until it is.
struct AwaitedSource<Source: ClusterSource>: ClusterSource {
    let source: Source
    private let isReady = Locked(false)

    init(_ source: Source) { self.source = source }

    func becomesReady() { isReady.withLock { $0 = true } }

    private var isAwaited: Bool { !isReady.withLock { $0 } }

    func snapshot() async -> Cluster {
        while isAwaited, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
        return await source.snapshot()
    }

    func events() async -> [Event] { isAwaited ? [] : await source.events() }
    var outage: (any Error)? { get async { isAwaited ? nil : await source.outage } }
    var features: Features { get async { isAwaited ? .none : await source.features } }
    var bytesExchanged: UInt64? { get async { await source.bytesExchanged } }
    func plan(_ goal: Goal) async throws -> Plan { try await source.plan(goal) }
    func perform(_ goal: Goal, seen plan: Plan?) async throws { try await source.perform(goal, seen: plan) }
    func abort() async throws { try await source.abort() }
    func setPace(keysPerSecond: Int?) async throws { try await source.setPace(keysPerSecond: keysPerSecond) }
    func step(_ order: StepOrder) async throws { try await source.step(order) }
    func locate(key: String) async throws -> KeyPlace { try await source.locate(key: key) }
}
