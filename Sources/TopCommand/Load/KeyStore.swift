/// The keys of a cluster, whatever its engine, for loading and checking many of them.
protocol KeyStore: Sendable {
    /// The executor on which tasks that do nothing but ask the store run best; nil for any.
    var executor: (any TaskExecutor)? { get }
    /// - Parameter turn: keys of different turns go in through different nodes, if the engine takes them at any.
    /// - Returns: true if the write may have come twice, as an earlier try was not answered.
    func put(_ key: String, _ text: String, turn: Int) async throws(KeyTrouble) -> Bool
    /// Looks up what is under a key.
    func look(_ key: String, for text: String, turn: Int) async throws(KeyTrouble) -> KeyFinding
}

extension KeyStore {
    var executor: (any TaskExecutor)? { nil }
}

/// The result of looking up a key.
struct KeyFinding: Sendable {
    enum Holding: Sendable { case wanted, other, nothing }

    var holding: Holding
    /// The node that said so, for a person.
    var node: String
}

/// The reason why a key could not be put or looked up.
struct KeyTrouble: Error, Sendable, CustomStringConvertible {
    enum Kind: Sendable {
        /// A node refused.
        case refused
        /// A node said to try again later.
        case busy
        /// No node answered.
        case silence
    }

    var kind: Kind
    let description: String
    /// The status that a command ends with because of it.
    var status = ExitStatus.failed
}
