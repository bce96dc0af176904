import ClusterModel

/// Something that changes a cluster; a ``ValkeySource`` without one only watches.
public protocol ClusterChanging: Sendable {
    /// The running or last change that this program made itself; nil for none.
    var change: Change? { get async }
    /// Says what can be changed here and now, or why not.
    func offer(_ features: inout Features, _ report: WatchReport) async
    func plan(_ goal: Goal, _ report: WatchReport) async throws -> Plan
    /// Returns when the goal is reached.
    ///
    /// - Parameter plan: as of ``ClusterSource/perform(_:seen:)``.
    func perform(_ goal: Goal, seen plan: Plan?, _ report: WatchReport) async throws
    func abort() async throws
    /// - Parameter keysPerSecond: nil for no limit.
    func setPace(keysPerSecond: Int?) async throws
}
