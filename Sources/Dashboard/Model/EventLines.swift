import ClusterModel

/// The lines of the events panel: the nodes' events and the user's actions, by time.
extension DashboardModel {
    struct EventLine: Equatable, Sendable {
        enum Look: Equatable, Sendable {
            case own, problem
            case event(Event.Kind)
        }

        var milliseconds: UInt64
        var text: String
        var look: Look
    }

    /// The lines that the filter lets through; an event that several nodes tell alike stands once.
    var eventLines: [EventLine] {
        var lines = log.map {
            EventLine(
                milliseconds: $0.milliseconds, text: "\($0.who): \($0.text)", look: $0.isProblem ? .problem : .own)
        }
        for said in SaidEvent.merged(events) {
            // One node's word against all others is only a warning.
            let kind = said.isLone && said.event.kind == .nodeDown ? .warning : said.event.kind
            lines.append(
                EventLine(
                    milliseconds: said.event.milliseconds, text: said.words(of: overview.nodesAll), look: .event(kind)))
        }
        return lines.filter { isShown($0.text) }.sorted { $0.milliseconds < $1.milliseconds }
    }

    /// The event with its time by the dashboard's clock. The node's own clock may be wrong, but the time is known when
    /// the event was read, and when that node answered before.
    /// - Parameter read: when the event was read; nil to take its time as it is.
    func placed(_ event: Event, readMilliseconds read: UInt64?) -> Event {
        guard let read else { return event }
        var event = event
        let known = event.recordedBy.flatMap { snapshot?.member($0)?.answeredMilliseconds }
        let earliest = known.map { $0 - min($0, ChangeWatch.readLateMilliseconds) } ?? 0
        event.milliseconds = min(read, max(earliest, event.milliseconds))
        return event
    }

    mutating func take(_ new: [Event]) {
        let before = eventScroll > 0 ? eventLines.count : 0
        events += new
        if events.count > Self.eventsMax { events.removeFirst(events.count - Self.eventsMax) }
        // The lines that the user is reading stay in place.
        if eventScroll > 0 { scrollEvents(by: max(0, eventLines.count - before)) }
    }

    /// - Parameter who: the one who acted; by default the user.
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
