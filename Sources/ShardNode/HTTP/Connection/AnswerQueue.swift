import DequeModule

/// What the request settled of its answer.
struct AnswerForm {
    var isLast = false
    var isVersion10 = false
    /// True if the answer goes out without its body.
    var isHead = false
}

/// The answers that a connection owes, in the order of its requests, each with a token by which it is found.
struct AnswerQueue {
    private struct Slot {
        let form: AnswerForm
        /// The request as it was put to the replica, until the replica has answered.
        var call: PendingCall?
        var answer: Answer?
    }

    enum Answer {
        case whole(HTTPResponse)
        /// `100 Continue`, after which the request's own answer follows.
        case interim
        /// From here on the connection carries a stream.
        case stream
    }

    /// A type that is changed in place, unlike NIO's buffer.
    private var slots: Deque<Slot> = []
    private var firstToken: UInt64 = 0

    var count: Int { slots.count }
    var isEmpty: Bool { slots.isEmpty }

    mutating func expect(_ form: AnswerForm) -> UInt64 {
        slots.append(Slot(form: form))
        return firstToken + UInt64(slots.count - 1)
    }

    /// Keeps the call that the answer will need.
    mutating func attach(_ call: PendingCall, to token: UInt64) {
        guard let offset = offset(of: token) else { return }
        slots[offset].call = call
    }

    mutating func takeCall(_ token: UInt64) -> PendingCall? {
        guard let offset = offset(of: token) else { return nil }
        return slots[offset].call.take()
    }

    private func offset(of token: UInt64) -> Int? {
        guard token >= firstToken, token - firstToken < UInt64(slots.count) else { return nil }
        return Int(token - firstToken)
    }

    /// Fills in an answer. If the token is not known any more, the connection is gone, and nothing happens.
    mutating func fill(_ token: UInt64, _ answer: consuming Answer) {
        guard let offset = offset(of: token) else { return }
        slots[offset].answer = answer
    }

    /// Removes and returns the next answer, if it is there.
    mutating func popReady() -> (form: AnswerForm, answer: Answer)? {
        guard !slots.isEmpty, let answer = slots[0].answer.take() else { return nil }
        firstToken += 1
        return (slots.removeFirst().form, answer)
    }

    /// Removes all slots. Tokens given before are never given again.
    mutating func removeAll() {
        firstToken += UInt64(slots.count)
        slots.removeAll()
    }
}
