import HostSystem

/// Measures what this process costs, from one measurement to the next.
struct OwnCostMeter {
    /// The least time between measurements: shorter ones say more about the moment than about the program.
    private static let spanMin = Duration.seconds(1)

    private var start = ContinuousClock.now
    private var cpuMicroseconds = ProcessUsage.cpuMicroseconds()
    private var bytesExchanged: UInt64?

    /// Returns nil until a second has passed since the last measurement.
    mutating func measure(bytesExchanged bytes: UInt64?) -> OwnCost? {
        let now = ContinuousClock.now
        let span = now - start
        guard span >= Self.spanMin else { return nil }
        let seconds = span / .seconds(1)
        let cpu = ProcessUsage.cpuMicroseconds()
        let exchanged = bytesExchanged.flatMap { before in bytes.map { Double($0 - min($0, before)) / seconds } }
        let cost = OwnCost(
            cpuShare: Double(cpu - min(cpu, cpuMicroseconds)) / 1_000_000 / seconds,
            residentBytes: ProcessUsage.residentBytes(), bytesPerSecond: exchanged)
        (start, cpuMicroseconds, bytesExchanged) = (now, cpu, bytes)
        return cost
    }
}
