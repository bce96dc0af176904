import ClusterModel
import Testing

@testable import ValkeyClient

/// What is decided about an open slot, by each kind of facts.
@Suite struct RepairPlannerTests {
    /// Three primaries, 1 ... 3, and the replica 4 of the last; slot 5 is the first one's.
    private struct Facts {
        /// What a node has open, as it writes it: `[5->-2]` with the short names of tests.
        var open: [Int: String] = [:]
        /// Keys of slot 5.
        var keys: [Int: Int] = [:]
        var down: Set<Int> = []
        /// Nodes that take the slot for their own, in their own eyes.
        var claims: Set<Int> = [1]
        var successors: [Int: Int] = [:]
        /// Who gives the slot to nobody.
        var unaware: Set<Int> = []
        /// Whether the replica lacks its primary's data.
        var isLinkDown = false
    }

    private func plan(
        _ facts: Facts, _ way: Goal.Repair = .finish, superseded: [Int: Int] = [:], settlesReplicas: Bool = true
    ) throws -> RepairPlan {
        var answers: [NodeID: Survey.Answer] = [:]
        for viewer in 1...4 where !facts.down.contains(viewer) {
            let lines = (1...4).map { node -> String in
                var flags = node == 4 ? "slave" : "master"
                if node == viewer { flags = "myself," + flags }
                if facts.down.contains(node) { flags += ",fail" }
                var slots: [String] = []
                // Others believe the first of those who claim it.
                let owner = facts.claims.contains(viewer) ? viewer : facts.claims.min()
                if node == owner, !facts.unaware.contains(viewer) { slots.append("5") }
                switch node {
                case 1: slots.append("0-4")
                case 2: slots.append("6-9000")
                case 3: slots.append("9001-16383")
                default: break
                }
                if node == viewer, let open = facts.open[node] {
                    slots += (1...4).reduce(open) { text, other in
                        text.replacing("-\(other)]", with: "-\(NodeID.test(other))]")
                    }.split(separator: " ").map(String.init)
                }
                let primary = node == 4 ? "\(NodeID.test(3))" : "-"
                return "\(NodeID.test(node)) \(ServerAddress.test(node))@1 \(flags) \(primary) 0 0 \(node) connected "
                    + slots.joined(separator: " ")
            }
            let info =
                viewer == 4 && facts.isLinkDown
                ? ServerInfo(
                    Array(
                        "redis_version:7.2.4\r\nrole:slave\r\nmaster_host:a\r\nmaster_port:1\r\nmaster_link_status:down\r\n"
                            .utf8))
                : nil
            answers[.test(viewer)] = Survey.Answer(view: try NodesView(lines.joined(separator: "\n")), info: info)
        }
        let survey = Survey(topology: Topology(merging: answers.values.map(\.view)), answers: answers, silent: [:])
        let slot = HashSlot(unchecked: 5)
        let keys = Dictionary(
            uniqueKeysWithValues: answers.keys.map { id in
                (id, [slot: facts.keys.first { NodeID.test($0.key) == id }?.value ?? 0])
            })
        let successors = Dictionary(
            uniqueKeysWithValues: facts.successors.map { (NodeID.test($0.key), NodeID.test($0.value)) })
        return RepairPlanner(
            survey: survey, keys: keys, way: way, successors: successors,
            superseded: Dictionary(
                uniqueKeysWithValues: superseded.map { (NodeID.test($0.key), NodeID.test($0.value)) }),
            settlesReplicas: settlesReplicas
        ).plan()
    }

    private func peer(_ node: Int) -> Peer { Peer(id: .test(node), address: .test(node)) }
    private let slot = SlotSet(5...5)

    @Test func `where nothing is open there is nothing to do`() throws {
        #expect(try plan(Facts()).isEmpty)
    }

    @Test func `open at both ends it goes on to where it was going, or back`() throws {
        var facts = Facts(open: [1: "[5->-2]", 2: "[5-<-1]"])
        #expect(try plan(facts).actions == [.finish(slot, from: peer(1), to: peer(2))])
        #expect(try plan(facts, .putBack).actions == [.close(slot, owner: peer(1), others: [peer(2)])])
        facts.keys = [1: 3, 2: 4]
        #expect(try plan(facts).actions == [.finish(slot, from: peer(1), to: peer(2))])
        let back = try plan(facts, .putBack)
        #expect(back.actions == [.gather(slot, from: peer(2), to: peer(1), owner: .test(1))])
        #expect(back.warnings.count == 1)
    }

    @Test func `open at one end it is closed while no key has gone, else finished`() throws {
        for open in [[1: "[5->-2]"], [2: "[5-<-1]"]] {
            let closed = try plan(Facts(open: open, keys: [1: 3])).actions
            #expect(closed.count == 1)
            if case .close(slot, peer(1), _) = closed[0] {} else { Issue.record("\(closed)") }
            #expect(
                try plan(Facts(open: open, keys: [1: 3, 2: 1])).actions == [.finish(slot, from: peer(1), to: peer(2))])
        }
    }

    @Test func `an owner that has lost it and does not know is told`() throws {
        let facts = Facts(open: [1: "[5->-2]"], claims: [1, 2])
        #expect(try plan(facts).actions == [.finish(slot, from: peer(1), to: peer(2))])
    }

    @Test func `a target that gives the slot to nobody, since its owner was replaced, is told before keys go there`()
        throws
    {
        let open = [1: "[5->-2]", 2: "[5-<-1]"]
        let facts = Facts(open: open, keys: [1: 3, 2: 1], unaware: [2, 3])
        #expect(
            try plan(facts).actions == [
                .inform(slot, peer(2), owner: peer(1)), .finish(slot, from: peer(1), to: peer(2)),
            ])
        // Who has it not open hears of it.
        #expect(try plan(Facts(unaware: [2])).isEmpty)
    }

    @Test func `a replica that has it open still is told through its primary`() throws {
        #expect(try plan(Facts(open: [4: "[5-<-1]"])).actions == [.settle(slot, .test(4), through: peer(3))])
        // Where any primary has it open it goes on, or back, first: what the replica has may be part of that.
        for open in [[3: "[5-<-1]", 4: "[5-<-1]"], [1: "[5->-3]", 4: "[5-<-1]"]] {
            let actions = try plan(Facts(open: open)).actions
            #expect(!actions.isEmpty && !actions.contains { if case .settle = $0 { true } else { false } })
        }
        // In the middle of a change the next batch may open it at any moment.
        #expect(try plan(Facts(open: [4: "[5-<-1]"]), settlesReplicas: false).isEmpty)
    }

    @Test func `a replica without its primary's data would not hear it, and is waited for`() throws {
        let plan = try plan(Facts(open: [4: "[5-<-1]"], isLinkDown: true))
        #expect(plan.actions.isEmpty)
        #expect(plan.blocked.count == 1 && plan.blocked[0].contains("slot 5"))
    }

    @Test func `a node whose place another has taken gives that one what it kept, and takes nothing more in`() throws {
        // It still has the slot; what the other has of it is from before.
        let kept = try plan(Facts(keys: [1: 3, 2: 1]), superseded: [1: 2]).actions
        #expect(kept == [.finish(SlotSet(0...5), from: peer(1), to: peer(2))])
        // What it has left of a slot that the other took over is not in force.
        let over = try plan(Facts(open: [2: "[5-<-3]"], keys: [1: 3, 2: 2]), superseded: [2: 1]).actions
        #expect(!over.contains(.finish(slot, from: peer(1), to: peer(2))))
        // What was on its way to it goes to the other.
        let onItsWay = try plan(Facts(open: [1: "[5->-2]", 2: "[5-<-1]"], keys: [1: 3, 2: 1]), superseded: [2: 3])
            .actions
        #expect(
            onItsWay.filter { if case .finish(slot, _, _) = $0 { true } else { false } }
                == [.finish(slot, from: peer(1), to: peer(3))])
        #expect(onItsWay.contains(.gather(slot, from: peer(2), to: peer(3), owner: .test(1))))
    }

    @Test func `keys at a third node go to where the slot goes first`() throws {
        let facts = Facts(open: [1: "[5->-2]", 2: "[5-<-1]"], keys: [1: 1, 2: 1, 3: 1])
        #expect(
            try plan(facts).actions == [
                .gather(slot, from: peer(3), to: peer(2), owner: .test(1)), .finish(slot, from: peer(1), to: peer(2)),
            ])
    }

    @Test func `a target that is down is replaced by its replica, waited for, or given up at the operator's word`()
        throws
    {
        var facts = Facts(open: [1: "[5->-3]"], keys: [4: 2], down: [3])
        #expect(try plan(facts).actions == [.promote(peer(4), of: .test(3))])
        facts.keys = [:]
        #expect(try plan(facts).actions == [.close(slot, owner: peer(1), others: [])])
        // Nobody copies the second one.
        facts = Facts(open: [1: "[5->-2]"], down: [2])
        let blocked = try plan(facts)
        #expect(blocked.actions.isEmpty && blocked.blocked.first?.contains("may hold keys") == true)
        let given = try plan(facts, .putBack)
        #expect(given.actions == [.close(slot, owner: peer(1), others: [])] && given.warnings.count == 1)
        // Who has taken its place is known, and has no key of it.
        facts.successors = [2: 3]
        #expect(try plan(facts).actions == [.close(slot, owner: peer(1), others: [])])
    }

    @Test func `an owner that is down is not robbed, unless another has taken its place`() throws {
        var facts = Facts(open: [2: "[5-<-1]"], keys: [2: 3], down: [1])
        #expect(try plan(facts).actions.isEmpty)
        #expect(try plan(facts).blocked.first?.contains("is down") == true)
        facts.successors = [1: 2]
        #expect(try plan(facts).actions == [.assign(slot, to: peer(2))])
    }

    @Test func `a slot that nobody has goes to who has its keys, else to who has the fewest slots`() throws {
        var facts = Facts(keys: [2: 1, 3: 5], claims: [])
        #expect(
            try plan(facts).actions == [
                .assign(slot, to: peer(3)), .gather(slot, from: peer(2), to: peer(3), owner: .test(3)),
            ])
        facts.keys = [:]
        #expect(try plan(facts).actions == [.assign(slot, to: peer(1))])
    }
}
