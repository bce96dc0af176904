import NIOCore
import NIOHTTP1

@testable import ShardNode

/// An ``HTTPConnectionState`` without a socket: what happens to it is told, and what it wants done is kept as words.
struct ScriptedConnection: ~Copyable {
    var state: HTTPConnectionState
    var now = NIODeadline.uptimeNanoseconds(0) + .hours(1)
    /// What it wanted done since it was last looked at.
    private var actions: [String] = []
    private var readBytes: UInt64 = 0
    let limits: HTTPLimits

    init(bodyBytesMax: Int = 100, isSurplus: Bool = false) {
        var limits = HTTPLimits(valueBytesMax: 0)
        limits.bodyBytesMax = bodyBytesMax
        self.limits = limits
        state = HTTPConnectionState(limits: limits, isSurplus: isSurplus, now: now)
    }

    /// What it wanted done since the last call.
    mutating func taken() -> [String] {
        defer { actions = [] }
        return actions
    }

    private mutating func carryOut() {
        while let action = state.next(now: now) { actions.append(Self.words(action)) }
    }

    private static func words(_ action: borrowing HTTPConnectionState.Action) -> String {
        switch action {
        case .serve(let request, let token):
            "serve \(request.uri)\(request.bodyBytes > 0 ? " with \(request.bodyBytes)" : "") as \(token)"
        case .write(let response, let connection, let isHead):
            "\(response.status)\(connection == .keepAlive ? " kept" : "")\(isHead ? " bare" : "")"
        case .writeLast(let response, let isHead): "\(response.status) last\(isHead ? " bare" : "")"
        case .writeContinue: "100"
        case .beginStream(let isChunked): isChunked ? "stream in chunks" : "stream"
        case .flush: "flush"
        case .end(let hasUnread): hasUnread ? "end, unread" : "end"
        case .sayGoodbye: "goodbye"
        case .read: "read"
        case .becomePeer: "peer"
        case .close: "close"
        }
    }

    // MARK: What happens

    mutating func does(_ event: (inout HTTPConnectionState) -> Void) {
        event(&state)
        carryOut()
    }

    mutating func begin(
        _ target: String, method: HTTPMethod = .GET, version: HTTPVersion = .http1_1, _ headers: [(String, String)] = []
    ) {
        let received = HTTPRequestHead(
            version: version, method: method, uri: target, headers: HTTPHeaders([("Host", "x")] + headers))
        guard state.awaitsRequest, let head = try? RequestHead.checked(received) else { return }
        readBytes += 100
        does { [readBytes, now] in
            $0.beginTurn()
            $0.begin(head, readBytes: readBytes, now: now)
        }
    }

    /// - Parameter overhead: bytes that came beside the chunk.
    mutating func body(_ bytes: Int, overhead: Int = 0, hasRoom: Bool = true) {
        readBytes += UInt64(bytes + overhead)
        does { $0.append(ByteBuffer(repeating: 0, count: bytes), hasRoom: hasRoom) }
    }

    mutating func end() { does { $0.endRequest() } }

    mutating func endTurn() { does { [readBytes] in $0.endTurn(readBytes: readBytes) } }

    /// A whole request that is read in one go, and the end of the turn with it.
    mutating func ask(
        _ target: String, method: HTTPMethod = .GET, version: HTTPVersion = .http1_1, _ headers: [(String, String)] = []
    ) {
        begin(target, method: method, version: version, headers)
        end()
        endTurn()
    }

    mutating func answer(_ token: UInt64, status: Int = 200) {
        does { $0.answer(HTTPResponse(status: status, body: []), to: token) }
    }

    mutating func isWritable(_ isWritable: Bool) {
        does { [now] in $0.writabilityChanged(isWritable: isWritable, now: now) }
    }

    /// Lets time pass, and has it look at that.
    mutating func wait(_ time: TimeAmount, isCrowded: Bool = false, unsentBytes: Int = 0) {
        now = now + time
        does { [now] in $0.checkTime(now, isCrowded: isCrowded, unsentBytes: unsentBytes) }
    }

    mutating func allIsWritten() { does { [now] in $0.allIsWritten(now: now) } }
}
