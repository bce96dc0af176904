import LocalServers
import ValkeyClient

extension Trial {
    private static let shardCounts = [4, 2, 3]

    /// Clusters of each engine are resharded from the command line while clients work.
    static func engineReshard(_ options: Options) async throws -> Report {
        var report = Report()
        for engine in options.engines.engines {
            options.tell("\(engine.name)")
            report.merge(try await reshard(engine, options), of: engine.name)
        }
        return report
    }

    private static func reshard(_ engine: ServerEngine, _ options: Options) async throws -> Report {
        let setup = EngineCluster.Setup(
            engine: engine, shape: .init(primaries: 3, replicasEach: 1, spares: 2), keyCount: options.keyCount)
        return try await EngineCluster.with(setup, options.engines) { loaded in
            var report = Report()
            for count in shardCounts {
                let ending = try await loaded.traffic.during {
                    try await loaded.start(["reshard", "\(count)", "--yes"], at: loaded.cluster.servers[0]).end()
                }
                options.tell("reshard \(count): \(ending.words), \(ending.seconds) s")
                if ending.status != 0 {
                    report.problems.append("reshard \(count) ended with \(ending.status): \(ending.words)")
                }
                report.milliseconds.append(("reshard to \(count)", ending.seconds * 1_000))
                let check = try await loaded.check()
                report.problems += check.problems.map { "after reshard \(count): \($0)" }
                if let first = check.differing.first {
                    report.problems.append(
                        "after reshard \(count): \(check.differing.count) keys are gone or changed, the first number \(first)"
                    )
                }
                let owners = try await loaded.topology().primaries.count { !$0.slots.isEmpty }
                if owners != count { report.problems.append("\(owners) nodes have slots after reshard \(count)") }
                report.resharded.append(count)
            }
            let tally = loaded.traffic.figures
            report.problems += tally.problems
            report.lines.append(
                "\(loaded.cluster.program.version), 3 to 4 to 2 to 3 shards: \(loaded.keys.count) keys read with their values "
                    + "after each, \(tally.line)\(EngineCluster.canCheck ? "" : "; redis-cli is not installed, so its check was not made")"
            )
            return report
        }
    }
}

extension Trial.Report {
    /// Takes in what came of a part of the trial.
    mutating func merge(_ part: Trial.Report, of name: String) {
        problems += part.problems.map { "\(name): \($0)" }
        lines += part.lines.map { "\(name): \($0)" }
        milliseconds += part.milliseconds.map { ("\(name): \($0.name)", $0.value) }
    }
}
