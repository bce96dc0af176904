import ClusterModel
import TerminalUI

/// The element that a place on the screen belongs to.
public enum Place: Hashable, Sendable {
    case node(MemberID)
    case pane(DashboardModel.Pane)
    /// A click gives this command, with this argument.
    case command(String, argument: String?)
    /// A dialog's button: to confirm, or to leave.
    case button(isConfirming: Bool)
    /// A part of a dialog with nothing to click.
    case dialog
}

extension DashboardModel {
    private static let wheelRows = 3

    mutating func take(_ kind: MouseEvent.Kind, at place: Place?) -> [Effect] {
        switch kind {
        case .click: return click(place)
        case .wheelUp, .wheelDown:
            let isUp = kind == .wheelUp
            if overlay != nil {
                scrollOverlay(by: isUp ? -1 : 1)
            } else if place == .pane(.events) {
                scrollEvents(by: isUp ? Self.wheelRows : -Self.wheelRows)
            } else if place == .pane(.migration) {
                scrollMigration(by: isUp ? -1 : 1)
            } else {
                select(by: isUp ? -1 : 1)
            }
            return []
        }
    }

    private mutating func click(_ place: Place?) -> [Effect] {
        if overlay != nil {
            switch place {
            case .command(let name, _):
                guard case .changes? = overlay else { return reduce(.key(.escape)) }
                return giveFromChanges(name)
            case .button(let isConfirming):
                setConfirming(isConfirming)
                return reduce(.key(.enter))
            case .dialog: return []
            // A click beside a dialog closes it.
            default: return reduce(.key(.escape))
            }
        }
        switch place {
        case .command(let name, let argument):
            return CommandTable.command(named: name).map { give($0, argument) } ?? []
        case .pane(let clicked): pane = clicked
        case .node(let address):
            pane = .shards
            // The second click on a node opens it.
            if selected?.id == address { return reduce(.key(.enter)) }
            if let index = members.firstIndex(where: { $0.id == address }) { selection = index }
        case .button, .dialog, nil: break
        }
        return []
    }

    private mutating func setConfirming(_ isConfirming: Bool) {
        switch overlay {
        case .reshard(var dialog):
            dialog.isConfirming = isConfirming
            overlay = .reshard(dialog)
        case .goal(var dialog):
            dialog.isConfirming = isConfirming
            overlay = .goal(dialog)
        case .confirmQuit: overlay = .confirmQuit(isConfirming: isConfirming)
        case .confirmAbort: overlay = .confirmAbort(isConfirming: isConfirming)
        default: break
        }
    }
}
