import ArgumentParser
import Foundation
import ValkeyClient

/// The clients, in a process of their own: what is measured beside them must not take their turn in this one.
///
/// A line on standard input lets them begin, the next lets them end; then what they saw is told in one line. And so on,
/// until the input ends.
struct EngineClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-clients", abstract: "Clients of a Valkey or Redis cluster.", shouldDisplay: false)

    @Option var rate: Int
    @Argument var ports: [Int]

    func run() async throws {
        let servers = try Servers()
        defer { servers.close() }
        let store = KeyClient(servers, seeds: ports.map { ServerAddress(host: "127.0.0.1", port: $0) })
        var traffic = EngineTraffic(store, requestsPerSecond: rate)
        var words = Self.inputLines().makeAsyncIterator()
        while await words.next() != nil {
            let isOver = Flag()
            let running = Task { [traffic] in
                var traffic = traffic
                let outcome = await traffic.run(until: isOver)
                return (traffic, outcome)
            }
            let isLast = await words.next() == nil
            isOver.set()
            let outcome: EngineTraffic.Outcome
            (traffic, outcome) = await running.value
            if isLast { break }
            var line = try JSONEncoder().encode(outcome)
            line.append(UInt8(ascii: "\n"))
            FileHandle.standardOutput.write(line)
        }
    }

    /// Reading blocks, so it has a thread of its own.
    private static func inputLines() -> AsyncStream<Void> {
        AsyncStream { lines in
            Thread.detachNewThread {
                while readLine() != nil { lines.yield() }
                lines.finish()
            }
        }
    }
}
