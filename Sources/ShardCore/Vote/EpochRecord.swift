/// The decision about an epoch: its layout, and the knowledge that went into it.
public struct EpochRecord: Hashable, Sendable {
    public let layout: Layout
    /// Everything of older epochs that was delivered to its new owners before this epoch took force.
    public let baseline: VersionVector
    /// The operation that made it, whose staged portions belong to it; nil for the founding layout.
    public let operation: OperationID?
    /// The starts of the layout's members that its coordinator knew of, in their order; empty for the founding layout.
    public let starts: CrashVector

    public init(
        layout: Layout, baseline: VersionVector, operation: OperationID?, starts: CrashVector = CrashVector()
    ) {
        self.layout = layout
        self.baseline = baseline
        self.operation = operation
        self.starts = starts
    }

    public static let none = EpochRecord(layout: .none, baseline: VersionVector(), operation: nil)
}

/// Names one attempt to change the layout.
public struct OperationID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The epoch it would bring into force.
    public let epoch: UInt64
    /// Counts the attempts of one coordinator.
    public let attempt: UInt64
    public let coordinator: NodeAddress
    public let incarnation: UInt64

    public init(epoch: UInt64, attempt: UInt64, coordinator: NodeAddress, incarnation: UInt64) {
        self.epoch = epoch
        self.attempt = attempt
        self.coordinator = coordinator
        self.incarnation = incarnation
    }

    /// True if the same coordinator gave `other` up when it began this one.
    func isLaterAttempt(than other: OperationID) -> Bool {
        coordinator == other.coordinator && incarnation == other.incarnation && attempt > other.attempt
    }

    public var description: String { "\(epoch).\(attempt)@\(coordinator)" }

    public static func < (left: Self, right: Self) -> Bool {
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        if left.attempt != right.attempt { return left.attempt < right.attempt }
        if left.coordinator != right.coordinator { return left.coordinator < right.coordinator }
        return left.incarnation < right.incarnation
    }
}
