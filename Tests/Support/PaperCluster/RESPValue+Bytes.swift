import ValkeyClient

extension RESPValue {
    /// The reply as a server sends it.
    ///
    /// - Parameter version: 2 writes what RESP2 lacks as it does: maps and sets as arrays, truth values as integers.
    public func bytes(version: Int = 3) -> [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes, version: version)
        return bytes
    }

    private func write(into bytes: inout [UInt8], version: Int) {
        func line(_ type: Character, _ text: some StringProtocol) { bytes += "\(type)\(text)\r\n".utf8 }
        func text(_ type: Character, _ text: [UInt8]) {
            line(type, "\(text.count)")
            bytes += text
            bytes += "\r\n".utf8
        }
        func list(_ type: Character, _ count: Int, _ elements: [RESPValue]) {
            line(type, "\(count)")
            for element in elements { element.write(into: &bytes, version: version) }
        }
        let isOld = version < 3
        switch self {
        case .simple(let words): line("+", words)
        case .error(let error): line("-", error.message)
        case .integer(let number): line(":", "\(number)")
        case .double(let number): isOld ? text("$", Array("\(number)".utf8)) : line(",", "\(number)")
        case .boolean(let flag): isOld ? line(":", flag ? "1" : "0") : line("#", flag ? "t" : "f")
        case .null: isOld ? line("$", "-1") : line("_", "")
        case .bulk(let content): text("$", content)
        case .array(let elements): list("*", elements.count, elements)
        case .set(let elements): list(isOld ? "*" : "~", elements.count, elements)
        case .push(let elements): list(isOld ? "*" : ">", elements.count, elements)
        case .map(let entries):
            let elements = entries.flatMap { [$0.key, $0.value] }
            list(isOld ? "*" : "%", isOld ? elements.count : entries.count, elements)
        case .bigNumber(let digits): isOld ? text("$", Array(digits.utf8)) : line("(", digits)
        case .verbatim(let format, let content):
            isOld ? text("$", content) : text("=", Array("\(format):".utf8) + content)
        }
    }
}
