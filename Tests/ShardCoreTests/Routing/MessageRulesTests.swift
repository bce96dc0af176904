import Testing

@testable import ShardCore

/// Kinds that answer to one another, and what must be so of both.
@Suite struct MessageRulesTests {
    private let operation = OperationID(epoch: 2, attempt: 1, coordinator: NodeAddress("10.0.0.1:1")!, incarnation: 1)
    private let origin = Origin(node: NodeAddress("10.0.0.1:1")!, incarnation: 1, epoch: 1)
    private var ballot: Ballot { Ballot(round: 1, node: origin.node, incarnation: 1) }

    @Test func `what a node says that it holds waits for its disk, and what makes it say so is refused by a full one`()
    {
        let pairs: [(asks: Message, confirms: Message)] = [
            (
                .replicate(Replication(origin: origin, after: 0, upTo: 1, requires: VersionVector(), records: [])),
                .replicated(VersionVector())
            ),
            (.handOn(id: 1, records: []), .handedOn(id: 1)),
            (
                .prepare(operation, ballot: ballot),
                .promised(operation, ballot: ballot, accepted: nil, crashVector: CrashVector([]))
            ),
            (
                .accept(operation, ballot: ballot, .none),
                .accepted(operation, ballot: ballot, crashVector: CrashVector([]))
            ),
            (.stage(operation, Stage(sequence: 0, layout: nil, records: [])), .staged(operation, sequence: 0)),
            (.freeze(operation), .frozen(operation, vector: VersionVector())),
        ]
        for (asks, confirms) in pairs {
            #expect(asks.rules.loadsDisk && !asks.rules.confirms, "\(asks)")
            #expect(confirms.rules.confirms && !confirms.rules.loadsDisk, "\(confirms)")
        }
    }

    @Test func `entries of an older layout are taken in, questions of one answered with the layout, answers dropped`() {
        #expect(Message.handOn(id: 1, records: []).rules.epoch == .sameAndAbsorbed)
        #expect(Message.votesWanted.rules.epoch == .same)
        #expect(Message.replicated(VersionVector()).rules.epoch == .sameOrDropped)
        #expect(Message.epoch(.none).rules.epoch == .brings && Message.commit(.none).rules.epoch == .brings)
        #expect(!Message.heartbeat(heartbeat).rules.needsSameEpoch)
    }

    private var heartbeat: Heartbeat {
        Heartbeat(
            count: 1, heard: nil, state: .serving, wallMicroseconds: 1, vector: VersionVector(), handedOn: nil,
            isOutsideChanges: true, nodes: [], wantsReply: false)
    }
}
