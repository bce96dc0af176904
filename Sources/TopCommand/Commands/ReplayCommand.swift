import ArgumentParser
import Dashboard
import HostSystem

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Play a recording on the dashboard, without a cluster.",
        usage: "shardtop replay <file> [<options>]",
        discussion: """
            'shardtop demo' and 'shardtop watch' make recordings with --record. In the dashboard: space pauses, comma \
            and point step, [ and ] scrub 10 s, < and > change the speed, o plays it over and over, ? lists the keys.

              shardtop demo --record reshard.rec
              shardtop replay reshard.rec
              shardtop replay reshard.rec --present
              shardtop replay reshard.rec --svg reshard.svg --size 100x30 --speed 2
              shardtop replay reshard.rec --cast reshard.cast --from 10 --to 40
            """)

    @Argument(help: "The recording.", completion: .file()) var file: String
    @OptionGroup var look: LookOptions
    @OptionGroup var film: FilmOptions
    @OptionGroup var scripting: ScriptOptions

    func run() async throws {
        try await Failure.reported {
            let recording: Recording
            do { recording = try await Recording.read(path: file, earlier: EarlierRecording.poll) } catch {
                throw Failure(.fileTrouble, error.words)
            }
            if film.isAsked {
                guard scripting.script == nil else { throw Failure(.usage, "--script plays, --cast and --svg do not") }
                return try await film.write(
                    recording, name: recording.header.name, size: scripting.sizeOrUsual,
                    look: look.look(try ConfigFile.load()))
            }
            let plan = try scripting.plan()
            if plan?.size == nil { try DashboardTerminal.prepare() }
            try await DashboardTerminal.play(recording, look: look.look(try ConfigFile.load()), plan: plan)
        }
    }
}
