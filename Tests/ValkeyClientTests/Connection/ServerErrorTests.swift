import Testing
import ValkeyClient

@Suite struct ServerErrorTests {
    private static let server = ServerAddress(host: "h", port: 1)

    @Test(arguments: [
        ("WRONGPASS no", ServerError.Kind.notPermitted, "password is wrong"),
        ("NOAUTH Authentication required.", .notPermitted, "wants a password"),
        ("NOPERM this user has no permissions to run the 'cluster|nodes' command", .notPermitted, "run CLUSTER NODES"),
        ("NOPERM No permissions to access a key", .notPermitted, "touch what CLUSTER NODES names"),
        ("LOADING Redis is loading the dataset in memory", .notNow, "loading"),
        ("MASTERDOWN Link with MASTER is down", .notNow, "primary is gone"),
        ("CLUSTERDOWN The cluster is down", .notNow, "The cluster is down"),
        ("ERR This instance has cluster support disabled", .notACluster, "stands alone"),
        ("ERR max number of clients reached", .notNow, "as many clients as it takes"),
        (
            "ERR unknown command 'x', with args beginning with: 'secret'", .refused,
            "does not know the command CLUSTER NODES"
        ),
        ("READONLY You can't write against a read only replica.", .refused, "replica"),
        ("WRONGTYPE Operation against a key", .refused, "another type"),
        ("ERR something else", .refused, "ERR something else"),
    ])
    func `says what an error reply means`(reply: String, kind: ServerError.Kind, words: String) {
        let error = ServerError(RESPError(reply), to: Command("CLUSTER", "NODES"), at: Self.server)
        #expect(error.kind == kind)
        #expect("\(error)".contains(words), "\(error)")
        #expect("\(error)".hasPrefix("h:1: "))
        #expect(!"\(error)".contains("secret"))
        #expect(!error.mayHaveHappened)
    }
}

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("127.0.0.1:7000", "127.0.0.1:7000"), ("[::1]:7000", "[::1]:7000"), ("::1:7000", "[::1]:7000"),
        ("db-1.example:1", "db-1.example:1"), ("h:65535@75535", "h:65535"),
    ])
    func `reads host and port`(text: String, shown: String) {
        #expect(ServerAddress(text)?.description == shown)
    }

    @Test(arguments: [
        "", ":", "h", "h:", ":1", "h:0", "h:65536", "h:+1", "h:1x", "a b:1", "h:-1", "h\u{1B}:1", "[]:1", "ü:1",
    ])
    func `refuses what is no address`(text: String) {
        #expect(ServerAddress(text) == nil)
    }

    @Test func `compares ports as numbers`() {
        #expect(ServerAddress(host: "a", port: 900) < ServerAddress(host: "a", port: 7000))
        #expect(ServerAddress(host: "a", port: 7000) < ServerAddress(host: "b", port: 1))
    }
}
