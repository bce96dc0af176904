import ArgumentParser
import Foundation

/// Asks before something is changed in a cluster that is not our own: production is no playground.
enum Confirmation {
    static let help: ArgumentHelp = "Valkey and Redis: change the cluster without asking."

    /// Returns where the user said yes; without a terminal, where `--yes` did.
    ///
    /// - Parameter what: as in "write the key a".
    static func get(_ what: String, of entry: ClusterEntry, isSure: Bool) throws {
        guard !entry.isOfShardnodes, !isSure else { return }
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            throw Failure(.usage, "this would \(what) in the cluster at \(entry.name); --yes does it without asking")
        }
        let question = "\(what.prefix(1).uppercased() + what.dropFirst()) in the cluster at \(entry.name)? Type yes: "
        switch TypedLine.read(prompt: question, isHidden: false) {
        case .line(let answer) where ["yes", "y"].contains(answer.lowercased()): return
        case .interrupted:
            Output.error("shardtop: nothing was changed")
            throw ExitCode(128 + SIGINT)
        case .line, .ended, nil: throw Failure(.failed, "nothing was changed")
        }
    }
}
