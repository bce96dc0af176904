/// Accessors that take what RESP2 and RESP3 say in different types for the same; nil if it is of another type.
extension RESPValue {
    /// The error that the server answered with.
    public var error: RESPError? {
        if case .error(let error) = self { error } else { nil }
    }

    public var isNull: Bool { self == .null }

    public var isOK: Bool { text == "OK" }

    /// The bytes of a text of any kind.
    public var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes), .verbatim(_, let bytes): bytes
        case .simple(let text), .bigNumber(let text): Array(text.utf8)
        case .error, .integer, .double, .boolean, .null, .array, .map, .set, .push: nil
        }
    }

    /// The text of a text of any kind; what is no UTF-8 in it is replaced.
    public var text: String? {
        if case .simple(let text) = self { return text }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// An integer, also one that was written as text.
    public var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .boolean(let flag): flag ? 1 : 0
        default: text.flatMap { Int64($0) }
        }
    }

    /// A number, also one that was written as text or is whole.
    public var double: Double? {
        switch self {
        case .double(let number): number
        case .integer(let number): Double(number)
        default: text.flatMap { Double($0) }
        }
    }

    /// The elements of an array, a set or a push.
    public var elements: [RESPValue]? {
        switch self {
        case .array(let elements), .set(let elements), .push(let elements): elements
        default: nil
        }
    }

    /// The entries of a map, in order; RESP2 writes one as an array of keys and values in turn.
    public var entries: [Entry]? {
        switch self {
        case .map(let entries): return entries
        case .array(let elements) where elements.count.isMultiple(of: 2):
            return stride(from: 0, to: elements.count, by: 2).map { Entry(elements[$0], elements[$0 + 1]) }
        default: return nil
        }
    }

    /// The entries of a map whose keys are texts; of equal keys the first counts.
    public var fields: [String: RESPValue]? {
        guard let entries else { return nil }
        var fields: [String: RESPValue] = [:]
        for entry in entries {
            guard let name = entry.key.text else { return nil }
            if fields[name] == nil { fields[name] = entry.value }
        }
        return fields
    }

    /// Names its kind, for a person who expected another one; never its content.
    public var kind: String {
        switch self {
        case .simple: "a short text"
        case .error(let error): "the error \(error.code)"
        case .integer: "an integer"
        case .double, .bigNumber: "a number"
        case .boolean: "a truth value"
        case .null: "nothing"
        case .bulk(let bytes): "a text of \(bytes.count) bytes"
        case .verbatim(_, let bytes): "a text of \(bytes.count) bytes"
        case .array(let elements), .set(let elements): "a list of \(elements.count)"
        case .map(let entries): "a map of \(entries.count)"
        case .push: "a message that nobody asked for"
        }
    }
}
