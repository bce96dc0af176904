import ClusterModel
import ShardWire

extension Member {
    /// Takes over the costs and the latency of a node that answers.
    mutating func takeCosts(_ state: NodeState) {
        latencyMicrosecondsP99 = state.traffic.latencyMicrosecondsP99.map { UInt64(Self.bounded($0)) }
        clients = state.traffic.connections
        let process = state.process
        cpuShare = Self.bounded(process.cpuShare)
        memoryBytes = process.residentBytes
        uptimeMilliseconds = process.uptimeMilliseconds
        guard let disk = state.disk else {
            self.disk = Condition(.good, "memory")
            return
        }
        self.disk = disk.problem == nil ? Condition(.good, disk.durability.rawValue) : Condition(.bad, "refuses")
    }

    /// Bounds a value, since another program may send anything.
    private static func bounded(_ value: Double) -> Double { value.isFinite ? min(max(0, value), 1e15) : 0 }
}
