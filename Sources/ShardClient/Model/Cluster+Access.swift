import ClusterModel
import ShardCore
import ShardWire
import Wording

extension Cluster {
    /// The days before a certificate's end from which on it is reported.
    private static let certificateDaysMin: UInt64 = 14
    private static let weaknessesMax = 5

    /// The access to nodes that report it; nil if none does. A node that does not report it is too old to close, and
    /// lets everybody in.
    static func access(_ told: [SecurityState?]) -> Access? {
        let states = told.compactMap { $0 }
        guard !states.isEmpty else { return nil }
        let isOlderThere = states.count < told.count
        let arePeersOpen = isOlderThere || states.contains { $0.peers == .open || $0.acceptsOpenPeers }
        let areClientsOpen = isOlderThere || states.contains { $0.clients == .open }
        let isReachable = states.contains { !$0.isLoopback }
        var weaknesses: [String] = []
        for weakness in states.flatMap(\.weaknesses) where !weaknesses.contains(weakness) {
            if weaknesses.count < weaknessesMax { weaknesses.append(weakness) }
        }
        let level: Level = isReachable ? .warning : .good
        switch (arePeersOpen, areClientsOpen) {
        case (true, true): return Access(.open, of: "cluster", level: level, weaknesses: weaknesses)
        case (true, false): return Access(.halfOpen, of: "peers", level: level, weaknesses: weaknesses)
        case (false, true): return Access(.halfOpen, of: "clients", level: level, weaknesses: weaknesses)
        case (false, false): return Access(.closed, of: "cluster", level: .good, weaknesses: weaknesses)
        }
    }

    /// Returns the access as a fact for the header.
    static func fact(of access: Access) -> Fact {
        Fact(access.subject, access.state, weight: access.level == .good ? 1 : 6, level: access.level)
    }

    /// The troubles with files that are not in force, and with certificates that end soon.
    static func troubles(security states: [NodeState]) -> [Trouble] {
        var troubles: [Trouble] = []
        let problems = states.compactMap { state in state.security?.problem.map { (state.replica.address, $0) } }
        if let (node, problem) = problems.min(by: { $0.0 < $1.0 }) {
            troubles.append(
                Trouble(
                    short: "\(Plural.words(problems.count, "node")) on old keys",
                    long: "\(node) goes on with the files it had: \(problem)"))
        }
        let ends = states.compactMap { state in
            state.security?.certificateEndsMilliseconds.map { (state.replica.address, $0) }
        }
        guard let (node, end) = ends.min(by: { $0.1 < $1.1 }) else { return troubles }
        let now = WallClock.nowMilliseconds
        let days = (max(end, now) - now) / 86_400_000
        guard days < certificateDaysMin else { return troubles }
        let when = end <= now ? "has ended" : "ends in \(Plural.words(Int(days), "day"))"
        troubles.append(
            Trouble(
                short: "certificate \(when)",
                long: "the certificate of \(node) \(when); renew it with 'shardtop certs node --renew'",
                level: end <= now ? .bad : .warning))
        return troubles
    }
}
