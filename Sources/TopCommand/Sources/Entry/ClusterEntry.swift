import ShardCore
import ValkeyClient

/// The addresses by which a cluster is reached; they say its engine too.
enum ClusterEntry: Equatable, Sendable {
    /// Nodes with the API of shardnodes.
    case nodes([NodeAddress], isTLS: Bool)
    /// Servers of one Valkey or Redis cluster, all with the same user.
    case servers([ServerURL])

    /// The reason why a text names no cluster. It repeats nothing of the text that may be a password.
    struct Refusal: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    private static let plainSchemes = ["shardnode://", "http://"]
    private static let secureScheme = "https://"

    /// - Parameter text: `host:port`, `http://` or `https://host:port`, `shardnode://host:port`, or `valkey://…` and its like; several of a kind, separated
    ///   by commas.
    init(parsing text: String) throws(Refusal) {
        let parts = text.split(separator: ",").map(\.trimmingBlanks)
        guard !parts.isEmpty else { throw Refusal(description: "no address is given") }
        guard !parts.contains(where: ServerURL.isMeant) else {
            self = .servers(try Self.servers(parts))
            return
        }
        var addresses: [NodeAddress] = []
        let isTLS = parts.contains { $0.hasPrefix(Self.secureScheme) }
        for part in parts {
            guard let address = NodeAddress(Self.bare(part)) else {
                guard part.contains("://") else {
                    throw Refusal(description: "'\(part)' is not an address of the form host:port")
                }
                // The text after an unknown scheme may be a password.
                throw Refusal(
                    description: "an address is host:port, https://host:port with TLS, valkey://host:port or "
                        + "redis://host:port; valkeys:// and rediss:// with TLS")
            }
            guard !isTLS || part.hasPrefix(Self.secureScheme) else {
                throw Refusal(
                    description: "addresses of one cluster all begin with https://, or none of them")
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
        self = .nodes(addresses, isTLS: isTLS)
    }

    /// Without its scheme, and without a slash at its end, as addresses are copied from elsewhere.
    private static func bare(_ part: String) -> String {
        guard let scheme = (plainSchemes + [secureScheme]).first(where: part.hasPrefix) else { return part }
        let rest = part.dropFirst(scheme.count)
        return String(rest.hasSuffix("/") ? rest.dropLast() : rest)
    }

    private static func servers(_ parts: [String]) throws(Refusal) -> [ServerURL] {
        var urls: [ServerURL] = []
        for part in parts {
            guard ServerURL.isMeant(part) else {
                throw Refusal(description: "addresses of one cluster all begin with the same scheme")
            }
            let url: ServerURL
            do { url = try ServerURL(part) } catch { throw Refusal(description: "\(error)") }
            if let first = urls.first,
                first.isTLS != url.isTLS || first.user != url.user || first.password != url.password
            {
                throw Refusal(description: "addresses of one cluster have the same scheme, user and password")
            }
            if !urls.contains(url) { urls.append(url) }
        }
        return urls
    }

    /// False if the cluster is another engine's.
    var isOfShardnodes: Bool {
        switch self {
        case .nodes: true
        case .servers: false
        }
    }

    /// For the header, recordings and confirmations; never with a password.
    var name: String {
        switch self {
        case .nodes(let addresses, _): addresses.map(\.description).joined(separator: ",")
        case .servers(let urls): urls.map { $0.address.description }.joined(separator: ",")
        }
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
