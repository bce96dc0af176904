import ClusterModel
import TerminalUI

/// The columns of the table of nodes, in the order in which it shows them.
public enum NodeColumn: String, CaseIterable, Sendable {
    case address, status, shard, role, slots, keys, reads, writes, operations, p99, lag, cpu, memory, used, disk
    case clients, uptime, version, epoch, poll, heard, problem

    /// The title above the column; that of a rate says so.
    var title: String {
        switch self {
        case .address: "node"
        case .reads: "reads/s"
        case .writes: "writes/s"
        case .operations: "op/s"
        case .cpu: "CPU"
        case .used: "of max"
        default: rawValue
        }
    }

    /// Columns of low priority give way first if room is short. A column shown only on demand has none.
    var priority: Int? {
        switch self {
        case .address, .status: 20
        case .shard: 19
        case .keys: 18
        case .role: 17
        case .reads: 16
        case .writes: 15
        case .operations: 14
        case .lag: 13
        case .p99: 12
        case .cpu: 11
        case .memory: 10
        case .disk: 9
        case .slots: 8
        case .used: 7
        case .uptime: 6
        case .version: 5
        case .epoch: 4
        case .clients: 3
        case .problem: 2
        case .heard, .poll: nil
        }
    }

    /// True for figures, which are aligned at their last digit.
    var isFigure: Bool {
        switch self {
        case .address, .status, .shard, .role, .disk, .version, .problem, .heard: false
        default: true
        }
    }

    /// True if the most, or the worst, comes first.
    var isDescending: Bool { isFigure ? self != .uptime : self == .status || self == .problem }
}

extension NodeColumn {
    /// The value that rows are sorted by; texts come behind figures.
    enum Key: Comparable {
        case figure(Double)
        case text(String)
    }

    /// Returns nil if the node does not tell the figure, which is not the same as zero.
    func key(of member: Member, _ conditions: ConditionWords) -> Key? {
        func figure(_ value: (some BinaryInteger)?) -> Key? { value.map { .figure(Double($0)) } }
        switch self {
        case .address: return .text(member.id.text)
        case .status:
            return .figure(
                member.condition.isBad ? 3 : member.condition.isGood ? conditions.isInjured(member) ? 1 : 0 : 2)
        case .shard: return member.shard.map { id in id.number.map { .figure(Double($0)) } ?? .text(id.text) }
        case .role: return member.role == .equal ? nil : .text(member.role.rawValue)
        case .slots: return figure(member.slots)
        case .keys: return figure(member.keys)
        case .reads: return member.readsPerSecond.map { .figure($0) }
        case .writes: return member.writesPerSecond.map { .figure($0) }
        case .operations: return member.allOperationsPerSecond.map { .figure($0) }
        case .p99: return figure(member.latencyMicrosecondsP99)
        case .lag: return figure(member.lag?.amount)
        case .cpu: return member.cpuShare.map { .figure($0) }
        case .memory: return figure(member.memoryBytes)
        case .used: return member.memoryShare.map { .figure($0) }
        case .disk: return (member.disk?.words).map { .text($0) }
        case .clients: return figure(member.clients)
        case .uptime: return figure(member.uptimeMilliseconds)
        case .version: return member.version.map { .text($0) }
        case .epoch: return figure(member.epoch)
        case .poll: return member.isReachable ? figure(member.pollMicroseconds) : nil
        case .heard: return figure(member.answeredMilliseconds)
        case .problem: return (member.notAsked ?? member.problem).map { .text($0) }
        }
    }
}

extension Member {
    /// The used share of the node's memory limit; nil if there is no limit, or one of the two is not told.
    var memoryShare: Double? {
        guard let memoryBytes, let memoryBytesMax, memoryBytesMax > 0 else { return nil }
        return Double(memoryBytes) / Double(memoryBytesMax)
    }

    /// From this share of the limit on, the next write may be refused, or cost another key.
    private static let memoryShareMax = 0.9

    var isMemoryNearlyFull: Bool { memoryShare.map { $0 >= Self.memoryShareMax } ?? false }
}
