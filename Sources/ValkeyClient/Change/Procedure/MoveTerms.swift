/// Bounds of a move. Times in milliseconds.
struct MoveTerms: Sendable, Hashable {
    /// Keys in one MIGRATE.
    var keysEach = 100
    /// MIGRATE commands sent in one go. While one of them waits for a target that hangs, its source serves nobody.
    var migratesAtOnce = 8
    var migrateTimeoutMilliseconds = 1_000
    /// Of a key that is sent on its own since it did not get through with others.
    var largeKeyTimeoutMilliseconds = 10_000
    /// Repeated tries of what should pass by itself: a server that loads, a replica that is late.
    var triesMax = 20
    var pauseMilliseconds = 250
    /// Who the target takes the source for.
    var login = ServerLogin.open

    /// What goes with a cluster whose nodes take each other for failed after so long: a source that waits for a target
    /// must not be taken for failed itself.
    static func fitting(nodeTimeoutMilliseconds: Int?, batchesAtOnce: Int, login: ServerLogin) -> MoveTerms {
        var terms = MoveTerms()
        terms.login = login
        // Together so many wait at one source at the most.
        if batchesAtOnce > 3 { terms.migratesAtOnce = 2 }
        let patience = max(500, nodeTimeoutMilliseconds ?? 5_000)
        let waits = terms.migratesAtOnce * max(1, batchesAtOnce)
        terms.migrateTimeoutMilliseconds = min(5_000, max(100, patience / 2 / waits))
        terms.largeKeyTimeoutMilliseconds = min(60_000, max(1_000, patience * 4 / 5))
        return terms
    }

    var pause: Duration { .milliseconds(pauseMilliseconds) }
}
