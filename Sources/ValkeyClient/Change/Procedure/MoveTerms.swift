/// Bounds of a move. Times in milliseconds.
package struct MoveTerms: Sendable, Hashable {
    /// Batches of slots that may concern one server at once, each on a connection of its own. Two keep a server at work
    /// while the other waits for an answer.
    var batchesAtOnce = 2
    /// Slots of one batch. All of them are open until the last of their keys is moved, and a target that takes them over
    /// tells every node of each: those are busy with it meanwhile.
    var slotsEach = 16
    /// Keys in one MIGRATE.
    var keysEach = 100
    /// MIGRATE commands sent in one go. A server carries out what was sent in one go before it hears anybody else, and
    /// waits for the target in each of them: more at once is no quicker, and clients wait longer.
    var migratesAtOnce = 2
    package var migrateTimeoutMilliseconds = 1_000
    /// Of a key that is sent on its own since it did not get through with others.
    var largeKeyTimeoutMilliseconds = 10_000
    /// Repeated tries of what should pass by itself: a server that loads, a replica that is late.
    var triesMax = 20
    var pauseMilliseconds = 250
    /// True to give a target one slot at a time, whatever else moves there.
    ///
    /// A server of Valkey lets its replica have the slot first. While it waits for that, word of another slot of its tells
    /// the replica that it does not have this one, and the replica gives it back to the source: if it takes its primary's
    /// place then, it drops the slot's keys, which nobody else has.
    var closesOneByOne = false
    /// The time that such word takes from server to server.
    var spreadMilliseconds = 5
    /// The log-in that the source gives the target.
    var login = ServerLogin.open

    /// The terms for a cluster whose nodes take each other for failed after so long: a source that waits for a target
    /// must not be taken for failed itself.
    ///
    /// - Parameter waitsForReplicas: SETSLOT ends only when the replicas have it, as Valkey's does: more batches at once
    ///   wait together.
    package static func fitting(
        nodeTimeoutMilliseconds: Int?, waitsForReplicas: Bool, login: ServerLogin = .open
    ) -> MoveTerms {
        var terms = MoveTerms()
        terms.login = login
        terms.closesOneByOne = waitsForReplicas
        if waitsForReplicas { terms.batchesAtOnce = 4 }
        return terms.withTimeouts(nodeTimeoutMilliseconds)
    }

    /// The terms for moves one after the other, as a repair makes them.
    static func single(login: ServerLogin) -> MoveTerms {
        var terms = MoveTerms()
        terms.login = login
        (terms.batchesAtOnce, terms.closesOneByOne) = (1, true)
        return terms.withTimeouts(nil)
    }

    private func withTimeouts(_ nodeTimeoutMilliseconds: Int?) -> MoveTerms {
        var terms = self
        let patience = max(500, nodeTimeoutMilliseconds ?? 5_000)
        // Together so many wait at one source at the most.
        let waits = migratesAtOnce * batchesAtOnce
        terms.migrateTimeoutMilliseconds = min(5_000, max(100, patience / 2 / waits))
        terms.largeKeyTimeoutMilliseconds = min(60_000, max(1_000, patience * 4 / 5))
        return terms
    }

    var spread: Duration { .milliseconds(spreadMilliseconds) }
    var pause: Duration { .milliseconds(pauseMilliseconds) }
}
