import PaperCluster
import Testing

@testable import ValkeyClient

/// The paper cluster itself: what other tests rest on.
@Suite struct PaperClusterTests {
    @Test func `every node tells the same cluster, and names itself`() async throws {
        try await PaperCluster.with(primaries: 3, replicasEach: 1, spares: 1) { cluster in
            for node in 0..<7 {
                let view = try await view(cluster, node)
                #expect(view.nodes.count == 7)
                #expect(view.myself.description == cluster.id(node))
                #expect(view.nodes.reduce(0) { $0 + $1.slots.count } == HashSlot.count)
                #expect(view.nodes.count(where: \.isReplica) == 3)
            }
        }
    }

    @Test func `a key is found by way of MOVED, and by way of ASK while its slot is open`() async throws {
        try await PaperCluster.with { cluster in
            let slot = HashSlot(key: "key").number
            let (owner, other, free) = cluster.change { state in
                let owner = state.owner(slot) ?? 0
                return (owner, (owner + 1) % 3, (owner + 2) % 3)
            }
            #expect(try await ask(cluster, other, "GET", "key").error?.code == "MOVED")
            #expect(try await ask(cluster, owner, "SET", "key", "value").isOK)
            #expect(try await ask(cluster, owner, "GET", "key").text == "value")
            #expect(
                try await ask(cluster, other, "CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", cluster.id(owner)).isOK)
            #expect(
                try await ask(cluster, owner, "CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", cluster.id(other)).isOK)
            #expect(try await view(cluster, owner).openSlots.map(\.slot.number) == [slot])
            #expect(try await ask(cluster, owner, "GET", "key").text == "value")
            #expect(
                try await ask(
                    cluster, owner, "MIGRATE", "127.0.0.1", "\(cluster.address(other).port)", "key", "0", "100"
                )
                .isOK)
            let error = try await ask(cluster, owner, "GET", "key").error
            #expect(error?.message == "ASK \(slot) \(cluster.address(other))")
            let replies = try await ask(
                cluster, other, [Command("ASKING"), Command("GET", "key"), Command("GET", "key")])
            #expect(replies[1].text == "value")
            #expect(replies[2].error?.code == "MOVED")
            #expect(try await ask(cluster, other, "CLUSTER", "SETSLOT", "\(slot)", "NODE", cluster.id(other)).isOK)
            #expect(
                try await ask(cluster, free, "GET", "key").error?.message == "MOVED \(slot) \(cluster.address(other))")
            #expect(try await view(cluster, owner).openSlots.isEmpty)
        }
    }

    @Test func `without gossip each node believes what it was told, until all were told`() async throws {
        try await PaperCluster.with { (cluster) async throws in
            cluster.change { $0.gossips = false }
            for node in 0..<3 {
                #expect(try await view(cluster, 2).own?.slots.contains(HashSlot(unchecked: 0)) == false)
                #expect(try await ask(cluster, node, "CLUSTER", "SETSLOT", "0", "NODE", cluster.id(2)).isOK)
            }
            #expect(try await view(cluster, 2).own?.slots.contains(HashSlot(unchecked: 0)) == true)
            #expect(cluster.change { $0.nodes.allSatisfy { $0.view.isEmpty } })
        }
    }

    @Test func `a job hands its slots and keys over with its last state, and not before`() async throws {
        try await PaperCluster.with { cluster in
            cluster.change { $0.put("key", "value") }
            let slot = HashSlot(key: "key").number
            let source = cluster.change { $0.owner(slot) ?? 0 }
            let target = (source + 1) % 3
            #expect(
                try await ask(
                    cluster, source, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "\(slot)", "\(slot)", "NODE",
                    cluster.id(target)
                ).isOK)
            var words: [String] = []
            while words.last != "done", words.count < 10 {
                #expect(cluster.change { $0.owner(slot) } == source)
                let jobs = SlotJob.list(try await ask(cluster, source, "CLUSTER", "GETSLOTMIGRATIONS"))
                words.append("\(try #require(jobs?.first?.state))")
            }
            #expect(words == ["running", "running", "running", "done"])
            #expect(cluster.change { $0.owner(slot) } == target)
            #expect(try await ask(cluster, target, "GET", "key").text == "value")
        }
    }

    @Test func `a task of Redis imports slots, and can be called off`() async throws {
        try await PaperCluster.with(.redis84) { cluster in
            let id = try await ask(cluster, 1, "CLUSTER", "MIGRATION", "IMPORT", "0", "99").text ?? ""
            let status = try await ask(cluster, 1, "CLUSTER", "MIGRATION", "STATUS", "ID", id)
            #expect(SlotJob.list(status)?.first?.state == .running)
            #expect(try await ask(cluster, 1, "CLUSTER", "MIGRATION", "CANCEL", "ID", id).integer == 1)
            #expect(cluster.change { $0.owner(0) } == 0)
            let again = try await ask(cluster, 1, "CLUSTER", "MIGRATION", "IMPORT", "0", "99").text ?? ""
            for _ in 0..<4 { _ = try await ask(cluster, 1, "CLUSTER", "MIGRATION", "STATUS", "ID", again) }
            #expect(cluster.change { $0.owner(99) } == 1)
            #expect(try await ask(cluster, 1, "CLUSTER", "MIGRATESLOTS").error != nil)
        }
    }

    @Test func `a job fails at once when its other end dies`() async throws {
        try await PaperCluster.with { cluster in
            cluster.change { $0.holdsJobs = true }
            _ = try await ask(
                cluster, 0, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "9", "NODE", cluster.id(1))
            await cluster.kill(1)
            let jobs = SlotJob.list(try await ask(cluster, 0, "CLUSTER", "GETSLOTMIGRATIONS"))
            #expect(jobs?.first?.state == .failed)
            #expect(cluster.change { $0.owner(0) } == 0)
        }
    }

    @Test func `faults hit the commands that they are meant for, as often as they were told`() async throws {
        try await PaperCluster.with { cluster in
            cluster.inject(.error("TRYAGAIN later"), on: "CLUSTER MYID", at: 1, skipping: 1, times: 2)
            var codes: [String] = []
            for _ in 0..<4 { codes.append(try await ask(cluster, 1, "CLUSTER", "MYID").error?.code ?? "") }
            #expect(codes == ["", "TRYAGAIN", "TRYAGAIN", ""])
            #expect(try await ask(cluster, 0, "CLUSTER", "MYID").error == nil)
        }
    }

    @Test func `a node that goes silent, cuts, lies or dies gives no reply`() async throws {
        try await PaperCluster.with { cluster in
            let effects: [PaperFault.Effect] = [
                .silence, .cut(afterBytes: 3), .oversize(bytes: 1 << 40), .death(afterDoing: false),
            ]
            for effect in effects {
                cluster.inject(effect, on: "PING", at: 0)
                let servers = try Servers()
                // Connected first, so that what is waited for is the answer alone.
                _ = try await servers.send(Command("CLUSTER", "MYID"), to: cluster.address(0), within: .seconds(20))
                let limit: Duration = if case .silence = effect { .milliseconds(500) } else { .seconds(20) }
                let error = await #expect(throws: ServerError.self, "\(effect)") {
                    _ = try await servers.send(Command("PING"), to: cluster.address(0), within: limit)
                }
                #expect(error?.mayHaveHappened == true)
            }
            #expect(cluster.change { !$0.nodes[0].isRunning })
            try await cluster.restart(0)
            #expect(try await ask(cluster, 0, "PING").text == "PONG")
        }
    }

    @Test func `a delayed answer comes in its turn`() async throws {
        try await PaperCluster.with { cluster in
            cluster.inject(.delay(.milliseconds(20)), on: "PING", at: 0)
            let replies = try await ask(cluster, 0, [Command("PING"), Command("CLUSTER", "MYID"), Command("PING")])
            #expect(replies.map(\.text) == ["PONG", cluster.id(0), "PONG"])
        }
    }

    @Test func `death after doing leaves what was done`() async throws {
        try await PaperCluster.with { cluster in
            cluster.inject(.death(afterDoing: true), on: "CLUSTER SETSLOT", at: 0)
            let command = Command("CLUSTER", "SETSLOT", "0", "MIGRATING", cluster.id(1))
            let servers = try Servers()
            await #expect(throws: ServerError.self) {
                _ = try await servers.send(command, to: cluster.address(0), within: .seconds(5))
            }
            #expect(cluster.change { $0.nodes[0].migrating } == [0: 1])
        }
    }

    @Test func `a password is asked for, and a user may not do everything`() async throws {
        try await PaperCluster.with { cluster in
            cluster.change {
                $0.password = "word"
                $0.users["looker"] = PaperUser(password: "other", mayNot: ["cluster|setslot"])
            }
            for login in [ServerLogin.open, ServerLogin(password: Secret("no"))] {
                let servers = try Servers(login: login)
                let error = await #expect(throws: ServerError.self) {
                    _ = try await servers.send(Command("PING"), to: cluster.address(0), within: .seconds(5))
                }
                #expect(error?.kind == .notPermitted)
            }
            let servers = try Servers(login: ServerLogin(user: "looker", password: Secret("other")))
            let replies = try await servers.send(
                [Command("CLUSTER", "MYID"), Command("CLUSTER", "SETSLOT", "0", "STABLE")], to: cluster.address(0),
                lane: 0, within: .seconds(5))
            #expect(replies.map { $0.error?.code ?? "" } == ["", "NOPERM"])
        }
    }

    @Test func `a thousand nodes answer`() async throws {
        try await PaperCluster.with(primaries: 500, replicasEach: 1, unnamedKeysPerSlot: 10) { cluster in
            let view = try await view(cluster, 999)
            #expect(view.nodes.count == 1_000)
            #expect(view.nodes.reduce(0) { $0 + $1.slots.count } == HashSlot.count)
            let counts = try await withThrowingTaskGroup { group in
                for node in stride(from: 0, to: 500, by: 50) {
                    group.addTask { try await ask(cluster, node, "DBSIZE").integer ?? 0 }
                }
                return try await group.reduce(0, +)
            }
            #expect(counts > 0)
        }
    }
}

private func ask(_ cluster: PaperCluster, _ node: Int, _ commands: [Command]) async throws -> [RESPValue] {
    try await Servers.with { servers in
        try await servers.send(commands, to: cluster.address(node), lane: 0, within: .seconds(5))
    }
}

private func ask(_ cluster: PaperCluster, _ node: Int, _ words: String...) async throws -> RESPValue {
    try await ask(cluster, node, [Command(words)])[0]
}

private func view(_ cluster: PaperCluster, _ node: Int) async throws -> NodesView {
    try NodesView(utf8: try #require(try await ask(cluster, node, "CLUSTER", "NODES").bytes))
}
