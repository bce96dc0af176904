import ClientTLS
import HostSystem
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ShardCore

/// The connections to all nodes, on their event loop: opens them, gives them requests, and gives up requests that take
/// too long.
final class TransportCore {
    private typealias Line = NodeLine<NodeConnection, NodeRequest>

    /// The time within which a connection must be able to carry requests.
    private static let openingTime = TimeAmount.seconds(2)
    /// The time after which a connection without requests is closed: well before the nodes do it, perhaps just as a
    /// request comes.
    private static let idleTime = TimeAmount.seconds(60)

    /// The number of files that are left to everything else.
    private static let filesFree = 24

    let loop: any EventLoop
    let bytes: ByteCount
    private let access: PreparedAccess
    private let connectionsPerNodeMax: Int
    private var lines: [NodeAddress: Line] = [:]
    /// The time at which the timer for the next request to be given up fires; nil if none runs.
    private var timerAt: NIODeadline?
    private var isWatchingIdleness = false
    /// The number of connections whose files are perhaps not open yet.
    private var connecting = 0
    /// The connections that cannot carry requests yet.
    private var opening: [ObjectIdentifier: NodeConnection] = [:]
    private var channels: [ObjectIdentifier: any Channel] = [:]
    private var isClosed = false

    init(loop: any EventLoop, access: PreparedAccess, connectionsPerNodeMax: Int, bytes: ByteCount) {
        self.loop = loop
        self.access = access
        self.connectionsPerNodeMax = connectionsPerNodeMax
        self.bytes = bytes
    }

    func send(_ request: NodeRequest) {
        guard !isClosed else { return request.fail(.cancelled) }
        lines[request.node, default: Line(connectionsMax: connectionsPerNodeMax)].add(request)
        startTimer(request.deadline)
        proceed(request.node)
    }

    private func proceed(_ node: NodeAddress) {
        while let step = lines[node]?.next() {
            switch step {
            case .send(let request, let connection): connection.send(request)
            case .open: open(node)
            }
        }
    }

    // MARK: Connections

    private func open(_ node: NodeAddress) {
        // Stops short of the limit itself, which even the system's libraries bear badly.
        if FileLimit.isNear(reserve: Self.filesFree + connecting) { return failRequests(to: node, .outOfFiles) }
        connecting += 1
        let (tls, hostName) = (access.context, access.tls?.serverName ?? ServerTLS.name(of: node.host))
        let connection = NIOLoopBound(NodeConnection(node, access, core: self), eventLoop: loop)
        opening[ObjectIdentifier(connection.value)] = connection.value
        ClientBootstrap(group: loop)
            .connectTimeout(Self.openingTime)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(FirstByte(connection.value.sawFirstByte))
                    if let tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: hostName)) }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(connection.value)
                }
            }
            .connect(host: node.host, port: node.port)
            .hop(to: loop)
            .whenComplete { [core = NIOLoopBound(self, eventLoop: loop)] result in
                core.value.connecting -= 1
                if case .failure(let error) = result { connection.value.end(TransportError(error)) }
            }
        guard tls != nil else { return }
        loop.scheduleTask(in: Self.openingTime) { connection.value.giveUpOpening() }
    }

    /// Notes that the connection can carry requests.
    func opened(_ connection: NodeConnection, _ channel: any Channel) {
        opening[ObjectIdentifier(connection)] = nil
        guard !isClosed else { return connection.end(.cancelled) }
        channels[ObjectIdentifier(connection)] = channel
        lines[connection.node]?.opened(connection, now: .now())
        proceed(connection.node)
        watchIdleness()
    }

    func failedToOpen(_ connection: NodeConnection, _ error: TransportError) {
        opening[ObjectIdentifier(connection)] = nil
        failRequests(to: connection.node, error)
    }

    private func failRequests(to node: NodeAddress, _ error: TransportError) {
        for request in lines[node]?.failedToOpen() ?? [] { request.fail(error) }
        proceed(node)
    }

    /// Notes that the connection has answered its request, and can take another.
    func finished(_ connection: NodeConnection) {
        lines[connection.node]?.finished(connection, now: .now())
        proceed(connection.node)
    }

    /// Notes that the connection takes no more requests.
    func ended(_ connection: NodeConnection) {
        guard channels.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        lines[connection.node]?.ended(connection)
        proceed(connection.node)
    }

    private func watchIdleness() {
        guard !isWatchingIdleness else { return }
        isWatchingIdleness = true
        loop.assumeIsolated().scheduleTask(in: Self.idleTime) { [self] in
            isWatchingIdleness = false
            guard !isClosed else { return }
            for node in Array(lines.keys) {
                for connection in lines[node]?.removeIdle(since: .now() - Self.idleTime) ?? [] {
                    connection.end(.cancelled)
                }
                if lines[node]?.isEmpty == true { lines[node] = nil }
            }
            if !lines.isEmpty { watchIdleness() }
        }
    }

    // MARK: Giving up

    func cancel(_ id: UInt64, at node: NodeAddress) {
        giveUp(at: node, { $0.id == id }, { _ in .cancelled })
    }

    /// Gives up requests whose time is over. What waits for a connection fails by what has kept that from opening, as it
    /// does if the connection is given up first.
    private func giveUpLate(at node: NodeAddress, _ now: NIODeadline) {
        let late = lines[node]?.removeWaiting { $0.deadline <= now } ?? []
        if !late.isEmpty {
            let delays = opening.values.filter { $0.node == node }.map(\.delay)
            let delay = delays.first { if case .noSecureConnection = $0 { true } else { false } } ?? delays.first
            for request in late { request.fail(delay ?? request.timedOut) }
        }
        giveUp(at: node, { $0.deadline <= now }, \.timedOut)
    }

    private func giveUp(
        at node: NodeAddress, _ isMeant: (NodeRequest) -> Bool, _ error: (NodeRequest) -> TransportError
    ) {
        for request in lines[node]?.removeWaiting(where: isMeant) ?? [] { request.fail(error(request)) }
        for connection in (lines[node]?.busy ?? [:]).values {
            guard let request = connection.request, isMeant(request) else { continue }
            // The answer may still come, and would be taken for the next request's.
            connection.end(error(request))
        }
    }

    private func startTimer(_ deadline: NIODeadline) {
        if deadline == .distantFuture { return }
        if let timerAt, timerAt <= deadline { return }
        timerAt = deadline
        loop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            guard timerAt == deadline else { return }
            timerAt = nil
            let now = NIODeadline.now()
            for node in Array(lines.keys) { giveUpLate(at: node, now) }
            if let next = nextDeadline { startTimer(next) }
        }
    }

    private var nextDeadline: NIODeadline? {
        lines.values.flatMap { line in
            line.waiting.map(\.deadline) + line.busy.values.compactMap { $0.request?.deadline }
        }.min()
    }

    /// Takes no more requests; those under way fail.
    ///
    /// - Returns: a future for each connection that ends when it is closed.
    func close() -> [EventLoopFuture<Void>] {
        isClosed = true
        let closed = channels.values.map(\.closeFuture)
        let open = lines.values.flatMap(\.connections)
        for node in Array(lines.keys) { giveUp(at: node, { _ in true }, { _ in .cancelled }) }
        for connection in open { connection.end(.cancelled) }
        return closed
    }
}
