import ArgumentParser
import Foundation
import LocalServers
import ShardTrial

@main
struct ShardTrialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shardtrial",
        abstract: "Run real nodes or servers, injure them and their links, and judge what clients were told.",
        discussion: """
            Exit status: 0 where everything held, 1 where something did not.

              shardtrial
              shardtrial mixed --seconds 60 --write-acks 2
              shardtrial mixed --seconds 60 --durability sync
              shardtrial engine-reshard                       Valkey and Redis, changed by shardtop
              shardtrial engine-kills --engine redis --victim target --times 3
            """)

    @Argument(
        help: """
            Which trials: \(Trial.allCases.map(\.rawValue).joined(separator: ", ")). Default: each but those of engines.
            """)
    var trials: [Trial] = []
    @Option(help: "About how long a trial lasts.") var seconds = 30.0
    @Option(help: "How many nodes.") var nodes = 6
    @Option(help: "Keys; 300 unless told otherwise, in 'pause' and 'engine-reshard' 100000, in 'engine-kills' 20000.")
    var keys: Int?
    @Option(help: "Members that hold a write before it is answered; 2 unless told otherwise.") var writeAcks = 2
    @Option(help: "memory, batched or sync.") var durability = "memory"
    @Option(help: "Chooses the injuries and what clients do.") var seed: UInt64 = 1
    @Option(help: "The shardnode to run; default: beside this program.") var program: String?
    @Option(help: "The shardtop that changes Valkey and Redis clusters; default: beside this program.")
    var shardtop: String?
    @Option(help: "valkey or redis; may be given again. Default: both.") var engine: [ServerEngine] = []
    @Option(help: "Who is killed: source, target or shardtop; may be given again. Default: each.")
    var victim: [EngineTrialOptions.Victim] = []
    @Option(help: "How slots move: atomic or classic; may be given again. Default: each that the engine can.")
    var way: [EngineTrialOptions.Way] = []
    @Option(help: "How often each is killed.") var times = 10
    @Flag(help: "Tell what is done to the nodes.") var verbose = false

    func validate() throws {
        guard (4...16).contains(nodes) else { throw ValidationError("A trial has 4 to 16 nodes.") }
        guard seconds > 0, seconds <= 86_400 else { throw ValidationError("--seconds must be above 0, a day at most.") }
        guard (1...nodes).contains(writeAcks) else { throw ValidationError("--write-acks must be 1 to \(nodes).") }
        if let keys, !(1...10_000_000).contains(keys) { throw ValidationError("--keys must be 1 to 10000000.") }
        guard (1...1_000).contains(times) else { throw ValidationError("--times must be 1 to 1000.") }
        guard Trial.Options.durabilities.contains(durability) else {
            throw ValidationError("--durability is one of \(Trial.Options.durabilities.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        let trials = trials.isEmpty ? Trial.ofNodes : trials
        var options = Trial.Options(setup: TrialCluster.Setup(program: program ?? Self.beside("shardnode")))
        options.setup.nodeCount = nodes
        options.setup.writeAcks = writeAcks
        options.setDurability(durability)
        options.seconds = seconds
        options.seed = seed
        options.engines = engineOptions()
        if verbose { options.tell = { print("  \($0)") } }
        if trials.contains(where: \.isOfEngines) { try Self.find(options.engines.program, flag: "--shardtop") }
        if !trials.allSatisfy(\.isOfEngines) { try Self.find(options.setup.program, flag: "--program") }
        var hasFailed = false
        for trial in trials {
            options.keyCount = keys ?? Self.keyCount(trial)
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

    private func engineOptions() -> EngineTrialOptions {
        var options = EngineTrialOptions(program: shardtop ?? Self.beside("shardtop"))
        if !engine.isEmpty { options.engines = engine }
        if !victim.isEmpty { options.victims = victim }
        if !way.isEmpty { options.ways = way }
        options.times = times
        return options
    }

    private static func keyCount(_ trial: Trial) -> Int {
        switch trial {
        case .pause, .engineReshard: 100_000
        case .engineKills: 20_000
        case .mixed, .halves, .coordinator, .blackout, .fullDisk, .lostFiles, .rolling, .fuzz, .closing: 300
        }
    }

    private static func beside(_ name: String) -> String {
        URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
            .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent(name).path
    }

    private static func find(_ program: String, flag: String) throws {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw ValidationError("There is no program \(program); name one with \(flag).")
        }
    }
}

extension EngineTrialOptions.Victim: ExpressibleByArgument {}
extension EngineTrialOptions.Way: ExpressibleByArgument {}
extension ServerEngine: ExpressibleByArgument {}

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
        lines += report.lines
        lines += report.milliseconds.map { "\($0.name): \(number($0.value)) ms" }
        lines += report.problems.prefix(20).map { "WRONG: \($0)" }
        lines.append(report.problems.isEmpty ? "held" : "\(report.problems.count) wrong")
        return lines
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
