import NIOCore
import Testing

@testable import ValkeyClient

@Suite struct CommandTests {
    @Test func `writes an array of texts`() {
        let bytes = RESPEncoder.encode([Command("GET", "é"), Command(bytes: [Array("SET".utf8), [], [13, 10]])])
        #expect(String(buffer: bytes) == "*2\r\n$3\r\nGET\r\n$2\r\né\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$2\r\n\r\n\r\n")
    }

    @Test func `asks for as much room as it takes`() {
        let command = Command("SET", String(repeating: "k", count: 1_000), "v")
        #expect(RESPEncoder.encode([command]).readableBytes <= RESPEncoder.encodedBytesMax(command))
    }

    @Test(arguments: [
        Command("AUTH", "ann", "hush-hush"), Command("auth", "hush-hush"),
        Command("HELLO", "3", "AUTH", "ann", "hush-hush"), Command("ACL", "SETUSER", "ann", ">hush-hush"),
        Command("CONFIG", "SET", "requirepass", "hush-hush"), Command("SET", "k", "hush-hush"),
        Command("MIGRATE", "h", "1", "", "0", "9", "AUTH2", "ann", "hush-hush", "KEYS", "k"),
    ])
    func `shows no secret`(command: Command) {
        var dumped = ""
        dump(command, to: &dumped)
        dump([command], to: &dumped)
        let shown = "\(command) \([command]) \(String(reflecting: command)) \(dumped)"
        #expect(!shown.contains("hush"))
        #expect(!shown.contains("ann"))
    }

    @Test func `shows what it is about`() {
        #expect("\(Command("cluster", "NODES"))" == "CLUSTER NODES")
        #expect("\(Command("GET", "a\u{1B}[2J\u{202E}b"))" == "GET a\u{FFFD}[2J\u{FFFD}b")
        #expect("\(Command(["DEL"] + (0..<50).map(String.init)))".hasSuffix("9 10 …"))
        #expect("\(Command(bytes: []))".isEmpty)
    }
}
