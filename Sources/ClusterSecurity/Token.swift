import Crypto

/// A secret that a client shows to a node, as `Authorization: Bearer`. No description, dump or error shows its text.
public struct Token: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The hidden text. Only for sending it to a node, and for printing it once when it is made.
    public let revealed: String

    /// The beginning of each token that is made here, so that a token lying around is recognised.
    public static let prefix = "sn_"
    private static let charactersMax = 512
    private static let randomBytes = 32

    /// Nil if the text cannot stand in a header: it must be 1 to 512 visible characters of ASCII.
    public init?(_ text: String) {
        guard (1...Self.charactersMax).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        revealed = text
    }

    /// Makes a new token: the prefix, and 32 random bytes in base64url.
    public static func make() -> Token {
        // Keys are drawn from the system's source of randomness.
        let bytes = SymmetricKey(size: SymmetricKeySize(bitCount: randomBytes * 8)).withUnsafeBytes(Array.init)
        return Token(unchecked: prefix + Base64URL.encode(bytes))
    }

    private init(unchecked text: String) { revealed = text }

    public var digest: TokenDigest { TokenDigest(SHA256.hash(data: Array(revealed.utf8))) }

    public var description: String { "(token)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The SHA-256 of a token's text, which a node keeps instead of it. The text is random, so it cannot be found from
/// this.
public struct TokenDigest: Sendable, Hashable {
    private let bytes: [UInt8]

    init(_ digest: SHA256.Digest) { bytes = Array(digest) }

    /// Nil if the text is not 64 hexadecimal digits.
    init?(hexadecimal text: Substring) {
        guard let bytes = Hexadecimal.bytes(text, count: SHA256.byteCount) else { return nil }
        self.bytes = bytes
    }

    /// 64 digits in lower case.
    public var hexadecimal: String { Hexadecimal.text(bytes) }

    /// Compares in a time that does not depend on where the two differ.
    func isEqualInConstantTime(to other: TokenDigest) -> Bool {
        var difference: UInt8 = 0
        for (left, right) in zip(bytes, other.bytes) { difference |= left ^ right }
        return difference == 0
    }
}

/// Base64 with `-` and `_`, without padding (RFC 4648, section 5).
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0...group.count { text.append(alphabet[bits >> (18 - 6 * digit) & 63]) }
        }
        return text
    }
}
