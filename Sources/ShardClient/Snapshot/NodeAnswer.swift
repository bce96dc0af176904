import ShardWire

/// The answer of a node, as full as its kind can give it.
public enum NodeAnswer: Hashable, Sendable {
    /// A `shardnode`.
    case full(NodeState)
    /// A node that has only the basic endpoints.
    case basic(BasicNodeState)
}

/// The JSON is `{"kind":"shardnode","state":…}`, or `"basic"`.
extension NodeAnswer: Codable {
    private enum Kind: String, Codable { case shardnode, basic }
    private enum Keys: String, CodingKey { case kind, state }

    /// The form that earlier versions wrote: `{"full":{"_0":…}}`. Their recordings are still played.
    private enum EarlierKeys: String, CodingKey { case full, basic }
    private enum EarlierState: String, CodingKey { case state = "_0" }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        guard let kind = try container.decodeIfPresent(Kind.self, forKey: .kind) else {
            self = try Self.earlier(decoder)
            return
        }
        switch kind {
        case .shardnode: self = .full(try container.decode(NodeState.self, forKey: .state))
        case .basic: self = .basic(try container.decode(BasicNodeState.self, forKey: .state))
        }
    }

    private static func earlier(_ decoder: any Decoder) throws -> NodeAnswer {
        let container = try decoder.container(keyedBy: EarlierKeys.self)
        if container.contains(.full) {
            let state = try container.nestedContainer(keyedBy: EarlierState.self, forKey: .full)
            return .full(try state.decode(NodeState.self, forKey: .state))
        }
        let state = try container.nestedContainer(keyedBy: EarlierState.self, forKey: .basic)
        return .basic(try state.decode(BasicNodeState.self, forKey: .state))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .full(let state):
            try container.encode(Kind.shardnode, forKey: .kind)
            try container.encode(state, forKey: .state)
        case .basic(let state):
            try container.encode(Kind.basic, forKey: .kind)
            try container.encode(state, forKey: .state)
        }
    }
}
