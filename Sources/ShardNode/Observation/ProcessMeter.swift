import HostSystem
import ShardWire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The costs of the process, as the system counts them.
struct ProcessMeter {
    private let startMicroseconds: UInt64
    private var secondStartMicroseconds: UInt64
    private var cpuAtStartMicroseconds: UInt64
    private var cpuShare = 0.0

    init(nowMicroseconds: UInt64) {
        startMicroseconds = nowMicroseconds
        secondStartMicroseconds = nowMicroseconds
        cpuAtStartMicroseconds = ProcessUsage.cpuMicroseconds()
    }

    /// Closes the running second once it is over.
    mutating func tick(nowMicroseconds: UInt64) {
        let elapsed = nowMicroseconds &- secondStartMicroseconds
        guard elapsed >= 1_000_000 else { return }
        let cpu = ProcessUsage.cpuMicroseconds()
        cpuShare = Double(cpu &- cpuAtStartMicroseconds) / Double(elapsed)
        cpuAtStartMicroseconds = cpu
        secondStartMicroseconds = nowMicroseconds
    }

    func state(nowMicroseconds: UInt64) -> ProcessState {
        ProcessState(
            id: getpid(), uptimeMilliseconds: (nowMicroseconds &- startMicroseconds) / 1_000,
            residentBytes: ProcessUsage.residentBytes(), cpuMicroseconds: ProcessUsage.cpuMicroseconds(),
            cpuShare: cpuShare)
    }
}
