import Crypto

/// The secret that all nodes of a cluster know and nobody else. No description, dump or error shows it.
struct ClusterSecret: Sendable, CustomStringConvertible, CustomReflectable {
    static let bytesMin = 16
    static let bytesMax = 4_096

    fileprivate let key: SymmetricKey

    /// Nil if the bytes are too few. White space at the end is no part of the secret: editors add some.
    init?(_ bytes: [UInt8]) {
        let end = bytes.lastIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.map { $0 + 1 } ?? 0
        guard end >= Self.bytesMin else { return nil }
        key = SymmetricKey(data: bytes[..<end])
    }

    var description: String { "(secret)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// The proof of one end of a link that it knows the cluster's secret: HMAC-SHA256 over both ends' nonces, both addresses,
/// and which of the two it is, so that no proof serves for another link, another node or the other end.
struct PeerProof {
    enum End: String {
        case dialler, accepter
    }

    static let nonceBytes = 32
    static let bytes = SHA256.byteCount

    private let message: [UInt8]

    init(of end: End, diallerNonce: [UInt8], accepterNonce: [UInt8], dialler: String, accepter: String) {
        // Nonces have one length, and addresses no zero bytes: no two sets of parts make the same message.
        message =
            Array("shardnode peer \(end.rawValue)".utf8) + [0] + diallerNonce + accepterNonce + Array(dialler.utf8) + [
                0
            ]
            + Array(accepter.utf8)
    }

    static func nonce() -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: nonceBytes * 8)).withUnsafeBytes(Array.init)
    }

    func made(with secret: ClusterSecret) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: secret.key))
    }

    /// Compares in constant time.
    func isRight(_ proof: [UInt8], for secret: ClusterSecret) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(proof, authenticating: message, using: secret.key)
    }
}
