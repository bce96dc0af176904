import ArgumentParser
import HostSystem
import Logging
import ServiceLifecycle
import ShardNode

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@main
struct ShardNodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shardnode",
        abstract: "One node of a sharded, replicated, causally consistent key-value store over HTTP.",
        discussion: """
            The three settings that make a cluster also come from the environment: SOCKET_ADDRESS, VIEW and \
            SHARD_COUNT. A flag wins over its variable.

            Two shards of two nodes each, every node started with its own address:

              VIEW=127.0.0.1:8081,127.0.0.1:8082,127.0.0.1:8083,127.0.0.1:8084
              SOCKET_ADDRESS=127.0.0.1:8081 VIEW=$VIEW SHARD_COUNT=2 shardnode
              shardnode --socket-address 127.0.0.1:8082 --view $VIEW --shard-count 2

            A node that joins the running cluster, to be placed by add-member or a reshard:

              shardnode --socket-address 127.0.0.1:8085 --view $VIEW,127.0.0.1:8085

            Exit status: 0 after a graceful stop (SIGTERM, SIGINT), 64 for settings that cannot be used, 69 where the \
            address or port cannot be had, 71 where the data directory cannot be used or the system refuses something \
            else.
            """,
        version: NodeVersion.text)

    @Option(
        help: ArgumentHelp(
            "This node's address as its peers reach it: its identity. Default: $SOCKET_ADDRESS.",
            valueName: "host:port"))
    var socketAddress: String?

    @Option(
        help: ArgumentHelp(
            "The addresses of all nodes at start, this one's included, with commas between. Default: $VIEW.",
            valueName: "host:port,…"))
    var view: String?

    @Option(
        help: ArgumentHelp(
            "The shard count at creation; leave it out to join a running cluster. Default: $SHARD_COUNT.",
            valueName: "count"))
    var shardCount: String?

    @Option(
        help: ArgumentHelp(
            "Tells this cluster from others that are founded with the same view and shard count; the same on all "
                + "founders. Default: $CLUSTER_NAME, else none.",
            valueName: "name"))
    var clusterName: String?

    @Option(
        help: ArgumentHelp(
            "The host to listen on. Default: the address's own where that is, or stands for, loopback addresses alone, "
                + "else all interfaces.",
            valueName: "host"))
    var listen: String?

    @Flag(help: "For demonstrations: let clients cut this node off from its peers (PUT /shardnode/v1/faults).")
    var allowFaults = false

    @Option(help: ArgumentHelp("Keys a second that a reshard moves at most. Default: no limit.", valueName: "count"))
    var reshardRate: Int?

    @Option(
        help: ArgumentHelp(
            "The longest value, in bytes of its JSON. Default: \(NodeConfiguration.valueBytesDefault).",
            valueName: "count"))
    var maxValueBytes: Int?

    @Option(
        help: ArgumentHelp(
            "Connections of clients at most. Default: \(NodeConfiguration.connectionsDefault).", valueName: "count"))
    var maxConnections: Int?

    @Option(
        help: ArgumentHelp(
            "The longest wait for a request's causal dependencies. Default: "
                + "\(NodeConfiguration.dependencyWaitMillisecondsDefault).",
            valueName: "milliseconds"))
    var dependencyWaitMs: Int?

    @Option(
        help: ArgumentHelp(
            "Members that must hold a write before it is answered. Default: 1, the one that takes it.",
            valueName: "count"))
    var writeAcks: Int?

    @Option(
        help: ArgumentHelp(
            "A folder of this node's own, in which it keeps what it holds. Default: $DATA_DIR, else memory only.",
            valueName: "folder"))
    var dataDir: String?

    @Option(
        help: ArgumentHelp(
            "When a write is answered: memory; batched, in memory and on the disk a moment later; or sync, on the "
                + "disk. Default: $DURABILITY, else batched with a data directory and memory without.",
            valueName: "when"))
    var durability: String?

    @Option(
        help: ArgumentHelp(
            "Dial a peer at another address than the one that names it, as through a proxy. May be given more than "
                + "once. Default: $REACH, with commas between.",
            valueName: "peer=host:port"))
    var reach: [String] = []

    @Option(
        help: ArgumentHelp(
            "A further name by which clients may ask this node, beside addresses and the hosts of the view. May be "
                + "given more than once. Default: $HOST_NAMES, with commas between.",
            valueName: "name"))
    var hostName: [String] = []

    @Option(
        help: ArgumentHelp(
            "Who may do what: lines NAME ROLE sha256:HEX; without it, whoever reaches the node may do all. "
                + "Default: $TOKEN_FILE.",
            valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "This node's certificate, in PEM: the port speaks HTTPS, and peers must show theirs. Default: $TLS_CERT.",
            valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's key, in PEM. Default: $TLS_KEY.", valueName: "file"))
    var tlsKey: String?

    @Option(
        help: ArgumentHelp("The authority that signed the nodes' certificates. Default: $TLS_CA.", valueName: "file"))
    var tlsCa: String?

    @Option(
        help: ArgumentHelp(
            "A secret of the cluster, 16 bytes at least, that nodes prove to each other. Default: $CLUSTER_SECRET_FILE.",
            valueName: "file"))
    var clusterSecretFile: String?

    @Flag(
        help: """
            While a cluster changes from open to closed: let peers in that prove nothing, and clients in plain HTTP.
            """)
    var acceptOpenPeers = false

    @Option(
        help: "What to log to standard error: trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .warning

    func run() async throws {
        let configuration: NodeConfiguration
        do throws(ConfigurationError) {
            configuration = try NodeConfiguration(settings())
        } catch {
            Self.complain("\(error)")
            throw ExitCode(ConfigurationError.exitStatus)
        }
        let level = logLevel.level
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        CrashEnd.bound(program: "shardnode")
        StandardInput.stopAtEndIfWanted()
        // A limit on the size of files is a full disk, which the node can bear, and not its end.
        signal(SIGXFSZ, SIG_IGN)
        let logger = Logger(label: "shardnode")
        var quiet = Logger(label: "shardnode.lifecycle")
        quiet.logLevel = .critical
        let service = NodeService(configuration: configuration, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        do {
            try await group.run()
        } catch let error as StartError {
            Self.complain("\(error)")
            throw ExitCode(error.exitStatus)
        }
    }

    private func settings() -> NodeSettings {
        let environment = ProcessInfo.processInfo.environment
        func choose(_ flag: String, _ given: String?, _ variable: String) -> NodeSettings.Setting? {
            NodeSettings.choose(flag: flag, given: given, variable: variable, environment: environment)
        }
        var settings = NodeSettings()
        settings.socketAddress = choose("--socket-address", socketAddress, "SOCKET_ADDRESS")
        settings.view = choose("--view", view, "VIEW")
        settings.shardCount = choose("--shard-count", shardCount, "SHARD_COUNT")
        settings.clusterName = choose("--cluster-name", clusterName, "CLUSTER_NAME")
        settings.dataFolder = choose("--data-dir", dataDir, "DATA_DIR")
        settings.durability = choose("--durability", durability, "DURABILITY")
        settings.reach = choose("--reach", reach.isEmpty ? nil : reach.joined(separator: ","), "REACH")
        settings.hostNames = choose(
            "--host-name", hostName.isEmpty ? nil : hostName.joined(separator: ","), "HOST_NAMES")
        settings.tokenFile = choose("--token-file", tokenFile, "TOKEN_FILE")
        settings.certificateFile = choose("--tls-cert", tlsCert, "TLS_CERT")
        settings.keyFile = choose("--tls-key", tlsKey, "TLS_KEY")
        settings.authorityFile = choose("--tls-ca", tlsCa, "TLS_CA")
        settings.clusterSecretFile = choose("--cluster-secret-file", clusterSecretFile, "CLUSTER_SECRET_FILE")
        settings.acceptsOpenPeers = acceptOpenPeers
        settings.writeAcks = writeAcks
        settings.allowsFaults = allowFaults
        settings.listenHost = listen
        settings.reshardKeysPerSecondMax = reshardRate
        settings.valueBytesMax = maxValueBytes
        settings.connectionsMax = maxConnections
        settings.dependencyWaitMilliseconds = dependencyWaitMs
        return settings
    }

    private static func complain(_ text: String) {
        let bytes = Array("shardnode: \(text)\n".utf8)
        // Where standard error is closed there is nobody to tell.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// The log levels by the names that swift-log gives them.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .warning }
}
