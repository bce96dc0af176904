import ClusterModel

/// What the events panel lists: what the nodes recorded and what the user did, by time.
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

    /// What several nodes say alike stands once; of a filter, what it lets through.
    var eventLines: [EventLine] {
        var lines = log.map {
            EventLine(
                milliseconds: $0.milliseconds, text: "\($0.who): \($0.text)", look: $0.isProblem ? .problem : .own)
        }
        for said in SaidEvent.merged(events) {
            // The word of one against those of all others is no verdict.
            let kind = said.isLone && said.event.kind == .nodeDown ? .warning : said.event.kind
            lines.append(
                EventLine(
                    milliseconds: said.event.milliseconds, text: said.words(of: overview.nodesAll), look: .event(kind)))
        }
        return lines.filter { isShown($0.text) }.sorted { $0.milliseconds < $1.milliseconds }
    }

    /// An event at its time by the dashboard's clock. Its node's clock may be wrong, but when it was read is known, and
    /// when that node was read before.
    /// - Parameter read: when it was read; nil where its time is to be taken as it is.
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
