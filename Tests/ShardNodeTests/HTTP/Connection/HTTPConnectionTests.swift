import Foundation
import NIOCore
import Testing

@testable import ShardNode

@Suite(.timeLimit(.minutes(10))) struct HTTPConnectionTests {
    @Test func answersPipelinedRequestsInTheirOrder() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            let keys = ["later1", "first", "later2", "second"]
            try await client.send(keys.map { "GET /kvs/\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            #expect(await eventually { node.record.value.requests == 4 })
            #expect(client.inbox.text.isEmpty)
            let other = try await RawClient.connect(port: node.port)
            try await other.send("GET /kvs/release HTTP/1.1\r\nHost: x\r\n\r\n")
            let text = await client.received("second")
            let places = keys.compactMap { text.range(of: "\"\($0)\"")?.lowerBound }
            #expect(places.count == 4 && places == places.sorted())
        }
    }

    @Test func saysThatABodyIsTooLongBeforeItIsSent() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send(
                "PUT /kvs/a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n")
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 413 ") && text.contains("{\"error\":"))
            #expect(!text.contains("100 Continue"))
        }
    }

    @Test func stopsAChunkedBodyThatGrowsTooLong() async throws {
        var limits = HTTPLimits(valueBytesMax: 0)
        limits.bodyBytesMax = 10
        try await RunningNode.with(limits: limits) { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send(
                "PUT /kvs/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n")
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(node.record.value.requests == 0)
        }
    }

    @Test(arguments: [
        "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n", "hello\r\n\r\n",
    ])
    func answersGarbageWith400AndCloses(_ garbage: String) async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send(garbage)
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 400 ") && text.contains("{\"error\":"))
        }
    }

    @Test func answersGarbageAfterTheRequestsBeforeIt() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send("GET /kvs/a HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.contains("HTTP/1.1 400 "))
        }
    }

    @Test func saysThatABodyWasCutShort() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send("PUT /kvs/a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"value\"")
            try await client.endInput()
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 400 ") && text.contains("cut short"))
            #expect(node.record.value.requests == 0)
        }
    }

    @Test func answersAClientThatHasEndedItsSide() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send("GET /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n")
            try await client.endInput()
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.hasSuffix("\"a\"}"))
        }
    }

    @Test func refusesHeadersBeyondTheBound() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send(
                "GET / HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "x", count: 70_000) + "\r\n\r\n")
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test func refusesAnAddressWithoutEnd() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send("GET /" + String(repeating: "x", count: 300_000))
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 4"))
        }
    }

    @Test func tellsAClientThatAsksToGoOn() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send(
                "PUT /kvs/a HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n")
            #expect(await client.received("100 Continue").hasPrefix("HTTP/1.1 100 Continue\r\n\r\n"))
            try await client.send("{\"value\": 12}")
            #expect(await client.received("201").contains("HTTP/1.1 201 Created"))
        }
    }

    @Test(arguments: ["POST", "OPTIONS", "PATCH"])
    func answersOtherMethodsWith405(_ method: String) async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send("\(method) /kvs/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 405 "))
            #expect(text.contains("Allow: "))
        }
    }

    @Test func takesNoFaultsUnlessItWasStartedForThem() async throws {
        try await RunningNode.with { running in
            let client = try await RawClient.connect(port: running.port)
            try await client.send(
                "PUT /shardnode/v1/faults HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n{\"isolated\":true}")
            let text = await client.received("--allow-faults")
            #expect(text.hasPrefix("HTTP/1.1 404 "))
            #expect(try await !running.value { $0.core.isIsolated })
        }
    }

    @Test func servesAGetWithABody() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            for _ in 0..<2 {
                try await client.send("GET /kvs/a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
            }
            let text = await client.received("\"a\"")
            #expect(text.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func keepsAVersion10ConnectionOnlyWhereAsked() async throws {
        try await RunningNode.with { node in
            let kept = try await RawClient.connect(port: node.port)
            try await kept.send("GET /kvs/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(await kept.received("\"a\"").contains("Connection: keep-alive"))
            let closed = try await RawClient.connect(port: node.port)
            try await closed.send("GET /kvs/a HTTP/1.0\r\n\r\n")
            #expect(await closed.receivedAll()?.contains("Connection: close") == true)
        }
    }

    @Test func answersWhatCameInFrontOfAPeersUpgrade() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send(
                "GET /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET \(PeerProtocol.path) HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: \(PeerProtocol.name)\r\n\r\n"
            )
            let text = await client.received("HTTP/1.1 101")
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.contains("\"a\"}HTTP/1.1 101 "))
        }
    }

    @Test func closesAfterAnUpgradeThatItDoesNotKnow() async throws {
        try await RunningNode.with { node in
            let client = try await RawClient.connect(port: node.port)
            try await client.send("GET /kvs/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
            let text = try #require(await client.receivedAll())
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.contains("Connection: close"))
        }
    }
}
