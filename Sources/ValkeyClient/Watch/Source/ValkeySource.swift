import ClusterModel

/// A cluster of Valkey or Redis servers, watched by polling them, and changed where something that does that is given.
public struct ValkeySource: ClusterSource {
    public let poller: ClusterPoller
    let calls: any ServerCalls
    private let changer: (any ClusterChanging)?
    private let confirmationName: String?
    private let cache = TranslationCache()
    private let bytes: @Sendable () -> UInt64?

    /// - Parameters:
    ///   - changer: nil for looking only.
    ///   - confirmationName: what confirmations of changes call the cluster; nil if none are asked for.
    ///   - bytes: bytes exchanged with the servers so far.
    public init(
        poller: ClusterPoller, calls: any ServerCalls, changer: (any ClusterChanging)? = nil,
        confirmationName: String? = nil, bytes: @escaping @Sendable () -> UInt64? = { nil }
    ) {
        self.poller = poller
        self.calls = calls
        self.changer = changer
        self.confirmationName = confirmationName
        self.bytes = bytes
    }

    public func snapshot() async -> Cluster {
        let ours = await changer?.change
        await poller.setOursRunning(ours.map { !$0.isOver } ?? false)
        let report = await poller.look()
        var cluster = ClusterTranslation(report: report, cache: cache).cluster
        cluster.change = Self.further(await changer?.change, cluster.change)
        return cluster
    }

    /// A running one before one that is over, and the later before the earlier.
    private static func further(_ ours: Change?, _ foreign: Change?) -> Change? {
        guard let ours, let foreign else { return ours ?? foreign }
        if ours.isOver != foreign.isOver { return ours.isOver ? foreign : ours }
        return ours.startedMilliseconds >= foreign.startedMilliseconds ? ours : foreign
    }

    public var outage: (any Error)? {
        get async { await poller.lastReport.outage }
    }

    public func events() async -> [Event] { await poller.takeEvents() }

    public var features: Features {
        get async {
            var features = Features()
            features.events = .offered
            features.locate = .offered
            features.confirmationName = confirmationName
            if let changer { await changer.offer(&features, await poller.lastReport) }
            return features
        }
    }

    public func plan(_ goal: Goal) async throws -> Plan {
        try await changed().plan(goal, try await currentReport())
    }

    public func perform(_ goal: Goal, seen plan: Plan?) async throws {
        try await changed().perform(goal, seen: plan, try await currentReport())
    }

    public func abort() async throws { try await changed().abort() }

    public func setPace(keysPerSecond: Int?) async throws { try await changed().setPace(keysPerSecond: keysPerSecond) }

    public func step(_ order: StepOrder) async throws {
        throw ServerError(.refused, at: nil, "changes of Valkey and Redis clusters do not go in steps")
    }

    public var bytesExchanged: UInt64? { bytes() }

    private func changed() throws -> any ClusterChanging {
        if let changer { return changer }
        throw ServerError(
            .refused, at: nil, "this cluster is only looked at", advice: "Start shardtop with --operate to change it.")
    }

    /// The report of this moment, not that of a while ago.
    func currentReport() async throws(ServerError) -> WatchReport {
        let report = await poller.look()
        if let outage = report.outage { throw outage }
        return report
    }
}
