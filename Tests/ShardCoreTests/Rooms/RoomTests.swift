import Testing

@testable import ShardCore

/// The rooms of a replica, each by itself.
@Suite struct RoomTests {
    private func node(_ number: Int) -> NodeAddress { NodeAddress("10.0.0.\(number):1")! }
    private func time(_ milliseconds: UInt64) -> Instant {
        Instant(monotonicMicroseconds: milliseconds * 1_000, wallMicroseconds: 1)
    }

    @Test func `own writes keep the keys that somebody may lack, and no others`() {
        var own = OwnWrites()
        for key in ["a", "b", "c"] {
            _ = own.next()
            own.log(key)
        }
        #expect(own.count == 3 && own.key(of: 1) == "a" && own.key(of: 3) == "c")
        own.trim(to: 2)
        #expect(own.start == 2 && own.key(of: 3) == "c")
        own.trim(to: 1)
        #expect(own.start == 2, "what is forgotten does not come back")
        own.trim(to: 3)
        #expect(own.isLogEmpty)
        _ = own.next()
        own.skip()
        #expect(own.start == own.count)
    }

    @Test func `peers come in the order of their addresses, once each`() {
        var peers = Peers()
        #expect(peers.add(node(3), time(1)) && peers.add(node(1), time(1)) && !peers.add(node(3), time(2)))
        #expect(peers.addresses == [node(1), node(3)])
        peers.update(node(1)) { $0.replication.send(upTo: 7, time(1)) }
        peers.update(node(9)) { $0.replication.send(upTo: 7, time(1)) }
        #expect(peers[node(1)]?.replication.sent == 7 && peers[node(9)] == nil)
        peers.beginEpoch()
        #expect(peers[node(1)]?.replication.sent == 0)
    }

    @Test func `of two words about a node the later one is news`() {
        var decisions = Decisions(time(1))
        let word = { (at: UInt64) in KnownNode(address: node(1), isRemoved: true, decidedAt: at, incarnation: 1) }
        #expect(decisions.isNews(word(5)))
        decisions.set(word(5), time(2))
        #expect(!decisions.isNews(word(5)) && !decisions.isNews(word(4)) && decisions.isNews(word(6)))
        #expect(decisions.changedMicroseconds == 2_000)
    }

    @Test func `heartbeats keep their rhythm unless they are hurried`() {
        var heartbeats = Heartbeats()
        #expect(heartbeats.isDue(everyMilliseconds: 250, time(1)))
        heartbeats.beat(time(1))
        #expect(
            !heartbeats.isDue(everyMilliseconds: 250, time(250)) && heartbeats.isDue(everyMilliseconds: 250, time(251)))
        heartbeats.hurry()
        #expect(heartbeats.isDue(everyMilliseconds: 250, time(2)))
        heartbeats.beginEpoch()
        #expect(heartbeats.countBeforeEpoch == 1)
    }

    @Test func `requests wait for what they wait for, and are forgotten once they are answered`() {
        var requests = OpenRequests()
        for id in 1...3 as ClosedRange<UInt64> {
            requests.add(
                id,
                Pending(
                    source: .client(RequestID(id)), request: .get(key: "k", context: CausalContext()), timestamp: 1,
                    isRetry: false, deadlineMicroseconds: 9, heartbeat: 0))
        }
        requests.park(1, .busy)
        requests.hold(2)
        requests.retry(3, atMicroseconds: 5)
        #expect(requests.waiting == [1, 3] && requests.heldWrites == [2] && requests.ids == [1, 2, 3])
        #expect(requests.close(3) != nil && requests.close(3) == nil)
        requests.sweep()
        #expect(requests.waiting == [1])
        requests.noteKnowledge()
        #expect(requests.hasNewKnowledge && requests.takeWaiting() == [1] && !requests.hasNewKnowledge)
        #expect(requests.takeHeld() == [2] && requests.heldWrites.isEmpty)
    }

    @Test func `a hand-on is over once everybody who lacked it has it`() {
        var handOns = HandOns()
        handOns.add(1, [], missing: [node(1), node(2)])
        #expect(handOns.overdue(time(600)) == [1])
        #expect(handOns.send(1, time(600))?.missing == [node(1), node(2)])
        #expect(handOns.overdue(time(900)).isEmpty)
        #expect(handOns.confirm(1, by: node(2)) == [])
        #expect(handOns.send(1, time(900))?.missing == [node(1)])
        #expect(handOns.confirm(1, by: node(1)) == [] && handOns.isEmpty)
        #expect(handOns.confirm(1, by: node(1)) == nil)
    }

    @Test func `late own writes are told until the baseline has them`() {
        let old = Origin(node: node(1), incarnation: 1, epoch: 1)
        var late = LateOwnWrites()
        late.enterEpoch(VersionVector(), own: VersionVector([Dot(origin: old, counter: 4)]))
        #expect(late.vector[old] == 4 && !late.waitsForOthers)
        late.enterEpoch(VersionVector([Dot(origin: old, counter: 3)]), own: VersionVector())
        #expect(late.vector[old] == 4 && late.waitsForOthers, "others may have taken it in the epoch before")
        late.enterEpoch(VersionVector([Dot(origin: old, counter: 4)]), own: VersionVector())
        #expect(late.isEmpty && !late.waitsForOthers)
    }

    @Test func `a question for where a key is ends with the last member's answer, or with its time`() {
        var queries = LocateQueries()
        let holders = [KeyLocation.Holder(address: node(1), health: .up), .init(address: node(2), health: .up)]
        let location = KeyLocation(key: "k", hash: "", shard: 0, epoch: 1, seed: 0, members: holders)
        queries.begin(7, location, for: RequestID(1), time(0))
        #expect(queries.noteAnswer(7, nil, isTombstone: false, from: node(9)) == nil)
        #expect(queries.noteAnswer(7, nil, isTombstone: false, from: node(1)) == nil)
        #expect(queries.expired(time(499)).isEmpty)
        let told = queries.noteAnswer(7, nil, isTombstone: false, from: node(2))
        #expect(told?.client == RequestID(1) && told?.location.members.allSatisfy(\.answered) == true)
        queries.begin(8, location, for: RequestID(2), time(500))
        #expect(queries.expired(time(1_000)).map(\.client) == [RequestID(2)])
        #expect(queries.expired(time(2_000)).isEmpty)
    }

    @Test func `an outbox asks for no second resume while an earlier one is due`() {
        var outbox = Outbox()
        outbox.wantResume(afterMicroseconds: 100, time(1))
        outbox.wantResume(afterMicroseconds: 200, time(1))
        outbox.wantResume(afterMicroseconds: 50, time(1))
        let resumes = outbox.endTurn(nil).map { directive -> UInt64 in
            if case .resume(let delay) = directive { return delay } else { return 0 }
        }
        #expect(resumes == [100, 50])
        outbox.noteResume()
        outbox.wantResume(afterMicroseconds: 100, time(2))
        #expect(outbox.endTurn(nil).count == 1)
    }

    @Test func `a layout in force knows its node's place, and that of no other`() {
        let layout = Layout(epoch: 3, seed: 0, placement: .hashed, shards: [[node(1), node(2)], [node(3), node(4)]])
        var inForce = LayoutInForce(.none, at: node(2))
        #expect(inForce.shard == nil && inForce.shardPeers.isEmpty)
        inForce.enter(EpochRecord(layout: layout, baseline: VersionVector(), operation: nil))
        #expect(inForce.shard == 0 && inForce.shardPeers == [node(1)])
        let older = VersionVector([Dot(origin: Origin(node: node(3), incarnation: 1, epoch: 2), counter: 5)])
        inForce.extendBaseline(older)
        #expect(inForce.record.baseline.covers(older) && inForce.shard == 0)
    }
}
