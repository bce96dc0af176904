import ClusterModel
import ShardClient
import ValkeyClient

/// A cluster that can be asked, opened by its entry for as long as a body runs.
enum OpenedCluster {
    /// How a cluster is opened.
    struct Wishes: Sendable {
        /// Waits for all answers rather than for the first, for a command that looks once.
        var isPatient = false
        /// Changes of an engine that is not our own are offered.
        var operates = false
        var login = EngineLogin()
    }

    static func with<Result: Sendable>(
        _ entry: ClusterEntry, _ wishes: Wishes, _ body: (any ClusterSource) async throws -> Result
    ) async throws -> Result {
        switch entry {
        case .nodes(let seeds, let isTLS):
            try await withNodes(seeds, try wishes.login.access(isTLS: isTLS)) { transport in
                let polling =
                    wishes.isPatient
                    ? PollingSource(seeds: seeds, transport: transport, configuration: .oneShot)
                    : PollingSource(seeds: seeds, transport: transport)
                return try await body(ShardnodeSource(polling))
            }
        case .servers(let urls):
            // The poller itself knows where each node is dialled, by more names than servers call one another.
            try await withServers(urls, wishes.login, detours: [:]) { servers, credentials in
                var setup = WatchSetup()
                setup.reach = wishes.login.reach
                setup.prefersHostNames = urls[0].isTLS
                if wishes.isPatient { setup.patienceMilliseconds = setup.timeoutMilliseconds }
                let poller = ClusterPoller(seeds: urls.map(\.address), calls: servers, setup: setup)
                let changer = wishes.operates ? Changer(calls: servers, login: credentials) : nil
                return try await body(
                    ValkeySource(
                        poller: poller, calls: servers, changer: changer, confirmationName: entry.name,
                        bytes: { servers.bytesExchanged }))
            }
        }
    }

    /// The servers of a cluster for whoever goes where they point to, by `--reach` where that is elsewhere.
    static func withServers<Result>(
        _ urls: [ServerURL], _ login: EngineLogin, _ body: (Servers) async throws -> Result
    ) async throws -> Result {
        try await withServers(urls, login, detours: login.reach) { servers, _ in try await body(servers) }
    }

    /// The servers of a cluster, with what they are to be told about who asks; says what is unwise about it.
    private static func withServers<Result>(
        _ urls: [ServerURL], _ login: EngineLogin, detours: [ServerAddress: ServerAddress],
        _ body: (Servers, ServerLogin) async throws -> Result
    ) async throws -> Result {
        let (credentials, warnings) = try login.credentials(urls[0])
        for warning in warnings { Output.error("shardtop: warning: \(warning)") }
        return try await Servers.with(login: credentials, detours: detours) { try await body($0, credentials) }
    }
}

extension PollingSource.Configuration {
    static var oneShot: Self {
        var configuration = Self()
        configuration.patienceMilliseconds = configuration.timeoutMilliseconds
        return configuration
    }
}
