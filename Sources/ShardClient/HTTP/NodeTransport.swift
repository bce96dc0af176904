import AsyncHTTPClient
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

    private let client: HTTPClient
    private let exchanged = Exchanged()

    private final class Exchanged: Sendable {
        let bytes = Atomic<UInt64>(0)
    }

    /// Bytes of all bodies sent and received so far.
    var bytesExchanged: UInt64 { exchanged.bytes.load(ordering: .relaxed) }

    /// Runs `body` with a transport, and gives its connections back afterwards.
    ///
    /// - Parameter connectionsPerNodeMax: more requests to one node than this wait for each other.
    public static func with<Result: Sendable>(
        connectionsPerNodeMax: Int = 16, _ body: (NodeTransport) async throws -> Result
    ) async throws -> Result {
        let transport = NodeTransport(connectionsPerNodeMax: connectionsPerNodeMax)
        do {
            let result = try await body(transport)
            try? await transport.client.shutdown()
            return result
        } catch {
            try? await transport.client.shutdown()
            throw error
        }
    }

    private init(connectionsPerNodeMax: Int) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(2)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerNodeMax
        // A refused connection is news, not something to hide behind retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// - Parameters:
    ///   - timeoutMilliseconds: from the call to the answer's last byte; nil waits for ever.
    ///   - isTrusting: limits the answer's head and the pauses within its body, and not the body as a whole. Costs a
    ///     third less; for many small requests to nodes that are not suspected of dribbling.
    func send(
        _ method: HTTPMethod, _ path: String, to node: NodeAddress, body: [UInt8]? = nil,
        timeoutMilliseconds: UInt64?, isTrusting: Bool = false
    ) async throws(TransportError) -> NodeResponse {
        // Short of the limit itself, as even the system's libraries bear that badly.
        if FileLimit.isNear() { throw .outOfFiles }
        var request = HTTPClientRequest(url: "http://\(node)\(path)")
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
            exchanged.bytes.add(UInt64(body.count), ordering: .relaxed)
        }
        do {
            guard let timeoutMilliseconds else { return try await perform(request) }
            if isTrusting {
                let limit = TimeAmount.milliseconds(Int64(clamping: timeoutMilliseconds))
                return try await perform(request, deadline: .now() + limit)
            }
            return try await Self.limit(milliseconds: timeoutMilliseconds) { [request] in
                try await perform(request)
            }
        } catch {
            throw TransportError(error, timeoutMilliseconds: timeoutMilliseconds)
        }
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

    private func perform(
        _ request: HTTPClientRequest, deadline: NIODeadline = .distantFuture
    ) async throws -> NodeResponse {
        let response = try await client.execute(request, deadline: deadline)
        let contentType = response.headers.first(name: "content-type") ?? ""
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: Self.bodyBytesMax)
        } catch is NIOTooManyBytesError {
            throw TransportError.tooLarge(bytesMax: Self.bodyBytesMax)
        }
        exchanged.bytes.add(UInt64(body.readableBytes), ordering: .relaxed)
        return NodeResponse(
            status: Int(response.status.code),
            contentType: contentType.prefix { $0 != ";" }.lowercased(),
            body: Array(body.readableBytesView))
    }

    /// The client's own deadline ends with the head of an answer; this one holds for the whole of it.
    private static func limit<Value: Sendable>(
        milliseconds: UInt64, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await Task.sleep(for: .milliseconds(milliseconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else {
                throw TransportError.timedOut(milliseconds: milliseconds)
            }
            return value
        }
    }
}

extension TransportError {
    init(_ error: any Error, timeoutMilliseconds: UInt64?) {
        switch error {
        case let error as TransportError: self = error
        case is CancellationError: self = .cancelled
        case let error as HTTPClientError where error == .cancelled: self = .cancelled
        case let error as HTTPClientError where error == .connectTimeout:
            self = .cannotConnect("no answer")
        case let error as HTTPClientError
        where error == .deadlineExceeded || error == .readTimeout || error == .getConnectionFromPoolTimeout:
            self = .timedOut(milliseconds: timeoutMilliseconds ?? 0)
        case let error as IOError where Self.isOutOfFiles(error): self = .outOfFiles
        case let error as NIOConnectionError
        where error.connectionErrors.contains(where: { Self.isOutOfFiles($0.error) }):
            self = .outOfFiles
        case is HTTPParserError: self = .notHTTP("what it sent is no answer of HTTP/1.1")
        case let error as NIOConnectionError: self = .cannotConnect(Self.reason(error))
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .cannotConnect("connection refused")
        case let error as IOError: self = .closed(ErrorWords.of(errno: error.errnoCode))
        case is HTTPClientError, is ChannelError: self = .closed("the connection ended")
        default: self = .cannotConnect(error.words)
        }
    }

    private static func isOutOfFiles(_ error: any Error) -> Bool {
        [EMFILE, ENFILE].contains((error as? IOError)?.errnoCode)
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
            return "no such host '\(error.host)'"
        }
        let refused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
        if refused { return "connection refused" }
        guard let first = error.connectionErrors.first?.error else { return "no address of it answers" }
        return (first as? IOError).map { ErrorWords.of(errno: $0.errnoCode) } ?? "no answer"
    }
}
