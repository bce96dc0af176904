import ClusterModel
import TerminalUI

extension DashboardModel {
    mutating func open(_ draft: GoalDraft) -> [Effect] { show(GoalDialog(draft)) }

    /// Shows the dialog and, if its goal has changed, asks what reaching the new one would do.
    private mutating func show(_ dialog: GoalDialog) -> [Effect] {
        var dialog = dialog
        dialog.problem = nil
        dialog.field = min(dialog.field, dialog.draft.fields(in: overview).count - 1)
        defer { overlay = .goal(dialog) }
        let goal: Goal? = if case .ready(let goal) = dialog.draft.state(in: overview) { goal } else { nil }
        guard goal != dialog.goal else { return [] }
        dialog.goal = goal
        // The old preview was of another goal.
        dialog.isConfirming = false
        dialog.preview = .none
        guard let goal, features.plan.isOffered else { return [] }
        dialog.preview = .asking
        return [.plan(goal)]
    }

    mutating func setPreview(_ goal: Goal, _ preview: PlanPreview) {
        guard case .goal(var dialog)? = overlay, dialog.goal == goal else { return }
        dialog.preview = preview
        dialog.problem = nil
        overlay = .goal(dialog)
    }

    mutating func press(_ key: KeyEvent, in dialog: GoalDialog) -> [Effect] {
        var dialog = dialog
        let fields = dialog.draft.fields(in: overview)
        let isTyped = fields.indices.contains(dialog.field) && fields[dialog.field].isTyped
        switch key {
        case .up, .down:
            let step = key == .up ? fields.count - 1 : 1
            dialog.field = (dialog.field + step) % max(1, fields.count)
            overlay = .goal(dialog)
            return []
        case .tab, .backTab:
            dialog.isConfirming.toggle()
            overlay = .goal(dialog)
            return []
        case .enter: return confirm(dialog)
        case .left, .right: dialog.draft.step(field: dialog.field, by: key == .left ? -1 : 1, in: overview)
        case .character("h") where !isTyped: dialog.draft.step(field: dialog.field, by: -1, in: overview)
        case .character("l") where !isTyped: dialog.draft.step(field: dialog.field, by: 1, in: overview)
        default:
            var isTaken = false
            guard dialog.draft.edit(field: dialog.field, { isTaken = $0.take(key) }), isTaken else { return [] }
        }
        return show(dialog)
    }

    /// Changes the line that is typed into, for input other than a key; returns nil if there is no such line.
    mutating func edit(_ change: (inout TextLine) -> Void, in dialog: GoalDialog) -> [Effect]? {
        var dialog = dialog
        return dialog.draft.edit(field: dialog.field, change) ? show(dialog) : nil
    }

    mutating func press(_ key: KeyEvent, inChanges selected: Int) -> [Effect] {
        let all = changes
        guard !all.isEmpty else {
            overlay = nil
            return []
        }
        let place = min(selected, all.count - 1)
        switch key {
        case .up, .character("k"): overlay = .changes(selected: (place + all.count - 1) % all.count)
        case .down, .character("j"): overlay = .changes(selected: (place + 1) % all.count)
        case .enter: return giveFromChanges(all[place].command.name)
        case .character("q"): overlay = nil
        default:
            // The key of a change chooses it, too.
            if let chosen = all.first(where: { $0.command.keys.contains { $0.event == key } }) {
                return giveFromChanges(chosen.command.name)
            }
        }
        return []
    }

    mutating func giveFromChanges(_ name: String) -> [Effect] {
        guard let command = CommandTable.command(named: name) else { return [] }
        overlay = nil
        return give(command, nil)
    }

    mutating func press(_ key: KeyEvent, inPace line: TextLine) -> [Effect] {
        var line = line
        if key == .enter {
            guard !line.isMarred else { return [] }
            overlay = nil
            if let effects = pace(line.text.trimmingBlanks) { return effects }
            note("'\(line.text)' is no number of keys a second", isProblem: true)
            overlay = .pace(line)
            return []
        }
        if line.take(key) { overlay = .pace(line) }
        return []
    }

    /// Starts the goal, unless its plan is still awaited or the goal cannot be started any more.
    private mutating func confirm(_ dialog: GoalDialog) -> [Effect] {
        guard dialog.isConfirming else {
            overlay = nil
            return []
        }
        guard let problem = problem(of: dialog) else {
            overlay = nil
            guard let goal = dialog.goal else { return [] }
            note("\(goal.words): started")
            return [.perform(goal, seen: dialog.preview.plan)]
        }
        var dialog = dialog
        dialog.problem = problem
        overlay = .goal(dialog)
        return []
    }

    /// The reason why the goal cannot be started; nil if it can.
    private func problem(of dialog: GoalDialog) -> String? {
        if case .incomplete(let words) = dialog.draft.state(in: overview) { return words }
        switch dialog.preview {
        case .asking: return "It begins once it is seen what it would do; that is still being computed."
        case .failed: return "It cannot be begun."
        case .ready(let plan) where plan.isNothing: return "There is nothing to do."
        case .ready, .none: break
        }
        if let word = dialog.draft.wordWanted, !dialog.draft.isWordTyped { return "Type \(word) first." }
        if case .refused(let reason) = offer(of: dialog.draft) { return reason }
        return nil
    }
}
