import DequeModule
import NIOCore

/// The state of one client's connection, as a value: events come in by the methods, and actions go out of
/// ``next(now:)``. It knows no socket and reads no clock.
///
/// Answers go out in the order of the requests; see ``AnswerQueue``. A client that does not take them, or has asked for
/// too many at once, is served no further until it does. A connection that is told to go is given a moment to read the
/// reason before it is closed: closing a socket with unread bytes would destroy the answer under way.
///
/// It has one owner and is never copied, nor are its actions: every request would pay for that several times.
struct HTTPConnectionState: ~Copyable {
    private(set) var phase: Phase
    /// The request that is being read, in the phase of that name only.
    private var incoming: IncomingRequest?
    private let limits: HTTPLimits
    /// The time limit for the client's next step; none while the node is to act.
    private(set) var deadline: NIODeadline
    private var answers = AnswerQueue()
    private var arrivals: Deque<Arrival> = []
    private var pace = ClientPace()
    private var turn = ConnectionTurn()
    /// The client will ask for nothing more.
    private var hasInputEnded = false
    /// The node will serve nothing more.
    private var isDraining = false

    /// - Parameter isSurplus: true if there are too many connections: all but peers are told so.
    init(limits: HTTPLimits, isSurplus: Bool, now: NIODeadline) {
        self.limits = limits
        phase = .idle(isSurplus ? .surplus : .fresh)
        deadline = now + (isSurplus ? limits.lingerTime : limits.requestTime)
    }

    // MARK: Facts for others

    /// True if a request that begins now would be looked at.
    var awaitsRequest: Bool {
        if case .idle = phase { true } else { false }
    }

    /// True before the first request.
    var isFresh: Bool {
        switch phase {
        case .idle(.fresh), .idle(.surplus): true
        default: false
        }
    }

    /// True while a request is unanswered, or its answer is being read.
    var isAnswering: Bool {
        switch phase {
        case .ending, .written, .lingering: true
        case .breaking, .over: false
        case .idle, .reading, .upgrading, .finishing, .streaming: !owesNothing
        }
    }

    /// False if ``next(now:)`` would return only actions that wait for the end of the turn.
    var hasSomethingToDo: Bool { !arrivals.isEmpty || !answers.isEmpty }

    /// The bytes of the body that is being read.
    var bodyBytes: Int {
        incoming?.request.bodyBytes ?? 0
    }

    private var owesNothing: Bool { answers.isEmpty && arrivals.isEmpty }

    /// True while the client has to take answers before it is served further.
    private var isHeldBack: Bool { answers.count >= HTTPLimits.pipelineMax || pace.isStalled }

    // MARK: A request

    /// Begins a turn: some of the socket's present input was read.
    mutating func beginTurn() { turn.begin() }

    /// - Parameter readBytes: the bytes read from this connection up to the end of the head.
    mutating func begin(_ head: borrowing RequestHead, readBytes: UInt64, now: NIODeadline) {
        guard case .idle(let idle) = phase else { return }
        incoming = IncomingRequest(request: HTTPRequest(head), readBytesBefore: readBytes)
        enter(.reading)
        deadline = now + limits.requestTime
        if case .surplus = idle, head.upgrade == nil {
            return refuse(503, "Too many connections; try again later", isHead: head.isHead)
        }
        if let length = head.contentLength, length > limits.bodyBytesMax {
            return refuse(413, longBody, isHead: head.isHead)
        }
        switch head.expectation {
        case .none: break
        case .proceed:
            // A client that is not told to go on sends its body after a while all the same.
            guard arrivals.isEmpty else { return }
            answers.fill(answers.expect(AnswerForm()), .interim)
        case .unknown: refuse(417, "The only expectation that is understood is 100-continue")
        }
    }

    /// - Parameter hasRoom: false if the node keeps too much of all clients already.
    mutating func append(_ chunk: ByteBuffer, hasRoom: Bool = true) {
        guard incoming != nil else { return }
        incoming?.request.append(chunk)
        if bodyBytes > limits.bodyBytesMax { return refuse(413, longBody) }
        if !hasRoom { refuse(503, "Too much is being sent to the node at once; try again later") }
    }

    private var longBody: String { "The body is longer than \(limits.bodyBytesMax) bytes" }

    mutating func endRequest() {
        guard let request = incoming.take()?.request else { return }
        enter(.idle(.between))
        deadline = .distantFuture
        switch request.upgrade {
        case .peers where owesNothing: enter(.upgrading)
        case .notPeers where owesNothing: refuse(426, "The peer protocol spoken here is \(PeerProtocol.name)")
        case .none, .other, .peers, .notPeers: arrivals.append(.request(request))
        }
    }

    /// Ends a turn: all of the socket's present input was read.
    ///
    /// - Parameter readBytes: the bytes read from this connection in all.
    mutating func endTurn(readBytes: UInt64) {
        turn.end()
        guard incoming?.isWasteful(readBytes: readBytes) == true else { return }
        refuse(400, "The chunks of the body carry far more than the body")
    }

    // MARK: Its answer

    /// Keeps the call that the answer will need.
    mutating func attach(_ call: PendingCall, to token: UInt64) { answers.attach(call, to: token) }

    mutating func takeCall(_ token: UInt64) -> PendingCall? { answers.takeCall(token) }

    /// Takes the answer, which goes out when its turn comes.
    mutating func answer(_ response: consuming HTTPResponse, to token: UInt64) { answers.fill(token, .whole(response)) }

    /// Makes the answer a stream, which begins when its turn comes.
    mutating func stream(to token: UInt64) {
        answers.fill(token, .stream)
        finish()
    }

    mutating func streamHasEnded() {
        guard case .streaming = phase else { return }
        enter(.written)
    }

    // MARK: An end

    /// Answers with an error after which nothing more is read.
    mutating func refuse(_ refusal: HeadRefusal, isHead: Bool = false) {
        refuse(refusal.status, refusal.error, isHead: isHead)
    }

    private mutating func refuse(_ status: Int, _ error: String, isHead: Bool = false) {
        switch phase {
        case .idle, .reading: break
        case .upgrading, .finishing, .streaming, .ending, .written, .lingering, .breaking, .over: return
        }
        enter(.finishing)
        deadline = .distantFuture
        arrivals.append(.refusal(HTTPResponse(status: status, error: error), isHead: isHead))
    }

    /// Serves nothing any more, not even requests that wait for their turn.
    private mutating func finish() {
        switch phase {
        case .idle, .reading, .finishing: break
        case .upgrading, .streaming, .ending, .written, .lingering, .breaking, .over: return
        }
        enter(.finishing)
        deadline = .distantFuture
        arrivals.removeAll()
    }

    /// The client has closed its side.
    mutating func endInput() {
        hasInputEnded = true
        switch phase {
        case .reading: refuse(400, "The request was cut short")
        case .streaming, .lingering: breakOff()
        case .idle, .upgrading, .finishing, .ending, .written, .breaking, .over: break
        }
    }

    /// The socket has all that was written.
    mutating func allIsWritten(now: NIODeadline) {
        guard case .ending = phase else { return }
        enter(.written)
    }

    /// Ends the connection: at once if it is idle, else after the requests that it has received.
    mutating func drain() {
        isDraining = true
        if case .streaming = phase { breakOff() }
    }

    mutating func breakOff() {
        if case .over = phase { return }
        enter(.breaking)
    }

    /// The connection is gone.
    mutating func close() {
        enter(.over)
        answers.removeAll()
        arrivals.removeAll()
    }

    private mutating func enter(_ phase: Phase) {
        self.phase = phase
        if case .reading = phase {
            assert(incoming != nil, "a request is read that did not begin")
        } else {
            incoming = nil
        }
    }

    // MARK: Time and pace

    mutating func wantsToRead() { pace.holdsRead = true }

    mutating func writabilityChanged(isWritable: Bool, now: NIODeadline) {
        pace.change(isWritable: isWritable, now: now)
        if case .ending = phase { deadline = now + limits.stallTime }
    }

    /// Checks how long the client has taken.
    ///
    /// - Parameters:
    ///   - isCrowded: true if idle connections have to make room.
    ///   - unsentBytes: the bytes that the socket has not taken yet.
    mutating func checkTime(_ now: NIODeadline, isCrowded: Bool, unsentBytes: @autoclosure () -> Int) {
        if pace.isStalled {
            if pace.isGivenUp(unsentBytes: unsentBytes(), now: now, after: limits.stallTime) { breakOff() }
            return
        }
        if case .idle(.between) = phase, isCrowded, owesNothing,
            now > deadline - limits.idleTime + limits.crowdedIdleTime
        {
            return breakOff()
        }
        guard now > deadline else { return }
        switch phase {
        case .reading, .idle(.fresh), .idle(.surplus): refuse(408, "The request did not come in time")
        case .idle(.between), .upgrading, .finishing, .streaming, .ending, .written, .lingering: breakOff()
        case .breaking, .over: break
        }
    }

    // MARK: Actions

    /// Returns the next action, to be carried out before the next call; nil if there is none.
    mutating func next(now: NIODeadline) -> Action? {
        switch phase {
        case .over: return nil
        case .breaking:
            close()
            return .close
        case .upgrading:
            close()
            return .becomePeer
        case .written where hasInputEnded:
            close()
            return .close
        case .written:
            enter(.lingering)
            deadline = now + limits.lingerTime
            return .sayGoodbye
        case .idle, .reading, .finishing, .streaming, .ending, .lingering: break
        }
        while true {
            // An answer may stall the client, so all answers that are ready are written before anything is served.
            if let (form, answer) = answers.popReady() { return write(answer, form, now) }
            guard !isHeldBack, let arrival = arrivals.popFirst() else { break }
            switch arrival {
            case .request(let request): return serve(request)
            case .refusal(let response, let isHead):
                answers.fill(answers.expect(AnswerForm(isLast: true, isHead: isHead)), .whole(response))
            }
        }
        if let end = endIfDone(now) { return end }
        if turn.takeFlush() { return .flush }
        return !isHeldBack && pace.takeRead() ? .read : nil
    }

    private mutating func write(_ answer: AnswerQueue.Answer, _ form: AnswerForm, _ now: NIODeadline) -> Action {
        turn.hasUnflushed = true
        switch answer {
        case .interim: return .writeContinue
        case .stream:
            enter(.streaming)
            return .beginStream(isChunked: !form.isVersion10)
        case .whole(let response):
            if form.isLast || isDraining && owesNothing {
                enter(.ending)
                deadline = now + limits.stallTime
                return .writeLast(response, isHead: form.isHead)
            }
            if case .idle = phase, owesNothing { deadline = now + limits.idleTime }
            return .write(response, form.isVersion10 ? .keepAlive : .implied, isHead: form.isHead)
        }
    }

    private mutating func serve(_ request: HTTPRequest) -> Action {
        // The decoder stops at a request to upgrade, so this one is the last that can be read.
        let isLast = !request.isKeepAlive || request.upgrade != .none || isDraining
        let token = answers.expect(
            AnswerForm(isLast: isLast, isVersion10: request.isVersion10, isHead: request.isHead))
        if isLast { finish() }
        return .serve(request, token: token)
    }

    private mutating func endIfDone(_ now: NIODeadline) -> Action? {
        guard owesNothing else { return nil }
        switch phase {
        case .idle where hasInputEnded || isDraining, .finishing: break
        default: return nil
        }
        enter(.ending)
        deadline = now + limits.stallTime
        return .end(hasUnread: pace.holdsRead)
    }
}
