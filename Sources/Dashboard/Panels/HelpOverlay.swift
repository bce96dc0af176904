import ClusterModel
import HostSystem
import TerminalUI
import Wording

/// The help: the keys that work now.
extension Drawing {
    func drawHelp(_ canvas: inout Canvas, _ filter: TextLine) {
        let wanted = filter.text.lowercased()
        let matching = CommandTable.rows.filter {
            (wanted.isEmpty || ($0.keys + " " + $0.words).lowercased().contains(wanted)) && $0.isOffered(in: model)
        }
        var lines: [[Span]] = matching.map {
            [Span($0.keys.padded(to: 15), theme.accent), Span($0.words, theme.plain)]
        }
        if matching.isEmpty { lines.append([Span("No key here has to do with that.", theme.muted)]) }
        let marks: [Span] = [
            Span("\(theme.marks.good) ", theme.good), Span("up  ", theme.muted),
            Span("\(theme.marks.warning) ", theme.warning), Span("not whole  ", theme.muted),
            Span("\(theme.marks.bad) ", theme.bad), Span("down", theme.muted),
        ]
        lines += [
            [], marks,
            [
                Span("type to search ", theme.muted), Span("[\(typed(filter.text))_]", theme.accent),
                Span("  Esc closes", theme.muted),
            ],
        ]
        // The clients of a demo run in the same process, so they share in the cost.
        let isClient = model.demo?.traffic != nil
        if let cost = model.cost {
            lines[lines.count - 1].append(
                Span("  \(isClient ? "shardtop and its clients" : "shardtop"): \(words(of: cost))", theme.muted))
        }
        drawDialog(&canvas, "help", lines)
    }

    private func words(of cost: OwnCost) -> String {
        var parts = [
            "\(Figures.percent(cost.cpuShare)) CPU", Figures.bytes(cost.residentBytes),
        ]
        if let bytes = cost.bytesPerSecond { parts.append("\(Figures.bytes(Int(bytes)))/s") }
        return parts.joined(separator: ", ")
    }
}
