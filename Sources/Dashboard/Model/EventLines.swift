import ShardCore
import ShardWire

/// What the events panel lists: what the nodes recorded and what the user did, by time.
extension DashboardModel {
    struct EventLine: Equatable, Sendable {
        enum Look: Equatable, Sendable {
            case own, problem
            case event(Occurrence.Kind)
        }

        var milliseconds: UInt64
        var text: String
        var look: Look
    }

    /// Several nodes say the same within this time.
    private static let echoMilliseconds: UInt64 = 3_000

    /// What several nodes say alike stands once.
    var eventLines: [EventLine] {
        var lines = log.map {
            EventLine(
                milliseconds: $0.milliseconds, text: "\($0.who): \($0.text)", look: $0.isProblem ? .problem : .own)
        }
        var lastSaid: [String: UInt64] = [:]
        for event in events {
            if let last = lastSaid[event.text], event.milliseconds < last + Self.echoMilliseconds { continue }
            lastSaid[event.text] = event.milliseconds
            lines.append(EventLine(milliseconds: event.milliseconds, text: event.text, look: .event(event.kind)))
        }
        return lines.sorted { $0.milliseconds < $1.milliseconds }
    }

    mutating func take(_ new: [ClusterEvent]) {
        let before = eventScroll > 0 ? eventLines.count : 0
        events += new
        if events.count > Self.eventsMax { events.removeFirst(events.count - Self.eventsMax) }
        // What is being read stays where it is.
        if eventScroll > 0 { scrollEvents(by: max(0, eventLines.count - before)) }
    }

    /// - Parameter who: the user, unless it is named.
    mutating func note(_ text: String, isProblem: Bool = false, of who: String = "you") {
        let now = max(nowMilliseconds, held.milliseconds)
        log.append(LogLine(milliseconds: now, text: text, isProblem: isProblem, who: who))
        if log.count > Self.logMax { log.removeFirst(log.count - Self.logMax) }
        if eventScroll > 0 { scrollEvents(by: 1) }
    }

    mutating func scrollEvents(by lines: Int) {
        eventScroll = min(max(0, eventScroll + lines), max(0, eventLines.count - 1))
    }
}
