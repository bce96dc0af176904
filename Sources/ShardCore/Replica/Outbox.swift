import DequeModule

/// The directives of one turn, in order; and the messages of a replica to itself, which it takes in before the turn ends.
struct Outbox: Sendable {
    private var directives: [Directive] = []
    private var toSelf: Deque<Message> = []
    /// The time when the next ``Event/resume`` is due; nil if none is asked for.
    private var resumeMicroseconds: UInt64?

    mutating func reply(_ id: RequestID, _ reply: Reply) { directives.append(.reply(id, reply)) }

    mutating func send(_ envelope: Envelope, to peer: NodeAddress) {
        assert(peer != envelope.from, "\(peer) sends to itself over the network")
        directives.append(.send(envelope, to: peer))
    }

    mutating func sendToSelf(_ message: Message) { toSelf.append(message) }

    mutating func record(_ occurrence: Occurrence) { directives.append(.record(occurrence)) }

    mutating func sayDrained() { directives.append(.drained) }

    /// Asks for an ``Event/resume``, unless one is due by then already.
    mutating func wantResume(afterMicroseconds delay: UInt64, _ now: Instant) {
        let due = now.monotonicMicroseconds + delay
        if let resumeMicroseconds, resumeMicroseconds <= due { return }
        resumeMicroseconds = due
        directives.append(.resume(afterMicroseconds: delay))
    }

    /// An ``Event/resume`` came. An earlier wish may arrive after a later one was granted; both do no harm.
    mutating func noteResume() { resumeMicroseconds = nil }

    var hasResume: Bool { resumeMicroseconds != nil }
    var hasMessageToSelf: Bool { !toSelf.isEmpty }

    mutating func nextToSelf() -> Message? { toSelf.popFirst() }

    /// Ends the turn.
    ///
    /// - Parameter change: goes in front of all, which rests on it.
    mutating func endTurn(_ change: DiskChange?) -> [Directive] {
        var result: [Directive] = []
        swap(&result, &directives)
        if let change { result.insert(.persist(change), at: 0) }
        return result
    }
}
