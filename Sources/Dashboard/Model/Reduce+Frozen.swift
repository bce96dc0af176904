import ClusterModel

extension DashboardModel {
    /// The input held back while the screen is frozen, for when it goes on.
    struct Held: Equatable, Sendable {
        var milliseconds: UInt64 = 0
        var events: [Event] = []
        var demo: DemoState?
    }

    /// Holds back an action that a frozen screen must not show; returns false for any other.
    mutating func hold(_ action: Action) -> Bool {
        switch action {
        case .tick(let milliseconds): held.milliseconds = max(held.milliseconds, milliseconds)
        // The snapshot itself is not kept: it would be old by then, and a screen that goes on polls at once.
        case .snapshot(let snapshot, _): held.milliseconds = max(held.milliseconds, snapshot.takenMilliseconds)
        case .events(let events, let time):
            held.events = Array(
                (held.events + events.map { placed($0, readMilliseconds: time) }).suffix(Self.eventsMax))
        case .demo(let state): held.demo = state
        default: return false
        }
        return true
    }

    mutating func toggleFreeze() -> [Effect] {
        isFrozen.toggle()
        guard !isFrozen else {
            note("screen frozen")
            return []
        }
        let kept = held
        held = Held()
        var effects = reduce(.tick(milliseconds: kept.milliseconds)) + reduce(.events(kept.events))
        if let demo = kept.demo { effects += reduce(.demo(demo)) }
        note("screen live again")
        return effects + [.poll(everyMilliseconds: pollMilliseconds)]
    }
}
