import Testing
import ValkeyClient

@Suite struct SlotJobTests {
    private func text(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

    /// As a Valkey 9.1.2 answers, in RESP2.
    private var valkey: RESPValue {
        .array([
            .array([
                text("name"), text("b82909cf3eed017fba050b0d21ef1b1c81807db7"), text("operation"), text("EXPORT"),
                text("slot_ranges"), text("0-20 30-50"), text("target_node"), text(id(2)), text("source_node"),
                text(id(1)), text("create_time"), .integer(1_796_004_925), text("last_update_time"),
                .integer(1_796_004_926), text("state"), text("snapshotting"), text("message"), text(""),
                text("remaining_repl_size"), .integer(7),
            ]),
            .array([text("name"), text("broken")]),
        ])
    }

    @Test func jobsOfValkeyAreReadAndWhatIsNoneIsLeftOut() throws {
        let jobs = try #require(SlotJob.list(valkey))
        let job = try #require(jobs.first)
        #expect(jobs.count == 1)
        #expect(job.id == "b82909cf3eed017fba050b0d21ef1b1c81807db7")
        #expect(job.operation == .sending && job.state == .running && job.stateWord == "snapshotting")
        #expect(job.slots.description == "0-20,30-50")
        #expect(job.source == NodeID(id(1)) && job.target == NodeID(id(2)))
        #expect(job.createdSeconds == 1_796_004_925 && job.bytesRemaining == 7)
    }

    @Test func tasksOfRedisAreReadToo() throws {
        let task = RESPValue.map([
            .init(text("id"), text("abc")), .init(text("slots"), text("0-100")), .init(text("source"), text(id(1))),
            .init(text("dest"), text(id(2))), .init(text("operation"), text("import")),
            .init(text("state"), text("completed")), .init(text("last_error"), text("")),
        ])
        let job = try #require(SlotJob.list(.array([task]))?.first)
        #expect(job.operation == .receiving && job.state == .done && job.slots.count == 101)
    }

    @Test(arguments: [("success", SlotJob.State.done), ("failed", .failed), ("cancelled", .cancelled)])
    func endsAreTold(word: String, state: SlotJob.State) throws {
        let fields = [
            ("name", "x"), ("operation", "IMPORT"), ("slot_ranges", "5"), ("target_node", id(2)),
            ("source_node", id(1)), ("state", word),
        ]
        let job = RESPValue.map(fields.map { .init(text($0.0), text($0.1)) })
        #expect(SlotJob.list(.array([job]))?.first?.state == state)
    }

    @Test func otherAnswersAreNone() {
        #expect(SlotJob.list(.simple("OK")) == nil)
        #expect(SlotJob.list(.error(RESPError("ERR unknown subcommand"))) == nil)
        #expect(SlotJob.list(.array([])) == [])
    }

    @Test func statisticsAreRead() throws {
        let reply = RESPValue.array([
            .array([.integer(93), .array([text("key-count"), .integer(5), text("cpu-usec"), .integer(17)])]),
            .array([.integer(20_000), .array([text("key-count"), .integer(5)])]),
        ])
        let statistics = try #require(SlotStatistics.list(reply))
        #expect(statistics.map(\.slot.number) == [93])
        #expect(statistics.first?.keys == 5)
        #expect(statistics.first?.processorMicroseconds == 17)
    }

    @Test func shardsAreReadByNode() throws {
        let node = RESPValue.array([text("id"), text(id(1)), text("port"), .integer(7001)])
        let shard = RESPValue.array([text("slots"), .array([]), text("nodes"), .array([node]), text("id"), text(id(9))])
        #expect(ShardIDs(.array([shard]))?.shards == [try #require(NodeID(id(1))): try #require(NodeID(id(9)))])
        // Redis 7.0 tells no ids.
        let other = RESPValue.array([text("slots"), .array([]), text("nodes"), .array([node])])
        #expect(ShardIDs(.array([other]))?.shards.isEmpty == true)
        #expect(ShardIDs(.error(RESPError("ERR unknown subcommand"))) == nil)
    }
}

@Suite struct ServerFeaturesTests {
    private func answer(_ present: Set<ServerFeatures.Feature>) -> ServerFeatures {
        ServerFeatures(
            .array(
                ServerFeatures.Feature.allCases.map {
                    present.contains($0) ? .array([.bulk(Array($0.rawValue.utf8)), .integer(-2)]) : .null
                }))
    }

    @Test func whatIsListedIsThere() {
        let features = answer([.migrateSlots, .shards])
        #expect(features[.migrateSlots] == .present)
        #expect(features[.migration] == .absent)
    }

    /// Servers before 7.0 list whole commands alone.
    @Test func whoListsNoPartsIsNotBelievedToLackThem() {
        let features = answer([.migrateKeys])
        #expect(features[.migrateKeys] == .present)
        #expect(features[.setSlot] == .unknown)
    }

    @Test func errorsTeachMoreThanLists() {
        var features = answer([.migrateSlots, .shards])
        features.learn(
            .migrateSlots, from: .error(RESPError("NOPERM User eve has no permissions to run 'cluster|migrateslots'")))
        #expect(
            features[.migrateSlots] == .denied("NOPERM User eve has no permissions to run 'cluster|migrateslots'"))
        features.learn(.shards, from: .error(RESPError("ERR unknown subcommand 'shards'. Try CLUSTER HELP.")))
        #expect(features[.shards] == .absent)
        features.learn(.migration, from: .array([]))
        #expect(features[.migration] == .present)
        features.learn(.reset, from: .error(RESPError("ERR Something else")))
        #expect(features[.reset] == .absent)
    }

    @Test func noAnswerTellsNothing() {
        #expect(ServerFeatures(.error(RESPError("NOPERM"))) == ServerFeatures())
        #expect(ServerFeatures(.array([.null])) == ServerFeatures())
    }
}
