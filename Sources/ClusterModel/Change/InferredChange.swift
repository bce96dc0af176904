/// A change of the number of shards among nodes that tell nothing of it: what polls show of it, and no more.
///
/// No coordinator, no phase and no key count is in it, because none is known; and of time only the polls that it was
/// seen between.
public struct InferredChange: Codable, Hashable, Sendable {
    public enum State: String, Codable, Sendable {
        case underWay
        /// Most nodes list as many shards as it leads to.
        case done
        /// The node that was asked for it said no, or fell silent.
        case failed
        /// It was seen for long enough, and the nodes still do not agree.
        case unclear

        public var isEnd: Bool { self != .underWay }
    }

    /// Tells it from the others of one poller.
    public var id: String
    public var state = State.underWay
    /// Nil if it is not known how many there were.
    public var fromShardCount: Int?
    public var toShardCount: Int
    /// The node that this program asked for it. Nil if it was only seen: whom somebody else asked is not known.
    public var asked: MemberID?
    /// Since 1970: the last poll without a sign of it; nil if none was before, or if it was asked for.
    public var afterMilliseconds: UInt64?
    /// Since 1970: the first poll that showed it, or when it was asked for.
    public var sinceMilliseconds: UInt64
    /// Since 1970: the poll, or the answer, that ended it.
    public var endedMilliseconds: UInt64?
    /// Nodes that list other shards than most.
    public var dissenters: [MemberID] = []
    /// Why it failed.
    public var error: String?

    public init(
        id: String, fromShardCount: Int?, toShardCount: Int, asked: MemberID? = nil,
        afterMilliseconds: UInt64? = nil, sinceMilliseconds: UInt64
    ) {
        self.id = id
        self.fromShardCount = fromShardCount
        self.toShardCount = toShardCount
        self.asked = asked
        self.afterMilliseconds = afterMilliseconds
        self.sinceMilliseconds = sinceMilliseconds
    }
}

extension InferredChange {
    /// In a few words: "2 to 3 shards".
    public var title: String {
        let shards = "\(toShardCount) shard\(toShardCount == 1 ? "" : "s")"
        return fromShardCount.map { "\($0) to \(shards)" } ?? "to \(shards)"
    }

    /// How it is known, and how it is, a sentence each.
    ///
    /// - Parameter clock: writes the time of day of a time since 1970.
    public func sentences(clock: (UInt64) -> String) -> [String] {
        var sentences = [source(clock)]
        switch state {
        case .underWay where dissenters.isEmpty: break
        // Its end is the answer; what the others list then, nobody has looked at.
        case .done where asked != nil: break
        case .underWay, .unclear: sentences.append(doubt)
        case .done: sentences.append(dissenters.isEmpty ? "all nodes that list their shards agree" : doubt)
        case .failed: sentences.append("it failed: \(error ?? "no reason given")")
        }
        return sentences
    }

    private func source(_ clock: (UInt64) -> String) -> String {
        if let asked {
            let end = endedMilliseconds.map { ", which answered at \(clock($0))" } ?? ", which has not answered yet"
            return "asked of \(asked) at \(clock(sinceMilliseconds))\(state == .failed ? "" : end)"
        }
        guard let afterMilliseconds else { return "seen at the poll of \(clock(sinceMilliseconds))" }
        return "seen between the polls of \(clock(afterMilliseconds)) and \(clock(sinceMilliseconds))"
    }

    private var doubt: String {
        guard !dissenters.isEmpty else { return "no majority of the nodes says how many shards there are" }
        let named = dissenters.prefix(3).map(\.description).joined(separator: ", ")
        let more = dissenters.count > 3 ? " and \(dissenters.count - 3) more" : ""
        return "\(named)\(more) still \(dissenters.count == 1 ? "lists" : "list") others"
    }
}
