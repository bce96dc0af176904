import ClusterModel
import TerminalUI
import Wording

/// Giving commands, by key or by click, and the effects of the simple ones.
extension DashboardModel {
    mutating func press(_ key: KeyEvent) -> [Effect] {
        if key == .control("c") { return [.quit] }
        if overlay != nil { return pressInOverlay(key) }
        guard let binding = CommandTable.binding(of: key, in: self) else { return [] }
        return give(binding.command, binding.key.argument)
    }

    /// Carries out the command of a key or a hint, or notes why it is refused.
    mutating func give(_ command: Command, _ argument: String?) -> [Effect] {
        switch command.offer(self) {
        case .offered: return command.run(&self, argument) ?? []
        case .refused(let reason): note(reason, isProblem: true)
        case .absent: break
        }
        return []
    }

    /// Puts one thing away: first the zoom, then a change, the filter, the followed key, the table.
    mutating func putAway() {
        if isZoomed {
            isZoomed = false
        } else if let change = shownChange, change.isOver {
            dismissed = change.id
            if pane == .migration { pane = .shards }
        } else if let change = shownInferred {
            dismissed = change.id
        } else if filter != nil {
            filter = nil
        } else if let key = followed?.key {
            followed = nil
            note("no longer following \(key)")
        } else if table.isShown {
            showTable(false)
        }
    }

    mutating func changeRate(quicker: Bool) -> [Effect] {
        let steps = Self.pollStepsMilliseconds
        let next = quicker ? steps.last { $0 < pollMilliseconds } : steps.first { $0 > pollMilliseconds }
        return poll(everyMilliseconds: next ?? pollMilliseconds)
    }

    mutating func poll(everyMilliseconds rate: UInt64) -> [Effect] {
        pollMilliseconds = rate
        note("polling every \(Figures.duration(microseconds: rate * 1_000))")
        return [.poll(everyMilliseconds: rate)]
    }

    mutating func choose(_ theme: ThemeName) {
        themeName = theme
        isThemeChosen = true
        note("theme: \(theme.rawValue)")
    }

    mutating func toggleMouse() -> [Effect] {
        hasMouse.toggle()
        note(hasMouse ? "the mouse works here" : "the mouse is the terminal's: it selects text")
        return [.mouse(hasMouse)]
    }

    mutating func movePane(by step: Int) {
        let panes = Pane.allCases.filter { $0 != .migration || shownChange != nil }
        let index = panes.firstIndex(of: pane) ?? 0
        pane = panes[(index + step + panes.count) % panes.count]
    }

    /// Moves the selection, or scrolls a panel without one.
    mutating func move(by step: Int) {
        switch pane {
        case .events: scrollEvents(by: -step)
        case .migration where shownChange != nil: scrollMigration(by: step)
        default: select(by: step)
        }
    }

    /// More lines than any report or list has; once it is drawn, its own lines are the limit.
    private static let migrationScrollMax = 10_000

    mutating func scrollMigration(by lines: Int) {
        migrationScroll = min(Self.migrationScrollMax, max(0, migrationScroll + lines))
    }
}
