import ClusterModel
import Testing

@testable import ValkeyClient

@Suite struct PlannerTests {
    @Test func threeToFourShardsTakesAQuarterOfEachIntoTheSpare() throws {
        let board = Board.plain([5461, 5462, 5461, 0])
        let plan = try Planner(board: board).plan(.shardCount(4))
        #expect(plan.moves.map(\.slots.count) == [1365, 1366, 1365])
        #expect(plan.moves.allSatisfy { $0.to == .test(3) && $0.slots.ranges.count == 1 })
        #expect(plan.steps == ["127.0.0.1:7003 becomes a shard of its own"])
    }

    @Test func aShardIsFoundByTheIDOfAnyOfItsNodesAndByTheBeginningOfOneThatIsItsAlone() throws {
        let board = Board.plain([8192, 8192], replicas: 1)
        for side in board.sides {
            #expect(board.side(of: side.shard)?.id == side.id)
            for id in [side.id] + side.replicas.map(\.id) {
                #expect(board.side(of: try #require(ShardID(text: id.description)))?.id == side.id)
            }
        }
        // These begin alike, and so little says nothing.
        #expect(board.side(of: try #require(ShardID(text: "0000"))) == nil)
        #expect(board.side(of: try #require(ShardID(text: "00"))) == nil)
    }

    @Test func memoryThatDiffersByLessThanASampleTellsIsLeft() throws {
        func plan(_ bytes: [Int]) throws -> ChangePlan {
            var board = Board.plain([8192, 8192])
            board.slotKeys = Array(repeating: 10, count: HashSlot.count)
            for (place, bytes) in bytes.enumerated() { board.sides[place].bytes = bytes }
            return try Planner(board: board).plan(.rebalance(by: .memory))
        }
        #expect(try plan([1_000_000, 1_040_000]).moves.isEmpty)
        #expect(try !plan([1_000_000, 1_300_000]).moves.isEmpty)
    }

    @Test func fourToTwoShardsEmptiesTwo() throws {
        let board = Board.plain([4096, 4096, 4096, 4096])
        let plan = try Planner(board: board).plan(.shardCount(2))
        #expect(plan.slotCount == 8192)
        #expect(plan.moves.count == 2)
        #expect(Set(plan.moves.flatMap { [$0.from, $0.to] }).count == 4)
        #expect(plan.warnings.contains { $0.contains("becomes a replica of its own accord") })
    }

    @Test func whereNoSpareIsLeftAReplicaThatCanBeSparedBecomesAPrimary() throws {
        let board = Board.plain([8192, 8192], replicas: 2)
        let plan = try Planner(board: board).plan(.shardCount(3))
        guard case .free(let freed, _) = plan.before.first else {
            Issue.record("nobody is freed")
            return
        }
        #expect(plan.before.count == 1)
        #expect(plan.slotsAfter(board)[freed]?.count == 5461)
        #expect(plan.warnings.contains { $0.contains("has no replica: what it gets") })
        let shown = plan.model(on: board)
        #expect(shown.shards.count == 3 && shown.moving == 5461, "what goes to the new shard is shown too")
        #expect(shown.shards.flatMap(\.members).count == 6, "nobody is in two shards")
    }

    @Test func slotsGoToWhoTookAPrimarysPlaceUnderItsShardsName() throws {
        var board = Board.plain([8192, 8192])
        let old = Board.Side(
            id: .test(9), address: .test(9), shard: board.sides[1].shard, slots: SlotSet(), isUp: false)
        board.sides.insert(old, at: 0)
        let plan = try Planner(board: board).plan(.move(slots: 0...9, from: nil, to: old.shard))
        #expect(plan.moves.map(\.to) == [.test(1)])
    }

    @Test func moreShardsThanNodesIsRefusedWithWhatIsMissing() {
        let board = Board.plain([8192, 8192, 0])
        #expect {
            try Planner(board: board).plan(.shardCount(5))
        } throws: {
            "\($0)".contains("2 primaries are missing: there are 2 with slots, 1 without, and 0 replicas to spare")
        }
        for count in [0, -1, 16_385, .max, .min] {
            #expect(throws: PlanRefusal.self) { try Planner(board: board).plan(.shardCount(count)) }
        }
    }

    @Test func slotsOfOneShardMoveToAnother() throws {
        let board = Board.plain([8192, 8192])
        let plan = try Planner(board: board).plan(.move(slots: 100...199, from: 0, to: 1))
        #expect(plan.moves == [SlotMove(slots: SlotSet(100...199), from: .test(0), to: .test(1))])
        // What the target has stays there, and what the source lacks is named.
        #expect(try Planner(board: board).plan(.move(slots: 8000...8300, from: 0, to: 1)).slotCount == 192)
        #expect {
            try Planner(board: Board.plain([4, 8192, 8188])).plan(.move(slots: 2...10, from: 0, to: 2))
        } throws: { "\($0)".contains("not all of these slots: not 4-10") }
        for range in [-1...5, 5...16_384, 0...Int.max] {
            #expect(throws: PlanRefusal.self) { try Planner(board: board).plan(.move(slots: range, from: nil, to: 1)) }
        }
    }

    @Test func slotsOfWhoeverHasThemMoveToOne() throws {
        let board = Board.plain([5000, 5000, 6384])
        let plan = try Planner(board: board).plan(.move(slots: 4000...11_000, from: nil, to: 2))
        #expect(plan.moves.map(\.from) == [.test(0), .test(1)])
        #expect(plan.slotCount == 6000)
    }

    @Test func nothingMovesFromOrToAPrimaryThatIsDown() {
        var board = Board.plain([8192, 8192, 0])
        board.sides[1].isUp = false
        #expect {
            try Planner(board: board).plan(.shardCount(3))
        } throws: { "\($0)".contains("127.0.0.1:7001 is down") }
        #expect(throws: PlanRefusal.self) { try Planner(board: board).plan(.removeMember("127.0.0.1:7001")) }
    }

    @Test func aFullTargetAndMixedVersionsAreTold() throws {
        var board = Board.plain([8192, 8192, 0])
        board.slotKeys = [Int](repeating: 1, count: HashSlot.count)
        for index in 0..<2 { board.sides[index].bytes = 8_192_000 }
        board.sides[2].bytesMax = 5_000_000
        board.sides[2].bytes = 0
        board.sides[0].version = "Redis 7.0.15"
        board.sides[1].version = "Valkey 9.1.2"
        let plan = try Planner(board: board).plan(.shardCount(3))
        #expect(plan.warnings.contains { $0.contains("about 5.2 MiB of its maxmemory of 4.8 MiB") })
        #expect(plan.warnings.contains { $0.contains("different versions (Redis 7.0.15, Valkey 9.1.2)") })
        let model = plan.model(on: board)
        #expect(model.unit == "key" && model.total == 16_384 && model.moving == 5461)
        #expect(model.shards.map(\.keys) == [5462, 5461, 5461])
        #expect(model.shards.map { $0.bytes ?? 0 } == [5_462_000, 5_461_000, 5_461_000])
    }

    @Test func aRebalanceByMemoryWeighsTheKeysOfEachNode() throws {
        var board = Board.plain([8192, 8192])
        board.slotKeys = [Int](repeating: 1, count: HashSlot.count)
        board.sides[0].bytes = 30_000_000
        board.sides[1].bytes = 10_000_000
        let plan = try Planner(board: board).plan(.rebalance(by: .memory))
        #expect(plan.moves.count == 1 && plan.moves[0].from == .test(0))
        #expect(abs(plan.slotCount - 2731) < 30)
        board.sides[1].bytes = nil
        #expect(throws: PlanRefusal.self) { try Planner(board: board).plan(.rebalance(by: .memory)) }
        board.slotKeys = nil
        #expect(throws: PlanRefusal.self) { try Planner(board: board).plan(.rebalance(by: .keys)) }
    }

    @Test func membersAreAddedAsWhatTheyAreNot() throws {
        let board = Board.plain([8192, 8192, 0])
        let planner = Planner(board: board)
        #expect(
            try planner.plan(.addMember("10.0.0.9:7009", shard: nil)).before == [
                .meet(ServerAddress(host: "10.0.0.9", port: 7009))
            ])
        #expect(
            try planner.plan(.addMember("127.0.0.1:7002", shard: 1)).before == [
                .replicate(node: .test(2), .test(2), of: .test(1))
            ])
        for (member, shard) in [
            ("127.0.0.1:7001", nil), ("127.0.0.1:7001", 0), ("127.0.0.1:8000", 0), ("nonsense", nil),
            ("127.0.0.1:9999", 7),
        ] as [(MemberID, ShardID?)] {
            #expect(throws: PlanRefusal.self) { try planner.plan(.addMember(member, shard: shard)) }
        }
    }

    @Test func theOnlyOwnerCannotGo() {
        #expect(throws: PlanRefusal.self) {
            try Planner(board: .plain([16_384, 0])).plan(.removeMember("127.0.0.1:7000"))
        }
    }

    @Test func aFailoverIsAReplicasAndGracefulOnlyWhileItsPrimaryIsUp() throws {
        var board = Board.plain([16_384])
        let replica = MemberID("\(board.sides[0].replicas[0].address)")
        #expect(try Planner(board: board).plan(.failover(replica)).warnings.isEmpty)
        board.sides[0].isUp = false
        #expect(throws: PlanRefusal.self) { try Planner(board: board).plan(.failover(replica)) }
        #expect(try Planner(board: board).plan(.failover(replica, .force)).warnings.count == 1)
        #expect(try Planner(board: board).plan(.failover(replica, .takeover)).warnings.count == 2)
        #expect(throws: PlanRefusal.self) { try Planner(board: board).plan(.failover("127.0.0.1:7000")) }
    }
}
