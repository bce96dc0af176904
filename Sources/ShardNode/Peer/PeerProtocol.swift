import ShardCore

/// How one node opens a link to another: an HTTP/1.1 upgrade on the port that clients use, after which frames go one
/// way, from the node that opened the link.
enum PeerProtocol {
    static let name = "shardnode-peer/2"
    static let path = "/shardnode/v1/peer"
    static let acceptance = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: \(name)\r\n\r\n"
    static let acceptancePrefix = "HTTP/1.1 101 "
    /// The longest head of an answer to the upgrade.
    static let answerBytesMax = 4_096

    static func request(to peer: NodeAddress) -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(peer)\r\nConnection: Upgrade\r\nUpgrade: \(name)\r\n\r\n"
    }
}
