import TerminalUI

extension DashboardModel {
    /// The line that is typed into now, with what it belongs to put back; nil where keys are commands.
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

    /// Text is for where text is typed. Elsewhere every letter of it would be a command.
    mutating func take(_ paste: Paste) -> [Effect] {
        if let effects = edit({ $0.take(paste) }) { return effects }
        note("what was pasted presses no keys; w, / and : open a line to paste into", isProblem: true)
        return []
    }

    mutating func takeUnreadable() { _ = edit { $0.takeUnreadable() } }
}
