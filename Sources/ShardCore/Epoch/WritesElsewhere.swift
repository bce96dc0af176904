/// The writes of this epoch in other shards that this node was told of, besides those that their members say they
/// cover; and the questions to members about what they cover by now.
struct WritesElsewhere: Sendable {
    private struct Question: Sendable {
        var askedMicroseconds: UInt64
        var pauseMicroseconds: UInt64
    }

    private(set) var told = VersionVector()
    private var questions: [NodeAddress: Question] = [:]
    /// True if a question was put off.
    private var isDeferred = false

    private static let toldMax = 4_096
    /// The pause between two questions to one node. A context that lies must not keep the node busy, so the pause
    /// doubles with each question. It halves with each confirmed answer, and never goes below the least, as one request
    /// may be confirmed while another one, which asks the same node, is not.
    static let pauseMicroseconds: ClosedRange<UInt64> = 4_000...64_000

    /// Notes that a node which would know says that these writes were made.
    mutating func note(_ origin: Origin, _ counter: UInt64) {
        if told.count < Self.toldMax || told[origin] > 0 { told.raise(origin, to: counter) }
    }

    /// - Returns: nil if `node` is to be asked now, else the time after which it may be, in microseconds.
    mutating func ask(_ node: NodeAddress, _ now: Instant) -> UInt64? {
        var question = questions[node] ?? Question(askedMicroseconds: 0, pauseMicroseconds: 0)
        let due = question.askedMicroseconds + question.pauseMicroseconds
        if question.pauseMicroseconds > 0, due > now.monotonicMicroseconds {
            isDeferred = true
            return due - now.monotonicMicroseconds
        }
        let pause = Self.pauseMicroseconds
        question.pauseMicroseconds = min(pause.upperBound, max(pause.lowerBound, question.pauseMicroseconds * 2))
        question.askedMicroseconds = now.monotonicMicroseconds
        questions[node] = question
        return nil
    }

    /// Notes that `node` has confirmed what it was asked about.
    mutating func noteAnswer(of node: NodeAddress) {
        guard let pause = questions[node]?.pauseMicroseconds else { return }
        questions[node]?.pauseMicroseconds = max(Self.pauseMicroseconds.lowerBound, pause / 2)
    }

    /// - Returns: true if a question was put off since the last call.
    mutating func takeDeferred() -> Bool {
        defer { isDeferred = false }
        return isDeferred
    }
}
