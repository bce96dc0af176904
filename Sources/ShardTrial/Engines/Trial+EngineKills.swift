import LocalServers
import ValkeyClient

extension Trial {
    private static let tracesMax = 3

    /// The source of a migration, its target, or the program that makes it is killed in its middle, again and again.
    static func engineKills(_ options: Options) async throws -> Report {
        var report = Report()
        for engine in options.engines.engines {
            for way in options.engines.ways(of: engine) {
                for victim in options.engines.victims {
                    let name = "\(engine.name), \(way.rawValue), \(victim.rawValue)"
                    options.tell(name)
                    let part = try await kills(engine, way, victim, options)
                    part.lines.forEach(options.tell)
                    report.merge(part, of: name)
                }
            }
        }
        return report
    }

    private static func kills(
        _ engine: ServerEngine, _ way: EngineTrialOptions.Way, _ victim: EngineTrialOptions.Victim, _ options: Options
    ) async throws -> Report {
        var settings = ServerSettings()
        settings.keepsData = true
        // A write is with the operating system before it is answered, so the death of a process loses none.
        settings.lines = ["appendfsync no"]
        if engine == .valkey, way == .classic {
            // A user who may not ask for jobs moves slot by slot.
            settings.users = ["default on nopass ~* &* +@all -cluster|migrateslots"]
        }
        var setup = EngineCluster.Setup(
            engine: engine, shape: .init(primaries: 3, replicasEach: 1), settings: settings,
            keyCount: options.keyCount, large: EngineKill.slots)
        // A job of the servers is over in some milliseconds otherwise.
        if way == .atomic { setup.largeBytes = 65_536 }
        return try await EngineCluster.with(setup, options.engines) { loaded in
            var report = Report()
            var (struck, outside, byItself, goneWithServer) = (0, 0, 0, 0)
            var states: [String] = []
            var missed = 0
            var (takenBack, wrongTakenBack) = (0, 0)
            while struck < options.engines.times, outside < 10 * options.engines.times {
                let kill = EngineKill(loaded: loaded, way: way, victim: victim, number: struck)
                let wrong = loaded.traffic.figures.wrong
                let outcome = try await loaded.traffic.during { try await kill.strike() }
                if !outcome.takenBack.isEmpty {
                    takenBack += 1
                    wrongTakenBack += loaded.traffic.figures.wrong - wrong
                }
                options.tell("\(struck + 1): \(outcome.words.joined(separator: "; "))")
                if outcome.isInside {
                    struck += 1
                    states.append(outcome.state)
                    byItself += outcome.hasEndedWell ? 1 : 0
                } else {
                    outside += 1
                }
                missed += outcome.missedInPutBack
                report.problems += outcome.problems.map { "kill \(struck): \($0)" }
                let check = try await loaded.check()
                report.problems += check.problems.map { "after kill \(struck): \($0)" }
                if outcome.isRepaired { goneWithServer += try await kill.judge(check.differing, outcome, &report) }
                if report.problems.count > tracesMax || !outcome.isRepaired { break }
            }
            report.lines.append(
                "\(struck) kills, \(report.problems.count) wrong; \(outside) fell outside a migration and were made again; "
                    + "the program brought it to its end by itself \(byItself) times")
            report.lines.append("they fell in: \(states.joined(separator: "; "))")
            var tally = loaded.traffic.figures
            tally.wrong -= missed + wrongTakenBack
            report.problems += tally.problems
            report.lines.append(
                "\(loaded.keys.count) keys read with their values after each, \(goneWithServer) went with a server "
                    + "whose replica did not have them yet; \(tally.line)\(missed == 0 ? "" : ", \(missed) reads found nothing while slots were put back, of which the plan warns")"
            )
            if takenBack > 0 {
                report.lines.append(
                    "\(takenBack) times a server that was started again took its place back from its replica, and "
                        + "\(wrongTakenBack) writes that the replica had acknowledged meanwhile were gone")
            }
            return report
        }
    }
}
