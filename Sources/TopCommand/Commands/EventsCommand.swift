import ArgumentParser
import ClusterModel
import Foundation

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened: nodes up and down, reshards, members added.",
        usage: "shardtop events [<address> ...] [<options>]",
        discussion: """
              shardtop events
              shardtop events --follow --json | jq .text      one object a line
            """)

    @OptionGroup var cluster: ClusterArguments
    @Flag(help: "Go on until interrupted.") var follow = false
    @Flag(help: "Print one JSON object a line.") var json = false

    func run() async throws {
        try await Failure.reported {
            try await cluster.withSource { source in
                _ = await source.snapshot()
                if let outage = await source.outage { throw outage }
                let offer = await source.features.events
                guard offer.isOffered else {
                    throw Failure(.failed, offer.reason ?? "these nodes tell of no events")
                }
                try await write(source.events())
                while follow {
                    try await Task.sleep(for: .milliseconds(500))
                    _ = await source.snapshot()
                    try await write(source.events())
                }
            }
        }
    }

    private func write(_ events: [Event]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for event in events {
            if json {
                Output.line(String(decoding: try encoder.encode(event), as: UTF8.self))
            } else {
                Output.line(
                    "\(Words.clock(milliseconds: event.milliseconds))  \(event.recordedBy?.description ?? "shardtop")  \(event.text)"
                )
            }
        }
    }
}
