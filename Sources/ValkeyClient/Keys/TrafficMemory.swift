/// The values that one client wrote to its keys, and may therefore read. Times are given, so that it can be judged at
/// any moment.
struct TrafficMemory: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Verdict: Equatable, Sendable {
        case fine
        /// In words. The value was last seen, or acknowledged, at that time by that server.
        case wrong(String, since: Instant, by: ServerAddress)
    }

    /// Of the values that may yet turn up; the oldest is forgotten first.
    private static let openMax = 64

    private struct Key {
        /// The last that was acknowledged, and not read as something else since.
        var value: String?
        var written: Instant?
        var seen: (at: Instant, by: ServerAddress)?
        /// Writes that nobody answered for, or that went out twice. They may take effect at any time, as those of a server
        /// that was paused do.
        var open: [String] = []
    }

    private var keys: [String: Key] = [:]
    private let lifeSeconds: Int

    /// - Parameter lifeSeconds: keys live so long after their last write.
    init(lifeSeconds: Int) { self.lifeSeconds = lifeSeconds }

    mutating func willWrite(_ value: String, to key: String) {
        keys[key, default: Key()].open.append(value)
        if keys[key, default: Key()].open.count > Self.openMax { keys[key]?.open.removeFirst() }
    }

    mutating func wasWritten(
        _ value: String, to key: String, mayComeTwice: Bool, by server: ServerAddress, now: Instant
    ) {
        keys[key]?.value = value
        keys[key]?.written = now
        keys[key]?.seen = (now, server)
        if !mayComeTwice { keys[key]?.open.removeAll { $0 == value } }
    }

    /// Judges what was read, and takes it as what is there from now on, so that one loss counts once.
    mutating func read(_ value: String?, of key: String, from server: ServerAddress, now: Instant) -> Verdict {
        guard let known = keys[key], let wanted = known.value, let written = known.written, let seen = known.seen else {
            return .fine
        }
        if value == wanted {
            keys[key]?.seen = (now, server)
            return .fine
        }
        if let value, known.open.contains(value) { return .fine }
        if value == nil, now >= written + .seconds(lifeSeconds) { return .fine }
        keys[key]?.value = value
        keys[key]?.seen = (now, server)
        let found = value.map { "holds '\($0.printable(charactersMax: 60))'" } ?? "is missing"
        return .wrong("\(key) \(found) at \(server), where '\(wanted)' was written", since: seen.at, by: seen.by)
    }
}
