/// Names a cluster. Epochs, entries and views of another cluster mean nothing here.
///
/// Founders that cannot hear each other for a while have to come to the same id. But it has to differ if the same
/// addresses found a cluster anew beside what is left of an earlier one. So one part follows from the founders'
/// settings, and one is drawn; ``Identity`` decides which of several draws under the same settings prevails.
public struct ClusterID: Hashable, Sendable, CodedAsText {
    /// The digest of the founders' settings; see ``FoundingSettings/digest``.
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
    /// The draw of a running cluster, held by a node that has nothing of it yet. If that cluster ends before it has
    /// told anything, founders that start anew make another cluster. Nobody takes the draw over from this node.
    case borrowed
    /// A smaller draw under the same settings takes its place.
    case held
    /// This node takes no other draw over any more, unless that one is settled.
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

    /// The tag that contexts carry: the upper half has the settings, and the lower half, once the draw is settled, its
    /// lower bits. Never 0, which stands for no cluster. A borrowed draw is a settled one, of the cluster that lends it.
    var tag: UInt64 { standing == .settled || standing == .borrowed ? tagWithDraw : tagWithoutDraw }

    private var tagWithDraw: UInt64 { tagWithoutDraw | (id.draw | 1 << 31) & 0xFFFF_FFFF }

    /// The tag while nobody can say which draw will prevail.
    private var tagWithoutDraw: UInt64 { (id.settings | 1 << 63) & 0xFFFF_FFFF_0000_0000 }

    enum Match: Sendable, Hashable { case own, undecided, other }

    /// Whether a context with this tag was given by this cluster. Undecided if the draw is still open here and the
    /// other one is settled: that may yet turn out to be this cluster's.
    func match(tag other: UInt64) -> Match {
        guard other >> 32 == tagWithDraw >> 32 else { return .other }
        if other == tagWithoutDraw || other == tagWithDraw { return .own }
        return standing == .settled ? .other : .undecided
    }
}
