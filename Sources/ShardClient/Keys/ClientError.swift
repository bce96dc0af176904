import ClusterModel
import HostSystem
import ShardCore
import ShardWire

/// The reason why a cluster did not do what was asked, told so that a person can act on it.
public enum ClientError: TellingError, Hashable, Sendable {
    /// No node could be reached, each for its own reason. Nothing was done.
    case nobodyAnswers([NodeProblem])
    /// A node refused, with its reason, if it gave one.
    case refused(node: NodeAddress, status: Int, reason: String)
    /// Every node asked said that it cannot serve this now.
    case tryAgainLater(node: NodeAddress, status: Int, reason: String)
    /// A change of the layout that a node led ended without effect, for the reason given.
    case changeEnded(coordinator: NodeAddress, reason: String)
    /// Nothing was done: the cluster is not what it was when the plan was seen.
    case planOutdated
    /// The address answers, but is no node of a store like this.
    case notThisAPI(node: NodeAddress, reason: String)
    /// The node does not know the client, or the client may not do this.
    case notPermitted(node: NodeAddress, reason: String)
    /// There is no TLS with the node: its certificate is not believed, or one side speaks plain text.
    case noSecureConnection(node: NodeAddress, reason: String)
    /// The nodes have only the basic endpoints.
    case notSupported(String)
    /// The request went out, and the answer never came: it may or may not have been carried out.
    case outcomeUnknown(node: NodeAddress, reason: String)

    /// A node, and the reason why it is of no use now.
    public struct NodeProblem: Hashable, Sendable, CustomStringConvertible {
        public let node: NodeAddress
        public let problem: String

        public init(node: NodeAddress, problem: String) {
            self.node = node
            self.problem = problem
        }

        public var description: String { "\(node): \(problem)" }
    }

    public var description: String {
        switch self {
        case .nobodyAnswers(let problems) where problems.isEmpty: "no node is known to ask"
        case .nobodyAnswers(let problems):
            "no node answers (\(problems.prefix(8).map(\.description).joined(separator: "; ")))"
        case .refused(let node, let status, let reason): "\(node) answered \(Self.words(status, reason))"
        case .tryAgainLater(let node, let status, let reason):
            "not now: \(node) answered \(Self.words(status, reason)); try again later"
        case .changeEnded(let coordinator, let reason): "the reshard that \(coordinator) led ended as \(reason)"
        case .planOutdated: Plan.outdatedWords
        case .notThisAPI(let node, let reason): "\(node) is no node of this store: \(reason)"
        case .notPermitted(let node, let reason), .noSecureConnection(let node, let reason): "\(node) \(reason)"
        case .notSupported(let what): what
        case .outcomeUnknown(let node, let reason):
            "\(node) \(reason); whether the request was carried out is not known"
        }
    }

    /// The error for a node's refusal with this status.
    static func refusal(by node: NodeAddress, status: Int, reason: String) -> ClientError {
        guard let words = notPermitted(status: status, reason: reason) else {
            return .refused(node: node, status: status, reason: reason)
        }
        return .notPermitted(node: node, reason: words)
    }

    /// The answer of a node to a client that it does not know, or that may not do this; nil for any other answer.
    static func notPermitted(status: Int, reason: String) -> String? {
        switch status {
        case 401: "answered \(words(status, reason)); a token is given by --token-file or $SHARDTOP_TOKEN"
        case 403: "answered \(words(status, reason))"
        default: nil
        }
    }

    /// Nil if the transport's error only means that the node is of no use now.
    init?(_ error: TransportError, at node: NodeAddress) {
        switch error {
        case .notPermitted(let reason): self = .notPermitted(node: node, reason: reason)
        case .noSecureConnection(let reason): self = .noSecureConnection(node: node, reason: reason)
        default: return nil
        }
    }

    /// The node's message, which never stands without its status.
    private static func words(_ status: Int, _ reason: String) -> String {
        reason.isEmpty ? "\(status) without a reason" : "\(status) '\(reason)'"
    }
}
