/// How an implementation writes its answers, and what it wants of requests: the dialects in the wild, a line for each.
public struct Habits: Sendable, Hashable {
    /// The ids of shards: their numbers, those as texts, or names such as "s0".
    public enum IDs: String, Sendable, CaseIterable { case numbers, digits, names }
    /// Lists: of JSON, a text with commas, or as Python prints them.
    public enum Lists: String, Sendable, CaseIterable { case json, joined, printed }
    public enum Counts: String, Sendable, CaseIterable { case numbers, texts }
    /// What comes of a read without a body.
    public enum BodilessRead: Sendable, Hashable {
        case served
        case refused(status: Int)
        /// The process ends.
        case fatal
    }
    /// The ways to say that there is no metadata.
    public enum NoMetadata: String, Sendable, CaseIterable { case null, emptyText, emptyObject, absent }

    public var ids = IDs.numbers
    public var idList = Lists.json
    /// Of the view and of a shard's members.
    public var addresses = Lists.json
    public var counts = Counts.numbers
    public var bodilessRead = BodilessRead.served
    public var noMetadata = Set(NoMetadata.allCases)
    /// For the other ways.
    public var noMetadataRefusal = 400
    /// Errors carry a `message` instead of an `error`.
    public var errorsAreMessages = false
    /// For a node that is in another shard.
    public var addMemberRefusal = 400
    /// An absent key is answered with 404 and HTML, as web frameworks do by themselves.
    public var keyIsAbsentInHTML = false

    public init() {}

    /// With one thing changed.
    public init(_ change: (inout Habits) -> Void) { change(&self) }
}

/// Habits under a name.
public struct Dialect: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    public let habits: Habits

    init(_ description: String, _ change: (inout Habits) -> Void = { _ in }) {
        self.description = description
        habits = Habits(change)
    }

    /// One for each thing in which implementations are known to differ, and one of everything at once.
    public static let all = [
        Dialect("plain"),
        Dialect("ids-names") { $0.ids = .names },
        Dialect("ids-digits") { $0.ids = .digits },
        Dialect("ids-joined") { $0.idList = .joined },
        Dialect("ids-names-joined") { ($0.ids, $0.idList) = (.names, .joined) },
        Dialect("ids-printed") { ($0.ids, $0.idList) = (.names, .printed) },
        Dialect("view-joined") { $0.addresses = .joined },
        Dialect("view-printed") { $0.addresses = .printed },
        Dialect("counts-texts") { $0.counts = .texts },
        Dialect("body-415") { $0.bodilessRead = .refused(status: 415) },
        Dialect("body-400") { $0.bodilessRead = .refused(status: 400) },
        Dialect("body-fatal") { $0.bodilessRead = .fatal },
        Dialect("null-else-400") { $0.noMetadata = [.null] },
        Dialect("empty-else-500") { ($0.noMetadata, $0.noMetadataRefusal) = ([.emptyText], 500) },
        Dialect("null-else-500") { ($0.noMetadata, $0.noMetadataRefusal) = ([.null], 500) },
        Dialect("object-else-400") { $0.noMetadata = [.emptyObject] },
        Dialect("empty-else-400") { $0.noMetadata = [.emptyText] },
        Dialect("absent-else-415") { ($0.noMetadata, $0.noMetadataRefusal) = ([.absent], 415) },
        Dialect("messages") { $0.errorsAreMessages = true },
        Dialect("add-409") { $0.addMemberRefusal = 409 },
        Dialect("absent-html") { $0.keyIsAbsentInHTML = true },
        Dialect("everything") {
            ($0.ids, $0.idList, $0.addresses, $0.counts) = (.names, .joined, .joined, .texts)
            ($0.bodilessRead, $0.noMetadata, $0.noMetadataRefusal) = (.fatal, [.emptyObject], 400)
            ($0.errorsAreMessages, $0.addMemberRefusal) = (true, 409)
        },
    ]
}
