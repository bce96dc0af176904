import ShardWire

/// Counts what a node serves. Its hot path is a handful of additions.
struct TrafficMeter {
    enum Operation: Int, CaseIterable {
        case get, put, delete, view, shard, reshard, observe, other

        var isKeyOperation: Bool { self == .get || self == .put || self == .delete }
    }

    /// The seconds over which latencies are reported.
    static let windowSeconds = 10

    /// The answers by operation and first digit of the status, 1 ... 5.
    private(set) var answers = [UInt64](repeating: 0, count: Operation.allCases.count * 6)
    private(set) var forwarded: UInt64 = 0
    /// Latencies of key operations since the start, without the running second.
    private(set) var latencies = LatencyHistogram()
    private(set) var latencySumMicroseconds: UInt64 = 0
    private var reads: UInt64 = 0
    private var writes: UInt64 = 0
    private var errors: UInt64 = 0
    private var running = LatencyHistogram()
    private var window = [LatencyHistogram](repeating: LatencyHistogram(), count: windowSeconds)
    private var next = 0
    private var secondStartMicroseconds: UInt64
    private var readsAtStart: UInt64 = 0
    private var writesAtStart: UInt64 = 0
    private var readsPerSecond = 0.0
    private var writesPerSecond = 0.0

    init(nowMicroseconds: UInt64) { secondStartMicroseconds = nowMicroseconds }

    mutating func record(_ operation: Operation, status: Int, microseconds: UInt64) {
        answers[operation.rawValue * 6 + min(status / 100, 5)] &+= 1
        if status >= 500 { errors &+= 1 }
        guard operation.isKeyOperation else { return }
        if operation == .get { reads &+= 1 } else { writes &+= 1 }
        running.record(microseconds: microseconds)
        latencySumMicroseconds &+= microseconds
    }

    mutating func recordForward() { forwarded &+= 1 }

    /// Closes the running second once it is over.
    mutating func tick(nowMicroseconds: UInt64) {
        let elapsed = nowMicroseconds &- secondStartMicroseconds
        guard elapsed >= 1_000_000 else { return }
        readsPerSecond = Double(reads - readsAtStart) * 1_000_000 / Double(elapsed)
        writesPerSecond = Double(writes - writesAtStart) * 1_000_000 / Double(elapsed)
        readsAtStart = reads
        writesAtStart = writes
        latencies.add(running)
        swap(&window[next], &running)
        running.clear()
        next = (next + 1) % Self.windowSeconds
        secondStartMicroseconds = nowMicroseconds
    }

    func answers(_ operation: Operation, statusClass: Int) -> UInt64 { answers[operation.rawValue * 6 + statusClass] }

    func traffic(connections: Int) -> Traffic {
        var recent = running
        for second in window { recent.add(second) }
        var traffic = Traffic()
        traffic.reads = reads
        traffic.writes = writes
        traffic.forwarded = forwarded
        traffic.errors = errors
        traffic.readsPerSecond = readsPerSecond
        traffic.writesPerSecond = writesPerSecond
        traffic.latencyMicrosecondsP50 = recent.quantileMicroseconds(0.5)
        traffic.latencyMicrosecondsP99 = recent.quantileMicroseconds(0.99)
        traffic.connections = connections
        return traffic
    }
}
