/// Reads `host:port@bus,name,fact=value`. Servers before 4.0 write no bus port, those before 7.0 no name.
enum EndpointText {
    /// No DNS name is longer.
    private static let hostBytesMax = 253
    private static let factsMax = 32
    private static let factBytesMax = 256

    static func read(_ field: ArraySlice<UInt8>) throws(LineRefusal) -> NodesView.Endpoint {
        let parts = field.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let address = parts.first ?? []
        let halves = address.split(separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
        // An IPv6 address has colons of its own, so the last one ends it.
        guard let front = halves.first, let colon = front.lastIndex(of: UInt8(ascii: ":")),
            let port = PlainNumber.read(front[(colon + 1)...], max: 65_535)
        else { throw LineRefusal("has no host:port in its second field") }
        var busPort = 0
        if halves.count == 2 {
            guard let number = PlainNumber.read(halves[1], max: 65_535) else {
                throw LineRefusal("has no bus port behind the @ in its second field")
            }
            busPort = number
        }
        let (hostName, facts) = try extras(parts.dropFirst())
        return .init(
            host: try host(front[..<colon]), port: port == 0 ? nil : port, busPort: busPort == 0 ? nil : busPort,
            hostName: hostName, facts: facts)
    }

    private static func extras(
        _ parts: ArraySlice<ArraySlice<UInt8>>
    ) throws(LineRefusal) -> (hostName: String?, facts: [String: String]) {
        guard parts.count <= factsMax else { throw LineRefusal("has more than \(factsMax) facts in its second field") }
        var hostName: String?
        var facts: [String: String] = [:]
        for (index, part) in parts.enumerated() {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                if index == 0 { hostName = try host(part) }
                continue
            }
            guard part.count <= factBytesMax else { throw LineRefusal("has too long a fact in its second field") }
            // They are shown to people, so what a terminal might take for an order is left out.
            guard part.allSatisfy({ (0x20..<0x7F).contains($0) }) else { continue }
            facts[String(decoding: part[..<equals], as: UTF8.self)] =
                String(decoding: part[(equals + 1)...], as: UTF8.self)
        }
        return (hostName, facts)
    }

    /// Nil for nothing, and for the `?` of a node that keeps it to itself.
    private static func host(_ bytes: ArraySlice<UInt8>) throws(LineRefusal) -> String? {
        var bytes = bytes
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") { bytes = bytes.dropFirst().dropLast() }
        if bytes.isEmpty || bytes.elementsEqual("?".utf8) { return nil }
        guard bytes.count <= hostBytesMax, bytes.allSatisfy(isHostByte) else {
            throw LineRefusal("has a host that is no name and no address")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: ":"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
