import ShardCore

/// Clients that read and write through random nodes, each carrying the context of its session, and the checks on
/// what they are answered.
///
/// Every value is unique, so a value read names the one write that made it. A write's parent is the value that its
/// session had seen under the key, so the parents of a value are the writes it causally follows there.
public final class Workload {
    public struct Session {
        let id: Int
        var context = CausalContext.empty
        /// Under each key, the value that the session saw last.
        var seen: [String: Int] = [:]
        var open: (request: UInt64, key: String, write: Int?)?
        var sinceMicroseconds: UInt64 = 0
    }

    public private(set) var violations: [String] = []
    public private(set) var answered = 0
    public private(set) var refused: [String: Int] = [:]
    /// Writes that were answered, by value.
    public private(set) var acknowledged: Set<Int> = []

    private let cluster: SimulatedCluster
    private let keys: [String]
    private var sessions: [Session]
    private var lastValue = 0
    /// The key and the parent of every write tried.
    private var writes: [Int: (key: String, parent: Int?)] = [:]
    private let writeShare: Double

    public init(cluster: SimulatedCluster, sessionCount: Int, keyCount: Int, writeShare: Double = 0.5) {
        self.cluster = cluster
        self.writeShare = writeShare
        keys = (0..<keyCount).map { "key\($0)" }
        sessions = (0..<sessionCount).map { Session(id: $0) }
    }

    /// Runs for the time given, each session with one request open at a time.
    public func run(milliseconds: UInt64, isWriting: Bool = true) {
        let end = cluster.nowMicroseconds + milliseconds * 1_000
        while cluster.nowMicroseconds < end {
            for index in sessions.indices { step(index, isWriting: isWriting) }
            cluster.run(milliseconds: 1)
        }
    }

    private func step(_ index: Int, isWriting: Bool) {
        if let open = sessions[index].open {
            if let reply = cluster.takeReply(open.request) {
                sessions[index].open = nil
                take(reply, open.key, open.write, index)
            } else if cluster.nowMicroseconds > sessions[index].sinceMicroseconds + 8_000_000 {
                // The node died, and its answer with it: nobody knows whether the write was carried out.
                sessions[index].open = nil
                refused["no answer", default: 0] += 1
            } else {
                return
            }
        }
        guard let node = cluster.running.randomElement(using: &cluster.random),
            let key = keys.randomElement(using: &cluster.random)
        else { return }
        let context = sessions[index].context
        var write: Int?
        let request: Request
        if isWriting, cluster.random.chance(writeShare) {
            lastValue += 1
            write = lastValue
            writes[lastValue] = (key, sessions[index].seen[key])
            request = .put(key: key, value: Array("\(lastValue)".utf8), context: context)
        } else {
            request = .get(key: key, context: context)
        }
        guard let id = cluster.submit(request, to: node) else { return }
        sessions[index].open = (id, key, write)
        sessions[index].sinceMicroseconds = cluster.nowMicroseconds
    }

    private func take(_ reply: Reply, _ key: String, _ write: Int?, _ index: Int) {
        switch reply {
        case .found(let value, let context):
            guard let value = Int(String(decoding: value, as: UTF8.self)) else {
                return violations.append("\(key) holds what nobody wrote")
            }
            check(value, key, index)
            sessions[index].seen[key] = value
            sessions[index].context = context
        case .noSuchKey(let context):
            if let last = sessions[index].seen[key] {
                violations.append("session \(index) saw \(last) under \(key), then no such key")
            }
            sessions[index].context = context
        case .created(let context, _), .replaced(let context, _):
            if let write {
                acknowledged.insert(write)
                sessions[index].seen[key] = write
            }
            sessions[index].context = context
        case .refused(let refusal):
            refused["\(refusal)", default: 0] += 1
            return
        default:
            violations.append("an answer of another kind: \(reply)")
        }
        answered += 1
    }

    private func check(_ value: Int, _ key: String, _ index: Int) {
        guard let write = writes[value], write.key == key else {
            return violations.append("\(key) holds \(value), which was never written to it")
        }
        if let last = sessions[index].seen[key], isAncestor(value, of: last) {
            violations.append("session \(index) saw \(last) under \(key), then the older \(value)")
        }
    }

    /// True where `value` was seen, directly or through others, by the write of `later`.
    private func isAncestor(_ value: Int, of later: Int) -> Bool {
        var current = writes[later]?.parent
        while let parent = current {
            if parent == value { return true }
            current = writes[parent]?.parent
        }
        return false
    }

    /// Acknowledged writes whose key holds nothing, or something that they had already seen and replaced.
    ///
    /// - Parameter values: what every key holds once everything has settled.
    public func lost(given values: [String: Int]) -> [Int] {
        acknowledged.filter { write in
            guard let key = writes[write]?.key, let held = values[key] else { return true }
            return held != write && isAncestor(held, of: write)
        }.sorted()
    }

    public var allKeys: [String] { keys }
}
