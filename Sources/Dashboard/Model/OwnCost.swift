/// What the dashboard itself costs, over the time between two polls.
public struct OwnCost: Equatable, Sendable {
    /// Of one core.
    public var cpuShare: Double
    public var residentBytes: UInt64
    /// To and from the nodes, the bodies alone; nil where nobody counts.
    public var bytesPerSecond: Double?

    public init(cpuShare: Double, residentBytes: UInt64, bytesPerSecond: Double?) {
        self.cpuShare = cpuShare
        self.residentBytes = residentBytes
        self.bytesPerSecond = bytesPerSecond
    }
}
