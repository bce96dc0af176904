import NIOCore
import NIOHTTP1
import Testing

@testable import ShardNode

/// The rules of a connection, without a socket.
@Suite(.timeLimit(.minutes(10))) struct HTTPConnectionStateTests {
    // MARK: Answers in their order

    @Test func answersLeaveInTheOrderOfTheRequestsAndInOnePiece() {
        var connection = ScriptedConnection()
        for key in ["a", "b", "c"] {
            connection.begin("/kvs/\(key)")
            connection.end()
        }
        #expect(connection.taken() == ["serve /kvs/a as 0", "serve /kvs/b as 1", "serve /kvs/c as 2"])
        connection.answer(2, status: 202)
        connection.answer(1, status: 201)
        #expect(connection.taken().isEmpty)
        connection.answer(0)
        #expect(connection.taken() == ["200", "201", "202"], "the turn is not over")
        connection.endTurn()
        #expect(connection.taken() == ["flush"])
    }

    @Test func anAnswerOutsideOfATurnLeavesAtOnce() {
        var connection = ConnectionPhases.answering.connection
        connection.answer(0)
        #expect(connection.taken() == ["200", "flush"])
    }

    @Test func aClientThatAsksForTooManyAtOnceIsNotReadUntilOneIsAnswered() {
        var connection = ScriptedConnection()
        for _ in 0...HTTPLimits.pipelineMax {
            connection.begin("/kvs/a")
            connection.end()
        }
        connection.endTurn()
        #expect(connection.taken().count == HTTPLimits.pipelineMax)
        connection.does { $0.wantsToRead() }
        #expect(connection.taken().isEmpty)
        connection.answer(0)
        #expect(connection.taken() == ["200", "serve /kvs/a as 64", "flush"])
        connection.answer(1)
        #expect(connection.taken() == ["200", "flush", "read"])
    }

    @Test func anAnswerToWhatNobodyAskedIsDropped() {
        var connection = ConnectionPhases.idle.connection
        connection.answer(0)
        connection.answer(7)
        #expect(connection.taken().isEmpty)
    }

    // MARK: Clients that take their time

    @Test func whoTakesNothingIsServedNothingMoreUntilItDoes() {
        var connection = ConnectionPhases.heldBack.connection
        connection.ask("/kvs/b")
        connection.does { $0.wantsToRead() }
        #expect(connection.taken().isEmpty)
        connection.isWritable(true)
        #expect(connection.taken() == ["serve /kvs/a as 0", "serve /kvs/b as 1", "read"])
    }

    @Test func whoTakesNothingForTooLongIsLeft() {
        var connection = ConnectionPhases.heldBack.connection
        connection.wait(.seconds(1), unsentBytes: 500)
        connection.wait(connection.limits.stallTime, unsentBytes: 499)
        #expect(connection.taken().isEmpty, "it took a byte")
        connection.wait(connection.limits.stallTime, unsentBytes: 499)
        #expect(connection.taken().isEmpty, "not longer than it may")
        connection.wait(.nanoseconds(1), unsentBytes: 499)
        #expect(connection.taken() == ["close"])
    }

    // MARK: Bodies

    @Test func aBodyInPiecesIsServedWhole() {
        var connection = ScriptedConnection()
        connection.begin("/kvs/a", method: .PUT)
        for size in [10, 20, 30] { connection.body(size) }
        #expect(connection.state.bodyBytes == 60)
        connection.end()
        #expect(connection.taken() == ["serve /kvs/a with 60 as 0"])
        #expect(connection.state.bodyBytes == 0)
    }

    @Test func aBodyThatIsToBeTooLongIsRefusedBeforeItIsSent() {
        var connection = ScriptedConnection(bodyBytesMax: 10)
        connection.begin("/kvs/a", method: .PUT, [("Content-Length", "11"), ("Expect", "100-continue")])
        #expect(connection.taken() == ["413 last"])
    }

    @Test func aBodyThatGrowsTooLongIsRefusedAndForgotten() {
        var connection = ScriptedConnection(bodyBytesMax: 10)
        connection.begin("/kvs/a", method: .PUT)
        connection.body(10)
        #expect(connection.taken().isEmpty)
        connection.body(1)
        #expect(connection.taken() == ["413 last"])
        #expect(connection.state.bodyBytes == 0)
        connection.end()
        connection.begin("/kvs/b")
        #expect(connection.taken().isEmpty, "what comes behind is thrown away")
    }

    @Test func aBodyForWhichTheNodeHasNoRoomIsRefused() {
        var connection = ConnectionPhases.reading.connection
        connection.body(1, hasRoom: false)
        #expect(connection.taken() == ["503 last"])
    }

    @Test func chunksThatCarryFarMoreThanTheBodyAreRefused() {
        var connection = ConnectionPhases.reading.connection
        connection.body(1, overhead: HTTPLimits.chunkSlackBytes)
        connection.endTurn()
        #expect(connection.taken().isEmpty)
        connection.body(0, overhead: 11 * HTTPLimits.chunkOverheadMax)
        connection.endTurn()
        #expect(connection.taken() == ["400 last", "flush"])
    }

    // MARK: Expectations

    @Test func aClientThatAsksIsToldToGoOn() {
        var connection = ScriptedConnection()
        connection.begin("/kvs/a", method: .PUT, [("Content-Length", "5"), ("Expect", "100-continue")])
        connection.endTurn()
        #expect(connection.taken() == ["100", "flush"])
        connection.body(5)
        connection.end()
        connection.answer(1, status: 201)
        #expect(connection.taken() == ["serve /kvs/a with 5 as 1", "201", "flush"])
    }

    @Test func nobodyIsToldToGoOnInFrontOfAnEarlierAnswer() {
        var connection = ConnectionPhases.answering.connection
        connection.begin("/kvs/b", method: .PUT, [("Content-Length", "5"), ("Expect", "100-continue")])
        connection.endTurn()
        #expect(connection.taken().isEmpty)
        connection.answer(0)
        #expect(connection.taken() == ["200", "100", "flush"])
        var held = ConnectionPhases.heldBack.connection
        held.begin("/kvs/b", method: .PUT, [("Content-Length", "5"), ("Expect", "100-continue")])
        held.isWritable(true)
        held.answer(0)
        #expect(!held.taken().contains("100"), "it is not held to be the answer of the request before")
    }

    @Test func anExpectationThatNobodyKnowsIsRefused() {
        var connection = ScriptedConnection()
        connection.begin("/kvs/a", method: .PUT, [("Content-Length", "5"), ("Expect", "tea")])
        #expect(connection.taken() == ["417 last"])
    }

    // MARK: Whether the connection stays

    @Test func theClientAndItsVersionDecideWhetherTheConnectionStays() {
        let cases: [(HTTPVersion, String?, String)] = [
            (.http1_1, nil, "200"), (.http1_1, "close", "200 last"), (.http1_1, "keep-alive", "200"),
            (.http1_0, nil, "200 last"), (.http1_0, "keep-alive", "200 kept"), (.http1_0, "close", "200 last"),
        ]
        for (version, word, wanted) in cases {
            var connection = ScriptedConnection()
            connection.ask("/kvs/a", version: version, word.map { [("Connection", $0)] } ?? [])
            _ = connection.taken()
            connection.answer(0)
            #expect(connection.taken() == [wanted, "flush"], "\(version) \(word ?? "")")
        }
    }

    @Test func afterTheLastAnswerTheClientIsGivenAMomentToReadIt() {
        var connection = ConnectionPhases.ending.connection
        connection.allIsWritten()
        #expect(connection.taken() == ["goodbye"])
        connection.wait(connection.limits.lingerTime)
        #expect(connection.taken().isEmpty && connection.state.isAnswering)
        connection.wait(.nanoseconds(1))
        #expect(connection.taken() == ["close"])
    }

    @Test func nothingIsServedBehindARequestThatIsToBeTheLast() {
        var connection = ConnectionPhases.finishing.connection
        connection.ask("/kvs/b")
        #expect(connection.taken().isEmpty)
    }

    @Test func whatWasHeldBehindARequestThatIsTheLastIsDropped() {
        var connection = ScriptedConnection()
        connection.isWritable(false)
        connection.ask("/kvs/a", [("Connection", "close")])
        connection.ask("/kvs/b")
        connection.isWritable(true)
        #expect(connection.taken() == ["serve /kvs/a as 0"])
        connection.answer(0)
        #expect(connection.taken() == ["200 last", "flush"])
    }

    @Test func headIsAnsweredWithoutItsBody() {
        var connection = ScriptedConnection()
        connection.ask("/kvs/a", method: .HEAD)
        connection.answer(0)
        #expect(connection.taken() == ["serve /kvs/a as 0", "200 bare", "flush"])
        var refused = ScriptedConnection(bodyBytesMax: 1)
        refused.begin("/kvs/a", method: .HEAD, [("Content-Length", "2")])
        #expect(refused.taken() == ["413 last bare"])
    }

    @Test func whoIsOneTooManyIsToldSoUnlessItMayBeAPeer() {
        var client = ConnectionPhases.surplus.connection
        client.begin("/kvs/a")
        #expect(client.taken() == ["503 last"])
        var peer = ConnectionPhases.surplus.connection
        peer.begin(PeerProtocol.path, [("Connection", "Upgrade"), ("Upgrade", PeerProtocol.name)])
        peer.end()
        #expect(peer.taken() == ["peer"])
    }

    // MARK: Time

    @Test func aRequestThatDoesNotComeInTimeIsRefused() {
        for phase in [ConnectionPhases.fresh, .reading] {
            var connection = phase.connection
            connection.wait(connection.limits.requestTime)
            #expect(connection.taken().isEmpty)
            connection.wait(.nanoseconds(1))
            connection.endTurn()
            #expect(connection.taken() == ["408 last", "flush"], "\(phase)")
        }
    }

    @Test func anIdleConnectionIsClosedWithoutAWordAndEarlierWhereOthersWait() {
        var connection = ConnectionPhases.idle.connection
        connection.wait(connection.limits.crowdedIdleTime + .nanoseconds(1))
        #expect(connection.taken().isEmpty)
        connection.wait(connection.limits.idleTime)
        #expect(connection.taken() == ["close"])
        var crowded = ConnectionPhases.idle.connection
        crowded.wait(crowded.limits.crowdedIdleTime + .nanoseconds(1), isCrowded: true)
        #expect(crowded.taken() == ["close"])
    }

    @Test func noTimeRunsWhileTheNodeIsToAct() {
        for phase in [ConnectionPhases.answering, .finishing, .streaming] {
            var connection = phase.connection
            connection.wait(.hours(24), isCrowded: true)
            #expect(connection.taken().isEmpty, "\(phase)")
        }
    }

    @Test func aRequestThatWaitsBehindAStreamDoesNotEndIt() {
        var connection = ScriptedConnection()
        connection.ask("/stream")
        connection.begin("/kvs/b", method: .PUT)
        connection.body(10)
        connection.does { $0.stream(to: 0) }
        #expect(connection.state.bodyBytes == 0)
        _ = connection.taken()
        connection.wait(.hours(24))
        #expect(connection.taken().isEmpty)
    }

    // MARK: Streams and peers

    @Test func aStreamBeginsInItsTurnAndEndsTheConnection() {
        var connection = ScriptedConnection()
        connection.ask("/kvs/a")
        connection.ask("/stream")
        connection.ask("/kvs/b")
        _ = connection.taken()
        connection.does { $0.stream(to: 1) }
        #expect(connection.taken().isEmpty)
        connection.answer(0)
        #expect(connection.taken() == ["200", "stream in chunks", "flush"])
        connection.does { $0.streamHasEnded() }
        #expect(connection.taken() == ["goodbye"])
        var old = ScriptedConnection()
        old.ask("/stream", version: .http1_0)
        old.does { $0.stream(to: 0) }
        #expect(old.taken() == ["serve /stream as 0", "stream", "flush"])
    }

    @Test func onlyThePeersProtocolIsChangedTo() {
        var other = ScriptedConnection()
        other.ask(PeerProtocol.path, [("Connection", "Upgrade"), ("Upgrade", "h2c")])
        #expect(other.taken() == ["426 last", "flush"])
        var elsewhere = ScriptedConnection()
        elsewhere.ask("/kvs/a", [("Connection", "Upgrade"), ("Upgrade", PeerProtocol.name)])
        elsewhere.answer(0)
        #expect(elsewhere.taken() == ["serve /kvs/a as 0", "200 last", "flush"])
    }

    @Test func aPeersUpgradeBehindAnUnansweredRequestIsNone() {
        var connection = ConnectionPhases.answering.connection
        connection.ask(PeerProtocol.path, [("Connection", "Upgrade"), ("Upgrade", PeerProtocol.name)])
        #expect(connection.taken() == ["serve \(PeerProtocol.path) as 1"])
    }

    // MARK: What may happen in every phase

    /// What is wanted at once in each phase.
    private func expect(
        _ wanted: [ConnectionPhases: [String]], after event: (inout HTTPConnectionState) -> Void
    ) {
        for phase in ConnectionPhases.allCases {
            var connection = phase.connection
            connection.does(event)
            connection.endTurn()
            #expect(connection.taken() == wanted[phase] ?? [], "\(phase)")
        }
    }

    @Test func aNodeThatStopsEndsWhatIsIdleAtOnceAndTheRestAfterItsAnswer() {
        expect([.fresh: ["end"], .surplus: ["end"], .idle: ["end"], .streaming: ["close"]]) { $0.drain() }
        for phase in [ConnectionPhases.answering, .finishing] {
            var connection = phase.connection
            connection.does { $0.drain() }
            connection.answer(0)
            #expect(connection.taken() == ["200 last", "flush"], "\(phase)")
        }
        var reading = ConnectionPhases.reading.connection
        reading.does { $0.drain() }
        reading.end()
        reading.endTurn()
        reading.answer(0)
        #expect(reading.taken() == ["serve /kvs/a with 10 as 0", "200 last", "flush"])
        var held = ConnectionPhases.heldBack.connection
        held.does { $0.drain() }
        held.isWritable(true)
        held.answer(0)
        #expect(held.taken() == ["serve /kvs/a as 0", "200 last", "flush"])
    }

    @Test func whatIsNoRequestIsRefusedOnceAndAfterWhatIsOwed() {
        let refusal = HeadRefusal(400, "What came is no HTTP request")
        let refused = ["400 last", "flush"]
        expect([.fresh: refused, .surplus: refused, .idle: refused, .reading: refused]) {
            $0.refuse(refusal)
            $0.refuse(refusal)
        }
        var answering = ConnectionPhases.answering.connection
        answering.does { $0.refuse(refusal) }
        answering.answer(0)
        #expect(answering.taken() == ["200", "400 last", "flush"])
        var held = ConnectionPhases.heldBack.connection
        held.does { $0.refuse(refusal) }
        held.isWritable(true)
        held.answer(0)
        #expect(held.taken() == ["serve /kvs/a as 0", "200", "400 last", "flush"])
    }

    @Test func aClientThatHasEndedItsSideGetsWhatItIsOwed() {
        expect([
            .fresh: ["end"], .surplus: ["end"], .idle: ["end"], .reading: ["400 last", "flush"], .streaming: ["close"],
            .lingering: ["close"],
        ]) { $0.endInput() }
        for phase in [ConnectionPhases.answering, .heldBack] {
            var connection = phase.connection
            connection.does { $0.endInput() }
            connection.isWritable(true)
            connection.answer(0)
            #expect(connection.taken().filter { !$0.hasPrefix("serve") } == ["200", "end", "flush"], "\(phase)")
            connection.allIsWritten()
            #expect(connection.taken() == ["close"], "\(phase)")
        }
    }

    @Test func aBrokenConnectionIsClosedOnceWhateverItOwes() {
        var wanted = Dictionary(uniqueKeysWithValues: ConnectionPhases.allCases.map { ($0, ["close"]) })
        wanted[.over] = []
        expect(wanted) {
            $0.breakOff()
            $0.breakOff()
        }
    }

    @Test func aConnectionThatIsGoneWantsNothingMore() {
        for phase in ConnectionPhases.allCases {
            var connection = phase.connection
            connection.does { $0.close() }
            connection.ask("/kvs/b")
            connection.answer(0)
            connection.does { $0.stream(to: 0) }
            connection.does { $0.wantsToRead() }
            connection.isWritable(true)
            connection.does { $0.drain() }
            connection.does { $0.endInput() }
            connection.does { $0.refuse(HeadRefusal(400, "late")) }
            connection.allIsWritten()
            connection.wait(.hours(24), isCrowded: true)
            #expect(connection.taken().isEmpty && !connection.state.isAnswering, "\(phase)")
            #expect(connection.state.bodyBytes == 0)
        }
    }

    @Test func aNodeThatStopsWaitsForThoseThatAreOwedOrStillReading() {
        let waits = ConnectionPhases.allCases.filter { $0.connection.state.isAnswering }
        #expect(waits == [.answering, .heldBack, .finishing, .ending, .lingering])
    }
}
