import ClusterModel
import Wording

/// The user's filter: only nodes and events that match the typed text are shown.
struct NodeFilter: Equatable, Sendable {
    private let text: String

    /// - Parameter text: nil or empty lets everything through.
    init(_ text: String?) { self.text = (text ?? "").lowercased() }

    var isEmpty: Bool { text.isEmpty }

    /// True if the line matches the filter, or the filter is empty.
    func lets(_ line: String) -> Bool { text.isEmpty || line.lowercased().contains(text) }

    /// True if the node's address, condition or shard matches the filter, or the filter is empty.
    func lets(_ member: Member, _ conditions: ConditionWords) -> Bool {
        guard !text.isEmpty else { return true }
        let shard = member.shard.map { "shard \($0)" } ?? "no shard"
        // 'shard 1' does not mean shard 10.
        return lets(member.id.description) || lets(conditions.words(of: member)) || shard == text
    }
}

extension DashboardModel {
    func isShown(_ text: String) -> Bool { digest.filter.lets(text) }

    func isShown(_ member: Member) -> Bool { digest.filter.lets(member, conditions) }

    /// True if the node is shown, also if perhaps only its address is known.
    func isShown(_ node: MemberID) -> Bool {
        guard filter != nil else { return true }
        return members.first { $0.id == node }.map { isShown($0) } ?? isShown(node.description)
    }

    /// How many nodes are shown.
    var shownCount: Int { digest.listedRows - digest.groups.count }

    /// The number of shown nodes: "2 of 6 nodes".
    var filterWords: String {
        "\(Figures.count(shownCount)) of \(Figures.plural(members.count, "node"))"
    }

    mutating func setFilter(_ text: String) {
        filter = text.isEmpty ? nil : text
        eventScroll = 0
    }

    /// The chosen node, shown or not: a node that the filter hides is chosen again when the filter ends.
    var chosen: MemberID? {
        members.indices.contains(selection) ? members[selection].id : nil
    }

    /// The chosen node if it is shown, else the nearest shown one; nil if none is shown.
    public var selected: Member? {
        let members = self.members
        guard !members.isEmpty else { return nil }
        let place = min(max(0, selection), members.count - 1)
        if isShown(members[place]) { return members[place] }
        return members[place...].first { isShown($0) } ?? members[..<place].last { isShown($0) }
    }

    /// Moves the selection, leaving out the nodes that the filter hides.
    mutating func select(by step: Int) {
        if table.isShown { return selectInTable(by: step) }
        let shown = members.indices.filter { isShown(members[$0]) }
        guard !shown.isEmpty else { return }
        let place =
            step > 0 ? shown.lastIndex { $0 <= selection } ?? -1 : shown.firstIndex { $0 >= selection } ?? shown.count
        selection = shown[min(max(0, place + step), shown.count - 1)]
    }
}
