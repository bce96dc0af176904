import Synchronization

@testable import ValkeyClient

/// Servers that are made up, with clients that read and write between any two commands, on one seed: how slots that are
/// open behave as in Redis 7, whose replicas know nothing of what their primary has open, or as in Valkey 9, which tells its
/// replicas before it does what it is told about a slot.
///
/// Word spreads from node to node at random. A node that hears of a later owner of a slot drops the keys that it has of it.
/// Who is told to die does so before, within or after what it is asked, and its replica takes its place some calls later.
/// It comes back then, as a replica of that one, and nobody takes it for the owner of anything any more. One of Valkey that
/// takes a slot in still, which its replica knew to be its own, gives itself a later epoch than the one that took its place,
/// and what that one has got meanwhile is gone.
final class SlotWorld: ServerCalls {
    struct Node {
        let id: NodeID
        let address: ServerAddress
        var isUp = true
        /// Whose replica it is.
        var primary: Int?
        var epoch: Int
        /// Who owns each slot, as it has heard.
        var view: [Int: Int]
        var viewEpochs: [Int: Int]
        var migrating: [Int: Int] = [:]
        var importing: [Int: Int] = [:]
        var keys: [Int: [String: Int]] = [:]
        /// What its replica has not received yet: slot, key and value or deletion.
        var unsent: [(slot: Int, key: String, value: Int?)] = []
    }

    /// What the seed decides.
    struct Chances {
        /// In a hundred.
        var gossip = 10
        var client = 40
        /// Of a client's requests, in ten.
        var deletes = 1
        /// From a death until nobody else is to die.
        var clientsRestAfterDeath = false
        /// That an answer is lost, on the way from a server, or from the target of a MIGRATE to its source.
        var lostAnswer = 0
        var lostMigrate = 0
        /// After so many calls who dies.
        var death: (call: Int, node: Int)?
        var replicationLagMax = 0
        var isValkey = false
    }

    struct State {
        var nodes: [Node]
        var random: SeededGenerator
        var chances: Chances
        var calls = 0
        var failoverAt: [Int: Int] = [:]
        var returnAt: [Int: (call: Int, primary: Int)] = [:]
        /// What clients were told is written; nil for deleted.
        var truth: [String: Int?] = [:]
        /// Written and lost with who died, before its replica had it. Nothing is expected of those.
        var unreplicated: Set<String> = []
        var written = 0
        var wrongReads: [String] = []
        var dropped: [String] = []
        /// How often one that was replaced took its place back.
        var takenBack = 0
    }

    static let activeSlots = Array(0..<24)
    let state: Mutex<State>

    /// Primaries share the active slots, except for the last, which is a spare; each has a replica.
    init(seed: UInt64, primaries: Int = 4, chances: Chances = Chances()) {
        var nodes: [Node] = []
        var view: [Int: Int] = [:]
        for slot in Self.activeSlots { view[slot] = slot % (primaries - 1) }
        let epochs = Dictionary(uniqueKeysWithValues: view.map { ($0.key, $0.value + 1) })
        for index in 0..<(2 * primaries) {
            nodes.append(
                Node(
                    id: .test(index + 1), address: .test(index), primary: index < primaries ? nil : index - primaries,
                    epoch: index < primaries ? index + 1 : 0, view: view, viewEpochs: epochs))
        }
        state = Mutex(State(nodes: nodes, random: SeededGenerator(seed: seed), chances: chances))
        state.withLock { state in
            for number in 0..<80 { state.write("k\(number)") }
            for index in state.nodes.indices { state.replicate(index, leaving: 0) }
        }
    }

    func peer(_ index: Int) -> Peer {
        state.withLock { Peer(id: $0.nodes[index].id, address: $0.nodes[index].address) }
    }

    func send(
        _ commands: [Command], to server: ServerAddress, lane: Int, within limit: Duration
    ) async throws(ServerError) -> [RESPValue] {
        let result = state.withLock { $0.handle(commands, server) }
        // Others get their turn between any two calls.
        await Task.yield()
        return try result.get()
    }
}

extension SlotWorld.State {
    mutating func chance(_ hundredths: Int) -> Bool { Int.random(in: 0..<100, using: &random) < hundredths }

    mutating func handle(_ commands: [Command], _ server: ServerAddress) -> Result<[RESPValue], ServerError> {
        calls += 1
        passTime()
        guard let index = nodes.firstIndex(where: { $0.address == server }), nodes[index].isUp else {
            return .failure(ServerError(.unreachable, at: server, "no connection"))
        }
        var done = commands.count
        let dies = chances.death.map { calls >= $0.call && $0.node == index } ?? false
        if dies { done = Int.random(in: 0...commands.count, using: &random) }
        var replies: [RESPValue] = []
        for command in commands.prefix(done) {
            replies.append(answer(command, index, &replies))
            // Commands of one call stand close together, but other clients come in between.
            if chance(chances.client / 4) { client() }
        }
        if dies {
            if chances.isValkey, done < commands.count, chance(50) {
                tellReplica(commands[done], of: index)
                if done > 0 { doubtTheLast(commands[(done - 1)...done], of: index) }
            }
            kill(index)
        }
        if dies || chance(chances.lostAnswer) {
            return .failure(ServerError(.lost, at: server, "the connection ended"))
        }
        return .success(replies)
    }

    /// What goes on by itself between two calls.
    mutating func passTime() {
        for (dead, call) in failoverAt where calls >= call {
            failoverAt[dead] = nil
            promote(dead)
        }
        for (dead, coming) in returnAt where calls >= coming.call {
            returnAt[dead] = nil
            comeBack(dead, to: coming.primary)
        }
        if chance(chances.gossip) { spread(from: nodes.indices.randomElement(using: &random) ?? 0) }
        while chance(chances.client) { client() }
        let lag = chances.replicationLagMax == 0 ? 0 : Int.random(in: 0...chances.replicationLagMax, using: &random)
        for index in nodes.indices where nodes[index].isUp { replicate(index, leaving: lag) }
    }

    mutating func kill(_ index: Int) {
        nodes[index].isUp = false
        chances.death = nil
        failoverAt[index] = calls + Int.random(in: 5...40, using: &random)
        if chances.clientsRestAfterDeath { chances.client = 0 }
        for op in nodes[index].unsent { unreplicated.insert(op.key) }
    }

    private mutating func promote(_ dead: Int) {
        guard let replica = nodes.indices.first(where: { nodes[$0].primary == dead && nodes[$0].isUp }) else { return }
        let slots = nodes[replica].view.filter { [dead, replica].contains($0.value) }.keys
        // Nobody votes for the replica of a primary without slots.
        guard !slots.isEmpty else { return }
        become(primary: replica, insteadOf: dead, slots: Array(slots))
        returnAt[dead] = (calls + Int.random(in: 1...(chances.isValkey ? 80 : 10), using: &random), replica)
    }

    private mutating func comeBack(_ dead: Int, to primary: Int) {
        nodes[dead].isUp = true
        if chances.isValkey {
            let missed = nodes[dead].importing.filter { slot, source in nodes[source].view[slot] != source }.keys
            if !missed.isEmpty { return takeBack(dead, from: primary, Array(missed)) }
        }
        nodes[dead].primary = primary
        (nodes[dead].view, nodes[dead].viewEpochs) = (nodes[primary].view, nodes[primary].viewEpochs)
        (nodes[dead].keys, nodes[dead].unsent) = (nodes[primary].keys, [])
        (nodes[dead].migrating, nodes[dead].importing) = ([:], [:])
        for index in nodes.indices {
            for (slot, owner) in nodes[index].view where owner == dead { nodes[index].view[slot] = nil }
        }
    }

    /// A primary that comes back and finds that a slot which it takes in has left its source makes the slot its own, with
    /// an epoch of its own making.
    private mutating func takeBack(_ old: Int, from heir: Int, _ missed: [Int]) {
        let own = nodes[old].view.filter { $0.value == old }.keys
        nodes[old].epoch = (nodes.map(\.epoch).max() ?? 0) + 1
        for slot in missed { nodes[old].importing[slot] = nil }
        for slot in Array(own) + missed { claim(slot, old) }
        nodes[heir].primary = old
        for index in nodes.indices where index != old {
            for (slot, other) in nodes[index].migrating where other == heir { nodes[index].migrating[slot] = old }
        }
        spread(from: old)
        (nodes[heir].view, nodes[heir].viewEpochs) = (nodes[old].view, nodes[old].viewEpochs)
        (nodes[heir].keys, nodes[heir].unsent) = (nodes[old].keys, [])
        takenBack += 1
    }

    mutating func become(primary replica: Int, insteadOf dead: Int, slots: [Int]) {
        nodes[replica].primary = nil
        nodes[replica].epoch = (nodes.map(\.epoch).max() ?? 0) + 1
        for slot in slots { claim(slot, replica) }
        if chances.isValkey {
            for (slot, keys) in nodes[replica].keys
            where nodes[replica].view[slot] != replica && nodes[replica].importing[slot] == nil {
                nodes[replica].keys[slot] = nil
                dropped += keys.keys
            }
            for index in nodes.indices where nodes[index].isUp {
                for (slot, other) in nodes[index].migrating where other == dead {
                    nodes[index].migrating[slot] = replica
                }
                for (slot, other) in nodes[index].importing where other == dead {
                    nodes[index].importing[slot] = replica
                }
            }
        }
        spread(from: replica)
    }

    mutating func claim(_ slot: Int, _ index: Int) {
        nodes[index].view[slot] = index
        nodes[index].viewEpochs[slot] = nodes[index].epoch
    }

    /// Everyone who is up hears what a primary has.
    mutating func spread(from sender: Int) {
        guard nodes[sender].isUp, nodes[sender].primary == nil else { return }
        for receiver in nodes.indices where receiver != sender && nodes[receiver].isUp {
            for (slot, owner) in nodes[sender].view where owner == sender && nodes[receiver].view[slot] != sender {
                guard chances.isValkey || nodes[receiver].importing[slot] == nil,
                    nodes[sender].epoch > nodes[receiver].viewEpochs[slot] ?? 0
                else { continue }
                if nodes[receiver].primary == nil, nodes[receiver].view[slot] == receiver,
                    let keys = nodes[receiver].keys.removeValue(forKey: slot)
                {
                    dropped += keys.keys
                }
                nodes[receiver].view[slot] = sender
                nodes[receiver].viewEpochs[slot] = nodes[sender].epoch
                if chances.isValkey {
                    nodes[receiver].migrating[slot] = nil
                    if nodes[receiver].importing[slot] != sender { nodes[receiver].importing[slot] = nil }
                }
            }
        }
    }

    mutating func set(_ slot: Int, _ key: String, _ value: Int?, at index: Int) {
        nodes[index].keys[slot, default: [:]][key] = value
        nodes[index].unsent.append((slot, key, value))
    }

    mutating func replicate(_ index: Int, leaving lag: Int) {
        guard let replica = nodes.indices.first(where: { nodes[$0].primary == index }) else {
            nodes[index].unsent = []
            return
        }
        while nodes[index].unsent.count > lag {
            let op = nodes[index].unsent.removeFirst()
            nodes[replica].keys[op.slot, default: [:]][op.key] = op.value
        }
    }
}
