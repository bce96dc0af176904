import NIOCore
import ShardCore

/// The links to all peers that this node sends to.
final class PeerLinks: MessageCarrier {
    /// The most addresses that messages are sent to; bounds what a hostile view could make a node dial.
    static let countMax = 2_000

    private let core: NodeCore
    private let limits: PeerLimits
    private let reach: [NodeAddress: NodeAddress]
    private var links: [NodeAddress: PeerLink] = [:]
    private var unflushed: [PeerLink] = []
    private(set) var droppedMessages: UInt64 = 0
    private(set) var sentMessages: UInt64 = 0

    /// - Parameter reach: the addresses to dial for peers that are not dialled at their own.
    init(core: NodeCore, limits: PeerLimits = PeerLimits(), reach: [NodeAddress: NodeAddress] = [:]) {
        self.core = core
        self.limits = limits
        self.reach = reach
    }

    /// Peers with an open link.
    var openCount: Int { links.values.count { $0.isOpen } }
    var queuedBytes: Int { links.values.reduce(0) { $0 + $1.queuedBytes } }

    func send(_ envelope: Envelope, to peer: NodeAddress) {
        sentMessages += 1
        guard peer != core.address else {
            let core = NIOLoopBound(core, eventLoop: core.eventLoop)
            core.eventLoop.execute { core.value.feed(.message(envelope)) }
            return
        }
        guard let link = link(to: peer) else {
            droppedMessages += 1
            return
        }
        if !link.enqueue(envelope) { droppedMessages += 1 }
        flushSoon(link)
    }

    var security: NodeSecurity { core.security }

    func countDropped(_ messages: Int) { droppedMessages += UInt64(messages) }

    func reportUnreachable(_ peer: NodeAddress) { core.feed(.unreachable(peer)) }

    /// Ends when everything that waits is written or lost, and all links are closed.
    func close() -> EventLoopFuture<Void> {
        let closed = links.values.map { $0.finish() }
        links.removeAll()
        return EventLoopFuture.andAllComplete(closed, on: core.eventLoop)
    }

    private func link(to peer: NodeAddress) -> PeerLink? {
        if let link = links[peer] { return link }
        guard links.count < Self.countMax else { return nil }
        let link = PeerLink(
            peer: peer, dialled: reach[peer] ?? peer, eventLoop: core.eventLoop, limits: limits, links: self,
            logger: core.logger)
        links[peer] = link
        return link
    }

    /// Flushes the link at the end of the turn of the loop, so that all messages of the turn leave together.
    private func flushSoon(_ link: PeerLink) {
        guard !link.isFlushDue else { return }
        link.isFlushDue = true
        unflushed.append(link)
        guard unflushed.count == 1 else { return }
        let links = NIOLoopBound(self, eventLoop: core.eventLoop)
        core.eventLoop.execute { links.value.flush() }
    }

    private func flush() {
        let due = unflushed
        unflushed.removeAll(keepingCapacity: true)
        for link in due {
            link.isFlushDue = false
            link.flush()
        }
    }
}
