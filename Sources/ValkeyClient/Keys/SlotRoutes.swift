/// The server to ask for each slot, as far as a client knows.
struct SlotRoutes: Sendable {
    private static let serversMax = 20_000

    /// The servers that it began with; asked when nobody else is known.
    private let seeds: [ServerAddress]
    /// Every server that owns slots; the owners of slots are indices here.
    private var servers: [ServerAddress] = []
    private var indices: [ServerAddress: Int] = [:]
    private var owners: [Int?]
    private var turn = 0

    init(seeds: [ServerAddress]) {
        self.seeds = seeds
        owners = Array(repeating: nil, count: HashSlot.count)
    }

    var isEmpty: Bool { servers.isEmpty }

    func owner(of slot: HashSlot) -> ServerAddress? { owners[slot.number].map { servers[$0] } }

    /// Servers that may be asked about the cluster, another one first each time.
    mutating func candidates() -> [ServerAddress] {
        let all = servers + seeds.filter { indices[$0] == nil }
        guard !all.isEmpty else { return [] }
        turn = (turn + 1) % all.count
        return Array(all[turn...] + all[..<turn])
    }

    /// A server said that the slot has this owner now.
    mutating func moved(_ slot: HashSlot, to server: ServerAddress) { owners[slot.number] = index(server) }

    private mutating func index(_ server: ServerAddress) -> Int? {
        if let index = indices[server] { return index }
        // A map with more servers than any cluster has is not believed.
        guard servers.count < Self.serversMax else { return nil }
        servers.append(server)
        indices[server] = servers.count - 1
        return servers.count - 1
    }

    /// Takes over what a server answered to CLUSTER SLOTS.
    ///
    /// - Returns: false if it is of another form; nothing changes then.
    mutating func learn(_ reply: RESPValue, from asked: ServerAddress) -> Bool {
        guard let ranges = reply.elements, !ranges.isEmpty, ranges.count <= HashSlot.count else { return false }
        var fresh = SlotRoutes(seeds: seeds)
        fresh.turn = turn
        for range in ranges {
            guard let parts = range.elements, parts.count >= 3, let first = Self.slot(parts[0]),
                let last = Self.slot(parts[1]), first <= last, let owner = Self.address(parts[2], asked: asked)
            else { return false }
            let index = fresh.index(owner)
            for slot in first...last { fresh.owners[slot] = index }
        }
        self = fresh
        return true
    }

    private static func slot(_ value: RESPValue) -> Int? {
        value.integer.flatMap { HashSlot(Int(clamping: $0)) }?.number
    }

    /// Host, port and more. A server that does not know its host leaves it out: it is the one that was asked.
    private static func address(_ value: RESPValue, asked: ServerAddress) -> ServerAddress? {
        guard let parts = value.elements, parts.count >= 2, let port = parts[1].integer, (1...65_535).contains(port)
        else { return nil }
        guard let host = parts[0].text, !host.isEmpty, host != "?" else {
            return parts[0].isNull || parts[0].text != nil
                ? ServerAddress(host: asked.host, port: Int(port)) : nil
        }
        return ServerAddress("\(host.contains(":") ? "[\(host)]" : host):\(port)")
    }
}
