/// Which cluster something belongs to: an epoch, an entry or a view of another one says nothing here.
///
/// It has to come out alike for founders that cannot hear each other for a while, and to differ where the same addresses
/// found anew beside what is left of an earlier cluster. So one part follows from what the founders were given, and one
/// is drawn; of several draws under the same settings ``Identity`` has one prevail.
public struct ClusterID: Hashable, Sendable, CodedAsText {
    /// The digest of what its founders were given; see ``FoundingSettings/digest``.
    public let settings: UInt64
    public let draw: UInt64

    public init(settings: UInt64, draw: UInt64) {
        self.settings = settings
        self.draw = draw
    }

    public static let textForm = "no cluster's id"

    /// Two numbers in hexadecimal with a dash between.
    public var description: String { "\(settings.hexadecimal)-\(draw.hexadecimal)" }

    /// Nil for a text that is no id.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 16 }), let settings = UInt64(parts[0], radix: 16),
            let draw = UInt64(parts[1], radix: 16)
        else { return nil }
        self.init(settings: settings, draw: draw)
    }
}

/// How sure it is that a draw prevails among the founders.
public enum Standing: UInt8, Sendable, Comparable {
    /// A running cluster's, held by a node that has nothing of it yet: where that cluster ends before it has told
    /// anything, those that found themselves anew are another one. Nobody takes it over from here.
    case borrowed
    /// A smaller draw of the same settings takes its place.
    case held
    /// This node takes no other draw's side any more, unless that one is settled.
    case locked
    /// A majority of the founders is locked to it: it stays for good.
    case settled

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The id under which a node speaks, and how sure it is of it.
public struct ClusterMark: Hashable, Sendable {
    public let id: ClusterID
    public let standing: Standing

    public init(id: ClusterID, standing: Standing) {
        self.id = id
        self.standing = standing
    }

    /// What contexts carry: the settings in the upper half, and, once the draw is settled, its lower bits in the other.
    /// Never 0, which stands for none.
    var tag: UInt64 {
        let upper = id.settings | 1 << 63
        let lower = standing == .settled ? id.draw | 1 << 31 : 0
        return upper & 0xFFFF_FFFF_0000_0000 | lower & 0xFFFF_FFFF
    }

    enum Match: Sendable, Hashable { case own, undecided, other }

    /// Whether a context with this tag was given by this cluster. Undecided while the draw is open here, and the other one
    /// is settled: that may yet turn out to be this cluster's.
    func match(tag other: UInt64) -> Match {
        let settled = ClusterMark(id: id, standing: .settled).tag
        guard other >> 32 == settled >> 32 else { return .other }
        if other & 0xFFFF_FFFF == 0 || other == settled { return .own }
        return standing == .settled ? .other : .undecided
    }
}
