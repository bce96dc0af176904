import ShardCore
import ShardSim
import ShardWire
import Synchronization

/// Opens links to live nodes as if it were one of them, and tells them what it overheard with lies in it.
final class PeerLiar: Sendable {
    struct Counts: Sendable {
        var lies = 0
        var links = 0
        /// Upgrades that were not let in.
        var refusedLinks = 0
    }

    private let overheard: Mutex<Overheard>
    private let counted = Mutex(Counts())

    var counts: Counts { counted.withLock { $0 } }
    var kinds: Int { overheard.withLock { $0.kindCount } }

    init(seed: UInt64) { overheard = Mutex(Overheard(random: SeededRandom(seed: seed))) }

    func hear(_ envelope: Envelope, to receiver: NodeAddress) { overheard.withLock { $0.hear(envelope, to: receiver) } }

    /// How it opens its links.
    enum Manner: CaseIterable, Sendable {
        /// As any node of an open cluster.
        case open
        /// It names a node and sends a nonce, and then a proof of its invention.
        case guessing
    }

    /// Lies to `node` until the task is cancelled.
    func lie(to node: NodeAddress, as nodes: [NodeAddress], _ manner: Manner, seed: UInt64) async {
        var random = SeededRandom(seed: seed)
        let lies = Lies(random: SeededRandom(seed: random.next()), nodes: nodes)
        while !Task.isCancelled {
            guard let socket = try? await RawSocket.open(to: node) else {
                try? await Task.sleep(for: .milliseconds(20))
                continue
            }
            await talk(socket, node, nodes, lies, manner, &random)
            await socket.close()
        }
    }

    private static let liesPerLink = 200

    private func talk(
        _ socket: RawSocket, _ node: NodeAddress, _ nodes: [NodeAddress], _ lies: Lies, _ manner: Manner,
        _ random: inout SeededRandom
    ) async {
        let own = nodes.filter { $0 != node }.randomElement(using: &random) ?? node
        await socket.send(Array(Self.upgrade(to: node, as: own, manner, &random).utf8))
        let answer = await socket.received(within: .seconds(2)) { $0.contains("\r\n\r\n") }
        guard answer.hasPrefix("HTTP/1.1 101 ") else {
            counted.withLock { $0.refusedLinks += 1 }
            return
        }
        counted.withLock { $0.links += 1 }
        if manner == .guessing {
            await socket.send((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        for _ in 0..<Self.liesPerLink where !Task.isCancelled {
            guard let (envelope, _) = overheard.withLock({ $0.any() }) else { return }
            guard await socket.send(Self.bytes(of: lies.frame(envelope))), !socket.isClosed else { return }
            counted.withLock { $0.lies += 1 }
        }
    }

    private static func upgrade(
        to node: NodeAddress, as own: NodeAddress, _ manner: Manner, _ random: inout SeededRandom
    ) -> String {
        var text =
            "GET /shardnode/v1/peer HTTP/1.1\r\nHost: \(node)\r\nConnection: Upgrade\r\nUpgrade: shardnode-peer/2\r\n"
        if manner == .guessing {
            let nonce = (0..<32).map { _ in UInt8.random(in: 16...255, using: &random) }
            text += "Shardnode-From: \(own)\r\nShardnode-Nonce: \(nonce.map { String($0, radix: 16) }.joined())\r\n"
        }
        return text + "\r\n"
    }

    private static func bytes(of frame: ArraySlice<UInt8>) -> [UInt8] {
        let length = UInt32(frame.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + frame
    }
}
