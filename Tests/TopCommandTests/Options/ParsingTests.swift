import ArgumentParser
import ShardCore
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct ParsingTests {
    @Test(arguments: [
        (["k", "42"], "42"), (["k", "hello"], "\"hello\""), (["k", "{\"x\": [1.50]}"], "{\"x\": [1.50]}"),
        (["k", "42", "--string"], "\"42\""), (["k", "\"q\""], "\"q\""), (["k", "01"], "\"01\""), (["k", ""], "\"\""),
    ])
    func `a value is JSON where it parses as JSON, else a string`(_ arguments: [String], _ sent: String) throws {
        let command = try #require(try ShardTop.parseAsRoot(["put"] + arguments) as? PutCommand)
        #expect(NodeKeys.sent(command.value, isString: command.string).description == sent)
    }

    @Test func `addresses come from the flag, then the environment, then the fallback`() throws {
        let flagged = try #require(try ShardTop.parseAsRoot(["status", "--at", "a:1, b:2"]) as? StatusCommand)
        #expect(
            try flagged.cluster.entry(environment: ["SHARDTOP_AT": "c:3"]).name == "a:1,b:2")
        let bare = try #require(try ShardTop.parseAsRoot(["status"]) as? StatusCommand)
        #expect(try bare.cluster.entry(environment: ["SHARDTOP_AT": "c:3"]).name == "c:3")
        #expect(try bare.cluster.entry(environment: [:]).name == "127.0.0.1:8081")
    }

    @Test(arguments: [
        ["a:1", "b:2"], ["a:1,b:2"], ["--at", "a:1,b:2"], ["--at", "a:1", "--at", "b:2"], ["a:1", "--at", "b:2"],
        ["a:1, b:2,", "a:1"],
    ])
    func `addresses are arguments or the flag, alike in every command without others`(_ words: [String]) throws {
        for name in ["status", "watch", "events"] {
            let command = try ShardTop.parseAsRoot([name] + words)
            let cluster =
                (command as? StatusCommand)?.cluster ?? (command as? WatchCommand)?.cluster
                ?? (command as? EventsCommand)?.cluster
            #expect(try cluster?.entry(environment: [:]).name == "a:1,b:2", "\(name)")
        }
    }

    @Test(arguments: [
        ["get", "k"], ["put", "k", "v"], ["delete", "k"], ["where", "k"], ["load", "1"], ["reshard", "2"],
        ["add-member", "a:1", "s0"], ["status"], ["watch"], ["events"],
    ])
    func `every command of a cluster takes the flag`(_ words: [String]) throws {
        _ = try ShardTop.parseAsRoot(words + ["--at", "a:1,b:2"])
        let error = #expect(throws: (any Error).self) { _ = try ShardTop.parseAsRoot(words + ["--at", "a:1,b"]) }
        #expect(ShardTop.exitCode(for: error!).rawValue == ExitStatus.usage.rawValue)
    }

    @Test(arguments: [
        ["status", "--at", "nonsense"], ["status", "--at", ""], ["reshard", "0"], ["reshard", "x"], ["put", "k"],
        ["get", ""], ["where", ""],
        ["add-member", "nonsense", "0"], ["add-member", "a:1", "-1"], ["add-member", "a:1", ""],
        ["status", "a:1", "b"],
        ["events", ""], ["demo", "--nodes", "3", "--shards", "2"],
        ["demo", "--reshard-to", "4"], ["demo", "--rate", "-1"], ["load", "0"], ["watch", "nonsense"], ["unknown"],
        ["watch", "--poll", "5"], ["demo", "--poll", "x"], ["replay"], ["completions", "csh"],
    ])
    func `a wrong command line is refused as usage`(_ arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { _ = try ShardTop.parseAsRoot(arguments) }
        #expect(ShardTop.exitCode(for: error!).rawValue == ExitStatus.usage.rawValue)
    }

    @Test(arguments: [([], true), (["--operate"], false)])
    func `another engine's cluster is looked at only, unless it is to be operated`(
        _ arguments: [String], _ isReadOnly: Bool
    ) throws {
        let watch = try #require(try ShardTop.parseAsRoot(["watch", "valkey://a:1"] + arguments) as? WatchCommand)
        #expect(try watch.isReadOnly(Config(), watch.cluster.entry(environment: [:])) == isReadOnly)
    }

    @Test(arguments: [
        ([], nil, false), ([], true, true), (["--read-only"], nil, true), (["--no-read-only"], true, false),
    ])
    func `watch only looks where the flag says so, or else the file`(
        _ arguments: [String], _ file: Bool?, _ isReadOnly: Bool
    ) throws {
        let watch = try #require(try ShardTop.parseAsRoot(["watch"] + arguments) as? WatchCommand)
        var config = Config()
        config.isReadOnly = file
        #expect(try watch.isReadOnly(config, ClusterEntry(parsing: "a:1")) == isReadOnly)
    }

    @Test(
        arguments: [
            ([], 3), (["--nodes", "4"], 1), (["--nodes", "12", "--shards", "3"], 4),
            (["--nodes", "2", "--shards", "1"], 1),
            (["--reshard-to", "2"], 2),
        ] as [([String], Int)])
    func `a demo's story needs no more nodes than the demo has`(flags: [String], shards: Int) throws {
        let demo = try #require(try ShardTop.parseAsRoot(["demo"] + flags) as? DemoCommand)
        #expect(demo.storyShardCount == shards)
    }

    @Test func `the demo holds reshards to a quarter of the keys a second, unless told`() throws {
        let usual = try #require(try ShardTop.parseAsRoot(["demo"]) as? DemoCommand)
        #expect(usual.keysPerSecondMax == 2_500)
        let servers = try #require(try ShardTop.parseAsRoot(["demo", "--engine", "valkey"]) as? DemoCommand)
        #expect(servers.keysPerSecondMax == 500)
        #expect(servers.storyShardCount == 4)
        let free = try #require(try ShardTop.parseAsRoot(["demo", "--rate", "0"]) as? DemoCommand)
        #expect(free.keysPerSecondMax == nil)
    }
}
