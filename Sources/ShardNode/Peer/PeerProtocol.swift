import ShardCore

/// The way in which one node opens a link to another: an HTTP/1.1 upgrade on the port that clients use, after which
/// frames go one way, from the node that opened the link.
///
/// In a cluster that is closed by a secret, the request has the dialler's address and a nonce, the answer has another
/// nonce and the accepter's ``PeerProof``, and the dialler's own proof comes before its first frame.
enum PeerProtocol {
    static let name = "shardnode-peer/2"
    static let path = "/shardnode/v1/peer"
    static let acceptance = acceptance("")
    static let acceptancePrefix = "HTTP/1.1 101 "
    static let fromHeader = "Shardnode-From"
    static let nonceHeader = "Shardnode-Nonce"
    static let proofHeader = "Shardnode-Proof"
    /// The longest head of an answer to the upgrade.
    static let answerBytesMax = 4_096

    static func acceptance(_ headers: String) -> String {
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: \(name)\r\n\(headers)\r\n"
    }

    static func request(to peer: NodeAddress, _ headers: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(peer)\r\nConnection: Upgrade\r\nUpgrade: \(name)\r\n\(headers)\r\n"
    }
}
