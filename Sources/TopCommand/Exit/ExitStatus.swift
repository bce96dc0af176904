import ArgumentParser
import HostSystem

/// The status that a command ends with; the numbers of sysexits(3) as far as it has one.
enum ExitStatus: Int32, CaseIterable {
    case ok = 0
    /// It was not done: refused, failed, or no such key.
    case failed = 1
    /// Only from `status --check`: keys cannot be served.
    case down = 2
    case usage = 64
    /// Nobody answers.
    case unavailable = 69
    /// A file could not be read or written.
    case fileTrouble = 74
    case tryAgainLater = 75
    /// The address answers, but not as a node of this store, or TLS with it fails.
    case otherProtocol = 76
    /// The password, token or certificate is wrong or missing, or its owner may not do this.
    case notPermitted = 77
    /// The configuration file is wrong.
    case wrongConfig = 78

    private var words: String {
        switch self {
        case .ok: "done"
        case .failed: "refused or failed, or there is no such key; of 'status --check': degraded"
        case .down: "of 'status --check': keys cannot be served"
        case .usage: "the command line is wrong, or the terminal cannot show the dashboard"
        case .unavailable: "nobody answers"
        case .fileTrouble: "a file cannot be read or written"
        case .tryAgainLater: "not now: busy, or waiting for writes; try again later"
        case .notPermitted: "not permitted: a wrong or missing password or token, or a user who may not"
        case .wrongConfig: "the configuration file is wrong"
        case .otherProtocol: "it answers, but is no node of such a store, or no TLS comes about"
        }
    }

    static let help = allCases.map { "  \($0.rawValue)\($0.rawValue < 10 ? " " : "")  \($0.words)" }
        .joined(separator: "\n")
}

/// An error with the status that a command ends with.
protocol EndingError: TellingError {
    var status: ExitStatus { get }
}

/// Ends a command with words for a person and a status for a script.
struct Failure: EndingError {
    let status: ExitStatus
    let words: String

    init(_ status: ExitStatus, _ words: String) {
        self.status = status
        self.words = words
    }

    var description: String { words }

    /// Runs a command's work, reports its error on standard error, and ends with the status for it.
    static func reported(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as any EndingError {
            if !error.description.isEmpty { Output.error("shardtop: \(error)") }
            throw ExitCode(error.status.rawValue)
        } catch let error where !(error is ExitCode || error is ValidationError || error is CleanExit) {
            Output.error("shardtop: \(error.words)")
            throw ExitCode(ExitStatus.failed.rawValue)
        }
    }
}
