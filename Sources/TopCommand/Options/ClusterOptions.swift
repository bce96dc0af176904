import ArgumentParser
import ClusterModel
import Foundation

/// Which cluster a command talks to, by a flag: for commands that have other arguments.
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

    /// What the environment names, else the configuration file, else the fallback.
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

/// Which cluster a command talks to, as its arguments or by the flag: for commands that have no other arguments.
struct ClusterArguments: ParsableArguments, ClusterNaming {
    @Argument(help: ArgumentHelp("Nodes to ask, as with --at.", valueName: "address"))
    var addresses: [String] = []
    @OptionGroup var options: ClusterOptions

    var named: [String] { addresses + options.at }
    var engine: EngineOptions { options.engine }

    func validate() throws { try validateNames() }
}

/// What names the nodes to ask.
protocol ClusterNaming {
    /// Each one address or several, separated by commas; empty where the command line names none.
    var named: [String] { get }
    var engine: EngineOptions { get }
}

extension ClusterNaming {
    /// The nodes named on the command line, else by the environment, else by the configuration file, else the fallback.
    func entry(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ClusterEntry {
        if named.isEmpty { return try ClusterOptions.named(in: environment) }
        return try ClusterOptions.parse(named.joined(separator: ","))
    }

    /// Of the file a mistake is said when it is needed, with a status of its own.
    func validateNames() throws {
        let environment = ProcessInfo.processInfo.environment[ClusterOptions.variable] ?? ""
        if !named.isEmpty || !environment.isEmpty {
            _ = try ClusterOptions.parse(named.isEmpty ? environment : named.joined(separator: ","))
        }
    }

    /// - Parameter isSure: writing to an engine that is not our own is not asked about.
    func withKeys(
        _ context: ContextOptions, isSure: Bool = false, _ body: (any KeyActions) async throws -> Void
    ) async throws {
        try await OpenedCluster.withKeys(try entry(), try engine.login(), context, isSure: isSure, body)
    }

    /// Watches the cluster for one command: waits for all answers rather than for the first.
    ///
    /// - Parameter operates: it may be changed, also where its engine is not our own.
    func withSource(operates: Bool = false, _ body: (any ClusterSource) async throws -> Void) async throws {
        let wishes = OpenedCluster.Wishes(isPatient: true, operates: operates, login: try engine.login())
        try await OpenedCluster.with(try entry(), wishes, body)
    }
}
