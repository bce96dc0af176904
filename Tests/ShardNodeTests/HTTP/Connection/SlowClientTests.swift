import NIOCore
import Testing

@testable import ShardNode

/// Clients that have not taken an answer yet when the connection has come to its end.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SlowClientTests {
    @Test func aClientThatHasEndedItsSideStillGetsAllOfALongAnswer() async throws {
        try await RunningNode.with { node in
            let client = try await asking(node)
            try await client.endInput()
            try await expectAll(client)
        }
    }

    @Test func aNodeThatStopsStillSendsAllOfALongAnswer() async throws {
        let node = try await RunningNode.start()
        let client = try await asking(node)
        async let stopped: Void = node.stop(answersAtMost: .seconds(6))
        #expect(await eventually { node.record.value.isDrained })
        try await expectAll(client)
        await stopped
    }

    @Test func aNodeThatStopsStillSendsAllOfAnAnswerThatItsClientWantedLast() async throws {
        let node = try await RunningNode.start()
        let client = try await asking(node, "Connection: close\r\n")
        async let stopped: Void = node.stop(answersAtMost: .seconds(6))
        #expect(await eventually { node.record.value.isDrained })
        try await expectAll(client)
        await stopped
    }

    @Test func whatIsAskedForBehindALongAnswerWaitsUntilThatIsTaken() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port, reads: false)
            let get = "GET /kvs/large HTTP/1.1\r\nHost: x\r\n\r\n"
            try await client.send(get + get + "GET /kvs/last HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await eventually { node.record.value.requests == 1 })
            // Served after all that came with the first request.
            let other = try await RawClient.connect(port: node.port)
            try await other.send("GET /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = await other.received("\"a\"")
            #expect(node.record.value.requests == 2)
            try await client.startReading()
            #expect(await eventually { node.record.value.requests == 4 })
            #expect(await eventually { client.inbox.ends(with: "\"last\"}") })
            #expect(client.inbox.count > 2 * FakeMachine.largeBytes)
        }
    }

    @Test func whatWasHeldIsAnsweredAlsoAfterTheClientHasEndedItsSide() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port, reads: false)
            let get = "GET /kvs/large HTTP/1.1\r\nHost: x\r\n\r\n"
            try await client.send(get + "GET /kvs/last HTTP/1.1\r\nHost: x\r\n\r\n")
            try await client.endInput()
            try await expectAll(client)
            #expect(client.inbox.ends(with: "\"last\"}"))
        }
    }

    @Test func whatIsNoRequestIsRefusedAfterTheRequestsThatWereHeldBeforeIt() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port, reads: false)
            try await client.send(
                "GET /kvs/large HTTP/1.1\r\nHost: x\r\n\r\nGET /kvs/first HTTP/1.1\r\nHost: x\r\n\r\nGET /kvs/last HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n"
            )
            #expect(await eventually { node.record.value.requests == 1 })
            try await client.startReading()
            #expect(await eventually { client.inbox.isClosed })
            #expect(node.record.value.requests == 3)
            let end = client.inbox.end(600)
            #expect(end.contains("\"first\"}HTTP/1.1 200 ") && end.contains("\"last\"}HTTP/1.1 400 "))
        }
    }

    @Test func whatWasHeldIsAnsweredThoughARequestBehindItIsNotComplete() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port, reads: false)
            try await client.send(
                "GET /kvs/large HTTP/1.1\r\nHost: x\r\n\r\nGET /kvs/last HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "PUT /kvs/a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n{\"va")
            #expect(await eventually { node.record.value.requests == 1 })
            try await client.startReading()
            #expect(await eventually { client.inbox.ends(with: "\"last\"}") })
            try await client.send("lue\":1}")
            #expect(await eventually { client.inbox.ends(with: "\"shard-id\":0}") })
        }
    }

    @Test func aClientThatTakesItsTimeIsNotIdle() async throws {
        var limits = HTTPLimits(valueBytesMax: 1_024)
        limits.idleTime = .milliseconds(1)
        try await RunningNode.with(limits: limits) { node in
            let client = try await asking(node)
            let idle = try await RawClient.connect(port: node.port)
            try await idle.send("GET /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try #require(await idle.receivedAll())
            try await client.startReading()
            #expect(await eventually { client.inbox.count > FakeMachine.largeBytes })
        }
    }

    @Test func aClientThatTookItsLastAnswerAndStaysIsLeftAfterAMoment() async throws {
        var limits = HTTPLimits(valueBytesMax: 1_024)
        limits.lingerTime = .milliseconds(1)
        try await RunningNode.with(limits: limits) { node in
            let client = try await asking(node, "Connection: close\r\n")
            try await expectAll(client)
            #expect(try await eventually { try await node.value { $0.core.connections.count } == 0 })
        }
    }

    @Test func aClientThatTakesNothingIsGivenUp() async throws {
        var limits = HTTPLimits(valueBytesMax: 1_024)
        limits.stallTime = .milliseconds(1)
        try await RunningNode.with(limits: limits) { node in
            _ = try await asking(node)
            #expect(try await eventually { try await node.value { $0.core.connections.count } == 0 })
        }
    }

    /// Has asked for what sockets cannot hold, and reads nothing yet.
    private func asking(_ node: RunningNode, _ headers: String = "") async throws -> RawClient {
        let client = try await RawClient.connect(port: node.port, reads: false)
        try await client.send("GET /kvs/large HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
        #expect(await eventually { node.record.value.requests == 1 })
        return client
    }

    private func expectAll(_ client: RawClient) async throws {
        try await client.startReading()
        #expect(await eventually { client.inbox.isClosed })
        #expect(client.inbox.count > FakeMachine.largeBytes)
    }
}
