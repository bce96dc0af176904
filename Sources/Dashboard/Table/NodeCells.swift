import ClusterModel
import TerminalUI
import Wording

/// The cells of the table of nodes.
extension Drawing {
    static let nothingTold = "-"

    /// A node's figure in words, with its style; "-" if the node does not tell it.
    func cell(_ column: NodeColumn, of member: Member) -> (text: String, style: Style) {
        let plain = theme.plain
        func told(_ text: String?, _ style: Style) -> (String, Style) {
            text.map { ($0, style) } ?? (Self.nothingTold, theme.muted)
        }
        switch column {
        case .address:
            let isChosen = member.id == memberLines.selected
            return ("\(mark(of: member)) \(labels[member.id])", isChosen ? theme.strong : plain)
        case .status: return (model.words(of: member), style(of: member))
        case .shard: return told(member.shard.map(name(of:)), member.shard.map(style(of:)) ?? plain)
        case .role: return told(member.role == .equal ? nil : member.role.rawValue, plain)
        case .slots: return told(member.slots.map(Figures.count), plain)
        case .keys: return told(member.keys.map(Figures.count), member.condition.isBad ? theme.muted : plain)
        case .reads: return told(member.readsPerSecond.map(Figures.rate), plain)
        case .writes: return told(member.writesPerSecond.map(Figures.rate), plain)
        case .operations: return told(member.allOperationsPerSecond.map(Figures.rate), plain)
        case .p99: return told(member.latencyMicrosecondsP99.map { Figures.duration(microseconds: $0) }, plain)
        case .lag: return told(member.lag.map(Self.words(of:)), (member.lag?.amount ?? 0) > 0 ? theme.warning : plain)
        case .cpu: return told(member.cpuShare.map(Figures.percent), plain)
        // The last known figure is shown, as with keys.
        case .memory:
            return told(
                member.memoryBytes.map { Figures.bytes($0) }, member.condition.isBad ? theme.muted : plain)
        case .used:
            return told(
                member.memoryShare.map(Figures.percent), member.isMemoryNearlyFull ? theme.warning : plain)
        case .disk: return told(member.disk?.words, member.disk.map { theme.style(ofFigure: $0.level) } ?? plain)
        case .clients: return told(member.clients.map(Figures.count), plain)
        case .uptime: return told(member.uptimeMilliseconds.map { Figures.span(seconds: $0 / 1_000) }, plain)
        case .version: return told(member.version, plain)
        case .epoch: return told(member.epochWords ?? member.epoch.map(String.init), plain)
        case .poll:
            return told(
                member.isReachable ? member.pollMicroseconds.map { Figures.duration(microseconds: $0) } : nil, plain)
        case .heard: return told(heard(member), member.isReachable ? theme.muted : plain)
        case .problem: return told((member.notAsked ?? member.problem).map(labels.shortened), theme.muted)
        }
    }

    private func heard(_ member: Member) -> String? {
        if member.isReachable { return "now" }
        return member.answeredMilliseconds.map { last in
            Figures.span(seconds: (model.nowMilliseconds - min(model.nowMilliseconds, last)) / 1_000) + " ago"
        }
    }

    /// The width of a column: the same whatever the figures are, so that nothing moves while they change.
    func width(of column: NodeColumn) -> Int {
        let most =
            switch column {
            case .address: memberLines.address + 2
            case .status: memberLines.condition
            case .shard: min(Self.shardColumnsMax, model.digest.shardColumns)
            case .role, .clients, .uptime, .version, .disk: 7
            case .slots, .epoch, .used: 6
            case .keys: memberLines.keys
            case .reads, .writes, .operations: 5
            case .p99, .cpu, .poll, .heard: 8
            case .lag, .memory: 9
            case .problem: 18
            }
        return max(most, column.title.columns + (column == model.table.sort ? 2 : 0))
    }
}

extension Theme {
    /// The style of a figure: a good one has no colour.
    func style(ofFigure level: Level) -> Style { level == .good ? plain : style(of: level) }
}
