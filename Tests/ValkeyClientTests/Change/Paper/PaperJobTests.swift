import ClusterModel
import PaperCluster
import Testing

@testable import ValkeyClient

/// Slots that servers move whole, at their word.
@Suite struct PaperJobTests {
    @Test func `Redis from 8_4 is asked at the target, and nothing goes key by key`() async throws {
        try await PaperChange.with(.redis84) { paper in
            paper.cluster.change { $0.record = [] }
            try await paper.perform(.move(slots: 5_000...5_999, from: nil, to: 2))
            #expect(paper.slots(2).isSuperset(of: SlotSet(5_000...5_999)))
            #expect(Set(paper.calls("CLUSTER", "MIGRATION", "IMPORT").map(\.node)) == [2])
            #expect(paper.calls("MIGRATE").count == 0 && paper.calls("CLUSTER", "SETSLOT").isEmpty)
            let change = await paper.changer.change
            #expect(
                change?.isDone == true
                    && change?.findings?.contains { $0.text == "no migration is left running" } == true)
        }
    }

    @Test func `what was seen is done, and nothing else where the cluster has changed since`() async throws {
        try await PaperChange.with(.valkey9) { paper in
            let goal = Goal.move(slots: 0...99, from: nil, to: 2)
            let plan = try await paper.plan(goal)
            try await paper.perform(.move(slots: 0...49, from: 0, to: 1))
            let error = await paper.failure(goal, seen: plan)
            #expect(error?.kind == .refused && error?.reason == Plan.outdatedWords)
            #expect(paper.slots(2).isDisjoint(with: SlotSet(0...99)))
            try await paper.perform(goal, seen: try await paper.plan(goal))
            #expect(paper.slots(2).isSuperset(of: SlotSet(0...99)))
        }
    }

    @Test func `a job that fails is begun again, and after some times given up with the server's word`() async throws {
        try await PaperChange.with(.valkey9) { paper in
            paper.cluster.inject(.error("ERR out of luck"), on: "CLUSTER MIGRATESLOTS SLOTSRANGE 0 99", at: 0, times: 2)
            try await paper.perform(.move(slots: 0...99, from: 0, to: 1))
            #expect(paper.slots(1).isSuperset(of: SlotSet(0...99)))
            paper.cluster.inject(
                .error("ERR out of luck"), on: "CLUSTER MIGRATESLOTS SLOTSRANGE 200", at: 0, times: nil)
            let error = await paper.failure(.move(slots: 200...299, from: 0, to: 1))
            #expect(error?.kind == .failed && error?.reason.contains("out of luck") == true)
            #expect(error?.state.contains("0 of 100 slots were moved") == true)
            #expect(paper.slots(0).isSuperset(of: SlotSet(200...299)))
        }
    }

    @Test func `what is ended is cancelled at the server, and nothing is left running`() async throws {
        try await PaperChange.with(.valkey9) { paper in
            paper.cluster.change { $0.holdsJobs = true }
            async let result = paper.failure(.move(slots: 0...999, from: 0, to: 1))
            while paper.cluster.change({ $0.jobs.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
            try await paper.changer.abort()
            let error = await result
            #expect(error?.kind == .aborted)
            #expect(paper.cluster.change { $0.jobs.allSatisfy { $0.state == .cancelled } })
            #expect(paper.slots(0).isSuperset(of: SlotSet(0...999)))
            #expect(await paper.changer.change?.outcome?.kind == .aborted)
        }
    }

    @Test func `while somebody else migrates nothing is begun, and a repair waits or ends it`() async throws {
        try await PaperChange.with(.valkey9) { paper in
            paper.cluster.change { $0.holdsJobs = true }
            let target = paper.cluster.id(1)
            let foreign = Command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "10", "20", "NODE", target)
            let begun = try await paper.servers.send(foreign, to: paper.cluster.address(0), within: .seconds(2))
            #expect(begun.isOK)
            let error = await paper.failure(.move(slots: 9_000...9_010, from: nil, to: 2))
            #expect(error?.kind == .refused)
            #expect(error?.reason.contains("slots 10-20 are on their way from \(paper.cluster.address(0))") == true)
            let plan = try await paper.plan(.repair(.putBack))
            #expect(plan.steps.contains { $0.contains("the migration of slots 10-20") })
            try await paper.perform(.repair(.putBack))
            #expect(paper.cluster.change { $0.jobs.map(\.state) } == [.cancelled])
        }
    }

    @Test func `a user who may not is told before anything is begun`() async throws {
        let login = ServerLogin(user: "half", password: Secret("secret-word"))
        try await PaperChange.with(.redis7, login: login) { paper in
            paper.cluster.change {
                $0.users["half"] = PaperUser(password: "secret-word", mayNot: ["migrate"])
                $0.record = []
            }
            let error = await paper.failure(.move(slots: 0...9, from: 0, to: 1))
            #expect(error?.kind == .refused && error?.reason.contains("NOPERM") == true)
            #expect(!"\(error.map { "\($0)" } ?? "")".contains("secret-word"))
            #expect(!paper.calls("CLUSTER", "SETSLOT").contains { $0.words.contains("IMPORTING") })
        }
    }

    @Test func `a user who may not ask for jobs moves slots one by one, and is told in the plan what that means`()
        async throws
    {
        let login = ServerLogin(user: "half", password: Secret("secret-word"))
        try await PaperChange.with(.valkey9, login: login) { paper in
            let keys = paper.put(keys: 3, inSlotsOf: 0, below: 100)
            paper.cluster.change {
                $0.users["half"] = PaperUser(password: "secret-word", mayNot: ["cluster|migrateslots"])
                $0.record = []
            }
            let goal = Goal.move(slots: 0...99, from: 0, to: 1)
            #expect(try await paper.plan(goal).unpromised.contains { $0.contains("keys go one by one") })
            try await paper.perform(goal)
            #expect(paper.cluster.change { state in keys.allSatisfy { state.value($0, at: 1) == "value" } })
            #expect(paper.calls("CLUSTER", "SETSLOT").contains { $0.words.contains("IMPORTING") })
        }
    }
}
