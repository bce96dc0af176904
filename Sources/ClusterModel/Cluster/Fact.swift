/// How bad something is.
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

/// Something that an engine tells beside what all have in common: "epoch" "3".
public struct Fact: Codable, Hashable, Sendable {
    public var name: String
    /// Empty where the name says it all.
    public var value: String
    /// 1 ... 9: what has less gives way first where there is no room for all.
    public var weight: Int
    /// Good for what is neither good nor bad.
    public var level: Level
    /// True for what changes all the time: lines of text do not tell it again and again.
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

/// Something that is not well with a cluster as a whole, in words.
public struct Trouble: Codable, Hashable, Sendable {
    /// Of a few columns: "split 3+3".
    public var short: String
    /// A whole sentence without its full stop.
    public var long: String
    public var level: Level
    /// The node that it is about; nil for several, and for none.
    public var about: MemberID?
    /// True where keys cannot be served because of it. Nil, as of recordings of earlier versions, counts as false.
    public var stopsKeys: Bool?
    /// What an operator can do, without a full stop; nil where nothing can be said.
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
