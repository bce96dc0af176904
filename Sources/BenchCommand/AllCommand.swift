import ArgumentParser

/// Everything but the dashboard, one after the other.
struct AllCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Measure everything but the dashboard; some minutes.")

    @OptionGroup var report: ReportOptions

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        let parts: [any (ParsableCommand & Measurement).Type] = [
            SeedCommand.self, RequestsCommand.self, ReshardCommand.self, MemoryCommand.self, DurabilityCommand.self,
            GrowthCommand.self, EnginesCommand.self,
        ]
        for part in parts { try await part.parse([]).measure(programs, report) }
    }
}
