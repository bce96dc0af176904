/// This start of the node, among its earlier ones and against another process under the same address.
struct OwnStart: Sendable {
    private(set) var incarnation: UInt64
    /// A later start of this address that peers hear, and the time since when they have said so.
    private var rival: (incarnation: UInt64, sinceMicroseconds: UInt64)?
    /// True once another process was found to run under this address: then this one serves no more.
    private(set) var hasYielded = false

    /// The time that a start may be heard beside this one before it is taken for another process: longer than its last
    /// messages may be under way.
    static let rivalMicroseconds: UInt64 = 5_000_000
    /// The highest start that is believed, low enough that others believe the number above it.
    static let highest = Bounds.incarnationMax - 1 << 17

    /// The number added to a start that is over. It is drawn, so that others that go on from the same start do not come
    /// to the same number.
    private let step: UInt64

    init(incarnation: UInt64, draw: UInt64) {
        self.incarnation = incarnation
        step = 1 + draw & 0xFFFF
    }

    enum Finding: Sendable, Hashable { case nothing, raised, yielded }

    /// Takes in a peer's word that it knows of a start of this address above this one.
    ///
    /// A silent one is an earlier start, made when this machine's clock was ahead of what it is now: this one goes on
    /// under a number above it. One that is still heard is another process, and this one, which alone knows of both,
    /// yields.
    mutating func hear(
        ofStart known: UInt64, silentMilliseconds: UInt64, silenceMillisecondsMax: UInt64, _ now: Instant
    ) -> Finding {
        guard known > incarnation, known < Self.highest, !hasYielded else { return .nothing }
        if silentMilliseconds >= silenceMillisecondsMax {
            incarnation = known + step
            rival = nil
            return .raised
        }
        guard let rival, rival.incarnation == known else {
            rival = (known, now.monotonicMicroseconds)
            return .nothing
        }
        hasYielded = now.monotonicMicroseconds >= rival.sinceMicroseconds + Self.rivalMicroseconds
        return hasYielded ? .yielded : .nothing
    }
}
