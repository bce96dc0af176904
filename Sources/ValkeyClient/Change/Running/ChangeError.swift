import HostSystem

/// Why a goal was not reached, in words that a person can act on.
public struct ChangeError: TellingError, Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// Nothing was begun.
        case refused
        /// It was begun, and stopped before its end.
        case failed
        /// Somebody ended it.
        case aborted
    }

    public let kind: Kind
    /// Why, without the last full stop.
    public let reason: String
    /// The state of the cluster now: "nothing was moved".
    public let state: String

    init(_ kind: Kind, _ reason: String, state: String = "nothing was changed") {
        self.kind = kind
        self.reason = reason
        self.state = state
    }

    public var description: String { "\(reason); \(state)" }
}

extension MoveTrouble {
    /// For a person, without the last full stop.
    func words(_ move: PeerMove?) -> String {
        switch self {
        case .gone(let error): "\(error)"
        case .refused(let peer, let words): "\(peer.address): \(words)"
        case .notPermitted(let words): "the user may not do it: \(words)"
        case .cancelledByOthers: "somebody else cancelled it"
        case .full(let peer):
            "\(peer.address) takes no more keys: its memory is full. Raise its maxmemory, or move less to it"
        case .stuck(let slot, let trouble):
            move.map { trouble.words(slot, from: $0.from, to: $0.to) } ?? "slot \(slot) cannot be moved"
        }
    }

    /// Whether trying once more, after what broke was mended, may go better.
    var mayPass: Bool {
        switch self {
        case .gone, .refused: true
        case .notPermitted, .cancelledByOthers, .full, .stuck: false
        }
    }
}
