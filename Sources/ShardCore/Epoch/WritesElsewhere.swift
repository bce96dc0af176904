/// What this node has been told of other shards' writes of the epoch, besides what their members say that they cover; and
/// the questions for what they cover by now.
struct WritesElsewhere: Sendable {
    private struct Question: Sendable {
        var askedMicroseconds: UInt64
        var pauseMicroseconds: UInt64
    }

    private(set) var told = VersionVector()
    private var questions: [NodeAddress: Question] = [:]
    /// True where a question was put off.
    private var isDeferred = false

    private static let toldMax = 4_096
    /// Between two questions to one node. A context that lies must not keep it busy, so the pause doubles with each; it
    /// halves with what is confirmed, and never goes below the least, as one request may be borne out while another one,
    /// which asks the same node, is not.
    static let pauseMicroseconds: ClosedRange<UInt64> = 4_000...64_000

    /// Somebody who would know says that these writes were made.
    mutating func note(_ origin: Origin, _ counter: UInt64) {
        if told.count < Self.toldMax || told[origin] > 0 { told.raise(origin, to: counter) }
    }

    /// - Returns: nil where `node` is to be asked now, else the time after which it may be.
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

    /// What `node` was asked about is confirmed.
    mutating func noteAnswer(of node: NodeAddress) {
        guard let pause = questions[node]?.pauseMicroseconds else { return }
        questions[node]?.pauseMicroseconds = max(Self.pauseMicroseconds.lowerBound, pause / 2)
    }

    /// - Returns: true where a question was put off since the last call.
    mutating func takeDeferred() -> Bool {
        defer { isDeferred = false }
        return isDeferred
    }
}
