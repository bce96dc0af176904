import HostSystem
import NIOCore
import NIOHTTP1
import NIOPosix
import ShardCore
import ShardWire
import Synchronization

/// Sends single requests to nodes over kept connections. Knows nothing of the API.
public struct NodeTransport: Sendable {
    /// The most bytes of an answer; longer answers are cut off and refused.
    public static let bodyBytesMax = 16 * 1024 * 1024

    private let loop: any EventLoop
    private let core: NIOLoopBoundBox<TransportCore>
    private let bytes: ByteCount
    /// An executor for tasks that make many small requests and never block: they are not handed from thread to thread
    /// on it.
    public let executor: any TaskExecutor
    private static let lastID = Atomic<UInt64>(0)

    /// Bytes of all bodies sent and received so far.
    var bytesExchanged: UInt64 { bytes.value }

    /// Runs `body` with a transport, and closes its connections afterwards.
    ///
    /// - Parameter connectionsPerNodeMax: the most requests to one node at a time; further ones wait.
    /// - Throws: `TLSFileTrouble` if the files for TLS cannot be used.
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
        // All connections are on one loop: the input of many of them then costs one wake-up.
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let bytes = ByteCount()
        self.loop = loop
        self.bytes = bytes
        executor = LoopExecutor(loop)
        core = NIOLoopBoundBox.makeBoxSendingValue(
            TransportCore(loop: loop, access: access, connectionsPerNodeMax: connectionsPerNodeMax, bytes: bytes),
            eventLoop: loop)
    }

    /// Ends all connections, and the requests under way on them.
    private func close() async {
        let closed = loop.flatSubmit { [core, loop] in EventLoopFuture.andAllComplete(core.value.close(), on: loop) }
        try? await closed.get()
    }

    /// - Parameter timeoutMilliseconds: the time from the call to the answer's last byte; nil waits for ever.
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
                    // The request may have been cancelled before there was anything to cancel.
                    if isCancelled.isSet { core.value.cancel(id, at: node) }
                }
            }
        } onCancel: {
            isCancelled.set()
            loop.execute { [core] in core.value.cancel(id, at: node) }
        }
        return try result.get()
    }

    /// Sends a GET. A node that says that it wants a body with every request is given an empty object.
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
    /// Runs the task at once if this loop is running already, else soon.
    fileprivate func now(_ task: @escaping @Sendable () -> Void) { inEventLoop ? task() : execute(task) }
}

/// Counts the bytes of bodies sent and received.
final class ByteCount: Sendable {
    private let count = Atomic<UInt64>(0)

    func add(_ more: Int) { count.wrappingAdd(UInt64(max(0, more)), ordering: .relaxed) }
    var value: UInt64 { count.load(ordering: .relaxed) }
}
