/// What an operator wrote, before it is understood.
public struct NodeSettings: Sendable {
    /// A text with the name under which it was given, for messages.
    public struct Setting: Sendable {
        public let name: String
        public let text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    public var socketAddress: Setting?
    public var view: Setting?
    public var shardCount: Setting?
    /// Tells clusters apart that have all else in common.
    public var clusterName: Setting?
    /// The host to listen on; nil to derive it from the socket address.
    public var listenHost: String?
    public var reshardKeysPerSecondMax: Int?
    public var valueBytesMax: Int?
    public var connectionsMax: Int?
    public var dependencyWaitMilliseconds: Int?
    public var writeAcks: Int?
    public var dataFolder: Setting?
    public var durability: Setting?
    /// `peer=host:port` entries, with commas between: where to dial a peer, if not at its own address.
    public var reach: Setting?
    /// Further names by which clients ask the node, with commas between.
    public var hostNames: Setting?
    public var allowsFaults = false
    /// Who may do what, by tokens.
    public var tokenFile: Setting?
    /// TLS: the node's certificate, its key, and the authority of the cluster.
    public var certificateFile: Setting?
    public var keyFile: Setting?
    public var authorityFile: Setting?
    public var clusterSecretFile: Setting?
    /// During a change from open to closed.
    public var acceptsOpenPeers = false

    public init() {}

    /// The flag where it was given, else the variable where it is set and not blank.
    public static func choose(
        flag: String, given: String?, variable: String, environment: [String: String]
    ) -> Setting? {
        if let given { return Setting(name: flag, text: given) }
        guard let text = environment[variable], !text.allSatisfy(\.isWhitespace) else { return nil }
        return Setting(name: variable, text: text)
    }
}
