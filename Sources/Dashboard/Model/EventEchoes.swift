import ClusterModel

/// An event that one or several nodes recorded alike.
public struct SaidEvent: Equatable, Sendable {
    /// The event as the first node told it.
    public var event: Event
    /// The nodes that tell the event, each once.
    public var sayers: [MemberID]
    /// The nodes that the event is about; several if one node says the same of each of them.
    public var about: [MemberID]

    /// The event in words. If it is what nodes say of another node, the number of those nodes is added: one may be
    /// wrong where five are not.
    /// - Parameter nodes: the number of all nodes.
    public func words(of nodes: Int) -> String {
        guard isOfOthers else { return event.text }
        guard about.count == 1 else {
            let again =
                event.kind == .nodeUp
                ? "hears \(about.count) other nodes again" : "no longer hears \(about.count) other nodes"
            return "\(sayers[0]) \(again): \(about.map(\.description).joined(separator: ", "))"
        }
        if sayers.count == 1 { return "\(event.text), says \(sayers[0])" }
        return "\(event.text), say \(sayers.count) of \(max(nodes, sayers.count))"
    }

    /// True for an event in which one node says that it hears another node, or no longer does.
    private var isOfOthers: Bool {
        (event.kind == .nodeDown || event.kind == .nodeUp) && event.node != nil && event.recordedBy != nil
            && event.node != event.recordedBy
    }

    /// True if it is one node's word against the others'.
    var isLone: Bool { isOfOthers && about.count > 1 }

    /// Equal words of several nodes within this time are about the same event.
    static let alikeMilliseconds: UInt64 = 3_000

    /// Merges events with the same words, and those in which one node says the same of several others.
    public static func merged(_ events: [Event]) -> [SaidEvent] { ofSeveral(echoed(events)) }

    private static func echoed(_ events: [Event]) -> [SaidEvent] {
        var said: [SaidEvent] = []
        var places: [String: Int] = [:]
        for event in events {
            if let place = places[event.text], isAlike(said[place].event, event) {
                if let sayer = event.recordedBy, !said[place].sayers.contains(sayer) {
                    said[place].sayers.append(sayer)
                }
                continue
            }
            places[event.text] = said.count
            said.append(
                SaidEvent(
                    event: event, sayers: event.recordedBy.map { [$0] } ?? [], about: event.node.map { [$0] } ?? []))
        }
        return said
    }

    private static func ofSeveral(_ said: [SaidEvent]) -> [SaidEvent] {
        struct Voice: Hashable {
            var sayer: MemberID
            var kind: Event.Kind
        }
        var result: [SaidEvent] = []
        var places: [Voice: Int] = [:]
        for one in said {
            guard one.isOfOthers, one.sayers.count == 1, let node = one.event.node else {
                result.append(one)
                continue
            }
            let voice = Voice(sayer: one.sayers[0], kind: one.event.kind)
            if let place = places[voice], isAlike(result[place].event, one.event) {
                if !result[place].about.contains(node) { result[place].about.append(node) }
                continue
            }
            places[voice] = result.count
            result.append(one)
        }
        return result
    }

    private static func isAlike(_ left: Event, _ right: Event) -> Bool {
        max(left.milliseconds, right.milliseconds) - min(left.milliseconds, right.milliseconds) < alikeMilliseconds
    }
}
