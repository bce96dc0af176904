import NIOCore
import NIOPosix
import ShardCore
import ShardWire
import Synchronization

/// A port that passes on what one node sends to another, and can be told not to.
final class LinkProxy: Sendable {
    enum Manner: Sendable, Hashable {
        case open
        /// Everything arrives so much later.
        case slow(milliseconds: Int64)
        /// Connections break, and new ones are closed at once.
        case cut
        /// Connections stay, and nothing arrives.
        case held
    }

    struct State {
        var manner = Manner.open
        var channels: [ObjectIdentifier: any Channel] = [:]
        var ear: (@Sendable (Envelope) -> Void)?
    }

    private let listener: any Channel
    private let shared: SharedState

    /// The proxy's own address, which the sender dials instead of the target's.
    let address: NodeAddress

    static func start(to target: NodeAddress) async throws -> LinkProxy {
        let state = SharedState()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ProxyHandler(target: target, state: state))
                }
            }
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = listener.localAddress?.port, let address = NodeAddress("127.0.0.1:\(port)") else {
            throw TrialError("a proxy has no port")
        }
        return LinkProxy(address: address, listener: listener, shared: state)
    }

    private init(address: NodeAddress, listener: any Channel, shared: SharedState) {
        self.address = address
        self.listener = listener
        self.shared = shared
    }

    /// Connections do not survive a change but to ``Manner/held``: what was swallowed would be missing in them.
    func behave(_ manner: Manner) {
        let broken = shared.change(to: manner)
        for channel in broken { channel.close(promise: nil) }
    }

    /// Hands on every message that passes from now on, on connections that are opened from now on.
    func overhear(_ ear: @escaping @Sendable (Envelope) -> Void) { shared.overhear(ear) }

    func stop() async {
        behave(.cut)
        try? await listener.close()
    }
}

/// The manner and the open channels that a proxy and its connections share.
final class SharedState: Sendable {
    private let state = Mutex(LinkProxy.State())

    var manner: LinkProxy.Manner { state.withLock { $0.manner } }

    func change(to manner: LinkProxy.Manner) -> [any Channel] {
        state.withLock { state in
            guard state.manner != manner else { return [] }
            state.manner = manner
            return manner == .held ? [] : Array(state.channels.values)
        }
    }

    func overhear(_ ear: @escaping @Sendable (Envelope) -> Void) { state.withLock { $0.ear = ear } }

    var ear: (@Sendable (Envelope) -> Void)? { state.withLock { $0.ear } }

    func add(_ channel: any Channel) { state.withLock { $0.channels[ObjectIdentifier(channel)] = channel } }

    func remove(_ channel: any Channel) { state.withLock { $0.channels[ObjectIdentifier(channel)] = nil } }
}

/// The sender's end of a connection: dials the receiver and passes on both ways.
private final class ProxyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let target: NodeAddress
    private let state: SharedState

    init(target: NodeAddress, state: SharedState) {
        self.target = target
        self.state = state
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        switch state.manner {
        case .cut: return channel.close(promise: nil)
        case .held: return state.add(channel)
        case .open, .slow: state.add(channel)
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        ClientBootstrap(group: context.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: target.host, port: target.port)
            .assumeIsolated()
            .whenComplete { result in
                let (handler, context) = bound.value
                switch result {
                case .failure: context.close(promise: nil)
                case .success(let other): handler.join(context, other)
                }
            }
    }

    private func join(_ context: ChannelHandlerContext, _ other: any Channel) {
        let channel = context.channel
        do {
            try context.pipeline.syncOperations.addHandler(
                PassingHandler(to: other, state: state, tap: state.ear.map { FrameTap(ear: $0) }))
            try other.pipeline.syncOperations.addHandler(PassingHandler(to: channel, state: state))
        } catch {
            other.close(promise: nil)
            return context.close(promise: nil)
        }
        for each in [channel, other] { each.setOption(.autoRead, value: true).whenComplete { _ in each.read() } }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.fireChannelRead(data) }

    func channelInactive(context: ChannelHandlerContext) {
        state.remove(context.channel)
        context.fireChannelInactive()
    }
}

/// Passes on what arrives at one end to the other.
private final class PassingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let state: SharedState
    private var tap: FrameTap?

    init(to other: any Channel, state: SharedState, tap: FrameTap? = nil) {
        self.other = other
        self.state = state
        self.tap = tap
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        tap?.take(bytes)
        let other = other
        switch state.manner {
        case .open: other.writeAndFlush(bytes, promise: nil)
        case .slow(let delay):
            other.eventLoop.scheduleTask(in: .milliseconds(delay)) { other.writeAndFlush(bytes, promise: nil) }
        case .cut, .held: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
        context.fireChannelInactive()
    }

    /// Stops reading at the other end while this one takes no more, so that a fast sender has to wait.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        other.setOption(.autoRead, value: context.channel.isWritable).whenComplete { [other] _ in other.read() }
        context.fireChannelWritabilityChanged()
    }
}
