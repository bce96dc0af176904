import ClusterModel

/// Watches a cluster in plain lines until the task is cancelled.
enum PlainWatch {
    private static let migrationMilliseconds: UInt64 = 250

    static func run(
        _ source: any ClusterSource, pollMilliseconds: UInt64, tell: (String) -> Void = Output.line
    ) async throws {
        var changes = ChangeLines()
        while true {
            let snapshot = await source.snapshot()
            let events = await source.features.events.isOffered ? await source.events() : []
            try Task.checkCancellation()
            changes.lines(for: snapshot, events: events).forEach(tell)
            let isMoving = snapshot.change.map { !$0.isOver } ?? (snapshot.inferred?.state == .underWay)
            try await Task.sleep(
                for: .milliseconds(isMoving ? min(migrationMilliseconds, pollMilliseconds) : pollMilliseconds))
        }
    }
}
