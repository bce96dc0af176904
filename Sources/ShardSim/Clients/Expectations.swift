import ShardCore

/// The expectations of clients if nothing is wrong and only the layout changes: all is answered, reads at once.
struct Expectations {
    /// The bound for a read that depends on nothing: three hops there and back when layouts meet, each as slow as the
    /// network allows.
    let readMicrosecondsMax: UInt64
    /// The bound for a read that depends on writes still on their way, and for a write that a freeze may hold: for 2 s,
    /// after which the coordinator gives it up.
    let answerMicrosecondsMax: UInt64

    /// Nil if faults may keep requests from being answered.
    init?(_ scenario: Scenario) {
        guard scenario.profile.isWithoutFaults else { return nil }
        let latency = scenario.latencyMicroseconds.upperBound
        readMicrosecondsMax = 8 * latency + 10_000
        answerMicrosecondsMax = 40 * latency + 1_000_000
    }

    /// Returns what is wrong with an answer after that time; nil if nothing is.
    func judge(_ reply: Reply, to open: Session.Open, afterMicroseconds took: UInt64) -> (Property, String)? {
        if case .refused(let refusal) = reply {
            if case .forged = open.operation { return nil }
            return (.nothingIsRefused, "\(open.operation) at \(open.node) is refused: \(refusal)")
        }
        var bound = answerMicrosecondsMax
        if case .get = open.operation, !open.hasContext { bound = readMicrosecondsMax }
        guard took > bound else { return nil }
        let text =
            "\(open.operation) at \(open.node) was answered after \(took / 1_000) ms; \(bound / 1_000) are allowed"
        return (.readsNeverStop, text)
    }
}
