import NIOCore

/// All connections that others opened to this node: their number is bounded, and none lingers beyond its time.
///
/// Deadlines are looked at by one sweep over all connections rather than by a timer for each request.
final class ConnectionTable {
    /// The most bytes of request bodies under reception, of all connections together.
    static let bodyBytesMax = 512 * 1024 * 1024
    private static let sweepInterval = TimeAmount.milliseconds(500)

    let connectionsMax: Int
    /// The number of connections above the cap that are still heard: a peer is let in, a client is told to come back
    /// later.
    private let graceMax: Int
    /// The number of peers' links that do not count as connections of clients: those of the cluster's nodes, and some
    /// more.
    private let peersMax: Int
    /// The bytes of incomplete frames that all links keep.
    let frames = FrameRoom()
    /// The time of the last sweep: precise enough for time limits, and free to read.
    private(set) var now = NIODeadline.now()
    /// The bytes of request bodies under reception.
    var bodyBytes = 0
    private(set) var isDraining = false
    private var connections: [HTTPConnection] = []
    private var peers: [ObjectIdentifier: PeerReceiver] = [:]
    private var nextSweep = NIODeadline.uptimeNanoseconds(0)
    /// A buffer for the next answers: most are written at once, and leave their memory.
    private var spareBuffer: ByteBuffer?
    private static let spareBytesMax = 64 * 1024

    init(connectionsMax: Int, graceMax: Int, peersMax: Int = 64) {
        self.peersMax = peersMax
        self.connectionsMax = connectionsMax
        self.graceMax = graceMax
    }

    /// The number of connections of clients, and of others that have not said yet that they are peers.
    var count: Int { connections.count }
    var peerCount: Int { peers.count }
    /// True while a request is unanswered, or its answer is being read.
    var isAnswering: Bool { connections.contains { $0.isAnswering } }
    var isFull: Bool { connections.count >= connectionsMax }
    /// True if the node cannot afford even a refusal. Links of peers beyond `peersMax` count as connections of clients.
    var isOverfull: Bool { connections.count + max(0, peers.count - peersMax) >= connectionsMax + graceMax }
    /// True if idle connections have to make room.
    var isCrowded: Bool { connections.count > connectionsMax - connectionsMax / 10 }

    /// An empty buffer to write answers into.
    func takeBuffer(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        guard var buffer = spareBuffer.take() else { return allocator.buffer(capacity: 1_024) }
        // Makes new memory of that size if the channel has not written all of the old.
        buffer.clear(minimumCapacity: 1_024)
        return buffer
    }

    /// Takes back a buffer that was given to a channel.
    func giveBack(_ buffer: ByteBuffer) {
        if buffer.capacity <= Self.spareBytesMax { spareBuffer = buffer }
    }

    func insert(_ connection: HTTPConnection) {
        connection.tableIndex = connections.count
        connections.append(connection)
    }

    func remove(_ connection: HTTPConnection) {
        guard let index = connection.tableIndex else { return }
        connection.tableIndex = nil
        let last = connections.removeLast()
        guard last !== connection else { return }
        connections[index] = last
        last.tableIndex = index
    }

    func insert(_ peer: PeerReceiver) { peers[ObjectIdentifier(peer)] = peer }

    func remove(_ peer: PeerReceiver) { peers[ObjectIdentifier(peer)] = nil }

    func sweep(now: NIODeadline) {
        self.now = now
        guard now >= nextSweep else { return }
        nextSweep = now + Self.sweepInterval
        for connection in connections { connection.checkDeadline(now) }
        for peer in Array(peers.values) { peer.checkSilence(now) }
    }

    /// Closes idle connections, and makes the others close after the requests that they have received.
    func drain() {
        isDraining = true
        for connection in connections { connection.drain() }
    }

    func closeAll() {
        for connection in connections { connection.closeNow() }
        for peer in Array(peers.values) { peer.closeNow() }
    }
}
