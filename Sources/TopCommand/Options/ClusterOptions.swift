import ArgumentParser
import ClusterModel
import Foundation
import ShardClient
import ShardCore

/// Which cluster a command talks to, by a flag: for commands that have other arguments.
struct ClusterOptions: ParsableArguments, ClusterNaming {
    static let variable = "SHARDTOP_AT"
    static let fallback = "127.0.0.1:8081"

    @Option(
        help: ArgumentHelp(
            "One or more nodes to ask, separated by commas. Default: $\(variable), the configuration, \(fallback).",
            valueName: "address,…"))
    var at: [String] = []

    var named: [String] { at }

    func validate() throws { try validateNames() }

    /// The addresses that the environment names, else the configuration file, else the fallback.
    static func named(
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> [NodeAddress] {
        if let named = environment[variable], !named.isEmpty { return try parse(named) }
        if let named = try ConfigFile.load(in: environment).addresses { return named }
        return try parse(fallback)
    }

    static func parse(_ text: String) throws -> [NodeAddress] {
        let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !parts.isEmpty else { throw ValidationError("No address is given.") }
        var addresses: [NodeAddress] = []
        for part in parts {
            let address = try NodeAddress.argument(part)
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }
}

/// Which cluster a command talks to, as its arguments or by the flag: for commands that have no other arguments.
struct ClusterArguments: ParsableArguments, ClusterNaming {
    @Argument(help: ArgumentHelp("Nodes to ask, as with --at.", valueName: "address"))
    var addresses: [String] = []
    @OptionGroup var options: ClusterOptions

    var named: [String] { addresses + options.at }

    func validate() throws { try validateNames() }
}

/// What names the nodes to ask.
protocol ClusterNaming {
    /// Each one address or several, separated by commas; empty where the command line names none.
    var named: [String] { get }
}

extension ClusterNaming {
    /// The nodes named on the command line, else by the environment, else by the configuration file, else the fallback.
    func addresses(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> [NodeAddress] {
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

    /// Watches the cluster for one command: waits for all answers rather than for the first.
    func withSource(_ body: (any ClusterSource) async throws -> Void) async throws {
        let seeds = try addresses()
        try await NodeTransport.with { transport in
            try await body(
                ShardnodeSource(PollingSource(seeds: seeds, transport: transport, configuration: .oneShot)))
        }
    }

    /// Keys go through the nodes that the user named, in turn, past those that fail.
    func withClient(_ body: (ClusterClient) async throws -> Void) async throws {
        let seeds = try addresses()
        try await NodeTransport.with { transport in
            try await body(ClusterClient(nodes: seeds, transport: transport))
        }
    }
}

extension PollingSource.Configuration {
    static var oneShot: Self {
        var configuration = Self()
        configuration.patienceMilliseconds = configuration.timeoutMilliseconds
        return configuration
    }
}
