/// The keys that pass from an old shard to a new one: read from one member of the old, and staged at every member of the
/// new that lacks them.
struct Stream: Sendable {
    struct Question: Sendable {
        let number: UInt64
        let slots: [UInt32]
        var sentMicroseconds: UInt64
    }

    let from: Int
    let to: Int
    let source: NodeAddress
    var places: [Place] = []
    /// The places before it have been gathered.
    var cursor = 0
    /// Nodes to be staged, as indices of the portions.
    var targets: [Int] = []
    var question: Question?

    /// True once everything was gathered and given to the portions.
    var isDone: Bool { targets.isEmpty || cursor >= places.count }
}
