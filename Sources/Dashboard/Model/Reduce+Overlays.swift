import ClusterModel
import TerminalUI
import Wording

extension DashboardModel {
    /// More lines than any overlay has; once it is drawn, its own lines are the limit.
    static let overlayScrollMax = 10_000

    /// - Parameter count: the shard count to begin with; without it one more than there are, if that is possible.
    mutating func openReshard(to count: Int? = nil) -> [Effect] {
        let now = max(1, overview.shards.count)
        // Nodes that are down count, too: if only they are lacking for one more shard, the dialog says so.
        let nodes = hasSlots ? overview.nodesUp : overview.nodesAll
        let usual = (now + 1) * 2 <= nodes ? now + 1 : max(1, now - 1)
        let dialog = ReshardDialog(shardCount: count ?? usual)
        return ask(dialog)
    }

    /// Shows the dialog and, if the cluster can tell, asks what its shard count would do.
    private mutating func ask(_ dialog: ReshardDialog) -> [Effect] {
        var dialog = dialog
        dialog.plan = features.plan.isOffered ? .asking : .none
        dialog.isConfirming = false
        dialog.isTooEarly = false
        overlay = .reshard(dialog)
        return features.plan.isOffered ? [.plan(dialog.goal)] : []
    }

    /// - Parameter argument: the node's address and the shard's id; nil for the most likely ones.
    /// - Returns: nil if there is no such address or shard.
    mutating func openAddMember(_ argument: String?) -> [Effect]? {
        if let argument {
            // The text after the address is the shard's id, which may have spaces.
            let parts = argument.split(separator: " ", maxSplits: 1).map(String.init)
            if hasSlots, parts.count == 1, MemberID(parts[0]).isAddress {
                return open(.add(node: TextLine(parts[0]), shard: nil))
            }
            guard parts.count == 2, MemberID(parts[0]).isAddress,
                let shard = shard(meantBy: parts[1])
            else { return nil }
            if hasSlots { return open(.add(node: TextLine(parts[0]), shard: shard)) }
            overlay = .addMember(AddMemberDialog(address: parts[0], shard: shard, isInAddress: false))
        } else if hasSlots {
            return open(.add(node: TextLine(overview.others.first { $0.condition.isGood }?.id.text ?? ""), shard: nil))
        } else {
            let joiner = overview.others.first(where: \.condition.isGood)
            let smallest = overview.shards.min { $0.members.count < $1.members.count }
            overlay = .addMember(
                AddMemberDialog(
                    address: joiner?.id.text ?? "", shard: smallest?.id ?? 0, isInAddress: joiner == nil))
        }
        return []
    }

    mutating func pressInOverlay(_ key: KeyEvent) -> [Effect] {
        guard let overlay else { return [] }
        if key == .escape {
            self.overlay = nil
            if case .prompt(let prompt) = overlay, prompt.kind == .filter { filter = nil }
            return []
        }
        switch key {
        case .pageDown: return scrollOverlay(by: Self.overlayPageRows)
        case .pageUp: return scrollOverlay(by: -Self.overlayPageRows)
        case .home: return scrollOverlay(by: -Self.overlayScrollMax)
        case .end: return scrollOverlay(by: Self.overlayScrollMax)
        default: break
        }
        switch overlay {
        case .help(let filter): press(key, inHelp: filter)
        case .reshard(let dialog): return press(key, in: dialog)
        case .confirmAbort(let isConfirming):
            return press(key, or: .confirmAbort(isConfirming: !isConfirming), isConfirming: isConfirming, .abort)
        case .confirmQuit(let isConfirming):
            return press(key, or: .confirmQuit(isConfirming: !isConfirming), isConfirming: isConfirming, .quit)
        case .addMember(let dialog): return press(key, in: dialog)
        case .locate(let dialog): return press(key, in: dialog)
        case .prompt(let prompt): return press(key, in: prompt)
        case .goal(let dialog): return press(key, in: dialog)
        case .changes(let selected): return press(key, inChanges: selected)
        case .pace(let line): return press(key, inPace: line)
        case .health:
            switch key {
            case .character("q"), .character("H"), .enter: self.overlay = nil
            case .down, .character("j"): scrollOverlay(by: 1)
            case .up, .character("k"): scrollOverlay(by: -1)
            default: break
            }
        case .node, .shard:
            switch key {
            case .character("q"), .enter: self.overlay = nil
            case .up, .down, .character("j"), .character("k"): pressBehind(key)
            default: break
            }
        }
        return []
    }

    private static let overlayPageRows = 4

    @discardableResult
    mutating func scrollOverlay(by lines: Int) -> [Effect] {
        overlayScroll = min(Self.overlayScrollMax, max(0, overlayScroll + lines))
        return []
    }

    /// Moves the selection while its particulars are shown.
    private mutating func pressBehind(_ key: KeyEvent) {
        select(by: key == .down || key == .character("j") ? 1 : -1)
        guard let selected else { return }
        if case .node? = overlay { overlay = .node(selected.id) }
        if case .shard? = overlay, let shard = selected.shard { overlay = .shard(shard) }
    }

    private mutating func press(_ key: KeyEvent, inHelp filter: TextLine) {
        var filter = filter
        switch key {
        case .character("?") where filter.isEmpty, .character("q") where filter.isEmpty: overlay = nil
        case .down: scrollOverlay(by: 1)
        case .up: scrollOverlay(by: -1)
        default: if filter.take(key) { overlay = .help(filter: filter) }
        }
    }

    private mutating func press(_ key: KeyEvent, in dialog: ReshardDialog) -> [Effect] {
        var dialog = dialog
        switch key {
        case .character(let digit) where digit.isASCII && digit.isNumber:
            let typed =
                dialog.isTyping ? dialog.shardCount * 10 + (digit.wholeNumberValue ?? 0) : digit.wholeNumberValue
            guard let typed, (1...1_000).contains(typed) else { return [] }
            dialog.shardCount = typed
            dialog.isTyping = true
            return ask(dialog)
        case .up, .character("+"), .character("k"), .down, .character("-"), .character("j"):
            let isUp = key == .up || key == .character("+") || key == .character("k")
            dialog.shardCount = min(1_000, max(1, dialog.shardCount + (isUp ? 1 : -1)))
            dialog.isTyping = false
            return ask(dialog)
        case .backspace:
            dialog.shardCount = max(1, dialog.shardCount / 10)
            dialog.isTyping = dialog.shardCount > 1
            return ask(dialog)
        case .left, .right, .tab, .backTab:
            dialog.isConfirming.toggle()
            overlay = .reshard(dialog)
            return []
        case .enter:
            guard dialog.isConfirming else {
                overlay = nil
                return []
            }
            guard reason(againstShards: dialog.shardCount) == nil else { return [] }
            switch dialog.plan {
            case .failed: return []
            case .asking:
                // No reshard starts before its plan was seen.
                dialog.isTooEarly = true
                overlay = .reshard(dialog)
                return []
            case .ready, .none: break
            }
            overlay = nil
            note("reshard to \(Figures.plural(dialog.shardCount, "shard")): started")
            return [.perform(.shardCount(dialog.shardCount, isStepped: isStepping), seen: dialog.plan.plan)]
        default:
            return []
        }
    }

    /// A question of two buttons: other keys change nothing.
    ///
    /// - Parameter question: the overlay with the other button chosen.
    private mutating func press(_ key: KeyEvent, or question: Overlay, isConfirming: Bool, _ effect: Effect) -> [Effect]
    {
        switch key {
        case .left, .right, .tab, .backTab: overlay = question
        case .enter:
            overlay = nil
            if isConfirming { return [effect] }
        default: break
        }
        return []
    }

    private mutating func press(_ key: KeyEvent, in dialog: AddMemberDialog) -> [Effect] {
        var dialog = dialog
        switch key {
        case .tab, .backTab: dialog.isInAddress.toggle()
        case .up, .down:
            let ids = overview.shards.map(\.id)
            guard let index = ids.firstIndex(of: dialog.shard) else { return [] }
            dialog.shard = ids[(index + (key == .up ? ids.count - 1 : 1)) % ids.count]
        case .enter:
            guard !dialog.line.isMarred else { return [] }
            let address = MemberID(dialog.address)
            guard address.isAddress else {
                note("'\(dialog.address)' is no address of the form host:port", isProblem: true)
                return []
            }
            overlay = nil
            note("add \(address) to shard \(dialog.shard): started")
            return [.perform(.addMember(address, shard: dialog.shard))]
        default: guard dialog.isInAddress, dialog.line.take(key) else { return [] }
        }
        overlay = .addMember(dialog)
        return []
    }

    private mutating func press(_ key: KeyEvent, in dialog: LocateDialog) -> [Effect] {
        var dialog = dialog
        switch key {
        case .tab where dialog.isFound:
            overlay = nil
            followed = FollowedKey(key: dialog.key, location: dialog.location)
            note("following \(dialog.key)")
            return []
        case .enter:
            // A key that is too long stays in the line, beside the reason.
            guard !dialog.key.isEmpty, !dialog.line.isMarred, KeyText.problem(of: dialog.key, features) == nil else {
                return []
            }
            dialog.answer = .asking
            overlay = .locate(dialog)
            return [.locate(key: dialog.key)]
        default: guard dialog.line.take(key) else { return [] }
        }
        dialog.answer = .none
        overlay = .locate(dialog)
        return []
    }
}
