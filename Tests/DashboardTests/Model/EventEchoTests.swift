import ClusterModel
import HostSystem
import ShardClient
import ShardCore
import ShardWire
import Testing

@testable import Dashboard

/// Events say who saw what, and each once.
@Suite struct EventEchoTests {
    private func event(
        _ kind: ClusterModel.Event.Kind, about: Int, by: Int, at milliseconds: UInt64 = 0, _ words: String = "is down"
    ) -> ClusterModel.Event {
        ClusterModel.Event(
            sequence: 1, milliseconds: Fixture.start + milliseconds, kind: kind, node: Fixture.node(about),
            text: "\(about) \(words)", recordedBy: Fixture.node(by))
    }

    private func words(_ events: [ClusterModel.Event], of nodes: Int = 6) -> [String] {
        SaidEvent.merged(events).map { $0.words(of: nodes) }
    }

    @Test func oneSayerIsNamedAndSeveralAreCounted() {
        #expect(words([event(.nodeDown, about: 3, by: 1)]) == ["3 is down, says 10.0.0.1:8081"])
        #expect(
            words([event(.nodeDown, about: 3, by: 1), event(.nodeDown, about: 3, by: 2, at: 900)])
                == ["3 is down, say 2 of 6"])
        #expect(
            words([event(.nodeDown, about: 3, by: 1), event(.nodeDown, about: 3, by: 2)], of: 0) == [
                "3 is down, say 2 of 2"
            ])
    }

    @Test func whatANodeSaysOfItselfNeedsNoSayer() {
        #expect(words([event(.serving, about: 3, by: 3, "serves")]) == ["3 serves"])
        #expect(words([event(.warning, about: 3, by: 1, "warns")]) == ["3 warns"])
    }

    @Test func theSameWordsLaterAreSaidAgain() {
        #expect(words([event(.nodeDown, about: 3, by: 1), event(.nodeDown, about: 3, by: 1, at: 3_000)]).count == 2)
    }

    @Test func whatOneNodeSaysOfManyIsOneLine() {
        let lone = [1, 2, 4].map { event(.nodeDown, about: $0, by: 3) }
        #expect(
            words(lone) == ["10.0.0.3:8081 no longer hears 3 other nodes: 10.0.0.1:8081, 10.0.0.2:8081, 10.0.0.4:8081"])
        let back = [1, 2].map { event(.nodeUp, about: $0, by: 3, "is up") }
        #expect(words(back) == ["10.0.0.3:8081 hears 2 other nodes again: 10.0.0.1:8081, 10.0.0.2:8081"])
        // What a second node says as well is not one node's word.
        #expect(
            words(lone + [event(.nodeDown, about: 1, by: 5)])
                == [
                    "1 is down, say 2 of 6",
                    "10.0.0.3:8081 no longer hears 2 other nodes: 10.0.0.2:8081, 10.0.0.4:8081",
                ])
    }

    @Test func theWordOfOneAgainstAllIsNotRed() {
        var model = Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [5, 4]))
        _ = model.reduce(.events([1, 2].map { event(.nodeDown, about: $0, by: 3) }))
        #expect(model.eventLines.map(\.look) == [.event(.warning)])
    }
}
