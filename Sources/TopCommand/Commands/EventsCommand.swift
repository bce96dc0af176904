import ArgumentParser
import ClusterModel
import Foundation
import HostSystem

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened: nodes up and down, reshards, members added.",
        usage: "shardtop events [<address> ...] [<options>]",
        discussion: """
              shardtop events
              shardtop events --since 10m
              shardtop events --since 14:30
              shardtop events --follow --json | jq .text      one object a line
            """)

    @OptionGroup var cluster: ClusterArguments
    @Option(
        help: ArgumentHelp(
            "Only what happened since: so long ago (90s, 10m, 2h, 3d), a time of today (14:30), or a date and time (2026-01-31T14:30:00Z).",
            valueName: "time"))
    var since: SinceTime?
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
                let earliest = since?.milliseconds(at: SteadyClock.wallMilliseconds()) ?? 0
                try await write(source.events().filter { $0.milliseconds >= earliest })
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
