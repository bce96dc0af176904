import Foundation
import ShardWire

@testable import ShardCore
@testable import ShardSim

/// A scenario as text: commands to a cluster, and under each what the nodes then say to each other and to the client. A line
/// that begins with `>` is a command; what is indented below it is what came of it; all else is for the reader.
///
/// Nodes are called by their numbers, from 1. `as NAME` keeps what that client has seen, and sends it along; without it a
/// client has seen nothing. `quietly` leaves out what nodes say.
final class Play {
    struct CommandError: Error, CustomStringConvertible {
        let description: String
    }

    private let cluster: SimulatedCluster
    private var seen: [String: CausalContext] = [:]
    private var told: [String] = []
    /// A node dies as it sends its first message of a kind.
    private var trap: (node: NodeAddress, kind: MessageKind)?
    private var founders: [NodeAddress] = []
    private var shardCount = 0
    /// A mistake that all nodes make.
    private let plantedBug: PlantedBug?

    init(seed: UInt64, plantedBug: PlantedBug?) {
        self.plantedBug = plantedBug
        cluster = SimulatedCluster(seed: seed)
        cluster.onSend = { [unowned self] envelope, peer in isSent(envelope, to: peer) }
    }

    /// The same text with what comes of its commands now.
    static func perform(_ text: String, plantedBug: PlantedBug? = nil) throws -> String {
        let play = Play(seed: 1, plantedBug: plantedBug)
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("  ") {
            lines.append(String(line))
            guard line.hasPrefix("> ") else { continue }
            lines += try play.carryOut(String(line.dropFirst(2))).map { "  " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    private func carryOut(_ command: String) throws -> [String] {
        var words = command.split(separator: " ").map(String.init)
        var isQuiet = words.first == "quietly"
        if isQuiet { words.removeFirst() }
        // How a cluster is founded would be the same in each play.
        isQuiet = isQuiet || words.first == "found"
        told = []
        let before = cluster.occurrences.count
        let answer = try answer(to: words)
        let events = cluster.occurrences[before...].filter { $0.2.kind != .nodeUp }.map { "* " + short($0.2.text) }
        return (isQuiet ? [] : Self.counted(told) + Self.counted(events)) + answer
    }

    // MARK: Commands

    private func answer(to words: [String]) throws -> [String] {
        switch words.first {
        case "found": try found(words)
        case "put": return ask(.put(key: words[1], value: Array(words[2].utf8), context: context(words)), words)
        case "get": return ask(.get(key: words[1], context: context(words)), words)
        case "delete": return ask(.delete(key: words[1], context: context(words)), words)
        case "reshard":
            return ask(.reshard(shardCount: try number(words, after: "to"), force: words.contains("forced")), words)
        case "remove": return ask(.removeFromView(try node(words[1])), words)
        case "crash" where words.contains("before"):
            guard let kind = MessageKind(rawValue: words.last ?? "") else { throw unknown(words) }
            trap = (try node(words[1]), kind)
        case "crash": cluster.crash(try node(words[1]))
        case "start":
            cluster.start(try node(words[1]), view: founders, shardCount: shardCount, adjust: plant)
        case "cut":
            let (one, other) = (try node(words[1]), try node(words[3]))
            cluster.network.partition([one], from: [other])
        case "heal": cluster.network.heal()
        case "set":
            let ahead = Int64(try number(words, after: "ahead")) * 1_000
            cluster.skew(try node(words[4]), byMicroseconds: ahead)
        case "pass": cluster.run(milliseconds: UInt64(words[1]) ?? 0)
        case "settle": return settle(cluster) ? [] : ["it does not settle"]
        case "layout": return layout()
        case "who" where words.last == "bound": return bound()
        case "who": return holders(of: words[2])
        case "tombstones":
            return [
                cluster.running.map { "\(name($0)): \(cluster.status(of: $0)?.tombstones ?? -1)" }.joined(
                    separator: ", ")
            ]
        default: throw unknown(words)
        }
        return []
    }

    private func found(_ words: [String]) throws {
        shardCount = try number(words, after: "in")
        let acks = words.contains("acks") ? try number(words, after: "with") : 1
        cluster.found(count: try number(words, after: "found"), shardCount: shardCount) {
            $0.writeAcks = acks
            plant(&$0)
        }
        founders = cluster.running
        _ = settle(cluster)
        // All have their votes then.
        cluster.run(milliseconds: 1_000)
    }

    private func plant(_ configuration: inout ReplicaConfiguration) {
        configuration.plantedBug = plantedBug
        // A mistake is to show in what nodes say.
        configuration.checksInvariants = plantedBug == nil
    }

    private func ask(_ request: Request, _ words: [String]) -> [String] {
        guard let place = words.firstIndex(of: "at"), let node = try? node(words[place + 1]) else {
            return ["at which node?"]
        }
        guard let reply = cluster.ask(request, at: node) else { return ["no answer"] }
        // What follows at once is part of it.
        cluster.run(milliseconds: 5)
        if let name = client(words), let context = reply.context { seen[name] = context }
        return ["= " + text(reply)]
    }

    private func client(_ words: [String]) -> String? {
        words.firstIndex(of: "as").map { words[$0 + 1] }
    }

    private func context(_ words: [String]) -> CausalContext { client(words).flatMap { seen[$0] } ?? .empty }

    private func layout() -> [String] {
        let layouts = Set(cluster.running.compactMap { cluster.replica(of: $0)?.recordInForce.layout })
        return layouts.sorted { $0.epoch < $1.epoch }.map { layout in
            let shards = layout.shards.enumerated().map { shard, members in
                "shard \(shard): \(members.map(name).joined(separator: " "))"
            }
            return "epoch \(layout.epoch), " + shards.joined(separator: ", ")
        }
    }

    private func holders(of key: String) -> [String] {
        let held = cluster.running.compactMap { node -> String? in
            guard let record = cluster.replica(of: node)?.storedRecords.first(where: { $0.key == key }) else {
                return nil
            }
            return
                "\(name(node)) holds \(record.entry.value.map { String(decoding: $0, as: UTF8.self) } ?? "that it is deleted")"
        }
        return [held.isEmpty ? "nobody holds it" : held.joined(separator: ", ")]
    }

    /// Those who promised a coordinator to wait for it.
    private func bound() -> [String] {
        let nodes = cluster.running.filter { cluster.replica(of: $0)?.acceptor.bound != nil }
        return [nodes.isEmpty ? "nobody is" : nodes.map(name).joined(separator: " ")]
    }

    // MARK: Words

    private func unknown(_ words: [String]) -> CommandError {
        CommandError(description: "'\(words.joined(separator: " "))' is no command of a play")
    }

    private func node(_ word: String) throws -> NodeAddress {
        guard let number = Int(word), (1...99).contains(number) else {
            throw CommandError(description: "'\(word)' is no number of a node")
        }
        return SimulatedCluster.address(number)
    }

    private func number(_ words: [String], after word: String) throws -> Int {
        guard let place = words.firstIndex(of: word), words.indices.contains(place + 1),
            let number = Int(words[place + 1])
        else { throw unknown(words) }
        return number
    }

    private func name(_ node: NodeAddress) -> String {
        (1...99).first { SimulatedCluster.address($0) == node }.map(String.init) ?? "\(node)"
    }

    /// With numbers in place of addresses.
    private func short(_ text: String) -> String {
        founders.reversed().reduce(text) { $0.replacing($1.description, with: "node \(name($1))") }
    }

    private func text(_ reply: Reply) -> String {
        switch reply {
        case .found(let value, _): "found \(String(decoding: value, as: UTF8.self))"
        case .created(_, let shard): "created in shard \(shard)"
        case .replaced(_, let shard): "replaced in shard \(shard)"
        case .deleted(_, let shard): "deleted in shard \(shard)"
        case .noSuchKey: "no such key"
        case .resharded(let progress): "resharded, epoch \(progress.toEpoch)"
        case .refused(let refusal): "refused: \(refusal)"
        default: MessageText.kind(reply)
        }
    }

    private func isSent(_ envelope: Envelope, to peer: NodeAddress) -> Bool {
        if let trap, trap.node == envelope.from, MessageKind(envelope.message) == trap.kind {
            self.trap = nil
            told.append("\(name(envelope.from)) dies")
            cluster.crash(envelope.from)
            return false
        }
        guard cluster.start(of: envelope.from) != nil else { return false }
        guard let words = words(of: envelope.message) else { return true }
        told.append("\(name(envelope.from)) -> \(name(peer)): \(words)")
        return true
    }

    private func words(of records: [Record]) -> String {
        records.map { record in
            "\(record.key)=\(record.entry.value.map { String(decoding: $0, as: UTF8.self) } ?? "deleted")"
        }.sorted().joined(separator: " ")
    }

    /// Nil for what is said all the time.
    private func words(of message: Message) -> String? {
        switch message {
        case .heartbeat, .lease, .replicated: nil
        case .replicate(let replication): replication.records.isEmpty ? nil : "keep \(words(of: replication.records))"
        case .handOn(_, let records): "this is yours now: \(words(of: records))"
        case .handedOn: "I have what you handed on"
        case .baselineExtended: "what I wrote before is with its owners"
        case .fetch: "what do I lack?"
        case .fetched(let page): page.records.isEmpty ? "nothing" : words(of: page.records)
        case .epochWanted: "which layout is in force?"
        case .epoch(let record): "epoch \(record.layout.epoch) is in force"
        case .forward(let forward): "a client asks you: \(forward.request.key ?? "")"
        case .forwarded(_, let reply): text(reply)
        case .leaving: "I stop"
        case .otherCluster: "I belong to another cluster"
        case .laterStart: "I know of a later start of yours"
        case .probe, .probed, .count, .counted: nil
        case .prepare(_, let ballot): "promise me, round \(ballot.round)"
        case .recover(_, let ballot): "promise me, as your coordinator is silent, round \(ballot.round)"
        case .promised(_, _, let accepted, _): accepted == nil ? "I promise" : "I promise, and have accepted something"
        case .busy: "I have promised more to another"
        case .collate: "which keys have you?"
        case .collated(_, let page): "\(page.keys.count) keys"
        case .gather: "give me these entries"
        case .gathered(_, let page): words(of: page.records)
        case .stage(_, let batch):
            batch.records.isEmpty ? "this is the layout to come" : "prepare \(words(of: batch.records))"
        case .staged: "prepared"
        case .freeze: "hold writes"
        case .frozen: "I hold them"
        case .change: "what has changed since?"
        case .changed(_, let page): page.records.isEmpty ? "nothing" : "changed: \(words(of: page.records))"
        case .accept(_, _, let record): "accept epoch \(record.layout.epoch)"
        case .accepted: "accepted"
        case .commit(let record): "epoch \(record.layout.epoch) is decided"
        case .committed: "it is in force here"
        case .abort: "it is off"
        case .close: "accept nothing of what was left behind"
        case .votesWanted: "what may I have voted?"
        case .votes: "this is what I know"
        }
    }

    /// Lines that follow one another and are the same, as one.
    private static func counted(_ lines: [String]) -> [String] {
        var found: [(line: String, count: Int)] = []
        for line in lines {
            if found.last?.line == line { found[found.count - 1].count += 1 } else { found.append((line, 1)) }
        }
        return found.map { $0.count > 1 ? "\($0.line) (\($0.count) times)" : $0.line }
    }
}

extension Reply {
    fileprivate var context: CausalContext? {
        switch self {
        case .found(_, let context), .created(let context, _), .replaced(let context, _), .deleted(let context, _),
            .noSuchKey(let context):
            context
        default: nil
        }
    }
}
