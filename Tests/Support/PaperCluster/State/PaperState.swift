import ValkeyClient

/// All that is written on the paper. No clock runs in it: what a real cluster does by itself happens at once, or when a
/// test says so.
public struct PaperState: Sendable {
    public let engine: PaperEngine
    public var nodes: [PaperNode] = []
    /// True: a slot's new owner is known to all as soon as it says so itself. False: everybody has to be told.
    public var gossips = true
    /// Without an owner for each slot nobody serves anything.
    public var needsAllSlots = true
    public var jobs: [PaperJob] = []
    /// True: jobs stay in the state that they are in.
    public var holdsJobs = false
    /// Of the user `default`; nil lets everybody in.
    public var password: String?
    public var users: [String: PaperUser] = [:]
    /// What goes wrong, the oldest first.
    public var faults: [PaperFault] = []
    /// Every command with who got it, in order, while this is not nil.
    public var record: [PaperCall]?

    var cache = TopologyCache()
    private var numbers: UInt64 = 0

    init(engine: PaperEngine) { self.engine = engine }

    /// An id or a name of 40 digits that no other has.
    mutating func newName() -> String {
        numbers += 1
        // Spread out, so that names do not look alike to people either.
        let text = String(numbers &* 0x9E37_79B9_7F4A_7C15, radix: 16)
        let padded = String(repeating: "0", count: 16 - text.count) + text
        return padded + String(repeating: "0", count: 8) + padded
    }

    mutating func addNode(port: Int) -> Int {
        nodes.append(PaperNode(id: newName(), port: port, epoch: nodes.count + 1))
        return nodes.count - 1
    }

    // MARK: Who is who

    public func index(id: String) -> Int? { nodes.firstIndex { $0.id == id } }
    public func index(port: Int) -> Int? { nodes.firstIndex { $0.port == port } }

    public func knows(_ node: Int, _ other: Int) -> Bool {
        node == other || nodes[node].circle == nodes[other].circle && !nodes[node].forgotten.contains(other)
    }

    /// By its id, among those that a node knows.
    func index(id: String, knownTo node: Int) -> Int? { index(id: id).flatMap { knows(node, $0) ? $0 : nil } }

    public func replicas(of primary: Int) -> [Int] { nodes.indices.filter { nodes[$0].primary == primary } }

    /// Who owns a slot.
    public func owner(_ slot: Int) -> Int? {
        guard let slot = HashSlot(slot) else { return nil }
        return nodes.firstIndex { $0.slots.contains(slot) }
    }

    /// Who owns a slot in the eyes of a node.
    public func owner(_ slot: Int, seenBy node: Int) -> Int? {
        if let own = nodes[node].view[slot] { return own }
        if let number = HashSlot(slot), nodes[node].slots.contains(number) { return node }
        return owner(slot).flatMap { knows(node, $0) ? $0 : nil }
    }

    // MARK: What a test does to it

    /// Gives a slot to a node, in the eyes of all.
    public mutating func give(_ slots: SlotSet, to node: Int?) {
        for index in nodes.indices {
            nodes[index].slots.subtract(slots)
            nodes[index].view = nodes[index].view.filter { HashSlot($0.key).map { !slots.contains($0) } ?? false }
        }
        if let node { nodes[node].slots.formUnion(slots) }
    }

    /// Puts a key where its slot is at home.
    public mutating func put(_ key: String, _ value: String) {
        let slot = HashSlot(key: key).number
        if let owner = owner(slot) { nodes[owner].keys[slot, default: [:]][key] = Array(value.utf8) }
    }

    public func value(_ key: String, at node: Int) -> String? {
        nodes[node].keys[HashSlot(key: key).number]?[key].map { String(decoding: $0, as: UTF8.self) }
    }

    /// A replica takes its primary's place and data; that one is its replica when it comes back.
    public mutating func promote(_ replica: Int) {
        guard let primary = nodes[replica].primary else { return }
        nodes[replica].keys = nodes[primary].keys
        nodes[replica].unnamedKeysPerSlot = nodes[primary].unnamedKeysPerSlot
        nodes[replica].epoch = (nodes.map(\.epoch).max() ?? 0) + 1
        nodes[replica].primary = nil
        nodes[replica].migrating = nodes[primary].migrating
        nodes[replica].importing = nodes[primary].importing
        give(nodes[primary].slots, to: replica)
        nodes[primary].migrating = [:]
        nodes[primary].importing = [:]
        nodes[primary].keys = [:]
        nodes[primary].unnamedKeysPerSlot = 0
        for index in nodes.indices where index == primary || nodes[index].primary == primary {
            nodes[index].primary = replica
        }
    }

    /// Who holds what a node shows: itself, or its primary.
    func store(_ node: Int) -> Int { nodes[node].primary ?? node }

    public func keyCount(_ node: Int) -> Int {
        let store = nodes[store(node)]
        return store.keys.values.reduce(0) { $0 + $1.count } + store.unnamedKeysPerSlot * store.slots.count
    }

    public func keyCount(_ node: Int, inSlot slot: Int) -> Int {
        let store = nodes[store(node)]
        let unnamed = HashSlot(slot).map { store.slots.contains($0) } == true ? store.unnamedKeysPerSlot : 0
        return (store.keys[slot]?.count ?? 0) + unnamed
    }
}

/// A user of the access control list.
public struct PaperUser: Sendable {
    public var password: String
    /// As INFO names them, `cluster|setslot`, and without a subcommand for all of a command.
    public var mayNot: Set<String>

    public init(password: String, mayNot: Set<String> = []) {
        self.password = password
        self.mayNot = mayNot
    }
}

/// A command that came.
public struct PaperCall: Sendable, Hashable {
    public let node: Int
    public let words: [String]
}
