import ArgumentParser
import Dashboard
import HostSystem

/// Keeps what the dashboard polls.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep what is polled in this file, which must not exist, up to 1 GB; 'shardtop replay' plays it.",
            valueName: "file"))
    var record: String?

    /// Where there is no dashboard there is nothing to record.
    func refuse() throws {
        guard record == nil else {
            throw Failure(.usage, "--record keeps what the dashboard shows; here it is not shown")
        }
    }

    /// Opens the recording, runs `body`, and says afterwards what was kept, or why not all.
    func with(name: String, _ body: (Recorder?) async throws -> Void) async throws {
        guard let record else { return try await body(nil) }
        let recorder: Recorder
        do {
            recorder = try Recorder(
                path: record, header: RecordingHeader(program: ShardTop.version, name: name))
        } catch {
            throw Failure(.fileTrouble, error.words)
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body(recorder)) } catch { result = .failure(error) }
        let summary = await recorder.finish()
        if let problem = summary.problem { Output.error("shardtop: the recording ended early: \(problem)") }
        if summary.polls > 0 {
            Output.error(
                "\(Words.plural(summary.polls, "poll")) over \(Words.time(microseconds: summary.milliseconds * 1_000)), "
                    + "\(Words.bytes(summary.bytes)); 'shardtop replay \(record)' plays them")
        }
        try result.get()
    }
}
