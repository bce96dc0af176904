import ClusterModel
import Testing

@testable import TopCommand

/// When a demo takes the figures of its cluster for the last word.
@Suite struct SettledTests {
    private func cluster(lag: Member.Lag?) -> Cluster {
        let members = (1...2).map { number in
            var member = Member(id: MemberID("10.0.0.\(number):8081"), shard: 0, condition: .init(.good, "up"))
            member.isReachable = true
            member.keys = 18
            if number == 1 { member.lag = lag }
            return member
        }
        var cluster = Cluster(takenMilliseconds: 0)
        cluster.isTold = true
        cluster.shards = [Shard(id: 0, members: members, keys: 18)]
        return cluster
    }

    @Test func `members that hold as many keys may still lack each other's`() {
        #expect(DemoStory.isSettled(cluster(lag: nil)))
        #expect(DemoStory.isSettled(cluster(lag: Member.Lag(0, .writes))))
        #expect(!DemoStory.isSettled(cluster(lag: Member.Lag(1, .writes))))
        // A replica of a server that is idle stays some bytes behind.
        #expect(DemoStory.isSettled(cluster(lag: Member.Lag(14, .bytes))))
    }
}
