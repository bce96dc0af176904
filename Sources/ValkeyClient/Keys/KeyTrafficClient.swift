/// One client of the traffic: it writes and reads keys of its own, one after another, and holds the cluster to what it
/// acknowledged.
public struct KeyTrafficClient: Sendable {
    public static let keysPerClient = 5

    public enum Outcome: Sendable, Equatable {
        case fine
        /// No answer, or a refusal; what kind, and in words.
        case failed(ServerError.Kind, String)
        /// An acknowledged value is gone, and nothing happened that excuses it.
        case wrong(String)
        /// An acknowledged value is gone after a server was lost or changed its part: replication is asynchronous, so the
        /// replica that took over may not have had it.
        case lostInFailover(String)
        /// It was told to stop.
        case stopped
    }

    public let number: Int
    private let clients: Int
    private let prefix: String
    private let secondsToLive: Int
    private var memory: TrafficMemory
    private var count: Int

    /// - Parameters:
    ///   - clients: how many there are, each with another number from 0 on.
    ///   - prefix: of the keys; belongs to this traffic alone.
    ///   - secondsToLive: of each key after its last write.
    public init(number: Int, of clients: Int, prefix: String, secondsToLive: Int) {
        self.number = number
        self.clients = clients
        self.prefix = prefix
        self.secondsToLive = secondsToLive
        memory = TrafficMemory(lifeSeconds: secondsToLive)
        count = number
    }

    /// The keys that it may have written.
    public var keys: [String] { (0..<Self.keysPerClient).map { "\(prefix)\(number + clients * $0)" } }

    /// One read or, each fourth time, one write.
    public mutating func operate(_ store: KeyClient) async -> Outcome {
        defer { count += 1 }
        let key = keys[count / 4 % Self.keysPerClient]
        do throws(ServerError) {
            if count.isMultiple(of: 4) {
                let value = "write \(count)"
                memory.willWrite(value, to: key)
                let answer = try await store.store(key, Array(value.utf8), secondsToLive: secondsToLive)
                memory.wasWritten(
                    value, to: key, mayComeTwice: answer.mayComeTwice, by: answer.server, now: .now)
                return .fine
            }
            let answer = try await store.call(Command("GET", key), key: Array(key.utf8))
            if let error = answer.reply.error { throw ServerError(error, to: Command("GET"), at: answer.server) }
            switch memory.read(answer.reply.text, of: key, from: answer.server, now: .now) {
            case .fine: return .fine
            case .wrong(let words, let since, let server): return await judge(words, since, server, store)
            }
        } catch {
            return error.kind == .cancelled ? .stopped : .failed(error.kind, "\(error)")
        }
    }

    /// Whether there is an excuse for a value that is gone.
    private func judge(
        _ words: String, _ since: ContinuousClock.Instant, _ server: ServerAddress, _ store: KeyClient
    ) async -> Outcome {
        if let troubled = store.lastTrouble(since: since) {
            return .lostInFailover("\(words); \(troubled) was lost since")
        }
        // A primary whose replica was made to take over goes on as a replica without losing a connection.
        let role = try? await store.ask(Command("ROLE"), of: server)
        guard role?.elements?.first?.text == "master" else {
            return .lostInFailover("\(words); \(server) is no primary any more")
        }
        return .wrong(words)
    }
}
