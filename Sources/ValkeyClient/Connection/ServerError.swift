import HostSystem

/// Why a server gave no answer that can be used, in words that a person can act on. Never contains a secret.
public struct ServerError: TellingError, Sendable, Hashable {
    /// The kind of failure, which a program decides by.
    public enum Kind: String, Sendable, CaseIterable {
        /// No connection; nothing was sent.
        case unreachable
        /// Connected, but no answer within the limit. Commands that were sent may have been carried out.
        case silent
        /// The connection ended before the answer. Commands that were sent may have been carried out.
        case lost
        /// The answer is in another protocol, or in TLS where plain text was spoken, or in plain text where TLS was.
        case wrongProtocol
        /// The password is wrong or missing, or the user may not do it.
        case notPermitted
        /// A server, but no node of a cluster: standalone, or a sentinel.
        case notACluster
        /// Not now: it loads, or the cluster is down.
        case notNow
        /// The server said no to it.
        case refused
        /// The answer broke the protocol or a bound, or was of another form than documented.
        case broken
        /// The caller gave up.
        case cancelled
    }

    public let kind: Kind
    /// The server that the error is about; nil if it is about no single one.
    public let server: ServerAddress?
    /// The fault, without a full stop.
    public let what: String
    /// The advice on what to do about it, a sentence; empty if there is none.
    public let advice: String

    /// Whether the commands that were sent may have been carried out all the same.
    public let mayHaveHappened: Bool

    /// - Parameter mayHaveHappened: nil takes what the kind usually means.
    public init(
        _ kind: Kind, at server: ServerAddress?, _ what: String, advice: String = "", mayHaveHappened: Bool? = nil
    ) {
        self.kind = kind
        self.server = server
        self.what = what
        self.advice = advice
        self.mayHaveHappened = mayHaveHappened ?? kind.mayHaveHappened
    }
}

extension ServerError.Kind {
    fileprivate var mayHaveHappened: Bool {
        switch self {
        case .silent, .lost, .broken, .cancelled: true
        case .unreachable, .wrongProtocol, .notPermitted, .notACluster, .notNow, .refused: false
        }
    }
}

extension ServerError {
    /// "127.0.0.1:7000: the password is wrong. Give the right one …".
    public var description: String {
        let head = server.map { "\($0): \(what)" } ?? what
        return advice.isEmpty ? head : "\(head). \(advice)"
    }
}
