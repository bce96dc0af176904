extension NodesView {
    /// A cluster of more is not read: the servers themselves are made for up to 1,000.
    public static let nodesMax = 10_000

    /// Why an answer is no view.
    public struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
        /// From 1; nil if the whole is meant.
        public let line: Int?
        /// The start of that line.
        public let excerpt: String?
        public let reason: String

        public var description: String {
            guard let line else { return "its answer to CLUSTER NODES \(reason)" }
            return "line \(line) of its answer to CLUSTER NODES \(reason)" + (excerpt.map { ": \($0)" } ?? "")
        }
    }

    /// Reads an answer to `CLUSTER NODES`.
    ///
    /// - Parameter askedAt: where the node was asked; the host of one that does not know its own yet.
    public init(_ text: some StringProtocol, askedAt: ServerAddress? = nil) throws(Unreadable) {
        try self.init(utf8: Array(text.utf8), askedAt: askedAt)
    }

    /// The same from bytes. Flags and facts that later servers may add are passed over; whatever else is not as servers
    /// write it is refused with its line.
    public init(utf8 text: [UInt8], askedAt: ServerAddress? = nil) throws(Unreadable) {
        var nodes: [Node] = []
        var seen: Set<NodeID> = []
        var taken = SlotSet()
        var myself: NodeID?
        var openSlots: [OpenSlot] = []
        for (index, line) in text.split(separator: UInt8(ascii: "\n")).enumerated() {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if line.isEmpty { continue }
            guard nodes.count < Self.nodesMax else {
                throw Unreadable(line: nil, excerpt: nil, reason: "names more than \(Self.nodesMax) nodes")
            }
            func refusal(_ reason: String) -> Unreadable {
                Unreadable(line: index + 1, excerpt: Self.excerpt(line), reason: reason)
            }
            var node: Node
            do throws(LineRefusal) {
                var reader = NodeLine()
                node = try reader.read(line)
                if node.flags.contains(.myself) {
                    if node.endpoint.host == nil { node.endpoint.host = askedAt?.host }
                    guard myself == nil else { throw LineRefusal("names a second node as itself") }
                    myself = node.id
                    openSlots = reader.openSlots
                }
            } catch { throw refusal(error.reason) }
            guard seen.insert(node.id).inserted else { throw refusal("names a node for the second time") }
            guard taken.isDisjoint(with: node.slots) else {
                let twice = taken.intersection(node.slots).text(rangesMax: 3)
                throw refusal("gives away slots that another line has too (\(twice))")
            }
            taken.formUnion(node.slots)
            nodes.append(node)
        }
        guard let myself else {
            throw Unreadable(line: nil, excerpt: nil, reason: "does not name the node itself")
        }
        (self.myself, self.nodes, self.openSlots) = (myself, nodes, openSlots)
    }

    private static func excerpt(_ line: ArraySlice<UInt8>) -> String {
        let shown = line.prefix(80).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: shown, as: UTF8.self) + (line.count > 80 ? " and so on" : "")
    }
}

struct LineRefusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Reads one line: `id host:port@bus,name,fact=value flags primary ping pong epoch link slots…`.
private struct NodeLine {
    private(set) var openSlots: [NodesView.OpenSlot] = []

    mutating func read(_ line: ArraySlice<UInt8>) throws(LineRefusal) -> NodesView.Node {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count >= 8 else { throw LineRefusal("has \(fields.count) fields, where 8 or more are due") }
        guard let id = NodeID(utf8: fields[0]) else {
            throw LineRefusal("does not begin with a node's id of 40 hexadecimal digits")
        }
        let primary = NodeID(utf8: fields[3])
        guard primary != nil || fields[3].elementsEqual("-".utf8) else {
            throw LineRefusal("has no primary's id, and no - for one, in its fourth field")
        }
        guard let epoch = PlainNumber.read(fields[6]) else { throw LineRefusal("has no epoch in its seventh field") }
        let isLinkUp = fields[7].elementsEqual("connected".utf8)
        guard isLinkUp || fields[7].elementsEqual("disconnected".utf8) else {
            throw LineRefusal("says neither connected nor disconnected in its eighth field")
        }
        var slots = SlotSet()
        for field in fields[8...] { try read(slots: field, into: &slots) }
        return NodesView.Node(
            id: id, endpoint: try EndpointText.read(fields[1]), flags: flags(fields[2]), primary: primary,
            epoch: UInt64(epoch), isLinkUp: isLinkUp, slots: slots)
    }

    private func flags(_ field: ArraySlice<UInt8>) -> NodesView.Flags {
        var flags: NodesView.Flags = []
        for flag in field.split(separator: UInt8(ascii: ",")) {
            switch String(decoding: flag, as: UTF8.self) {
            case "myself": flags.insert(.myself)
            case "master", "primary": flags.insert(.primary)
            case "slave", "replica": flags.insert(.replica)
            case "fail?": flags.insert(.suspected)
            case "fail": flags.insert(.failed)
            case "handshake": flags.insert(.handshake)
            case "noaddr": flags.insert(.noAddress)
            case "nofailover": flags.insert(.noFailover)
            default: continue
            }
        }
        return flags
    }

    private mutating func read(slots field: ArraySlice<UInt8>, into slots: inout SlotSet) throws(LineRefusal) {
        guard field.first == UInt8(ascii: "[") else {
            guard let range = SlotSet.range(field) else { throw LineRefusal("has a range of slots that is none") }
            guard slots.isDisjoint(with: SlotSet(range)) else { throw LineRefusal("names a slot twice") }
            slots.insert(range)
            return
        }
        guard let open = openSlot(field) else { throw LineRefusal("has an open slot that cannot be read") }
        guard openSlots.count < 2 * HashSlot.count else { throw LineRefusal("has more open slots than there are") }
        openSlots.append(open)
    }

    /// `[93->-id]` or `[93-<-id]`.
    private func openSlot(_ field: ArraySlice<UInt8>) -> NodesView.OpenSlot? {
        let inner = field.dropFirst()
        guard inner.last == UInt8(ascii: "]"), let dash = inner.firstIndex(of: UInt8(ascii: "-")),
            let number = PlainNumber.read(inner[..<dash]), let slot = HashSlot(number)
        else { return nil }
        let rest = inner[dash...].dropLast()
        let direction: NodesView.OpenSlot.Direction
        if rest.starts(with: "->-".utf8) {
            direction = .migrating
        } else if rest.starts(with: "-<-".utf8) {
            direction = .importing
        } else {
            return nil
        }
        return NodeID(utf8: rest.dropFirst(3)).map { .init(slot: slot, direction: direction, other: $0) }
    }
}
