import Testing
import ValkeyClient

@Suite struct TopologyTests {
    @Test func nodesThatAgreeMakeAWholeCluster() throws {
        let topology = try cluster()
        #expect(topology.uncovered.isEmpty)
        #expect(topology.disagreements.isEmpty)
        #expect(topology.problems.isEmpty)
        #expect(topology.primaries.map(\.slots.count) == [5461, 5462, 5461, 0])
        let slot = try #require(HashSlot(93))
        #expect(topology.owner(of: slot)?.id == node(1))
        #expect(topology.replicas(of: node(1)).map(\.id) == [node(5)])
    }

    @Test func oneViewIsEnoughForTheWhole() throws {
        let topology = Topology(merging: [try view(by: 2)])
        #expect(topology.uncovered.isEmpty)
        #expect(topology.primaries.map(\.slots.count) == [5461, 5462, 5461, 0])
    }

    /// A slot that just went over: its taker has it under a higher epoch, its giver has not heard of that.
    @Test func ofTwoClaimsTheHigherEpochCounts() throws {
        var lines = Self.lines
        lines[2] = ("master", "-", 9, "5460-10922")
        lines[1] = ("master", "-", 1, "0-5459")
        let topology = Topology(merging: [try view(by: 1), try view(by: 2, lines), try view(by: 3, lines)])
        let slot = try #require(HashSlot(5460))
        #expect(topology.owner(of: slot)?.id == node(2))
        #expect(topology.doublyOwned.map(\.number) == [5460])
        #expect(
            topology.problems.map(\.words) == [
                "slot 5460 is claimed twice",
                "10.0.0.1:7001 gives slot 5460 to itself, though it is with 10.0.0.1:7002",
            ])
    }

    /// What others say of a node that was asked itself does not count, however high the epoch.
    @Test func aNodeKnowsItsOwnSlotsBest() throws {
        var lines = Self.lines
        lines[1] = ("master", "-", 1, "0-99")
        let topology = Topology(merging: [try view(by: 1, lines), try view(by: 2), try view(by: 3)])
        #expect(topology.uncovered == SlotSet(100...5460))
        #expect(topology.problems.first?.words == "slots 100-5460 belong to nobody")
        #expect(topology.problems.first?.isGrave == true)
    }

    @Test func aNodeThatCannotBeAskedIsWhatOthersSay() throws {
        var lines = Self.lines
        lines[1] = ("master,fail", "-", 1, "0-5460")
        let topology = Topology(merging: [try view(by: 2, lines), try view(by: 3, lines)])
        #expect(topology.nodes[node(1)]?.slots == SlotSet(0...5460))
        #expect(topology.problems.map(\.words) == ["10.0.0.1:7001 has failed"])
    }

    @Test func aNodeThatOneDoesNotReachIsSuspected() throws {
        var lines = Self.lines
        lines[1] = ("master,fail?", "-", 1, "0-5460")
        let topology = Topology(merging: [try view(by: 2, lines), try view(by: 3)])
        #expect(topology.problems.map(\.words) == ["10.0.0.1:7001 may have failed: not reached by 10.0.0.1:7002"])
        #expect(topology.nodes[node(1)]?.isFailed == false)
    }

    @Test func whoHasNotHeardOfAFailureIsNamed() throws {
        var lines = Self.lines
        lines[1] = ("master,fail", "-", 1, "0-5460")
        let topology = Topology(merging: [try view(by: 2, lines), try view(by: 3)])
        #expect(
            topology.problems.map(\.words) == [
                "10.0.0.1:7001 has failed", "10.0.0.1:7003 does not take 10.0.0.1:7001 for failed, others do",
            ])
    }

    @Test func afterAFailoverTheOldWordIsADisagreement() throws {
        var lines = Self.lines
        lines[1] = ("master,fail", "-", 1, "")
        lines[5] = ("master", "-", 8, "0-5460")
        let topology = Topology(merging: [try view(by: 2, lines), try view(by: 5, lines), try view(by: 3)])
        let first = try #require(HashSlot(0))
        #expect(topology.owner(of: first)?.id == node(5))
        #expect(topology.uncovered.isEmpty)
        #expect(
            topology.problems.map(\.words).contains(
                "10.0.0.1:7003 takes 10.0.0.1:7005 for a replica of 10.0.0.1:7001"))
    }

    @Test func whoKnowsAnOtherNotIsNamed() throws {
        var lines = Self.lines
        lines[4] = nil
        let topology = Topology(merging: [try view(by: 1), try view(by: 2, lines)])
        #expect(topology.problems.map(\.words) == ["10.0.0.1:7002 does not know 10.0.0.1:7004"])
    }

    @Test func aSlotOpenAtBothEndsIsOnItsWay() throws {
        let topology = Topology(merging: [
            try view(by: 1, open: "[93->-\(id(2))] [94->-\(id(2))]"),
            try view(by: 2, open: "[93-<-\(id(1))] [94-<-\(id(1))]"), try view(by: 3),
        ])
        #expect(topology.openSlots.values.map(\.isWhole) == [true, true])
        #expect(topology.problems.map(\.words) == ["slots 93-94 are open from 10.0.0.1:7001 to 10.0.0.1:7002"])
        #expect(topology.problems.first?.isGrave == false)
    }

    @Test func aSlotOpenAtOneEndIsHalfOpen() throws {
        let topology = Topology(merging: [try view(by: 1), try view(by: 2, open: "[93-<-\(id(1))]"), try view(by: 3)])
        #expect(
            topology.problems.map(\.words) == [
                "slot 93 is half open: 10.0.0.1:7002 takes it from 10.0.0.1:7001, nobody gives it"
            ])
    }

    @Test func endsThatNameOthersAreHalfOpen() throws {
        let topology = Topology(merging: [
            try view(by: 1, open: "[93->-\(id(3))]"), try view(by: 2, open: "[93-<-\(id(1))]"), try view(by: 3),
        ])
        #expect(topology.problems.map(\.kind) == [.halfOpen])
    }

    @Test func aMeetingThatDoesNotEndIsNamed() throws {
        var lines = Self.lines
        lines[6] = ("handshake", "-", 0, "")
        let topology = Topology(merging: [try view(by: 1, lines), try view(by: 2)])
        #expect(topology.problems.map(\.words) == ["10.0.0.1:7006 is being met and has not answered"])
    }

    @Test func theOrderOfTheViewsDoesNotMatter() throws {
        var lines = Self.lines
        lines[1] = ("master", "-", 1, "0-5459")
        lines[2] = ("master", "-", 9, "5460-10922")
        lines[3] = ("master,fail?", "-", 3, "10923-16383")
        let views = [try view(by: 1), try view(by: 2, lines), try view(by: 3, lines), try view(by: 5)]
        let first = Topology(merging: views)
        for _ in 0..<10 { #expect(Topology(merging: views.shuffled()) == first) }
    }

    private typealias Lines = [Int: (flags: String, primary: String, epoch: Int, slots: String)]

    /// Three primaries with slots, a spare, a replica of the first.
    private static let lines: Lines = [
        1: ("master", "-", 1, "0-5460"), 2: ("master", "-", 2, "5461-10922"), 3: ("master", "-", 3, "10923-16383"),
        4: ("master", "-", 0, ""), 5: ("slave", id(1), 1, ""),
    ]

    private func node(_ number: Int) -> NodeID { NodeID(id(number))! }

    private func view(by viewer: Int, _ lines: Lines = lines, open: String = "") throws -> NodesView {
        let text = lines.sorted { $0.key < $1.key }.map { number, values in
            line(
                id: id(number), endpoint: "10.0.0.1:700\(number)@1700\(number)",
                flags: (number == viewer ? "myself," : "") + values.flags, primary: values.primary,
                epoch: String(values.epoch),
                slots: [values.slots, number == viewer ? open : ""].filter { !$0.isEmpty }.joined(separator: " "))
        }
        return try NodesView(text.joined(separator: "\n"))
    }

    private func cluster() throws -> Topology { Topology(merging: try (1...5).map { try view(by: $0) }) }
}
