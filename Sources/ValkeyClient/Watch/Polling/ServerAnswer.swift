/// A server's answer to an ask. Parts that it was not asked for, or would not tell, are nil.
struct ServerAnswer: Hashable, Sendable {
    var id: NodeID?
    var view: NodesView?
    var state: ClusterState?
    var info: ServerInfo?
    var keys: Int?
    var jobs: [SlotJob]?
    var features: ServerFeatures?
    /// The user as which this program is logged in.
    var user: String?
    /// The answers to ``ServerFeatures/trials``.
    var trials: [RESPValue]?
    /// Commands that it refused, and how.
    var refused: [ServerFeatures.Feature: RESPValue] = [:]
    var shards: ShardIDs?
    var heat: [SlotStatistics]?
    /// Why it would not tell what it was asked: that its user may not ask, that it loads.
    var refusals: [ServerError] = []

    /// Reads the replies to an ask.
    ///
    /// - Throws: where its view was asked and it gave none: without one nothing else says whose figures they are.
    init(_ ask: ServerAsk, _ replies: [RESPValue]) throws(ServerError) {
        let commands = ask.commands
        guard replies.count == commands.count else { throw .replyCount(at: ask.dialled) }
        var rest = zip(commands, replies).makeIterator()
        var failures: [ServerError] = []
        var refused: [ServerFeatures.Feature: RESPValue] = [:]
        /// The next reply; nil of an error, which is noted.
        func next(_ feature: ServerFeatures.Feature? = nil) -> RESPValue? {
            guard let (command, reply) = rest.next() else { return nil }
            guard let error = reply.error else { return reply }
            if let feature {
                refused[feature] = reply
            } else {
                failures.append(ServerError(error, to: command, at: ask.dialled))
            }
            return nil
        }
        if ask.parts.contains(.view) {
            guard let reply = next() else { throw failures[0] }
            guard let text = reply.bytes else {
                throw ServerError(.broken, at: ask.dialled, "it answered CLUSTER NODES with \(reply.kind)")
            }
            do throws(NodesView.Unreadable) {
                view = try NodesView(utf8: text, askedAt: ask.key)
            } catch {
                throw ServerError(.broken, at: ask.dialled, error.description)
            }
            id = view?.myself
        }
        if ask.parts.contains(.figures) {
            let own = next()?.bytes.flatMap { NodeID(utf8: $0) }
            id = id ?? own
            state = next()?.bytes.flatMap { ClusterState($0) }
            let text = next()?.bytes
            keys = next()?.integer.flatMap { Int(exactly: $0) }
            let statistics = ask.parts.contains(.signs) ? next()?.bytes : nil
            info = text.flatMap { ServerInfo($0, commandStatistics: statistics) }
            if text != nil, info == nil {
                failures.append(ServerError(.broken, at: ask.dialled, "its answer to INFO tells no version"))
            }
        }
        if ask.parts.contains(.jobs) { jobs = next(.listSlotMigrations).flatMap(SlotJob.list) }
        if ask.parts.contains(.tasks) { jobs = next(.migration).flatMap(SlotJob.list) }
        if ask.parts.contains(.features) {
            features = next().map { ServerFeatures($0) } ?? ServerFeatures()
            user = next(.trial)?.text
        }
        if ask.parts.contains(.shards) { shards = next(.shards).flatMap { ShardIDs($0) } }
        if ask.parts.contains(.heat) { heat = next(.slotStatistics).flatMap(SlotStatistics.list) }
        if ask.parts.contains(.permissions) { trials = ServerFeatures.trials.compactMap { _ in rest.next()?.1 } }
        self.refused = refused
        refusals = failures
    }
}
