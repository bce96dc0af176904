import ShardCore
import ShardWire

/// Tells the nodes of small clusters lies while clients work: honest messages with false fields, through the codec.
///
/// Nothing may trap, no table may outgrow its bound, and lies beyond the bounds may change nothing. Lies within them
/// may do to a cluster what their sender could do: so each cluster gets a few thousand of them, and then there is a new
/// one.
public struct Fuzz: Sendable {
    /// The outcome of the lies.
    public struct Report: Sendable {
        public internal(set) var messages = 0
        public internal(set) var undecodable = 0
        public internal(set) var refused = 0
        public internal(set) var within = 0
        public internal(set) var compared = 0
        public internal(set) var clusters = 0
        public internal(set) var answers = 0
        /// The number of kinds of messages that lies were made of.
        public internal(set) var kinds = 0
        /// The largest size, at any node, of everything that is bounded, by name.
        public internal(set) var largest: [String: Int] = [:]
        public internal(set) var recordsMax = 0
        public internal(set) var failures: [String] = []
    }

    private static let messagesPerCluster = 2_000
    private static let nodeCount = 5
    private static let keys = (0..<40).map { "key\($0)" }
    /// The share of the lies for which the whole state is compared.
    private static let comparedShare = 0.05

    private let seed: UInt64
    private let messages: Int
    private let plantedBug: PlantedBug?

    public init(seed: UInt64, messages: Int, plantedBug: PlantedBug? = nil) {
        (self.seed, self.messages, self.plantedBug) = (seed, messages, plantedBug)
    }

    public func execute() -> Report {
        var report = Report()
        var random = SeededRandom(seed: seed)
        while report.messages < messages, report.failures.isEmpty {
            report.clusters += 1
            run(cluster: random.next(), &report)
        }
        return report
    }

    private func run(cluster seed: UInt64, _ report: inout Report) {
        var random = SeededRandom(seed: seed)
        let cluster = SimulatedCluster(seed: seed)
        let plantedBug = plantedBug
        cluster.found(count: Self.nodeCount, shardCount: 2) { $0.plantedBug = plantedBug }
        let nodes = (1...Self.nodeCount).map(SimulatedCluster.address)
        let ears = Ears(random: SeededRandom(seed: random.next()))
        cluster.onSend = { envelope, receiver in
            ears.overheard.hear(envelope, to: receiver)
            return true
        }
        cluster.run(milliseconds: 3_000)
        let lies = Lies(random: SeededRandom(seed: random.next()), nodes: nodes)
        var contexts = [CausalContext.empty]
        var open: [UInt64] = []
        let end = min(messages, report.messages + Self.messagesPerCluster)
        while report.messages < end, report.failures.isEmpty {
            work(cluster, nodes, &contexts, &open, &random, &report)
            for _ in 0..<4 { tell(lies, ears, cluster, nodes, &random, &report) }
            cluster.run(milliseconds: 1)
        }
        report.kinds = max(report.kinds, ears.overheard.kindCount)
        lookAtTables(cluster, nodes, &report)
    }

    /// The messages overheard, shared with the cluster's hook.
    private final class Ears {
        var overheard: Overheard
        init(random: SeededRandom) { overheard = Overheard(random: random) }
    }

    private func work(
        _ cluster: SimulatedCluster, _ nodes: [NodeAddress], _ contexts: inout [CausalContext], _ open: inout [UInt64],
        _ random: inout SeededRandom, _ report: inout Report
    ) {
        guard let node = nodes.randomElement(using: &random), let key = Self.keys.randomElement(using: &random),
            let context = contexts.randomElement(using: &random)
        else { return }
        let request: Request =
            switch Int.random(in: 0..<200, using: &random) {
            case 0: .reshard(shardCount: Int.random(in: 1...2, using: &random), force: Bool.random(using: &random))
            case 1: .planReshard(shardCount: 2)
            case 2: .locate(key: key)
            case 3: .keyCount(shard: 0)
            case 4: .status
            case 5: .addToView(node)
            case 6..<80: .get(key: key, context: context)
            case 80..<100: .delete(key: key, context: context)
            default: .put(key: key, value: [0x31], context: context)
            }
        if let id = cluster.submit(request, to: node) { open.append(id) }
        open.removeAll { id in
            guard let reply = cluster.takeReply(id) else { return false }
            report.answers += 1
            if let context = reply.context {
                if contexts.count < 20 { contexts.append(context) } else { contexts.removeLast() }
            }
            return true
        }
        if open.count > 2_000 { open.removeFirst(1_000) }
    }

    private func tell(
        _ lies: Lies, _ ears: Ears, _ cluster: SimulatedCluster, _ nodes: [NodeAddress], _ random: inout SeededRandom,
        _ report: inout Report
    ) {
        guard let (envelope, receiver) = ears.overheard.any() else { return }
        let target = random.chance(0.8) ? receiver : nodes.randomElement(using: &random) ?? receiver
        report.messages += 1
        guard let lie = try? MessageCodec.decode(lies.frame(envelope)) else {
            report.undecodable += 1
            return
        }
        let isCompared = random.chance(Self.comparedShare)
        switch cluster.judge(lie, at: target, isCompared: isCompared) {
        case .refused:
            report.refused += 1
            if isCompared { report.compared += 1 }
        case .within: report.within += 1
        case .believed(let text):
            return report.failures.append("\(text): \(MessageText.brief(lie)) from \(lie.from) to \(target)")
        }
        cluster.feed(.message(lie), to: target)
    }

    private func lookAtTables(_ cluster: SimulatedCluster, _ nodes: [NodeAddress], _ report: inout Report) {
        for node in nodes {
            guard let (sizes, records) = cluster.look(at: node, { ($0.tableSizes, $0.storedRecords.count) }) else {
                continue
            }
            report.recordsMax = max(report.recordsMax, records)
            for (name, count, bound) in sizes {
                report.largest[name] = max(report.largest[name] ?? 0, count)
                if count > bound { report.failures.append("\(node) has \(count) \(name), more than \(bound)") }
            }
        }
    }
}
