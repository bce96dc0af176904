import HostSystem
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ShardCore

/// A running node: its parts, wired up on one event loop, and the sockets it listens on.
final class Node: Sendable {
    /// The parts that live on the event loop.
    struct Parts {
        let core: NodeCore
        let links: PeerLinks
        let router: Router
    }

    /// The time limits of the steps of a graceful stop.
    struct StopLimits {
        var drain = TimeAmount.seconds(7)
        var answers = TimeAmount.seconds(1)
        var links = TimeAmount.seconds(1)
    }

    let eventLoop: any EventLoop
    let parts: NIOLoopBound<Parts>
    let listeners: [any Channel]
    private let logger: Logger

    /// The port that the node listens on, which the system chose if 0 was asked for.
    var port: Int { listeners.first?.localAddress?.port ?? 0 }

    private init(eventLoop: any EventLoop, parts: NIOLoopBound<Parts>, listeners: [any Channel], logger: Logger) {
        self.eventLoop = eventLoop
        self.parts = parts
        self.listeners = listeners
        self.logger = logger
    }

    /// - Throws: ``StartError`` if the address is not available.
    static func start(
        configuration: NodeConfiguration, listenPort: Int? = nil, limits: HTTPLimits? = nil,
        peerLimits: PeerLimits = PeerLimits(), eventLoop: any EventLoop, logger: Logger,
        makeMachine: @escaping @Sendable (ReplicaConfiguration, DiskContents?) -> any StateMachine = {
            if let disk = $1 { return Replica(configuration: $0, disk: disk, now: NodeClock.now()) }
            return Replica(configuration: $0, now: NodeClock.now())
        }
    ) async throws -> Node {
        let limits = limits ?? HTTPLimits(valueBytesMax: configuration.valueBytesMax)
        let folder = try configuration.dataFolder.map { try DataFolder.open($0, for: configuration.address) }
        // Above every earlier start's, even if the wall clock was set back since.
        let incarnation = max(NodeClock.incarnation(), (folder?.contents.state?.incarnation ?? 0) + 1)
        let replicaConfiguration = configuration.replica(incarnation: incarnation)
        let room = ConnectionRoom(
            wanted: configuration.connectionsMax, peers: configuration.view.count, limit: FileLimit.raise())
        if let warning = room.warning { logger.warning("\(warning)") }
        let contents = try await readSecurity(configuration)
        let parts = try await eventLoop.submit {
            let disk = folder.map {
                DiskWriter(store: $0.store, durability: configuration.durability, eventLoop: eventLoop)
            }
            let core = NodeCore(
                eventLoop: eventLoop, machine: makeMachine(replicaConfiguration, folder?.contents),
                address: configuration.address, incarnation: replicaConfiguration.incarnation,
                connections: ConnectionTable(
                    connectionsMax: room.connectionsMax, graceMax: room.graceMax,
                    peersMax: configuration.view.count + 16),
                logger: logger, disk: disk,
                security: NodeSecurity(
                    address: configuration.address, files: configuration.security, contents: contents))
            if let warning = folder?.warning { core.record(.warning, of: configuration.address, warning) }
            let links = PeerLinks(core: core, limits: peerLimits, reach: configuration.reach)
            core.carrier = links
            let router = Router(
                core: core, observatory: Observatory(core: core, links: links), streams: ProgressStreams(core: core),
                valueBytesMax: configuration.valueBytesMax,
                hosts: HostNames(
                    nodes: configuration.view + [configuration.address], others: configuration.hostNames),
                allowsFaults: configuration.allowsFaults)
            return NIOLoopBound(Parts(core: core, links: links, router: router), eventLoop: eventLoop)
        }.get()
        let listener = Listener(
            eventLoop: eventLoop, initialize: { initialize($0, parts: parts.value, limits: limits) }, logger: logger)
        let listeners = try await listener.listen(
            hosts: await ListenHosts.resolved(configuration), port: listenPort ?? configuration.address.port)
        let weaknesses = try await eventLoop.submit {
            parts.value.core.startTicking(everyMilliseconds: replicaConfiguration.tickMilliseconds)
            return parts.value.core.security.state.weaknesses
        }.get()
        for weakness in weaknesses {
            // An operator who runs a node on this machine alone need not hear of it each time.
            logger.log(level: configuration.address.isLoopback ? .notice : .warning, "\(weakness)")
        }
        logger.info(
            "Serving",
            metadata: ["address": "\(configuration.address)", "incarnation": "\(replicaConfiguration.incarnation)"])
        return Node(eventLoop: eventLoop, parts: parts, listeners: listeners, logger: logger)
    }

    private static func readSecurity(
        _ configuration: NodeConfiguration
    ) async throws -> NodeSecurity.Contents {
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                try NodeSecurity.Contents.read(configuration.security, for: configuration.address)
            }
        } catch let problem as SecurityProblem {
            throw StartError(kind: .system, description: "The node cannot start: \(problem.description).")
        }
    }

    /// Reads the files of tokens and certificates again, at an operator's request.
    func readSecurityFiles() {
        let parts = parts
        eventLoop.execute { parts.value.core.security.look(on: parts.value.core.eventLoop, isAsked: true) }
    }

    private static func initialize(
        _ channel: any Channel, parts: Parts, limits: HTTPLimits
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            // Failing here closes the connection.
            if parts.core.connections.isOverfull || parts.core.connections.isDraining { throw ChannelError.eof }
            let connection = HTTPConnection(core: parts.core, router: parts.router, limits: limits)
            let pipeline = channel.pipeline.syncOperations
            if let tls = parts.core.security.contents.tls {
                try pipeline.addHandler(PortSniffer(context: tls.server, connection: connection))
            }
            try pipeline.addHandlers([connection.decoding, connection])
        }
    }

    /// Stops gracefully: takes nothing new, passes on what peers lack, answers what was accepted, and closes.
    func stop(limits: StopLimits = StopLimits()) async {
        for listener in listeners { try? await listener.close() }
        await drain(atMost: limits.drain)
        await answerAll(atMost: limits.answers)
        let parts = parts
        let closed = eventLoop.flatSubmit { parts.value.links.close() }
        await first(of: closed, atMost: limits.links)
        try? await eventLoop.submit {
            parts.value.core.stop()
            parts.value.core.connections.closeAll()
        }.get()
        do {
            try await eventLoop.submit { try parts.value.core.disk?.close() }.get()
        } catch {
            logger.warning("The disk did not close: \(NodeErrors.words(error))")
        }
        logger.info("Stopped")
    }

    private func drain(atMost limit: TimeAmount) async {
        let drained = eventLoop.makePromise(of: Void.self)
        let parts = parts
        eventLoop.execute {
            let core = parts.value.core
            core.onDrained = { drained.succeed() }
            core.connections.drain()
            core.feed(.drain)
        }
        let isInTime = await first(of: drained.futureResult, atMost: limit)
        if !isInTime { logger.warning("Stopping before everything was passed on") }
        drained.succeed()
    }

    private func answerAll(atMost limit: TimeAmount) async {
        let end = NIODeadline.now() + limit
        let parts = parts
        while NIODeadline.now() < end {
            let isBusy = try? await eventLoop.submit { parts.value.core.connections.isAnswering }.get()
            guard isBusy == true else { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits for `future`, at most for `limit`; false if the time ran out.
    @discardableResult
    private func first(of future: EventLoopFuture<Void>, atMost limit: TimeAmount) async -> Bool {
        let promise = eventLoop.makePromise(of: Bool.self)
        let timer = eventLoop.scheduleTask(in: limit) { promise.succeed(false) }
        future.whenComplete { _ in
            timer.cancel()
            promise.succeed(true)
        }
        return (try? await promise.futureResult.get()) ?? false
    }
}

extension NodeConfiguration {
    func replica(incarnation: UInt64) -> ReplicaConfiguration {
        var replica = ReplicaConfiguration(
            address: address, view: view, shardCount: shardCount, incarnation: incarnation)
        replica.clusterName = clusterName
        replica.draw = .random(in: 0 ... .max)
        replica.dependencyWaitMilliseconds = dependencyWaitMilliseconds
        replica.writeAcks = writeAcks
        replica.reshardKeysPerSecondMax = reshardKeysPerSecondMax
        return replica
    }
}
