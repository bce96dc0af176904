import Testing
import ValkeyClient

@Suite struct RESPErrorTests {
    @Test func `tells code from detail`() {
        let moved = RESPError("MOVED 93 127.0.0.1:7001")
        #expect(moved.code == "MOVED")
        #expect(moved.detail == "93 127.0.0.1:7001")
        #expect(RESPError("something else").code.isEmpty)
        #expect(RESPError("something else").detail == "something else")
        #expect(RESPError("").code.isEmpty)
    }

    @Test func `writes nothing that moves a terminal`() {
        let error = RESPError("ERR \u{1B}[2J\r\n\u{202E}" + String(repeating: "x", count: 5_000))
        #expect(error.message.unicodeScalars.count == 1_000)
        #expect(!error.message.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(!error.message.contains("\u{202E}"))
    }
}
