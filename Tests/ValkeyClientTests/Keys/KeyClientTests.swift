import PaperCluster
import Testing
import ValkeyClient

@Suite(.timeLimit(.minutes(1))) struct KeyClientTests {
    /// Slot 5474, of the second of three primaries.
    private static let key = "key:1"

    private func withClient(
        seconds: Int = 20, _ body: (KeyClient, PaperCluster, _ owner: Int) async throws -> Void
    ) async throws {
        try await PaperCluster.with(primaries: 3) { cluster in
            let servers = try Servers()
            var patience = KeyClient.Patience()
            patience.total = .seconds(seconds)
            let client = KeyClient(servers, seeds: [cluster.address(0)], patience: patience)
            let slot = HashSlot(key: Self.key).number
            let owner = try #require(cluster.change { $0.owner(slot) })
            try await body(client, cluster, owner)
            servers.close()
        }
    }

    private func text(_ content: KeyContent) -> String? {
        if case .text(let bytes) = content { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    @Test func `puts, gets and deletes at the owner`() async throws {
        try await withClient { client, cluster, owner in
            #expect(try await client.get(Self.key).content == .nothing)
            let answer = try await client.put(Self.key, Array("a value".utf8))
            #expect(answer.server == cluster.address(owner))
            #expect(answer.redirections == 0)
            #expect(cluster.change { $0.value(Self.key, at: owner) } == "a value")
            let found = try await client.get(Self.key).content
            #expect(text(found) == "a value")
            #expect(try await client.delete(Self.key).wasThere == true)
            #expect(try await client.delete(Self.key).wasThere == false)
        }
    }

    @Test func `follows a slot that moved, and goes there at once the next time`() async throws {
        try await withClient { client, cluster, owner in
            try await client.put(Self.key, Array("v".utf8))
            let next = (owner + 1) % 3
            let slot = HashSlot(key: Self.key).number
            cluster.change { state in
                state.give(SlotSet(slot...slot), to: next)
                state.nodes[next].keys[slot] = state.nodes[owner].keys.removeValue(forKey: slot)
            }
            let first = try await client.call(Command("GET", Self.key), key: Self.key.utf8)
            #expect(first.reply.text == "v" && first.redirections == 1 && first.server == cluster.address(next))
            let second = try await client.call(Command("GET", Self.key), key: Self.key.utf8)
            #expect(second.reply.text == "v" && second.redirections == 0)
        }
    }

    @Test func `asks the coming owner where a key has gone ahead of its slot`() async throws {
        try await withClient { client, cluster, owner in
            try await client.put(Self.key, Array("v".utf8))
            let next = (owner + 1) % 3
            let slot = HashSlot(key: Self.key).number
            cluster.change { state in
                state.nodes[owner].migrating[slot] = next
                state.nodes[next].importing[slot] = owner
                state.nodes[next].keys[slot] = state.nodes[owner].keys.removeValue(forKey: slot)
            }
            for _ in 0..<2 {
                let answer = try await client.call(Command("GET", Self.key), key: Self.key.utf8)
                // The map stays as it is: each time it is sent there anew.
                #expect(answer.reply.text == "v" && answer.redirections == 1 && answer.server == cluster.address(next))
            }
        }
    }

    @Test(arguments: [
        "TRYAGAIN Multiple keys request during rehashing of slot", "CLUSTERDOWN The cluster is down",
        "LOADING Redis is loading the dataset in memory", "MASTERDOWN Link with MASTER is down",
        "READONLY You can't write against a read only replica.", "BUSY Redis is busy running a script",
    ])
    func `tries again what will pass`(error: String) async throws {
        try await withClient { client, cluster, owner in
            cluster.inject(.error(error), on: "SET", at: owner, times: 3)
            let answer = try await client.put(Self.key, Array("v".utf8))
            #expect(answer.server == cluster.address(owner))
            #expect(!answer.mayComeTwice)
        }
    }

    @Test func `says that a write may come twice where an answer was lost`() async throws {
        try await withClient { client, cluster, owner in
            cluster.inject(.cut(afterBytes: 2), on: "SET", at: owner)
            let answer = try await client.put(Self.key, Array("v".utf8))
            #expect(answer.mayComeTwice)
            cluster.inject(.cut(afterBytes: 0), on: "DEL", at: owner)
            let deleted = try await client.delete(Self.key)
            #expect(deleted.wasThere == nil)
        }
    }

    @Test func `goes to the replica that took over`() async throws {
        try await PaperCluster.with(primaries: 3, replicasEach: 1) { cluster in
            let servers = try Servers()
            var patience = KeyClient.Patience()
            patience.total = .seconds(20)
            let client = KeyClient(servers, seeds: [cluster.address(0)], patience: patience)
            let slot = HashSlot(key: Self.key).number
            let owner = try #require(cluster.change { $0.owner(slot) })
            try await client.put(Self.key, Array("v".utf8))
            await cluster.kill(owner)
            cluster.change { $0.promote(3 + owner) }
            let answer = try await client.call(Command("GET", Self.key), key: Self.key.utf8)
            #expect(answer.server == cluster.address(3 + owner))
            #expect(answer.reply.text == "v")
            servers.close()
        }
    }

    @Test func `begins with any server that answers`() async throws {
        try await PaperCluster.with(primaries: 3) { cluster in
            await cluster.kill(0)
            let servers = try Servers()
            let client = KeyClient(servers, seeds: [cluster.address(0), cluster.address(1)])
            try await client.put(Self.key, Array("v".utf8))
            servers.close()
        }
    }

    @Test func `does without a map that it may not have`() async throws {
        try await withClient { client, cluster, owner in
            cluster.inject(.error("NOPERM no"), on: "CLUSTER SLOTS", times: nil)
            for _ in 0..<2 { try await client.put(Self.key, Array("v".utf8)) }
            let answer = try await client.call(Command("GET", Self.key), key: Self.key.utf8)
            #expect(answer.redirections == 0 && answer.server == cluster.address(owner))
        }
    }

    @Test func `names a key of another type, and neither reads it nor writes it over`() async throws {
        try await withClient { client, cluster, owner in
            cluster.change { $0.record = [] }
            cluster.inject(.error("WRONGTYPE Operation against a key"), on: "STRLEN", times: nil)
            cluster.inject(.reply(.simple("list")), on: "TYPE", times: nil)
            let content = try await client.get(Self.key).content
            #expect(content == .other(type: "list"))
            await #expect {
                try await client.put(Self.key, [1])
            } throws: { "\($0)".contains("holds a list") }
            let asked = cluster.change { $0.record ?? [] }.compactMap(\.words.first)
            #expect(!asked.contains("GET") && !asked.contains("SET"))
        }
    }

    @Test func `ends by its patience with the last reason`() async throws {
        try await withClient(seconds: 2) { client, cluster, _ in
            // Connected first, so that a busy machine does not take all of the patience.
            try await client.put(Self.key, Array("v".utf8))
            cluster.inject(.error("CLUSTERDOWN The cluster is down"), on: "GET", times: nil)
            await #expect {
                try await client.get(Self.key)
            } throws: { ($0 as? ServerError)?.kind == .notNow && "\($0)".contains("given up after 2 s") }
        }
    }

    @Test func `ends at once where nothing will change`() async throws {
        try await withClient { client, cluster, _ in
            cluster.inject(.error("NOPERM no permissions to run the 'set' command"), on: "SET", times: nil)
            await #expect {
                try await client.put(Self.key, [1])
            } throws: { ($0 as? ServerError)?.kind == .notPermitted }
        }
    }
}
