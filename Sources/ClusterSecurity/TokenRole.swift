/// The rights of a client that shows a token. Each role includes the ones before it.
public enum TokenRole: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Reading keys, the state and the metrics.
    case read
    /// Writing keys too.
    case write
    /// Changing the cluster too: its layout, its members, and faults on purpose.
    case operate

    public static func < (left: TokenRole, right: TokenRole) -> Bool { left.rank < right.rank }

    /// True if this role allows whatever `wanted` allows.
    public func includes(_ wanted: TokenRole) -> Bool { self >= wanted }

    private var rank: Int {
        switch self {
        case .read: 0
        case .write: 1
        case .operate: 2
        }
    }
}
