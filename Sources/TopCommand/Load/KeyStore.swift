/// The keys of a cluster, whatever its engine, as whoever loads and checks many of them needs them.
protocol KeyStore: Sendable {
    /// Where tasks that do nothing but ask it run best; nil for anywhere.
    var executor: (any TaskExecutor)? { get }
    /// - Parameter turn: keys of different turns go in through different nodes, where the engine takes them at any.
    /// - Returns: true where it may have come twice, as an earlier try was not answered.
    func put(_ key: String, _ text: String, turn: Int) async throws(KeyTrouble) -> Bool
    /// Says what is under a key.
    func look(_ key: String, for text: String, turn: Int) async throws(KeyTrouble) -> KeyFinding
}

extension KeyStore {
    var executor: (any TaskExecutor)? { nil }
}

/// What was found under a key.
struct KeyFinding: Sendable {
    enum Holding: Sendable { case wanted, other, nothing }

    var holding: Holding
    /// Who said so, for a person.
    var node: String
}

/// Why a key could not be put or looked at.
struct KeyTrouble: Error, Sendable, CustomStringConvertible {
    enum Kind: Sendable {
        /// A node said no.
        case refused
        /// A node said not now.
        case busy
        /// No node said anything.
        case silence
    }

    var kind: Kind
    let description: String
}
