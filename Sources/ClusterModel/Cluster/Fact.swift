/// The severity of something.
public enum Level: String, Codable, Hashable, Sendable, Comparable {
    case good, warning, bad

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .good: 0
        case .warning: 1
        case .bad: 2
        }
    }
}

/// Something that an engine tells beyond what all engines have in common: "epoch" "3".
public struct Fact: Codable, Hashable, Sendable {
    public var name: String
    /// Empty if the name says it all.
    public var value: String
    /// 1 ... 9: facts of less weight give way first if there is no room for all.
    public var weight: Int
    /// Good if the fact is neither good nor bad.
    public var level: Level
    /// True for a fact that changes all the time: plain lines do not tell it again and again.
    public var isRestless: Bool

    public init(
        _ name: String, _ value: String = "", weight: Int = 5, level: Level = .good, isRestless: Bool = false
    ) {
        self.name = name
        self.value = value
        self.weight = weight
        self.level = level
        self.isRestless = isRestless
    }
}

/// A fault of a cluster as a whole, in words.
public struct Trouble: Codable, Hashable, Sendable {
    /// The words in a few columns: "split 3+3".
    public var short: String
    /// A whole sentence without its full stop.
    public var long: String
    public var level: Level
    /// The node that it is about; nil for several, and for none.
    public var about: MemberID?
    /// True if keys cannot be served because of it. Nil, as in recordings of earlier versions, counts as false.
    public var stopsKeys: Bool?
    /// The advice to an operator, without a full stop; nil if there is no advice.
    public var advice: String?

    public init(
        short: String, long: String, level: Level = .warning, about: MemberID? = nil, stopsKeys: Bool? = nil,
        advice: String? = nil
    ) {
        self.short = short
        self.long = long
        self.level = level
        self.about = about
        self.stopsKeys = stopsKeys
        self.advice = advice
    }
}
