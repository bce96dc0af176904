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
        Output.errorText(
            "\(what.prefix(1).uppercased() + what.dropFirst()) in the cluster at \(entry.name)? Type yes: ")
        let answer = readLine(strippingNewline: true)?.lowercased()
        guard answer == "yes" || answer == "y" else { throw Failure(.failed, "nothing was changed") }
    }
}
