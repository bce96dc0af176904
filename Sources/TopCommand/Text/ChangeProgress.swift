import ClusterModel

/// Tells a change in lines, one for each stage as it ends, from the counters of who does the work.
struct ChangeProgress {
    private var id: String?
    private var told: Set<String> = []

    /// The lines that `change` adds to those told before.
    mutating func lines(for change: Change) -> [String] {
        if id != change.id {
            id = change.id
            told = []
        }
        var lines: [String] = []
        for stage in change.stages {
            guard let duration = stage.durationMicroseconds, told.insert(stage.name).inserted else { continue }
            lines.append(
                "  \(Words.padded(stage.name, 10)) \(Words.padded(Words.time(microseconds: duration), 9)) \(stage.figures)"
            )
        }
        if change.isOver, told.insert("").inserted { lines += Self.end(change) }
        return lines
    }

    /// Where it is now, for a line that is overwritten.
    static func now(_ change: Change) -> String {
        let waiting = change.waitingFor.map { "; waiting for \($0)" } ?? ""
        return "\(change.current.name): \(change.current.figures)\(waiting)"
    }

    private static func end(_ change: Change) -> [String] {
        guard let outcome = change.outcome else { return [] }
        guard outcome.kind == .done else {
            let state = outcome.state.map { ["  \($0)"] } ?? []
            return ["  \(outcome.kind.rawValue): \(outcome.reason ?? "no reason given")"]
                + (change.findings == nil ? [] : state) + findings(change)
        }
        let time = Words.time(microseconds: change.spentMilliseconds * 1_000)
        guard let to = change.toShardCount, let from = change.fromShardCount else {
            return ["  \(change.name) done in \(time)"] + findings(change)
        }
        return ["  \(from) to \(Words.plural(to, "shard")) in \(time)"] + findings(change)
    }

    private static func findings(_ change: Change) -> [String] {
        (change.findings ?? []).map { finding in
            switch finding.result {
            case .good: "  ok: \(finding.text)"
            case .bad: "  NOT OK: \(finding.text)"
            case .pending: "  checking: \(finding.text)"
            case .missing: "  not checked: \(finding.text)"
            }
        }
    }
}
