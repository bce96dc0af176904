import ValkeyClient

extension RESPValue {
    static func text(_ text: some StringProtocol) -> RESPValue { .bulk(Array(text.utf8)) }
    static func integer(_ number: Int) -> RESPValue { .integer(Int64(number)) }
    static let ok = RESPValue.simple("OK")
    static func failure(_ words: String) -> RESPValue { .error(RESPError(words)) }
}

extension RESPValue.Entry {
    init(_ name: String, _ value: RESPValue) { self.init(.text(name), value) }
    init(_ name: String, _ value: String) { self.init(.text(name), .text(value)) }
}
