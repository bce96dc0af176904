/// The operations that a cluster supports here and now; the screen does not offer the others, or says why not.
public struct Features: Codable, Hashable, Sendable {
    /// Whether one thing can be had.
    public struct Offer: Codable, Hashable, Sendable {
        public var isOffered: Bool
        /// Why not, for a person; nil for what this engine does not have at all.
        public var reason: String?

        public init(isOffered: Bool, reason: String? = nil) {
            self.isOffered = isOffered
            self.reason = reason
        }

        public static let offered = Offer(isOffered: true)
        /// Not of this engine: not spoken of.
        public static let absent = Offer(isOffered: false)
        public static func refused(_ reason: String) -> Offer { Offer(isOffered: false, reason: reason) }
    }

    /// To a number of shards.
    public var reshard = Offer.absent
    /// A dry run before any change.
    public var plan = Offer.absent
    public var abort = Offer.absent
    public var events = Offer.absent
    /// Telling the place of a key, member by member.
    public var locate = Offer.absent
    public var addMember = Offer.absent
    public var rebalance = Offer.absent
    public var moveSlots = Offer.absent
    public var removeMember = Offer.absent
    public var failover = Offer.absent
    /// Of open slots; offered where there are any.
    public var repair = Offer.absent
    /// Changing the limit of a running change.
    public var pace = Offer.absent
    /// Changes that wait for the user before each phase and batch.
    public var steps = Offer.absent
    /// Nil if changes go ahead once confirmed; else what to name in every confirmation, as the cluster is not a
    /// playground.
    public var confirmationName: String?
    /// Of a key; nil for no bound worth telling.
    public var keyCharactersMax: Int?
    public var keyBytesMax: Int?

    public init() {}

    public static let none = Features()
}
