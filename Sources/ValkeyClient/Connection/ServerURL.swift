import HostSystem

/// The address by which a cluster is entered, as `valkey://`, `valkeys://`, `redis://` or `rediss://` with host and
/// port, maybe with a user and a password: `valkeys://ann@db.example:7000`. An `s` at the scheme's end is TLS.
public struct ServerURL: Sendable, Hashable {
    private static let schemesOfTLS = ["valkeys", "rediss"]
    public static let schemes = ["valkey", "redis"] + schemesOfTLS
    public static let defaultPort = 6379
    private static let bytesMax = 2_048

    public let address: ServerAddress
    public let user: String?
    public let password: Secret?
    public let isTLS: Bool

    /// Why a text is no such address, for a person. Repeats nothing of it that may be a password.
    public struct Refusal: TellingError, Sendable, Hashable {
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// Whether it begins as one, and so is not meant as anything else.
    public static func isMeant(_ text: String) -> Bool {
        guard let end = text.range(of: "://") else { return false }
        return schemes.contains(text[..<end.lowerBound].lowercased())
    }

    public init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= Self.bytesMax else {
            throw Refusal("the address is longer than \(Self.bytesMax) bytes")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Refusal("an address has no spaces, control characters or letters beyond ASCII; write them as %20 …")
        }
        guard let mark = text.range(of: "://") else { throw Refusal("an address begins with valkey:// or redis://") }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard Self.schemes.contains(scheme) else {
            throw Refusal(
                "an address begins with valkey://, valkeys://, redis:// or rediss://, not with another scheme")
        }
        isTLS = Self.schemesOfTLS.contains(scheme)
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        try Self.checkTail(rest.dropFirst(authority.count))
        let at = authority.lastIndex(of: "@")
        address = try Self.address(at.map { authority[authority.index(after: $0)...] } ?? authority)
        let login = at.map { authority[..<$0] } ?? ""
        let colon = login.firstIndex(of: ":") ?? login.endIndex
        let user = try Self.decoded(login[..<colon])
        self.user = user.isEmpty ? nil : user
        let password = try Self.decoded(login[colon...].dropFirst())
        self.password = password.isEmpty ? nil : Secret(password)
    }

    /// Checks the part behind host and port.
    private static func checkTail(_ tail: Substring) throws(Refusal) {
        if tail.isEmpty || tail == "/" || tail == "/0" { return }
        guard !tail.contains("@") else {
            throw Refusal("in a user's name or a password write / as %2F, ? as %3F, # as %23, @ as %40 and : as %3A")
        }
        if tail.hasPrefix("/"), tail.dropFirst().allSatisfy(\.isNumber) {
            throw Refusal("a cluster has only database 0")
        }
        if tail.hasPrefix("?") || tail.hasPrefix("/?") || tail.hasPrefix("/0?") {
            throw Refusal("an address has no options behind a '?'; there are flags for them")
        }
        throw Refusal("an address ends with its port, or with /0")
    }

    private static func address(_ text: Substring) throws(Refusal) -> ServerAddress {
        guard !text.isEmpty else { throw Refusal("the address lacks a host") }
        let colons = text.count { $0 == ":" }
        let isBracketed = text.hasPrefix("[")
        guard isBracketed || colons <= 1 else {
            throw Refusal("an IPv6 address stands in brackets: [::1]:7000")
        }
        let hasPort = isBracketed ? text.contains("]:") : colons == 1
        guard !text.hasSuffix(":"), let address = ServerAddress(hasPort ? String(text) : "\(text):\(defaultPort)")
        else { throw Refusal("host and port are not readable: they look like db.example:7000 or [::1]:7000") }
        guard isBracketed == address.host.contains(":") else {
            throw Refusal("only an IPv6 address stands in brackets: [::1]:7000")
        }
        return address
    }

    /// Undoes percent-encoding.
    private static func decoded(_ text: Substring) throws(Refusal) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                throw Refusal("in a user's name or a password write % as %25")
            }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw Refusal("the user's name or the password is not readable as UTF-8")
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
