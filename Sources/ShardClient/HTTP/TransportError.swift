import HostSystem
import ShardWire

/// The reason why a node gave no usable HTTP answer.
public enum TransportError: TellingError, Hashable, Sendable {
    /// Nobody listens there, or the name cannot be resolved. The request was not seen by anyone.
    case cannotConnect(String)
    /// This process may open no more files, of which a connection is one: nothing is known of the node.
    case outOfFiles
    /// The node may or may not have carried the request out.
    case timedOut(milliseconds: UInt64)
    /// The connection broke after the request went out: the node may or may not have carried it out.
    case closed(String)
    /// No TLS came about, by our doubts or the node's way to speak. The request was not sent.
    case noSecureConnection(String)
    /// The node does not take the certificate that was shown, or wants one. The request was not heard.
    case notPermitted(String)
    /// The answer is not HTTP.
    case notHTTP(String)
    case tooLarge(bytesMax: Int)
    case cancelled

    public var description: String {
        switch self {
        case .cannotConnect(let reason): "cannot connect: \(reason)"
        case .outOfFiles: "not asked: this program may open no more files; allow it more with 'ulimit -n'"
        case .timedOut(let milliseconds): "no answer within \(milliseconds) ms"
        case .closed(let reason):
            "closed the connection without an answer (\(reason)); who speaks TLS does that (write https://host:port), and a "
                + "Valkey or Redis server (valkey://host:port)"
        case .noSecureConnection(let reason), .notPermitted(let reason): reason
        case .notHTTP(let reason): "does not speak HTTP: \(reason)"
        case .tooLarge(let bytesMax): "answered more than \(bytesMax) bytes"
        case .cancelled: "cancelled"
        }
    }

    /// True if the request cannot have had an effect.
    public var isUnsent: Bool {
        switch self {
        case .cannotConnect, .outOfFiles, .noSecureConnection, .notPermitted: true
        default: false
        }
    }
}
