import NIOCore
import NIOHTTP1
import ShardCore

/// A request on its way, with the caller that waits for the answer.
struct NodeRequest: Sendable {
    typealias Answer = CheckedContinuation<Result<NodeResponse, TransportError>, Never>

    let id: UInt64
    let node: NodeAddress
    let method: HTTPMethod
    let path: String
    let body: [UInt8]?
    let timeoutMilliseconds: UInt64?
    /// The time at which the request is given up, wherever it is.
    let deadline: NIODeadline
    private let answer: Answer

    init(
        id: UInt64, node: NodeAddress, method: HTTPMethod, path: String, body: [UInt8]?, timeoutMilliseconds: UInt64?,
        answer: Answer
    ) {
        self.id = id
        self.node = node
        self.method = method
        self.path = path
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        deadline = timeoutMilliseconds.map { .now() + .milliseconds(Int64(min($0, 1 << 40))) } ?? .distantFuture
        self.answer = answer
    }

    var timedOut: TransportError { .timedOut(milliseconds: timeoutMilliseconds ?? 0) }

    func succeed(_ response: NodeResponse) { answer.resume(returning: .success(response)) }
    func fail(_ error: TransportError) { answer.resume(returning: .failure(error)) }
}
