import Dashboard
import Foundation

/// Keeps what the user chose to look at, from one start to the next. Its troubles are nobody's: then it is forgotten.
struct ViewMemory: Sendable {
    private static let bytesMax = 10_000

    /// Nil if nothing is kept.
    private let path: String?

    /// - Parameter isKept: false if the user wants none, or no user is there.
    init(isKept: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
        path = isKept ? Self.path(in: environment) : nil
    }

    /// After the XDG base directory specification.
    private static func path(in environment: [String: String]) -> String? {
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") { return folder + "/shardtop/view" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.local/state/shardtop/view"
    }

    func load() -> ViewChoice {
        guard let path, let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular,
            (attributes[.size] as? Int ?? 0) <= Self.bytesMax,
            let bytes = FileManager.default.contents(atPath: path)
        else { return ViewChoice() }
        return ViewChoice(parsing: String(decoding: bytes, as: UTF8.self))
    }

    /// - Parameter before: what was loaded; where nothing has changed, nothing is written.
    func save(_ choice: ViewChoice, before: ViewChoice) {
        guard let path, choice != before else { return }
        try? FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try? Data(choice.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
