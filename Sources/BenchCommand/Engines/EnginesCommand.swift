import ArgumentParser
import LocalServers
import ValkeyClient

/// Changes of a Valkey and of a Redis cluster beside the same by redis-cli, while clients read and write.
struct EnginesCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "engines",
        abstract: "Go from 3 to 4 shards and back on clusters of Valkey and Redis, beside redis-cli.",
        discussion: """
            Each engine that is installed: three primaries with a replica each, and two spares. Our changes and \
            redis-cli's take turns on the same cluster, and move as many slots.
            """)

    @OptionGroup var report: ReportOptions
    @OptionGroup var sizes: EngineSizes

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        for engine in ServerEngine.allCases where sizes.engines.isEmpty || sizes.engines.contains(engine) {
            let program: ServerProgram
            do {
                program = try await ServerProgram.find(engine)
            } catch {
                report.skip("changes of \(engine.name)", error.words)
                continue
            }
            do {
                try await measure(program, programs, report)
            } catch let error as ServerTrouble {
                throw Programs.Problem("\(error)")
            } catch let error as ChangeError {
                throw Programs.Problem("\(error)")
            } catch let error as ServerError {
                throw Programs.Problem("\(error)")
            }
        }
    }

    private func measure(_ program: ServerProgram, _ programs: Programs, _ report: Report) async throws {
        let hasCommand = Redis.isInstalled("redis-cli")
        let bench = EngineBench(
            program: program, sizes: sizes, ownPath: programs.path("shardbench"), comparesWithCommand: hasCommand)
        try await bench.measure().add(to: report, "\(program.engine.name) \(program.version)", sizes)
        if !hasCommand { report.skip("redis-cli --cluster rebalance", "redis-cli is not on the PATH") }
    }
}

struct EngineSizes: ParsableArguments {
    @Option(name: .customLong("engine"), help: "Only this one: valkey or redis. May be given twice.")
    var engines: [ServerEngine] = []
    @Option(help: "Keys of the cluster; about a quarter of them moves.") var keys = 100_000
    @Option(help: "Bytes of a value.") var valueBytes = 20
    @Option(help: "Changes of each kind, alternating.") var rounds = 3
    @Option(help: "Clients' requests a second, a quarter of them writes.") var rate = 1_000
    @Option(help: "After so many milliseconds without an answer a node counts as failing.") var nodeTimeout = 15_000
    @ArgumentParser.Flag(help: "Valkey: also slot by slot, as if it could not migrate slots whole.")
    var slotBySlot = false

    func validate() throws {
        guard keys > 0, valueBytes > 0, rounds > 0, rate > 0, nodeTimeout > 0 else {
            throw ValidationError("All numbers are 1 or more.")
        }
    }
}

extension ServerEngine: ExpressibleByArgument {}
