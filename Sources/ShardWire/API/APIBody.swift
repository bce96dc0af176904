import ShardCore

/// The JSON object in a request's body.
struct APIBody {
    private let bytes: [UInt8]
    private let members: [JSONScanner.Member]

    init(_ bytes: [UInt8]) throws(APIError) {
        self.bytes = bytes
        do throws(JSONError) {
            members = try JSONScanner.members(of: bytes)
        } catch {
            throw APIError(400, "The body must be a JSON object: \(error)")
        }
    }

    private func member(_ name: String) -> ArraySlice<UInt8>? {
        members.last { $0.name == name }.map { bytes[$0.value] }
    }

    private static let null = Array("null".utf8)

    /// The JSON text of the value; nil if it is missing or null.
    func value() -> [UInt8]? {
        guard let value = member("value"), !value.elementsEqual(Self.null) else { return nil }
        return Array(value)
    }

    /// The context that the client sent; absent, `null`, `""` and `{}` mean an empty one.
    func context() throws(APIError) -> CausalContext {
        guard let text = member("causal-metadata"), !text.elementsEqual(Self.null) else { return .empty }
        if text.first == 0x7B, text.dropFirst().dropLast().allSatisfy({ $0 <= 0x20 }) { return .empty }
        guard text.first == 0x22 else {
            throw APIError(400, "causal-metadata must be what an earlier answer carried, unchanged")
        }
        do throws(ContextError) {
            return try ContextCodec.decode(text.dropFirst().dropLast())
        } catch {
            throw APIError(400, "causal-metadata must be what an earlier answer carried, unchanged: \(error)")
        }
    }

    /// The address that a node is to have from now on.
    func newAddress() throws(APIError) -> NodeAddress {
        let address = try address()
        if let problem = address.problem { throw APIError(400, "socket-address names no node: \(problem)") }
        return address
    }

    func address() throws(APIError) -> NodeAddress {
        guard let raw = member("socket-address") else { throw APIError(400, "The body needs a socket-address") }
        guard let text = JSONScanner.string(raw), let address = NodeAddress(text) else {
            throw APIError(400, "socket-address must be a string of the form host:port")
        }
        return address
    }

    func shardCount() throws(APIError) -> Int {
        guard let raw = member("shard-count") else { throw APIError(400, "The body needs a shard-count") }
        guard raw.count <= 9, let count = Int(String(decoding: raw, as: UTF8.self)), count >= 1 else {
            throw APIError(400, "shard-count must be an integer of 1 or more")
        }
        return count
    }

    func force() throws(APIError) -> Bool { try flag("force") }

    func isStepped() throws(APIError) -> Bool { try flag("step") }

    func isIsolated() throws(APIError) -> Bool {
        guard member("isolated") != nil else { throw APIError(400, "The body needs isolated: true or false") }
        return try flag("isolated")
    }

    private func flag(_ name: String) throws(APIError) -> Bool {
        guard let raw = member(name) else { return false }
        switch String(decoding: raw, as: UTF8.self) {
        case "true": return true
        case "false": return false
        default: throw APIError(400, "\(name) must be true or false")
        }
    }

    func stepCommand() throws(APIError) -> StepCommand {
        guard let raw = member("step"), let text = JSONScanner.string(raw), let command = StepCommand(rawValue: text)
        else { throw APIError(400, "The body needs a step: \"on\", \"next\" or \"off\"") }
        return command
    }
}
