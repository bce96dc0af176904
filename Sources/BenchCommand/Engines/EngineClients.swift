import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Clients of a cluster, in a process of their own; see ``EngineClientsCommand``.
struct EngineClients {
    let writer: StandardInputWriter
    var lines: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator

    /// - Parameter program: this one.
    static func with<Result: Sendable>(
        _ program: String, ports: [Int], requestsPerSecond: Int,
        _ body: (inout EngineClients) async throws -> Result
    ) async throws -> Result {
        try await Subprocess.run(
            .path(FilePath(program)),
            arguments: Arguments(["engine-clients", "--rate", "\(requestsPerSecond)"] + ports.map { "\($0)" }),
            input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            var clients = EngineClients(
                writer: execution.standardInputWriter,
                lines: execution.standardOutput.strings().makeAsyncIterator())
            return try await body(&clients)
        }.closureResult
    }

    /// They are at work for as long as `body` is.
    mutating func work<Result: Sendable>(
        during body: () async throws -> Result
    ) async throws -> (Result, EngineTraffic.Outcome) {
        _ = try await writer.write("\n")
        let result = try await body()
        _ = try await writer.write("\n")
        guard let line = try await lines.next() else { throw Programs.Problem("the clients' process has ended") }
        return (result, try JSONDecoder().decode(EngineTraffic.Outcome.self, from: Data(line.utf8)))
    }
}
