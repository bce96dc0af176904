import Foundation

/// Where the user's own file is, and what is in it.
enum ConfigFile {
    static let template = """
        # What shardtop does unless a flag says otherwise. Take away the # before a line to use it.

        # How the dashboard looks: dark, light or mono.
        #theme = dark

        # Draw with ASCII characters only: yes or no.
        #ascii = no

        # Take the mouse: yes, or no to leave it to the terminal, which selects text with it.
        #mouse = yes

        # Milliseconds between polls while nothing moves, \(Config.pollWords).
        #poll = 1000

        # Let 'watch' only look, and offer nothing that changes the cluster: yes or no.
        #read-only = no

        # The nodes to ask, separated by commas. $\(ClusterOptions.variable) goes before it.
        #addresses = \(ClusterOptions.fallback)

        """

    /// More is no file of settings.
    private static let bytesMax = 1_000_000

    /// Nil where the environment names no home.
    static func path(in environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        // A folder that is not absolute is to be ignored, after the XDG base directory specification.
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + "/shardtop/config" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.config/shardtop/config"
    }

    /// Empty where there is no file.
    static func load(in environment: [String: String] = ProcessInfo.processInfo.environment) throws(Failure) -> Config {
        guard let path = path(in: environment), FileManager.default.fileExists(atPath: path) else { return Config() }
        let text: String
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard (attributes[.size] as? Int ?? 0) <= bytesMax else {
                throw Failure(.wrongConfig, "\(path) is larger than \(Words.bytes(bytesMax))")
            }
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.fileTrouble, "cannot read \(path): \(error.localizedDescription)")
        }
        do throws(Config.Problem) { return try Config(parsing: text) } catch {
            throw Failure(.wrongConfig, "\(path), line \(error.line): \(error.words)")
        }
    }

    /// Makes the file from the template, and its folder; an existing one is left as it is, and refused.
    static func write(to path: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(template.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw Failure(
                .fileTrouble,
                isThere
                    ? "\(path) exists and is left as it is" : "cannot write \(path): \(error.localizedDescription)")
        }
    }
}
