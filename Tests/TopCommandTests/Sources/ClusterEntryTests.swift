import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct ClusterEntryTests {
    @Test(arguments: [
        ("a:1", "a:1"), ("shardnode://a:1, b:2", "a:1,b:2"), ("a:1,a:1", "a:1"), ("valkey://a", "a:6379"),
        ("rediss://ann:pw@a:1,rediss://ann:pw@b:2", "a:1,b:2"),
    ])
    func `a cluster is entered by addresses of one kind`(text: String, name: String) throws {
        #expect(try ClusterEntry(parsing: text).name == name)
    }

    @Test(arguments: [
        "", ",", "a", "a:1,valkey://b:2", "valkey://a:1,valkeys://b:2", "redis://u:planted@a:1,redis://b:2",
        "http://u:planted@a:1", "valkey://u:planted@", "valkey://u:planted@a:99999", "mysql://planted",
    ])
    func `what is no entry is refused, and nothing of a password is repeated`(text: String) {
        #expect {
            try ClusterEntry(parsing: text)
        } throws: { error in
            !"\(error)".isEmpty && !"\(error)".contains("planted")
        }
    }
}
