import BasicNodes
import ShardCore
import Testing

@testable import ShardClient

/// What nodes may not do to a client, however they answer.
@Suite(.timeLimit(.minutes(3))) struct NodeTransportTests {
    private static let yes =
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 3\r\n\r\nyes"
    /// Where nothing is waited for.
    private static let patience: UInt64 = 60_000

    private func ask(
        _ server: RawServer, _ transport: NodeTransport, milliseconds: UInt64 = patience
    ) async -> Result<NodeResponse, TransportError> {
        do throws(TransportError) {
            return .success(try await transport.send(.GET, "/", to: server.address, timeoutMilliseconds: milliseconds))
        } catch {
            return .failure(error)
        }
    }

    private func error(_ result: Result<NodeResponse, TransportError>) -> TransportError? {
        if case .failure(let error) = result { error } else { nil }
    }

    /// Runs `body` with a server that does so at each request, and a transport.
    private func with(
        connections: Int = 16, silent: Int = 0, _ acts: [RawServer.Act],
        _ body: (RawServer, NodeTransport) async throws -> Void
    ) async throws {
        try await RawServer.with(acts, silent: silent) { server in
            try await NodeTransport.with(connectionsPerNodeMax: connections) { try await body(server, $0) }
        }
    }

    @Test func `one connection carries request after request`() async throws {
        try await with([.write(Self.yes)]) { server, transport in
            for _ in 0..<20 {
                let response = try await ask(server, transport).get()
                #expect(response.status == 200)
                #expect(response.contentType == "text/plain")
                #expect(response.body == Array("yes".utf8))
            }
            #expect(server.accepted == 1)
        }
    }

    @Test func `a node that closes after its answer is dialled again`() async throws {
        let last = Self.yes.replacing("content-length", with: "connection: close\r\ncontent-length")
        try await with([.write(last)]) { server, transport in
            for _ in 0..<3 {
                let answer = try await ask(server, transport).get()
                #expect(answer.status == 200)
            }
            #expect(server.accepted == 3)
        }
    }

    @Test func `many requests share as many connections as may be had`() async throws {
        try await with(connections: 2, [.write(Self.yes)]) { server, transport in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 { group.addTask { self.error(await ask(server, transport)) == nil } }
                for await isAnswered in group { #expect(isAnswered) }
            }
            #expect(server.accepted <= 2)
        }
    }

    @Test func `a node that says nothing is given up, and so is who waits behind it`() async throws {
        try await with(connections: 1, silent: 2, [.write(Self.yes)]) { server, transport in
            async let first = ask(server, transport, milliseconds: 300)
            async let second = ask(server, transport, milliseconds: 300)
            let both = await [first, second]
            #expect(both.map(error) == [.timedOut(milliseconds: 300), .timedOut(milliseconds: 300)])
            // On a connection of its own: an answer that comes too late is none to the next request.
            for _ in 0..<2 where error(await ask(server, transport, milliseconds: 5_000)) == nil { return }
            Issue.record("no connection was opened for the next request")
        }
    }

    @Test func `an answer that never ends is given up in time`() async throws {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"
        try await with([.write(head), .dribble]) { server, transport in
            let result = await ask(server, transport, milliseconds: 300)
            #expect(error(result) == .timedOut(milliseconds: 300))
        }
        try await with([.write("HTTP/1.1 200 OK\r\nx: "), .dribble]) { server, transport in
            let result = await ask(server, transport, milliseconds: 300)
            #expect(error(result) == .timedOut(milliseconds: 300))
        }
    }

    @Test func `an answer that is too large is not taken in`() async throws {
        let tooLarge = TransportError.tooLarge(bytesMax: NodeTransport.bodyBytesMax)
        let announced = "HTTP/1.1 200 OK\r\ncontent-length: \(NodeTransport.bodyBytesMax + 1)\r\n\r\n"
        try await with([.write(announced)]) { server, transport in
            let result = await ask(server, transport)
            #expect(error(result) == tooLarge)
        }
        // One whose end is that of the connection.
        try await with([
            .write("HTTP/1.1 200 OK\r\n\r\n"), .fill(bytes: NodeTransport.bodyBytesMax + 1),
        ]) { server, transport in
            let result = await ask(server, transport)
            #expect(error(result) == tooLarge)
        }
    }

    @Test func `an answer that nobody asked for is not taken for the next one`() async throws {
        let other = Self.yes.replacing("yes", with: "not")
        try await with([.write(Self.yes), .write(other)]) { server, transport in
            for _ in 0..<10 {
                guard case .success(let response) = await ask(server, transport) else { continue }
                #expect(response.body == Array("yes".utf8))
            }
        }
    }

    @Test func `a connection that ends within an answer gives none`() async throws {
        let cut = Self.yes.replacing("content-length: 3", with: "content-length: 30")
        try await with([.write(cut), .close]) { server, transport in
            let error = try #require(error(await ask(server, transport)))
            #expect(!error.isUnsent)
            guard case .closed = error else { throw error }
        }
    }

    @Test func `a request that is cancelled ends, and the next one is answered`() async throws {
        try await with(connections: 1, silent: 1, [.write(Self.yes)]) { server, transport in
            let hanging = Task { await ask(server, transport) }
            while server.accepted == 0 { await Task.yield() }
            hanging.cancel()
            let result = await hanging.value
            #expect(error(result) == .cancelled)
            let answer = try await ask(server, transport).get()
            #expect(answer.status == 200)
        }
    }

    @Test func `where nobody listens all who wait are told`() async throws {
        let node = try await BasicNode.scripted { _, _, _ in nil }
        let address = node.nodeAddress
        await node.die()
        try await NodeTransport.with(connectionsPerNodeMax: 2) { transport in
            await withTaskGroup(of: TransportError?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        do throws(TransportError) {
                            _ = try await transport.send(
                                .GET, "/", to: address, timeoutMilliseconds: Self.patience)
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                for await error in group { #expect(error == .cannotConnect("connection refused")) }
            }
        }
    }

    @Test func `a name that nobody has is no host`() async throws {
        try await NodeTransport.with { transport in
            let nobody = NodeAddress("no-such-host.invalid:1")!
            do throws(TransportError) {
                _ = try await transport.send(.GET, "/", to: nobody, timeoutMilliseconds: Self.patience)
                Issue.record("somebody answered")
            } catch {
                #expect(error == .cannotConnect("no such host 'no-such-host.invalid'"))
            }
        }
    }

    @Test func `what is under way when a transport ends is told so`() async throws {
        try await RawServer.with([]) { server in
            let hanging = try await NodeTransport.with { transport in
                let hanging = Task { await ask(server, transport) }
                while server.accepted == 0 { await Task.yield() }
                return hanging
            }
            let result = await hanging.value
            #expect(error(result) == .cancelled)
        }
    }
}
