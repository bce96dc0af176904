import ArgumentParser
import Foundation
import ShardTrial

@main
struct ShardTrialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shardtrial",
        abstract: "Run real nodes, injure them and their links, and judge what clients were told.",
        discussion: """
            Exit status: 0 where everything held, 1 where something did not.

              shardtrial
              shardtrial mixed --seconds 60 --write-acks 2
              shardtrial mixed --seconds 60 --durability sync
            """)

    @Argument(help: "Which trials: \(Trial.allCases.map(\.rawValue).joined(separator: ", ")). Default: each.")
    var trials: [Trial] = []
    @Option(help: "About how long a trial lasts.") var seconds = 30.0
    @Option(help: "How many nodes.") var nodes = 6
    @Option(help: "Keys that clients use; the trial 'pause' has 100000 unless told otherwise.") var keys: Int?
    @Option(help: "Members that hold a write before it is answered; 2 unless told otherwise.") var writeAcks = 2
    @Option(help: "memory, batched or sync.") var durability = "memory"
    @Option(help: "Chooses the injuries and what clients do.") var seed: UInt64 = 1
    @Option(help: "The shardnode to run; default: beside this program.") var program: String?
    @Flag(help: "Tell what is done to the nodes.") var verbose = false

    func validate() throws {
        guard (4...16).contains(nodes) else { throw ValidationError("A trial has 4 to 16 nodes.") }
        guard seconds > 0, seconds <= 86_400 else { throw ValidationError("--seconds must be above 0, a day at most.") }
        guard (1...nodes).contains(writeAcks) else { throw ValidationError("--write-acks must be 1 to \(nodes).") }
        if let keys, !(1...10_000_000).contains(keys) { throw ValidationError("--keys must be 1 to 10000000.") }
        guard Trial.Options.durabilities.contains(durability) else {
            throw ValidationError("--durability is one of \(Trial.Options.durabilities.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        let beside = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
            .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("shardnode").path
        var setup = TrialCluster.Setup(program: program ?? beside)
        guard FileManager.default.isExecutableFile(atPath: setup.program) else {
            throw ValidationError("There is no program \(setup.program); name one with --program.")
        }
        setup.nodeCount = nodes
        setup.writeAcks = writeAcks
        var hasFailed = false
        for trial in trials.isEmpty ? Trial.allCases : trials {
            var options = Trial.Options(setup: setup)
            options.setDurability(durability)
            options.seconds = seconds
            options.seed = seed
            options.keyCount = keys ?? (trial == .pause ? 100_000 : 300)
            if verbose { options.tell = { print("  \($0)") } }
            print("\(trial.rawValue):")
            do {
                let report = try await trial.hold(options)
                for line in TrialText.lines(report) { print("  \(line)") }
                hasFailed = hasFailed || !report.problems.isEmpty
            } catch {
                print("  NOT HELD: \(error)")
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode(1) }
    }
}

extension Trial: ExpressibleByArgument {}

/// Reports in words.
enum TrialText {
    static func lines(_ report: Trial.Report) -> [String] {
        var lines: [String] = []
        let counts = report.counts
        if counts.reads + counts.writes > 0 {
            lines.append(
                "\(counts.reads) reads and \(counts.writes) writes answered, \(counts.refused) refused for now, "
                    + "\(counts.unknown) without an answer")
        }
        if !report.pauseMilliseconds.isEmpty {
            let sorted = report.pauseMilliseconds.sorted()
            lines.append(
                "writes paused for \(report.pauseMilliseconds.map(number).joined(separator: ", ")) ms in reshards to "
                    + "\(report.resharded.map(String.init).joined(separator: ", ")) shards, "
                    + "median \(number(sorted[sorted.count / 2])) ms")
        }
        lines += report.milliseconds.map { "\($0.name): \(number($0.value)) ms" }
        lines += report.problems.prefix(20).map { "WRONG: \($0)" }
        lines.append(report.problems.isEmpty ? "held" : "\(report.problems.count) wrong")
        return lines
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
