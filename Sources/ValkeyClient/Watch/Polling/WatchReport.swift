import ClusterModel

/// All that is known of a cluster at one moment.
public struct WatchReport: Sendable {
    /// Since 1970.
    public let takenMilliseconds: UInt64
    /// Nil until anybody answered.
    public let topology: Topology?
    /// Counts the topologies that differed from the one before.
    let topologyNumber: Int
    /// The problems of the topology, the grave first; without word that is only spreading.
    public let problems: [Topology.Problem]
    public let shardNames: ShardNames
    /// By the name by which the cluster knows them.
    let records: [ServerAddress: ServerRecord]
    let foreign: ForeignMigration.Run?
    /// Whether this program moves slots itself.
    public let isOursRunning: Bool
    private let byID: [NodeID: ServerRecord]
    private let features: [String: ServerFeatures]

    init(_ watch: ClusterWatch, isOursRunning: Bool = false, now: UInt64) {
        self.isOursRunning = isOursRunning
        takenMilliseconds = now
        topology = watch.topology
        topologyNumber = watch.topologyNumber
        problems = watch.problems
        shardNames = watch.shardNames
        records = watch.records
        foreign = watch.foreign.run
        var byID: [NodeID: ServerRecord] = [:]
        byID.reserveCapacity(records.count)
        for record in records.values {
            guard let id = record.id else { continue }
            if let other = byID[id], !record.isBetter(than: other) { continue }
            byID[id] = record
        }
        self.byID = byID
        features = watch.features
    }

    func record(of node: NodeID) -> ServerRecord? { byID[node] }

    /// The address at which a node is dialled; nil if nobody knows one.
    public func dialled(_ node: NodeID) -> ServerAddress? {
        record(of: node)?.dialled ?? topology?.nodes[node]?.address
    }

    /// A node's last figures of itself; nil if it never told any.
    public func info(of node: NodeID) -> ServerInfo? { record(of: node)?.info }

    /// The commands that a node's server supports, as far as known.
    public func features(of node: NodeID) -> ServerFeatures {
        record(of: node).flatMap { features[$0.kind] } ?? ServerFeatures()
    }

    /// Keys that a node said it holds.
    public func keys(of node: NodeID) -> Int? { record(of: node)?.keys }

    /// Whether a node answered the last time that it was asked.
    public func answers(_ node: NodeID) -> Bool { record(of: node)?.isReachable ?? false }

    /// Whether somebody else is moving slots, as far as the last looks show.
    public var isSomebodyElseMoving: Bool { foreign != nil && foreign?.finishedMilliseconds == nil }

    /// Why none of the servers can be asked for anything; nil if one can.
    public var outage: ServerError? {
        guard !records.values.contains(where: \.isReachable) else { return nil }
        let errors = records.values.sorted { $0.key < $1.key }.compactMap(\.problem)
        // A server that is there and is the wrong one, or wants another password, says more than one that is not.
        let telling: [ServerError.Kind] = [.wrongProtocol, .notACluster, .notPermitted, .broken, .refused, .notNow]
        for kind in telling {
            if let error = errors.first(where: { $0.kind == kind }) { return error }
        }
        guard errors.count > 1, let first = errors.first else {
            return errors.first ?? ServerError(.silent, at: nil, "nobody has answered yet")
        }
        let words = errors.prefix(3).map { ($0.server.map { "\($0): " } ?? "") + $0.what }.joined(separator: "; ")
        let more = errors.count > 3 ? "; and \(errors.count - 3) more" : ""
        return ServerError(first.kind, at: nil, "nobody answers: \(words)\(more)", advice: first.advice)
    }
}

extension ServerRecord {
    /// Of two under one id: who answers, and who did last.
    fileprivate func isBetter(than other: ServerRecord) -> Bool {
        if isReachable != other.isReachable { return isReachable }
        return (self.answeredMilliseconds ?? 0, other.key) > (other.answeredMilliseconds ?? 0, self.key)
    }
}
