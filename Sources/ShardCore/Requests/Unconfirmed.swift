/// An answer that is given once enough members hold the write that it tells of.
struct Unconfirmed: Sendable {
    let source: Pending.Source
    let dot: Dot
    let reply: Reply
    let deadlineMicroseconds: UInt64
}
