import NIOCore

/// Reads at fixed times, whether or not the ones before have been answered: so a stall counts for every read that
/// would have been made meanwhile.
struct ScheduledReads {
    let port: Int
    let keys: Int
    /// Reads a second.
    let rate: Double
    /// Those that may wait for an answer at once; what is due beyond them counts from when it was due.
    var connections = 64

    /// Reads until `isOver`. The milliseconds from when each was due until its answer was here.
    func run(until isOver: Flag) async throws -> [Double] {
        let start = ContinuousClock.now
        return try await withThrowingTaskGroup(of: [Double].self) { tasks in
            for worker in 0..<connections {
                tasks.addTask { try await work(worker, start, isOver) }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
    }

    private func work(_ worker: Int, _ start: ContinuousClock.Instant, _ isOver: Flag) async throws -> [Double] {
        let probe = try await Probe.connect(port: port)
        var times: [Double] = []
        var number = worker
        while !isOver.isSet {
            let due = start + .seconds(Double(number) / rate)
            let isLate = ContinuousClock.now > due
            // That this process is woken late is not the node's doing.
            if !isLate { try await Task.sleep(until: due, clock: .continuous) }
            if isOver.isSet { break }
            let begin = isLate ? due : ContinuousClock.now
            _ = try await probe.ask(Requests.get(Requests.key(number * 7_919 % keys)))
            times.append((ContinuousClock.now - begin) / .milliseconds(1))
            number += connections
        }
        await probe.close()
        return times
    }
}
