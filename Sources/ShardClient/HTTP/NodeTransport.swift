import HostSystem
import NIOCore
import NIOHTTP1
import NIOPosix
import ShardCore
import ShardWire
import Synchronization

/// Sends single requests to nodes over kept connections. Knows nothing of the API.
public struct NodeTransport: Sendable {
    /// Answers beyond this are cut off and refused.
    public static let bodyBytesMax = 16 * 1024 * 1024

    private let loop: any EventLoop
    private let core: NIOLoopBoundBox<TransportCore>
    private let bytes: ByteCount
    /// For tasks that make many small requests and never block: none of them is handed from thread to thread then.
    public let executor: any TaskExecutor
    private static let lastID = Atomic<UInt64>(0)

    /// Bytes of all bodies sent and received so far.
    var bytesExchanged: UInt64 { bytes.value }

    /// Runs `body` with a transport, and gives its connections back afterwards.
    ///
    /// - Parameter connectionsPerNodeMax: more requests to one node than this wait for each other.
    /// - Throws: `TLSFileTrouble` where the files for TLS are of no use.
    public static func with<Result: Sendable>(
        access: NodeAccess = .open, connectionsPerNodeMax: Int = 16, _ body: (NodeTransport) async throws -> Result
    ) async throws -> Result {
        let transport = NodeTransport(try PreparedAccess(access), connectionsPerNodeMax: connectionsPerNodeMax)
        do {
            let result = try await body(transport)
            await transport.close()
            return result
        } catch {
            await transport.close()
            throw error
        }
    }

    private init(_ access: PreparedAccess, connectionsPerNodeMax: Int) {
        // All connections on one loop: what many of them bring then costs one wake-up.
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let bytes = ByteCount()
        self.loop = loop
        self.bytes = bytes
        executor = LoopExecutor(loop)
        core = NIOLoopBoundBox.makeBoxSendingValue(
            TransportCore(loop: loop, access: access, connectionsPerNodeMax: connectionsPerNodeMax, bytes: bytes),
            eventLoop: loop)
    }

    /// Ends all connections, and what is under way on them.
    private func close() async {
        let closed = loop.flatSubmit { [core, loop] in EventLoopFuture.andAllComplete(core.value.close(), on: loop) }
        try? await closed.get()
    }

    /// - Parameter timeoutMilliseconds: from the call to the answer's last byte; nil waits for ever.
    func send(
        _ method: HTTPMethod, _ path: String, to node: NodeAddress, body: [UInt8]? = nil,
        timeoutMilliseconds: UInt64?
    ) async throws(TransportError) -> NodeResponse {
        if Task.isCancelled { throw .cancelled }
        let id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
        let isCancelled = Cancelled()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                let request = NodeRequest(
                    id: id, node: node, method: method, path: path, body: body,
                    timeoutMilliseconds: timeoutMilliseconds, answer: answer)
                loop.now { [core] in
                    core.value.send(request)
                    // It may have been cancelled before there was anything to cancel.
                    if isCancelled.isSet { core.value.cancel(id, at: node) }
                }
            }
        } onCancel: {
            isCancelled.set()
            loop.execute { [core] in core.value.cancel(id, at: node) }
        }
        return try result.get()
    }

    /// A GET. A node that wants a body of every request, and says so, is given an empty object.
    func read(
        _ path: String, of node: NodeAddress, timeoutMilliseconds: UInt64
    ) async throws(TransportError) -> NodeResponse {
        let response = try await send(.GET, path, to: node, timeoutMilliseconds: timeoutMilliseconds)
        guard [400, 411, 415].contains(response.status) else { return response }
        return try await send(
            .GET, path, to: node, body: Array("{}".utf8), timeoutMilliseconds: timeoutMilliseconds)
    }

    private final class Cancelled: Sendable {
        private let flag = Atomic<Bool>(false)

        var isSet: Bool { flag.load(ordering: .sequentiallyConsistent) }
        func set() { flag.store(true, ordering: .sequentiallyConsistent) }
    }
}

extension EventLoop {
    /// At once, where that is what runs already.
    fileprivate func now(_ task: @escaping @Sendable () -> Void) { inEventLoop ? task() : execute(task) }
}

/// Bytes of bodies sent and received.
final class ByteCount: Sendable {
    private let count = Atomic<UInt64>(0)

    func add(_ more: Int) { count.wrappingAdd(UInt64(max(0, more)), ordering: .relaxed) }
    var value: UInt64 { count.load(ordering: .relaxed) }
}
