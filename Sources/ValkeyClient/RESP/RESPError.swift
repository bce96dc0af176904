import ClusterModel

/// A server's error reply: `MOVED 93 127.0.0.1:7001`.
public struct RESPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole line, without control characters.
    public let message: String

    /// - Parameter message: the line without its leading `-`; cut at 1,000 characters.
    public init(_ message: String) {
        self.message = message.printable(charactersMax: 1000)
    }

    /// The first word where it is in capitals, as `MOVED` or `ERR`; else empty.
    public var code: String {
        let word = message.prefix { $0 != " " }
        return word.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") } ? String(word) : ""
    }

    /// The text after the code.
    public var detail: String {
        let code = code
        return code.isEmpty ? message : String(message.dropFirst(code.count).drop { $0 == " " })
    }

    public var description: String { message }
}

extension String {
    /// The text of another program, fit to be shown, and cut where it is longer.
    func printable(charactersMax: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(charactersMax))).withoutControls
    }
}
