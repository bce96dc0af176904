import ArgumentParser
import ClusterModel
import Foundation

/// The cluster that a command talks to, named by a flag: for commands that have other arguments.
struct ClusterOptions: ParsableArguments, ClusterNaming {
    static let variable = "SHARDTOP_AT"
    static let fallback = "127.0.0.1:8081"

    @Option(
        help: ArgumentHelp(
            "One or more nodes to ask, separated by commas: host:port, or https://host:port with TLS; "
                + "valkey://host:port and redis://host:port (valkeys:// and rediss:// with TLS). Default: $\(variable), the configuration, \(fallback).",
            valueName: "address,…"))
    var at: [String] = []
    @OptionGroup(title: "Access") var engine: EngineOptions

    var named: [String] { at }

    func validate() throws { try validateNames() }

    /// The cluster that the environment names, else the configuration file, else the fallback.
    static func named(
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> ClusterEntry {
        if let named = environment[variable], !named.isEmpty { return try parse(named) }
        if let named = try ConfigFile.load(in: environment).entry { return named }
        return try parse(fallback)
    }

    static func parse(_ text: String) throws -> ClusterEntry {
        do { return try ClusterEntry(parsing: text) } catch {
            throw ValidationError(error.description.prefix(1).uppercased() + error.description.dropFirst() + ".")
        }
    }
}

/// The cluster that a command talks to, named by its arguments or the flag: for commands that have no other arguments.
struct ClusterArguments: ParsableArguments, ClusterNaming {
    @Argument(help: ArgumentHelp("Nodes to ask, as with --at.", valueName: "address"))
    var addresses: [String] = []
    @OptionGroup var options: ClusterOptions

    var named: [String] { addresses + options.at }
    var engine: EngineOptions { options.engine }

    func validate() throws { try validateNames() }
}

/// The command-line options that name the nodes to ask.
protocol ClusterNaming {
    /// The names, each with one or several addresses separated by commas; empty if the command line has none.
    var named: [String] { get }
    var engine: EngineOptions { get }
}

extension ClusterNaming {
    /// The nodes named on the command line, else by the environment, else by the configuration file, else the fallback.
    func entry(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ClusterEntry {
        if named.isEmpty { return try ClusterOptions.named(in: environment) }
        return try ClusterOptions.parse(named.joined(separator: ","))
    }

    /// Checks the names on the command line and in the environment. A mistake in the file is reported when the file is
    /// needed, with an exit status of its own.
    func validateNames() throws {
        let environment = ProcessInfo.processInfo.environment[ClusterOptions.variable] ?? ""
        if !named.isEmpty || !environment.isEmpty {
            _ = try ClusterOptions.parse(named.isEmpty ? environment : named.joined(separator: ","))
        }
    }

    /// - Parameter isSure: true if writing to another engine needs no confirmation.
    func withKeys(
        _ context: ContextOptions, isSure: Bool = false, _ body: (any KeyActions) async throws -> Void
    ) async throws {
        try await OpenedCluster.withKeys(try entry(), try engine.login(), context, isSure: isSure, body)
    }

    /// Watches the cluster for one command: waits for all answers rather than for the first.
    ///
    /// - Parameter operates: true if the cluster may be changed even if it is another engine's.
    func withSource(operates: Bool = false, _ body: (any ClusterSource) async throws -> Void) async throws {
        let wishes = OpenedCluster.Wishes(isPatient: true, operates: operates, login: try engine.login())
        try await OpenedCluster.with(try entry(), wishes, body)
    }
}
