/// An address in parts that a person would name: a host name's labels, whole IP addresses, the port; each with the dot
/// or colon before it.
struct AddressParts {
    let parts: [Substring]

    init(_ text: String) {
        let colon = text.lastIndex(of: ":") ?? text.endIndex
        let host = text[..<colon]
        // A part of an IP address is no name.
        let isIP = host.hasPrefix("[") || host.allSatisfy { $0.isNumber || $0 == "." }
        var parts = isIP ? [host] : Self.split(host)
        if colon < text.endIndex { parts.append(text[colon...]) }
        self.parts = parts
    }

    private static func split(_ host: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = host.startIndex
        for index in host.indices where host[index] == "." && index > start {
            parts.append(host[start..<index])
            start = index
        }
        return parts + [host[start...]]
    }

    func text(droppingLast count: Int) -> String { parts.dropLast(count).joined() }

    /// The parts with which all addresses end; each address keeps its first part.
    static func commonEnd(_ all: [AddressParts]) -> [Substring] {
        guard let first = all.first else { return [] }
        var count = 0
        let most = (all.map(\.parts.count).min() ?? 1) - 1
        while count < most {
            let part = first.parts[first.parts.count - 1 - count]
            guard all.allSatisfy({ $0.parts[$0.parts.count - 1 - count] == part }) else { break }
            count += 1
        }
        return Array(first.parts.suffix(count))
    }

    /// The common beginning of all texts, up to and with a dot, colon or dash; empty if nothing would be left of one.
    static func commonStart(_ texts: [String]) -> String {
        guard let first = texts.min(), let last = texts.max() else { return "" }
        let common = zip(first, last).prefix { $0 == $1 }.map(\.0)
        guard let cut = common.lastIndex(where: { ".:-".contains($0) }) else { return "" }
        return String(common[...cut])
    }

    /// For each address the fewest leading parts that no other begins with; `mark` stands for the parts left out.
    static func ownHeads(_ all: [AddressParts], mark: String) -> [String] {
        var uses: [String: Int] = [:]
        for address in all {
            for count in 1...address.parts.count { uses[address.parts.prefix(count).joined(), default: 0] += 1 }
        }
        return all.map { address in
            let count = (1...address.parts.count).first { uses[address.parts.prefix($0).joined()] == 1 }
            guard let count, count < address.parts.count else { return address.parts.joined() }
            return address.parts.prefix(count).joined() + mark
        }
    }
}
