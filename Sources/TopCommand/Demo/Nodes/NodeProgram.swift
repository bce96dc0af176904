import Foundation

/// Finds the `shardnode` program that the demo starts.
enum NodeProgram {
    static let name = "shardnode"

    /// Beside this program, else in PATH.
    static func find(
        beside executable: String? = Bundle.main.executablePath,
        path: String? = ProcessInfo.processInfo.environment["PATH"]
    ) throws -> String {
        var folders: [String] = []
        if let executable {
            folders.append(URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent().path)
        }
        folders += (path ?? "").split(separator: ":").map(String.init)
        for folder in folders {
            let candidate = folder + "/" + name
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw Failure(
            .failed,
            "the program \(name) is neither beside shardtop\(folders.first.map { " (\($0))" } ?? "") nor in PATH; "
                + "'swift build' makes both")
    }
}
