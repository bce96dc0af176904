import ArgumentParser
import Foundation
import ShardClient
import ShardCore

/// Which cluster a command talks to.
struct ClusterOptions: ParsableArguments {
    static let variable = "SHARDTOP_AT"
    static let fallback = "127.0.0.1:8081"

    @Option(
        help: ArgumentHelp(
            "One or more nodes to ask, separated by commas. Default: $\(variable), the configuration, \(fallback).",
            valueName: "address,…"))
    var at: String?

    /// The nodes named by the flag, else by the environment, else by the configuration file, else the fallback.
    func addresses(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> [NodeAddress] {
        if let at { return try Self.parse(at) }
        return try Self.named(in: environment)
    }

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
        return try parts.map { part in
            guard let address = NodeAddress(part) else {
                throw ValidationError("'\(part)' is not an address of the form host:port.")
            }
            return address
        }
    }

    /// Of the file a mistake is said when it is needed, with a status of its own.
    func validate() throws {
        let named = at ?? ProcessInfo.processInfo.environment[Self.variable] ?? ""
        if at != nil || !named.isEmpty { _ = try Self.parse(named) }
    }

    /// Watches the cluster for one command: waits for all answers rather than for the first.
    func withSource(_ body: (PollingSource, NodeTransport) async throws -> Void) async throws {
        let seeds = try addresses()
        try await NodeTransport.with { transport in
            try await body(PollingSource(seeds: seeds, transport: transport, configuration: .oneShot), transport)
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
