/// The writes that a client has seen, as the nodes write them: opaque, kept to the byte, and carried from each answer
/// into the client's next request, to any node.
public struct CausalContext: Hashable, Sendable {
    /// The JSON value of `causal-metadata`; other implementations use objects, strings or lists.
    public let json: JSONText

    public init(json: JSONText) { self.json = json }

    /// The context without dependencies.
    public static let none = CausalContext(json: .null)
}
