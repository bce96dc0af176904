import TerminalUI

extension DashboardModel {
    /// Changes the line that is typed into now; returns nil if keys are commands.
    private mutating func edit(_ change: (inout TextLine) -> Void) -> [Effect]? {
        switch overlay {
        case .help(var filter)?:
            change(&filter)
            overlay = .help(filter: filter)
        case .addMember(var dialog)? where dialog.isInAddress:
            change(&dialog.line)
            overlay = .addMember(dialog)
        case .locate(var dialog)?:
            let before = dialog.key
            change(&dialog.line)
            if dialog.key != before { dialog.answer = .none }
            overlay = .locate(dialog)
        case .prompt(var prompt)?:
            change(&prompt.line)
            (prompt.problem, prompt.completion) = (nil, nil)
            if prompt.kind == .filter { setFilter(prompt.text) }
            overlay = .prompt(prompt)
        case .goal(let dialog)?: return edit(change, in: dialog)
        case .pace(var line)?:
            change(&line)
            overlay = .pace(line)
        default: return nil
        }
        return []
    }

    /// Takes pasted text only into a line that is typed into. Elsewhere every letter would be a command.
    mutating func take(_ paste: Paste) -> [Effect] {
        if let effects = edit({ $0.take(paste) }) { return effects }
        note("what was pasted presses no keys; w, / and : open a line to paste into", isProblem: true)
        return []
    }

    mutating func takeUnreadable() { _ = edit { $0.takeUnreadable() } }
}
