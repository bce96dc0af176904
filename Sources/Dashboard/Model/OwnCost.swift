/// The dashboard's own cost, over the time between two polls.
public struct OwnCost: Equatable, Sendable {
    /// A fraction of one core.
    public var cpuShare: Double
    public var residentBytes: UInt64
    /// The bytes to and from the nodes, bodies alone; nil if they are not counted.
    public var bytesPerSecond: Double?

    public init(cpuShare: Double, residentBytes: UInt64, bytesPerSecond: Double?) {
        self.cpuShare = cpuShare
        self.residentBytes = residentBytes
        self.bytesPerSecond = bytesPerSecond
    }
}
