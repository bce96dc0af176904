/// The settings of a node as its operator wrote them, not yet parsed.
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
    /// `peer=host:port` entries, separated by commas: the address to dial for a peer, if not its own.
    public var reach: Setting?
    /// Further names by which clients ask the node, separated by commas.
    public var hostNames: Setting?
    public var allowsFaults = false
    /// The file of the tokens and their roles.
    public var tokenFile: Setting?
    /// TLS: the node's certificate, its key, and the authority of the cluster.
    public var certificateFile: Setting?
    public var keyFile: Setting?
    public var authorityFile: Setting?
    public var clusterSecretFile: Setting?
    /// True during a change from open to closed, to let in open peers still.
    public var acceptsOpenPeers = false

    public init() {}

    /// Returns the flag if it was given, else the variable if it is set and not blank.
    public static func choose(
        flag: String, given: String?, variable: String, environment: [String: String]
    ) -> Setting? {
        if let given { return Setting(name: flag, text: given) }
        guard let text = environment[variable], !text.allSatisfy(\.isWhitespace) else { return nil }
        return Setting(name: variable, text: text)
    }
}
