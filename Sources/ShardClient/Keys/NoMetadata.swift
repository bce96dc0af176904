import NIOHTTP1
import ShardCore
import ShardWire

/// A way to say in a request that nothing was seen yet. Implementations differ in the ways that they take.
enum NoMetadata: Sendable, CaseIterable {
    case null, emptyText, emptyObject
    /// A body without the member.
    case absent
    /// No body at all; for reads.
    case noBody

    /// The body of a request with these members beside it; nil for none.
    func body(_ members: [(String, JSONText)]) -> [UInt8]? {
        switch self {
        case .null: JSONText.object(members + [("causal-metadata", .null)])
        case .emptyText: JSONText.object(members + [("causal-metadata", .string(""))])
        case .emptyObject: JSONText.object(members + [("causal-metadata", .emptyObject)])
        case .absent: JSONText.object(members)
        case .noBody: nil
        }
    }

    /// The way that the clients of a family send first, then the others.
    fileprivate static func order(_ family: NameFamily) -> [NoMetadata] {
        family == .long ? [.emptyText, .null, .emptyObject, .absent] : [.null, .emptyText, .emptyObject, .absent]
    }
}

/// The way that each node takes, learnt from its answers and kept.
struct NoMetadataForms: Sendable {
    /// The number of requests after which a node that refused every way is asked in the usual one alone: the fault then
    /// lies elsewhere.
    static let fruitlessMax = 3

    private struct Place: Hashable {
        var node: NodeAddress
        var method: String

        init(_ node: NodeAddress, _ method: HTTPMethod) {
            self.node = node
            self.method = method.rawValue
        }
    }

    private var learnt: [Place: NoMetadata] = [:]
    private var fruitless: [NodeAddress: Int] = [:]

    /// The ways to try, in this order, until one is taken.
    func ways(_ method: HTTPMethod, of node: NodeAddress, _ family: NameFamily) -> [NoMetadata] {
        if let known = learnt[Place(node, method)] { return [known] }
        let usual = NoMetadata.order(family)
        guard fruitless[node, default: 0] < Self.fruitlessMax else { return [usual[0]] }
        // A node is likely to take for one kind of request what it takes for another.
        let others = [HTTPMethod.PUT, .GET, .DELETE].compactMap { learnt[Place(node, $0)] }
        guard let likely = others.first(where: { $0 != .noBody }) else { return usual }
        return [likely] + usual.filter { $0 != likely }
    }

    mutating func took(_ way: NoMetadata, _ method: HTTPMethod, by node: NodeAddress) {
        learnt[Place(node, method)] = way
        fruitless[node] = nil
    }

    mutating func refusedAll(by node: NodeAddress) { fruitless[node, default: 0] += 1 }

    /// Forgets a node: another program may listen there now.
    mutating func forget(_ node: NodeAddress) {
        learnt = learnt.filter { $0.key.node != node }
        fruitless[node] = nil
    }

    /// True if an answer may mean that the request was not written as the node wants it.
    static func isRefusal(_ status: Int, of method: HTTPMethod) -> Bool {
        switch status {
        case 400, 411, 415, 422, 500: true
        case 405, 413, 501: method == .GET
        default: false
        }
    }

    /// True if an answer is about the body itself, so that a read without one is worth a try. A plain 400 is not: some
    /// nodes end when a read comes without a body.
    static func isAboutBody(_ status: Int) -> Bool { [405, 411, 413, 415, 501].contains(status) }
}
