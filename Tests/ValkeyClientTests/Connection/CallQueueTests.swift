import NIOCore
import Testing

@testable import ValkeyClient

@Suite struct CallQueueTests {
    private static let server = ServerAddress(host: "h", port: 1)
    private var queue = CallQueue<String>(server: server, limits: ConnectionLimits())

    private mutating func add(_ token: String, id: UInt64, count: Int = 1, due: UInt64 = 100) -> CallQueue<String>.Added
    {
        queue.add(
            token, id: id, ByteBuffer(string: token), count: count, deadline: .uptimeNanoseconds(due),
            limit: .seconds(2))
    }

    @Test mutating func `gives each call its replies`() throws {
        #expect(queue.opened().isEmpty)
        guard case .write = add("a", id: 1, count: 2), case .write = add("b", id: 2) else {
            Issue.record("an open connection writes at once")
            return
        }
        #expect(try queue.receive(.integer(1)) == nil)
        let first = try #require(try queue.receive(.integer(2)))
        #expect(first.token == "a")
        #expect(first.result == .success([.integer(1), .integer(2)]))
        #expect(try queue.receive(.integer(3))?.token == "b")
        #expect(queue.isEmpty)
        #expect(throws: RESPFault.self) { try queue.receive(.null) }
    }

    @Test mutating func `holds calls until the connection stands`() {
        guard case .held = add("a", id: 1), case .held = add("b", id: 2) else {
            Issue.record("nothing is written before the connection stands")
            return
        }
        #expect(queue.opened().map(String.init(buffer:)) == ["a", "b"])
        #expect(queue.opened().isEmpty)
    }

    @Test mutating func `keeps the place of a call that was given up`() throws {
        _ = queue.opened()
        _ = add("a", id: 1, count: 2, due: 10)
        _ = add("b", id: 2, due: 20)
        #expect(queue.nextDeadline == .uptimeNanoseconds(10))
        let ended = queue.expire(now: .uptimeNanoseconds(10))
        #expect(ended.map(\.token) == ["a"])
        #expect(ended.first?.result.error?.kind == .silent)
        #expect(ended.first?.result.error?.mayHaveHappened == true)
        #expect(queue.isStale)
        #expect(!queue.isUseless)
        // The replies of a still come, and are not taken for those of b.
        #expect(try queue.receive(.integer(1)) == nil)
        #expect(try queue.receive(.integer(2)) == nil)
        #expect(try queue.receive(.integer(3))?.result == .success([.integer(3)]))
        #expect(queue.isUseless)
    }

    @Test mutating func `writes nothing that nobody waits for`() {
        _ = add("a", id: 1)
        _ = add("b", id: 2)
        _ = add("c", id: 3, due: 5)
        #expect(queue.cancel(1)?.result.error?.mayHaveHappened == false)
        #expect(queue.cancel(1)?.token == nil)
        #expect(queue.expire(now: .uptimeNanoseconds(5)).first?.result.error?.kind == .unreachable)
        #expect(!queue.isStale)
        #expect(queue.opened().map(String.init(buffer:)) == ["b"])
    }

    @Test mutating func `tells at its end what was never sent`() {
        let lost = ServerError(.lost, at: Self.server, "it ended")
        _ = add("a", id: 1)
        #expect(queue.close(lost).first?.result.error?.mayHaveHappened == false)
        queue = CallQueue(server: Self.server, limits: ConnectionLimits())
        _ = queue.opened()
        _ = add("a", id: 1)
        #expect(queue.close(lost).first?.result.error == lost)
        #expect(queue.isEmpty)
    }

    @Test mutating func `bounds what waits`() {
        var limits = ConnectionLimits()
        limits.commandsMax = 3
        limits.bytesMax = 10
        queue = CallQueue(server: Self.server, limits: limits)
        _ = queue.opened()
        // One call alone may be of any size.
        guard case .write = add("a long one, all alone", id: 1), case .refused(let refused) = add("b", id: 2) else {
            Issue.record("the second is too much")
            return
        }
        #expect(refused.result.error?.kind == .notNow)
        #expect(queue.live == 1)
    }
}

extension Result where Failure == ServerError {
    fileprivate var error: ServerError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
