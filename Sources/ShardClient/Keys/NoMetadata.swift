import NIOHTTP1
import ShardCore
import ShardWire

/// A way to say in a request that nothing was seen yet. Implementations differ in which they take.
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

    /// What the clients of a family send first, then the others.
    fileprivate static func order(_ family: NameFamily) -> [NoMetadata] {
        family == .long ? [.emptyText, .null, .emptyObject, .absent] : [.null, .emptyText, .emptyObject, .absent]
    }
}

/// Which way each node takes, learnt from its answers and kept.
struct NoMetadataForms: Sendable {
    /// A node that has refused every way for so many requests is asked in the usual one alone from then on: it is
    /// something else that it does not like.
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
        // What it takes for one kind of request it is likely to take for the others.
        let others = [HTTPMethod.PUT, .GET, .DELETE].compactMap { learnt[Place(node, $0)] }
        guard let likely = others.first(where: { $0 != .noBody }) else { return usual }
        return [likely] + usual.filter { $0 != likely }
    }

    mutating func took(_ way: NoMetadata, _ method: HTTPMethod, by node: NodeAddress) {
        learnt[Place(node, method)] = way
        fruitless[node] = nil
    }

    mutating func refusedAll(by node: NodeAddress) { fruitless[node, default: 0] += 1 }

    /// Another program may listen there now.
    mutating func forget(_ node: NodeAddress) {
        learnt = learnt.filter { $0.key.node != node }
        fruitless[node] = nil
    }

    /// True where an answer may mean that the request was not written as the node wants it.
    static func isRefusal(_ status: Int, of method: HTTPMethod) -> Bool {
        switch status {
        case 400, 411, 415, 422, 500: true
        case 405, 413, 501: method == .GET
        default: false
        }
    }

    /// True where an answer speaks of the body itself, so that a read without one is worth a try. A plain 400 is not:
    /// there are nodes that end when a read comes without a body.
    static func isAboutBody(_ status: Int) -> Bool { [405, 411, 413, 415, 501].contains(status) }
}
