import ValkeyClient

/// One node of a paper cluster. A test changes it as it likes, inside ``PaperCluster/change(_:)``.
public struct PaperNode: Sendable {
    /// What the others think of it.
    public enum Condition: Sendable {
        case well, suspected, failed, handshake, noAddress
    }

    public let id: String
    public let port: Int
    /// The place of its primary in ``PaperState/nodes``; nil for a primary.
    public var primary: Int?
    /// What it owns, as all see it who see nothing else by their ``view``.
    public var slots = SlotSet()
    public var epoch: Int
    /// Open slots, with the place of the other node.
    public var migrating: [Int: Int] = [:]
    public var importing: [Int: Int] = [:]
    public var condition = Condition.well
    /// False once it was killed.
    public internal(set) var isRunning = true
    /// It answers what needs its data with LOADING.
    public var isLoading = false
    /// Keys with their values, by slot. A replica shows those of its primary.
    public var keys: [Int: [String: [UInt8]]] = [:]
    /// Keys more without names, in every slot that it owns: what a large cluster has.
    public var unnamedKeysPerSlot = 0
    /// Where it sees another owner than the others do, by slot; nil for nobody.
    public var view: [Int: Int?] = [:]
    /// It does not know those any more.
    public var forgotten: Set<Int> = []
    /// Nodes know each other that are in one circle.
    public var circle = 0
    /// Fields of INFO that are not as they would be, by name; an empty one is left out.
    public var info: [String: String] = [:]
    /// Answers to CONFIG GET.
    public var configuration = ["cluster-node-timeout": "15000", "cluster-allow-replica-migration": "yes"]
    /// How often each was asked for, as INFO names them: `cluster|setslot`.
    public internal(set) var commandCounts: [String: Int] = [:]

    init(id: String, port: Int, epoch: Int) {
        self.id = id
        self.port = port
        self.epoch = epoch
    }

    public var isReplica: Bool { primary != nil }
}
