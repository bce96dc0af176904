import ArgumentParser
import Foundation
import ShardCore
import ShardSim

@main
struct ShardSimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shardsim",
        abstract: "Run whole clusters on a simulated clock and network, one seed a run, and look for broken promises.",
        discussion: """
            Every seed chooses a cluster, its clients and its faults; the same seed gives the same run. Exit status: 0 \
            where every run was clean, 1 where one was not.

              shardsim --seeds 1000
              shardsim --seeds 500 --profile coordinator
              shardsim --seed 4711 --profile crash --trace
              shardsim --plants

            Two versions of the program that print the same trace hash did the same in every run. `--hashes` prints the \
            hash of each run, to see in which they differ.
            """)

    @Option(help: "How many seeds to run.") var seeds = 100
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "Run this seed only.") var seed: UInt64?
    @Option(
        help: ArgumentHelp("Which faults: \(Profile.allCases.map(\.rawValue).joined(separator: ", ")). Default: each."))
    var profile: Profile?
    @Flag(help: "Print everything that happens, messages included; for one seed.") var trace = false
    @Flag(help: "Check the simulator: it must find every mistake that is planted for it.") var plants = false
    @Option(
        help: ArgumentHelp("Tell nodes so many lies instead: honest messages with false fields.", valueName: "messages")
    )
    var fuzz: Int?
    @Flag(help: "Print what each run did as a number, to compare with another version's.") var hashes = false
    @Option(help: ArgumentHelp("Fail where a run did not do what this list of --hashes says.", valueName: "file"))
    var expect: String?
    @Option(help: "Lines of the trace that a failure prints.") var lines = 60
    @Option(help: "Failures that are shrunk and printed in full; the others are named.") var shown = 3
    @Option(help: "Runs at most to shrink one failure; 0 for none.") var shrink = 60
    @Option(help: "Runs at a time; default: as many as there are cores.") var jobs: Int?
    @Option(help: ArgumentHelp("Make a mistake on purpose.", visibility: .hidden)) var plant: PlantedBug?

    func validate() throws {
        if seeds < 1 { throw ValidationError("--seeds must be 1 or more.") }
        if let fuzz, fuzz < 1 { throw ValidationError("--fuzz must be 1 or more.") }
        if lines < 0 { throw ValidationError("--lines must be 0 or more.") }
        if shown < 0 { throw ValidationError("--shown must be 0 or more.") }
        if shrink < 0 { throw ValidationError("--shrink must be 0 or more.") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be 1 or more.") }
        if trace, seed == nil { throw ValidationError("--trace prints one run: name it with --seed.") }
    }

    func run() async throws {
        if plants { return try await findPlants() }
        if let fuzz { return try await tellLies(fuzz) }
        let expected = try expect.map(readHashes)
        let profiles = profile.map { [$0] } ?? Profile.allCases
        let first = seed ?? from
        let last = first + UInt64(seed == nil ? seeds - 1 : 0)
        var scenarios: [Scenario] = []
        for seed in first...last { scenarios += profiles.map { Scenario(seed: seed, profile: $0) } }
        if trace, let only = scenarios.first {
            let report = SimulationRun(only, traceLinesMax: .max, tracesMessages: true, plantedBug: plant).execute()
            print(RunText.whole(report, lines: .max, commit: Commit.current(), plantedBug: plant))
            if !report.failures.isEmpty { throw ExitCode(1) }
            return
        }
        let summary = await Campaign(
            scenarios: scenarios, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, plantedBug: plant
        ).run { report in
            if !report.failures.isEmpty { print(RunText.headline(report)) }
        }
        let commit = summary.failed.isEmpty ? "" : Commit.current()
        for report in summary.failed.prefix(shown) {
            let smaller = shrink > 0 ? SimulationRun.shrink(report, runsMax: shrink, plantedBug: plant) : report
            print(
                RunText.whole(
                    smaller, lines: lines, commit: commit, plantedBug: plant, origin: report.scenario))
        }
        let compared = expected.map { RunText.comparison(summary.hashes, $0, file: expect ?? "") }
        // A list is printed alone, so that it can be kept as it is.
        if hashes {
            for hash in summary.hashes.sorted() { print(hash.line) }
        } else {
            print(RunText.summary(summary), terminator: "")
        }
        if let compared { print(compared.text, terminator: "") }
        if !summary.failed.isEmpty || compared?.isSame == false { throw ExitCode(1) }
    }

    private func readHashes(_ path: String) throws -> ExpectedHashes {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ValidationError("--expect: \(path) cannot be read as text.")
        }
        do { return try ExpectedHashes(text) } catch { throw ValidationError("--expect: in \(path) \(error).") }
    }

    /// As many clusters at a time as asked for, each with its share of the messages.
    private func tellLies(_ messages: Int) async throws {
        let workers = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        let (first, plant, start) = (seed ?? from, plant, ContinuousClock.now)
        var failures: [String] = []
        var told = 0
        await withTaskGroup(of: Fuzz.Report.self) { group in
            for worker in 0..<workers {
                let share = messages / workers + (worker < messages % workers ? 1 : 0)
                group.addTask { Fuzz(seed: first + UInt64(worker), messages: share, plantedBug: plant).execute() }
            }
            for await report in group {
                told += report.messages
                failures += report.failures
                print(RunText.lines(report))
            }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("\(told) lies in \(Int(seconds)) s, \(Int(Double(told) / max(seconds, 0.001))) a second")
        if !failures.isEmpty { throw ExitCode(1) }
    }

    private func findPlants() async throws {
        var missed = 0
        await Plant.findAll(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount) { finding in
            if finding.found == nil { missed += 1 }
            print(RunText.line(finding))
        }
        print("\(Plant.all.count) planted mistakes looked for, \(missed) not found")
        if missed > 0 { throw ExitCode(1) }
    }
}

extension Profile: ExpressibleByArgument {}
extension PlantedBug: ExpressibleByArgument {}
