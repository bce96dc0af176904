import ShardCore

/// The configuration of a node; every value is valid.
public struct NodeConfiguration: Hashable, Sendable {
    /// The node's identity: the address by which its peers reach it.
    public var address: NodeAddress
    /// The addresses of all nodes at start, this one's included.
    public var view: [NodeAddress]
    /// Nil for a joiner.
    public var shardCount: Int?
    /// Tells this cluster from others with the same view and shard count; the same on all founders.
    public var clusterName: String?
    /// The host to listen on; nil to derive it from the address.
    public var listenHost: String?
    public var reshardKeysPerSecondMax: Int?
    /// The longest value, in bytes of its JSON text.
    public var valueBytesMax: Int
    public var connectionsMax: Int
    public var dependencyWaitMilliseconds: UInt64
    /// The folder in which the node keeps its data; nil to keep it in memory only.
    public var dataFolder: String?
    public var durability: Durability
    /// Members that must hold a write before it is answered.
    public var writeAcks: Int
    /// The addresses to dial for peers that cannot be reached at the address that names them. Their names stay.
    public var reach: [NodeAddress: NodeAddress]
    /// Names by which clients may ask the node, besides addresses and the hosts of the view.
    public var hostNames: [String]

    /// True if clients may cut the node off from its peers: for demonstrations and tests.
    public var allowsFaults: Bool
    /// The files that say whom the node lets in.
    public var security: SecurityFiles

    public static let valueBytesDefault = 8 * 1024 * 1024
    /// The most that the longest value may be set to: half of what a message between nodes can carry.
    public static let valueBytesBound = 32 * 1024 * 1024
    public static let connectionsDefault = 20_000
    public static let dependencyWaitMillisecondsDefault = 5_000
    /// The most addresses that a VIEW may name.
    public static let viewCountMax = Bounds.nodesMax

    /// Parses and checks the settings that an operator gave.
    ///
    /// - Throws: ``ConfigurationError`` with the setting at fault and what to do about it.
    public init(_ settings: NodeSettings) throws(ConfigurationError) {
        address = try Self.address(settings.socketAddress)
        view = try Self.view(settings.view, own: address)
        shardCount = try Self.shardCount(settings.shardCount, nodes: view.count)
        clusterName = try Self.clusterName(settings.clusterName)
        listenHost = settings.listenHost
        reshardKeysPerSecondMax = try Self.number(
            settings.reshardKeysPerSecondMax, flag: "--reshard-rate", in: 1...1_000_000_000)
        valueBytesMax =
            try Self.number(settings.valueBytesMax, flag: "--max-value-bytes", in: 1...Self.valueBytesBound)
            ?? Self.valueBytesDefault
        connectionsMax =
            try Self.number(settings.connectionsMax, flag: "--max-connections", in: 1...1_000_000)
            ?? Self.connectionsDefault
        dependencyWaitMilliseconds = UInt64(
            try Self.number(settings.dependencyWaitMilliseconds, flag: "--dependency-wait-ms", in: 0...600_000)
                ?? Self.dependencyWaitMillisecondsDefault)
        writeAcks = try Self.number(settings.writeAcks, flag: "--write-acks", in: 1...100) ?? 1
        dataFolder = settings.dataFolder?.text
        durability = try Self.durability(settings)
        reach = try Self.reach(settings.reach, own: address)
        hostNames = try Self.hostNames(settings.hostNames)
        allowsFaults = settings.allowsFaults
        security = try SecurityFiles(settings)
    }

    private static func reach(
        _ setting: NodeSettings.Setting?, own: NodeAddress
    ) throws(ConfigurationError) -> [NodeAddress: NodeAddress] {
        guard let setting else { return [:] }
        let example = "for example 10.0.0.5:8081=127.0.0.1:9001"
        var reach: [NodeAddress: NodeAddress] = [:]
        for part in setting.text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let peer = NodeAddress(String(sides[0]).trimmed),
                let dialled = NodeAddress(String(sides[1]).trimmed), dialled.problem == nil
            else {
                throw ConfigurationError(
                    setting: setting.name, problem: "'\(part.prefix(160))' does not say how to reach a peer",
                    advice: "Give the peer's address, =, and the host:port to dial instead, \(example)")
            }
            guard peer != own else {
                throw ConfigurationError(
                    setting: setting.name, problem: "\(peer) is this node itself, which it never dials",
                    advice: "Name the peers only")
            }
            guard reach.updateValue(dialled, forKey: peer) == nil else {
                throw ConfigurationError(
                    setting: setting.name, problem: "it says twice how to reach \(peer)",
                    advice: "Name every peer once")
            }
        }
        return reach
    }

    /// The longest name of a cluster, in bytes.
    private static let clusterNameBytesMax = 100

    private static func clusterName(_ setting: NodeSettings.Setting?) throws(ConfigurationError) -> String? {
        guard let setting else { return nil }
        let name = setting.text.trimmed
        guard !name.isEmpty, name.utf8.count <= clusterNameBytesMax, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw ConfigurationError(
                setting: setting.name, problem: "'\(name.prefix(80))' is no cluster name",
                advice:
                    "Give 1 to \(clusterNameBytesMax) ASCII letters, digits or signs, without spaces, the same on all "
                    + "nodes")
        }
        return name
    }

    private static func hostNames(_ setting: NodeSettings.Setting?) throws(ConfigurationError) -> [String] {
        guard let setting else { return [] }
        var names: [String] = []
        for part in setting.text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(part).trimmed
            if let problem = NodeAddress.problem(ofName: name) {
                throw ConfigurationError(
                    setting: setting.name, problem: problem,
                    advice: "Give the name alone, without port, for example store.example.com")
            }
            names.append(name)
        }
        return names
    }

    private static func durability(_ settings: NodeSettings) throws(ConfigurationError) -> Durability {
        let hasFolder = settings.dataFolder != nil
        guard let setting = settings.durability else { return hasFolder ? .batched : .memory }
        guard let durability = Durability(rawValue: setting.text) else {
            throw ConfigurationError(
                setting: setting.name, problem: "'\(setting.text.prefix(80))' is no durability",
                advice: "Give \(Durability.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard hasFolder != (durability == .memory) else {
            throw ConfigurationError(
                setting: setting.name,
                problem: hasFolder
                    ? "'memory' writes nothing, but there is a data directory"
                    : "'\(durability.rawValue)' needs a data directory",
                advice: hasFolder ? "Leave one of the two out" : "Give --data-dir too")
        }
        return durability
    }

    private static func address(_ setting: NodeSettings.Setting?) throws(ConfigurationError) -> NodeAddress {
        let advice = "Give this node's host:port as its peers reach it, for example 127.0.0.1:8081"
        guard let setting else {
            throw ConfigurationError(setting: "SOCKET_ADDRESS", problem: "is missing", advice: advice)
        }
        guard let address = NodeAddress(setting.text.trimmed) else {
            throw ConfigurationError(
                setting: setting.name, problem: "'\(setting.text.prefix(80))' is not a socket address", advice: advice)
        }
        if let problem = address.problem {
            throw ConfigurationError(setting: setting.name, problem: problem, advice: advice)
        }
        return address
    }

    private static func view(
        _ setting: NodeSettings.Setting?, own: NodeAddress
    ) throws(ConfigurationError) -> [NodeAddress] {
        let example = "for example 127.0.0.1:8081,127.0.0.1:8082"
        guard let setting else {
            throw ConfigurationError(
                setting: "VIEW", problem: "is missing",
                advice: "Give the socket addresses of all nodes, this one's included, with commas between, \(example)")
        }
        var view: [NodeAddress] = []
        var seen: Set<NodeAddress> = []
        var spellings: [String: NodeAddress] = [:]
        for (index, part) in setting.text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let address = NodeAddress(String(part).trimmed) else {
                throw ConfigurationError(
                    setting: setting.name, problem: "entry \(index + 1), '\(part.prefix(80))', is not a socket address",
                    advice: "Give host:port entries with commas between, \(example)")
            }
            if let problem = address.problem {
                throw ConfigurationError(
                    setting: setting.name, problem: "entry \(index + 1), '\(address)': \(problem)",
                    advice: "Give every node's own host:port, \(example)")
            }
            guard seen.insert(address).inserted else {
                throw ConfigurationError(
                    setting: setting.name, problem: "'\(address)' stands in it twice", advice: "Name every node once")
            }
            for spelling in address.spellings {
                guard let other = spellings.updateValue(address, forKey: spelling) else { continue }
                throw ConfigurationError(
                    setting: setting.name, problem: "'\(other)' and '\(address)' are one node",
                    advice: "Name every node once, and on every node in the same way")
            }
            view.append(address)
        }
        guard view.count <= viewCountMax else {
            throw ConfigurationError(
                setting: setting.name, problem: "it names \(view.count) nodes, more than the \(viewCountMax) supported",
                advice: "Start with fewer nodes")
        }
        guard seen.contains(own) else {
            if let other = view.first(where: { $0.isSameNode(as: own) }) {
                throw ConfigurationError(
                    setting: setting.name, problem: "this node's own address, \(own), is in it as '\(other)'",
                    advice: "Write it in the same way everywhere: it is the node's identity")
            }
            throw ConfigurationError(
                setting: setting.name, problem: "this node's own address, \(own), is not in it",
                advice: "Add it, written exactly as in the socket address")
        }
        return view
    }

    private static func shardCount(_ setting: NodeSettings.Setting?, nodes: Int) throws(ConfigurationError) -> Int? {
        guard let setting else { return nil }
        guard let count = Int(setting.text.trimmed), count > 0 else {
            throw ConfigurationError(
                setting: setting.name, problem: "'\(setting.text.prefix(80))' is not a shard count",
                advice: "Give a whole number of 1 or more, or leave it out on a node that joins a running cluster")
        }
        guard nodes / count >= 2 else {
            throw ConfigurationError(
                setting: setting.name,
                problem: "a view of \(nodes) \(nodes == 1 ? "node is" : "nodes is") too small for \(count) "
                    + "\(count == 1 ? "shard" : "shards"), because every shard needs two nodes or more",
                advice: nodes >= 2
                    ? "Name more nodes in VIEW, or ask for \(nodes / 2) or fewer"
                    : "Name more nodes in VIEW")
        }
        return count
    }

    private static func number(
        _ value: Int?, flag: String, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int? {
        guard let value else { return nil }
        guard range.contains(value) else {
            throw ConfigurationError(
                setting: flag, problem: "\(value) is out of bounds",
                advice: "Give a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

extension String {
    /// The text without the white space around it, which copied addresses often carry.
    fileprivate var trimmed: String {
        let head = drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
