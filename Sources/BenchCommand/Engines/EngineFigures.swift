/// The figures measured on one engine's cluster: the clients' at rest, and those of each change in each round.
struct EngineFigures: Sendable {
    enum Kind: Hashable, Sendable {
        /// Ours from 3 to 4 shards, and from 4 to 3.
        case ours, oursBack
        /// Ours from 3 to 4 shards by SETSLOT and MIGRATE, where the servers can do better.
        case slotBySlot
        /// redis-cli's from 3 to 4 shards.
        case command(pipeline: Int)
    }

    /// One change.
    struct Entry: Sendable {
        let keys: Int
        let times: ChangeTimes
        let clients: EngineTraffic.Outcome

        var keysPerSecond: Double { Double(keys) / times.moving }
        var wholeKeysPerSecond: Double { Double(keys) / times.whole }
        var percentile99: Double { clients.percentile99Milliseconds }
        var slowest: Double { clients.slowestMilliseconds }
    }

    var atRest = EngineTraffic.Outcome()
    var rounds: [[Kind: Entry]] = []

    func add(to report: Report, _ engine: String, _ sizes: EngineSizes) {
        report.add(
            "\(engine), no change: 99 % of \(sizes.rate) requests a second within",
            [atRest.percentile99Milliseconds], unit: "ms")
        add(.ours, "\(engine), 3 to 4 shards", report)
        add(.oursBack, "\(engine), 4 to 3 shards", report)
        let isValkey = engine.hasPrefix("Valkey")
        if isValkey { add(.slotBySlot, "\(engine), 3 to 4 shards slot by slot", report) }
        for pipeline in EngineBench.pipelines {
            let kind = Kind.command(pipeline: pipeline)
            let name = "redis-cli --cluster rebalance with --cluster-pipeline \(pipeline)"
            add(kind, "\(engine), \(name)", report)
            addRatio(
                "\(engine), keys moved a second, of \(name)", kind, report, goal: .atLeast(isValkey ? 20 : 3),
                \.keysPerSecond)
            addRatio("\(engine), the same of the whole change", kind, report, \.wholeKeysPerSecond)
            addRatio("\(engine), the clients' 99th percentile, of theirs", kind, report, \.percentile99)
        }
    }

    private func samples(_ kind: Kind, _ value: (Entry) -> Double?) -> [Double] {
        rounds.compactMap { $0[kind].flatMap(value) }
    }

    private func add(_ kind: Kind, _ name: String, _ report: Report) {
        let keys = samples(kind) { Double($0.keys) }
        guard !keys.isEmpty else { return }
        report.add("\(name), keys that moved", keys, unit: "")
        report.add("\(name), keys moved a second", samples(kind, \.keysPerSecond), unit: "/s")
        report.add("\(name), from the first slot to the last", samples(kind, \.times.moving), unit: "s")
        report.add("\(name), the whole", samples(kind, \.times.whole), unit: "s")
        let stages = [("check", samples(kind, \.times.checking)), ("verify", samples(kind, \.times.verifying))]
        for (stage, seconds) in stages where !seconds.isEmpty {
            report.add("\(name), \(stage)", seconds, unit: "s")
        }
        report.add("\(name), 99 % of the clients' requests within", samples(kind, \.percentile99), unit: "ms")
        report.add("\(name), the slowest", samples(kind, \.slowest), unit: "ms")
        let failures = samples(kind) { Double($0.clients.failures) }
        if failures.contains(where: { $0 > 0 }) { report.add("\(name), requests that failed", failures, unit: "") }
    }

    /// Ours and the other of the same round.
    private func addRatio(
        _ name: String, _ kind: Kind, _ report: Report, goal: Report.Goal? = nil, _ value: (Entry) -> Double
    ) {
        let ratios = rounds.compactMap { round in
            round[.ours].flatMap { ours in round[kind].map { value(ours) / value($0) } }
        }
        if !ratios.isEmpty { report.add(name, ratios, unit: "x", goal: goal) }
    }
}
