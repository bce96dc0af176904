import Foundation
import SwiftASN1
import X509

/// A host as a certificate names it, parsed of an address `host:port` or `host`. The port is no part of what is named.
public struct NodeName: Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        /// Four bytes or sixteen.
        case address([UInt8])
        case dns(String)
    }

    let kind: Kind
    /// The host, without port and brackets; of an IP address its usual spelling.
    public let description: String

    /// Nil if the text names no host: names have labels of letters, digits, `-` and `_`.
    public init?(_ text: String) {
        guard let host = Self.host(of: text) else { return nil }
        if let bytes = Self.bytes(ofAddress: host) {
            kind = .address(bytes)
            description = Self.text(ofAddress: bytes) ?? host
        } else if Self.isDNSName(host) {
            kind = .dns(host)
            description = host
        } else {
            return nil
        }
    }

    var generalName: GeneralName {
        switch kind {
        case .address(let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        case .dns(let name): .dnsName(name)
        }
    }

    /// Nil for kinds of names that no node has.
    init?(_ name: GeneralName) {
        switch name {
        case .dnsName(let text): self.init(text)
        case .ipAddress(let bytes): self.init(Self.text(ofAddress: Array(bytes.bytes)) ?? "")
        default: return nil
        }
    }

    private static func host(of text: String) -> String? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            guard isPort(text[text.index(after: end)...]) else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            return host.contains(":") ? host : nil
        }
        // An address of IPv6 without brackets has no port.
        let colons = text.filter { $0 == ":" }.count
        guard colons == 1, let colon = text.firstIndex(of: ":") else { return text }
        return isPort(text[colon...]) ? String(text[..<colon]) : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        guard text.hasPrefix(":"), let port = UInt16(text.dropFirst()) else { return false }
        return port > 0
    }

    private static func bytes(ofAddress text: String) -> [UInt8]? {
        var (short, long) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, text, &short) == 1 { return withUnsafeBytes(of: short) { Array($0) } }
        if inet_pton(AF_INET6, text, &long) == 1 { return withUnsafeBytes(of: long) { Array($0) } }
        return nil
    }

    private static func text(ofAddress bytes: [UInt8]) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16,
            inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil
        else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func isDNSName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber = labels.last?.allSatisfy(\.isNumber) ?? true
        return !isNumber
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy {
                        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                            || $0 == 0x2D || $0 == 0x5F
                    }
            }
    }
}
