import ArgumentParser
import Dashboard

/// The alerts when the verdict changes, on the command line.
struct AlertOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Ring the terminal's bell when the verdict changes.") var alertBell: Bool?
    @Option(
        help: ArgumentHelp(
            """
            Run this line of shell when the verdict changes: $SHARDTOP_VERDICT, _RANK, _ADVICE, _CLUSTER, and \
            _VERDICT_BEFORE, _RANK_BEFORE. It gets 10 seconds.
            """, valueName: "command"))
    var alertCommand: String?

    /// The alerts by the flags, else by the file; an empty command means none.
    func alerting(_ config: Config) -> Alerting {
        let command = alertCommand ?? config.alertCommand ?? ""
        var alerting = Alerting(rings: alertBell ?? config.ringsBell ?? false)
        if !command.isEmpty {
            let runner = AlertCommand(command)
            alerting.run = { environment in try await runner.run(environment) }
        }
        return alerting
    }
}
