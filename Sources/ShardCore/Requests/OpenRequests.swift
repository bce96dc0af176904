/// Requests that could not be answered at once, and what each waits for.
struct OpenRequests: Sendable {
    private var open: [UInt64: Pending] = [:]
    /// Of them, those that wait for dependencies, for a layout, or for another try.
    private(set) var waiting: [UInt64] = []
    /// Writes held by a freeze, in the order in which they came.
    private(set) var heldWrites: [UInt64] = []
    /// Set whenever something changed that a waiting request may wait for.
    private(set) var hasNewKnowledge = false

    var count: Int { open.count }
    var isEmpty: Bool { open.isEmpty }
    /// In the order in which they came.
    var ids: [UInt64] { open.keys.sorted() }

    subscript(id: UInt64) -> Pending? { open[id] }

    mutating func add(_ id: UInt64, _ request: Pending) {
        assert(open[id] == nil, "request \(id) is there already")
        open[id] = request
    }

    /// - Returns: what it was; nil if it was answered before.
    mutating func close(_ id: UInt64) -> Pending? { open.removeValue(forKey: id) }

    /// Nothing for one that was answered.
    mutating func update(_ id: UInt64, _ change: (inout Pending) -> Void) {
        guard var request = open[id] else { return }
        change(&request)
        open[id] = request
    }

    /// It waits for dependencies, for a layout, or for this node to serve.
    mutating func park(_ id: UInt64, _ obstacle: Refusal) {
        update(id) { ($0.wait, $0.obstacle) = (.knowledge, obstacle) }
        waiting.append(id)
    }

    /// It waits for the end of a freeze.
    mutating func hold(_ id: UInt64) {
        update(id) { $0.wait = .freeze }
        heldWrites.append(id)
    }

    /// It waits for the time to try again.
    mutating func retry(_ id: UInt64, atMicroseconds due: UInt64) {
        update(id) { $0.wait = .retry(atMicroseconds: due) }
        waiting.append(id)
    }

    /// Its time to try again has come.
    mutating func unwait(_ id: UInt64) { waiting.removeAll { $0 == id } }

    /// Those that another node was asked, for whom that is meant.
    func forwarded(where isMeant: (NodeAddress) -> Bool) -> [UInt64] {
        open.filter {
            if case .forwarded(let node, _) = $0.value.wait { isMeant(node) } else { false }
        }.keys.sorted()
    }

    /// Writes that a freeze held, which go on now.
    mutating func takeHeld() -> [UInt64] {
        defer { heldWrites = [] }
        return heldWrites
    }

    mutating func noteKnowledge() { hasNewKnowledge = true }

    /// All that wait, for what may be here now; whoever must wait on is put back.
    mutating func takeWaiting() -> [UInt64] {
        hasNewKnowledge = false
        defer { waiting = [] }
        return waiting
    }

    /// It waits on, for what it waited for.
    mutating func putBack(_ id: UInt64) { waiting.append(id) }

    /// Forgets the places of those that were answered.
    mutating func sweep() {
        if !waiting.isEmpty { waiting.removeAll { open[$0] == nil } }
        if !heldWrites.isEmpty { heldWrites.removeAll { open[$0] == nil } }
    }
}

/// Answers that are given once enough members hold the write that they tell of.
struct UnconfirmedAnswers: Sendable {
    private var answers: [Unconfirmed] = []

    var count: Int { answers.count }
    var isEmpty: Bool { answers.isEmpty }

    mutating func add(_ answer: Unconfirmed) { answers.append(answer) }

    mutating func takeAll() -> [Unconfirmed] {
        defer { answers = [] }
        return answers
    }
}

/// Messages of an epoch ahead, kept until that layout is here.
struct MessagesAhead: Sendable {
    private var envelopes: [Envelope] = []
    /// Between two questions for the layout.
    var pause = Pause(milliseconds: 50)

    private static let envelopesMax = 2_000

    var isEmpty: Bool { envelopes.isEmpty }
    var count: Int { envelopes.count }

    /// More than so many are lost; what they carry comes again.
    mutating func keep(_ envelope: Envelope) {
        if envelopes.count < Self.envelopesMax { envelopes.append(envelope) }
    }

    mutating func takeAll() -> [Envelope] {
        defer { envelopes = [] }
        return envelopes
    }

    /// Drops what its sender does not stand for any more.
    mutating func drop(where isOutdated: (Envelope) -> Bool) {
        if !envelopes.isEmpty { envelopes.removeAll(where: isOutdated) }
    }
}

/// All that waits to be answered or taken in.
struct Requests: Sendable {
    var open = OpenRequests()
    var unconfirmed = UnconfirmedAnswers()
    var ahead = MessagesAhead()
    var creations = RecentCreations()
}
