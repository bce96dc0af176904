import ShardCore
import ShardWire

/// Folds all that the replicas of a run direct into one number: the directives, their order and times, and the bytes of
/// every message and answer. Two programs that give the same number for the same scenario behave the same in it; so
/// code that was moved about can be shown to do what it did before.
///
/// FNV-1a of 64 bits (draft-eastlake-fnv): it finds differences, not forgery.
struct TraceHash {
    private(set) var value: UInt64 = 14_695_981_039_346_656_037
    private var scratch: [UInt8] = []

    mutating func fold(_ directives: [Directive], of node: NodeAddress, at microseconds: UInt64) {
        guard !directives.isEmpty else { return }
        fold(microseconds)
        fold(node.description.utf8)
        for directive in directives { fold(directive) }
    }

    private mutating func fold(_ directive: Directive) {
        switch directive {
        // The bytes are not folded: the order of a change's records means nothing.
        case .persist: fold(1)
        case .reply(let id, let reply):
            fold(2)
            fold(id.value)
            let response = APIResponse(reply, toMethod: "GET", in: .short)
            fold(UInt64(response.status))
            fold(response.body)
        case .send(let envelope, let peer):
            fold(3)
            fold(peer.description.utf8)
            scratch.removeAll(keepingCapacity: true)
            MessageCodec.encode(envelope, into: &scratch)
            fold(scratch)
        case .resume(let delay):
            fold(4)
            fold(delay)
        // The words are not folded: they may change.
        case .record: fold(5)
        case .drained: fold(6)
        }
    }

    private mutating func fold(_ word: UInt64) { value = (value ^ word) &* Self.prime }

    mutating func fold(_ bytes: some Sequence<UInt8>) {
        var hash = value
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* Self.prime }
        value = hash
    }

    private static let prime: UInt64 = 1_099_511_628_211
}
