import Testing

@testable import ValkeyClient

@Suite struct SlotRoutesTests {
    private let asked = ServerAddress(host: "seed", port: 1)

    private func text(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

    private func range(_ first: Int64, _ last: Int64, _ host: RESPValue, _ port: Int64) -> RESPValue {
        .array([.integer(first), .integer(last), .array([host, .integer(port), text("id"), .array([])])])
    }

    private func slot(_ number: Int) throws -> HashSlot { try #require(HashSlot(number)) }

    @Test func `learns owners and what a redirection says`() throws {
        var routes = SlotRoutes(seeds: [asked])
        #expect(try routes.isEmpty && routes.owner(of: slot(0)) == nil)
        let isLearnt = routes.learn(
            .array([range(0, 99, text("a"), 1), range(100, 16_383, text("b"), 2)]), from: asked)
        #expect(isLearnt)
        #expect(routes.owner(of: try slot(99))?.description == "a:1")
        #expect(routes.owner(of: try slot(100))?.description == "b:2")
        routes.moved(try slot(100), to: ServerAddress(host: "c", port: 3))
        #expect(routes.owner(of: try slot(100))?.description == "c:3")
        #expect(routes.owner(of: try slot(101))?.description == "b:2")
        let next = routes.learn(.array([range(0, 1, text("d"), 4)]), from: asked)
        #expect(next)
        #expect(routes.owner(of: try slot(100)) == nil)
    }

    @Test func `takes a server without a host for the one that was asked`() throws {
        for host in [RESPValue.null, text(""), text("?")] {
            var routes = SlotRoutes(seeds: [])
            let isLearnt = routes.learn(.array([range(0, 16_383, host, 7)]), from: asked)
            #expect(isLearnt)
            #expect(routes.owner(of: try slot(5))?.description == "seed:7")
        }
        var routes = SlotRoutes(seeds: [])
        _ = routes.learn(.array([range(0, 16_383, text("::1"), 7)]), from: asked)
        #expect(routes.owner(of: try slot(5))?.description == "[::1]:7")
    }

    @Test func `keeps what it has where the answer is of another form`() throws {
        var routes = SlotRoutes(seeds: [asked])
        _ = routes.learn(.array([range(0, 16_383, text("a"), 1)]), from: asked)
        let unreadable: [RESPValue] = [
            .null, .array([]), text("a"), .array([.null]), .array([range(5, 4, text("b"), 1)]),
            .array([range(0, 16_384, text("b"), 1)]), .array([range(-1, 5, text("b"), 1)]),
            .array([range(0, 5, text("b"), 0)]), .array([range(0, 5, text("b"), 70_000)]),
            .array([range(0, 5, text("b c"), 1)]), .array([range(0, 5, .integer(3), 1)]),
            .array([.array([.integer(0), .integer(1)])]), .error(RESPError("ERR no")),
        ]
        for reply in unreadable {
            let isLearnt = routes.learn(reply, from: asked)
            #expect(!isLearnt, "\(reply)")
            #expect(routes.owner(of: try slot(3))?.description == "a:1")
        }
    }

    @Test func `asks another server each time, and the seeds too`() {
        var routes = SlotRoutes(seeds: [asked])
        _ = routes.learn(.array([range(0, 9, text("a"), 1), range(10, 19, text("b"), 2)]), from: asked)
        let firsts = (0..<3).map { _ in routes.candidates() }
        #expect(Set(firsts.compactMap(\.first)).count == 3)
        #expect(firsts.allSatisfy { $0.count == 3 })
    }
}

@Suite struct RedirectionTests {
    private let server = ServerAddress(host: "h", port: 1)

    @Test(arguments: [
        ("MOVED 93 a:7", "a:7"), ("MOVED 93 [::1]:7", "[::1]:7"), ("MOVED 93 ::1:7", "[::1]:7"), ("MOVED 93 :7", "h:7"),
        ("MOVED 93 ?:7", "h:7"),
    ])
    func `reads where a slot went`(words: String, target: String) throws {
        let slot = try #require(HashSlot(93))
        let address = try #require(ServerAddress(target))
        #expect(Redirection(RESPError(words), from: server) == .moved(slot, address))
        let ask = RESPError(words.replacing("MOVED", with: "ASK"))
        #expect(Redirection(ask, from: server) == .ask(slot, address))
    }

    @Test(arguments: [
        "MOVED", "MOVED 93", "MOVED 16384 a:7", "MOVED -1 a:7", "MOVED x a:7", "MOVED 93 a", "MOVED 93 a:0",
        "MOVED 93 :",
        "MOVED 93 a:7 b:8", "ERR no", "WRONGTYPE no", "", "moved 93 a:7",
    ])
    func `takes nothing else for a redirection`(words: String) {
        #expect(Redirection(RESPError(words), from: server) == nil)
    }
}

@Suite struct KeyAttemptsTests {
    private let server = ServerAddress(host: "h", port: 1)
    private let other = ServerAddress(host: "o", port: 2)
    private let command = Command("GET", "k")

    private func answered(_ attempts: inout KeyAttempts, _ words: String) -> KeyAttempts.Next {
        attempts.answered(.error(RESPError(words)), to: command, by: server)
    }

    @Test func `goes once where ASK points, and then by the map again`() {
        var attempts = KeyAttempts(slot: HashSlot(key: "k"))
        #expect(attempts.begin() == nil)
        #expect(answered(&attempts, "ASK 1 o:2") == .again(pause: .zero, isOutdated: false))
        let target = attempts.begin()
        #expect(target?.server == other && target?.isAsking == true)
        #expect(
            attempts.failed(ServerError(.unreachable, at: other, "gone"))
                == .again(pause: .milliseconds(10), isOutdated: true))
        #expect(attempts.begin() == nil)
        #expect(answered(&attempts, "MOVED 1 o:2") == .again(pause: .zero, isOutdated: true, owner: other))
        #expect(attempts.begin()?.isAsking == false)
        #expect(attempts.redirections == 2)
    }

    @Test func `pauses where nodes send it round in a circle, and ends`() {
        var attempts = KeyAttempts(slot: HashSlot(key: "k"))
        var paused = Duration.zero
        for round in 1...1_000 {
            _ = attempts.begin()
            switch answered(&attempts, "MOVED 1 o:2") {
            case .again(let pause, _, _): paused += pause
            case .fail(let error):
                #expect(round == 200)
                #expect(error.kind == .refused)
                #expect(paused > .seconds(3))
                return
            case .done: Issue.record("a redirection is no answer")
            }
        }
        Issue.record("it does not end")
    }

    @Test(arguments: [
        ("TRYAGAIN x", false), ("CLUSTERDOWN x", true), ("LOADING x", true), ("READONLY x", true),
        ("MASTERDOWN x", true),
    ])
    func `waits longer each time`(words: String, isOutdated: Bool) {
        var attempts = KeyAttempts(slot: HashSlot(key: "k"))
        let pauses = (0..<6).map { _ -> KeyAttempts.Next in
            _ = attempts.begin()
            return answered(&attempts, words)
        }
        let milliseconds = [10, 20, 40, 80, 160, 200]
        #expect(pauses == milliseconds.map { .again(pause: .milliseconds($0), isOutdated: isOutdated) })
    }

    @Test func `remembers that it may have been done already`() {
        var attempts = KeyAttempts(slot: HashSlot(key: "k"))
        _ = attempts.begin()
        _ = attempts.failed(ServerError(.unreachable, at: server, "gone"))
        #expect(!attempts.mayComeTwice)
        _ = attempts.failed(ServerError(.lost, at: server, "lost"))
        #expect(attempts.mayComeTwice)
        #expect(attempts.givenUp(after: .seconds(5), at: server).mayHaveHappened)
        #expect("\(attempts.givenUp(after: .seconds(5), at: server))" == "h:1: lost (given up after 5 s)")
    }

    @Test(arguments: [ServerError.Kind.notPermitted, .wrongProtocol, .notACluster, .broken, .cancelled, .refused])
    func `does not try again what will not change`(kind: ServerError.Kind) {
        var attempts = KeyAttempts(slot: HashSlot(key: "k"))
        let error = ServerError(kind, at: server, "no")
        #expect(attempts.failed(error) == .fail(error))
    }

    @Test func `leaves errors of the command to who asked`() {
        var attempts = KeyAttempts(slot: HashSlot(key: "k"))
        let wrongType = RESPValue.error(RESPError("WRONGTYPE no"))
        #expect(attempts.answered(wrongType, to: command, by: server) == .done(wrongType))
    }
}
