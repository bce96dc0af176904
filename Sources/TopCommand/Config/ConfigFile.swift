import Foundation
import HostSystem

/// Where the user's own file is, and what is in it.
enum ConfigFile {
    static let template = """
        # What shardtop does unless a flag says otherwise. Take away the # before a line to use it.

        # How the dashboard looks: dark, light or mono; else as the terminal's ground is.
        #theme = dark

        # Draw with ASCII characters only: yes or no.
        #ascii = no

        # Take the mouse: yes, or no to leave it to the terminal, which selects text with it.
        #mouse = yes

        # Milliseconds between polls while nothing moves, \(Config.pollWords).
        #poll = 1000

        # Let 'watch' only look, and offer nothing that changes the cluster: yes or no.
        #read-only = no

        # Keep view, sort and columns from one start to the next, in $XDG_STATE_HOME/shardtop/view: yes or no.
        #remember = yes

        # Ring the terminal's bell when the verdict changes, as from ok to degraded: yes or no.
        #alert-bell = no

        # Run this line of shell then, for at most 10 seconds. It finds what to tell in $SHARDTOP_VERDICT,
        # $SHARDTOP_RANK (ok, changing, degraded, down), $SHARDTOP_ADVICE and $SHARDTOP_CLUSTER, and in
        # $SHARDTOP_VERDICT_BEFORE and $SHARDTOP_RANK_BEFORE what was before.
        #alert-command = notify-send "$SHARDTOP_CLUSTER" "$SHARDTOP_VERDICT"

        # The nodes to ask, separated by commas. $\(ClusterOptions.variable) goes before it.
        #addresses = \(ClusterOptions.fallback)

        """

    /// More is no file of settings.
    private static let bytesMax = 1_000_000

    /// Nil if the environment names no home.
    static func path(in environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        // A folder that is not absolute is to be ignored, after the XDG base directory specification.
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + "/shardtop/config" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.config/shardtop/config"
    }

    /// Empty if there is no file.
    static func load(in environment: [String: String] = ProcessInfo.processInfo.environment) throws(Failure) -> Config {
        guard let path = path(in: environment), FileManager.default.fileExists(atPath: path) else { return Config() }
        let text = try read(path)
        do throws(Config.Problem) { return try Config(parsing: text) } catch {
            throw Failure(.wrongConfig, "\(path), line \(error.line): \(error.words)")
        }
    }

    private static func read(_ path: String) throws(Failure) -> String {
        let advice = "move it away; 'shardtop config --write' makes a file that can be used"
        let bytes: Data
        do {
            // A pipe or a device might never end.
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            let attributes = try FileManager.default.attributesOfItem(atPath: target)
            switch attributes[.type] as? FileAttributeType {
            case .typeRegular?: break
            case .typeDirectory?:
                throw Failure(.fileTrouble, "cannot read \(path): it is a folder, not a file; \(advice)")
            default: throw Failure(.fileTrouble, "cannot read \(path): it is no plain file; \(advice)")
            }
            guard (attributes[.size] as? Int ?? 0) <= bytesMax else {
                throw Failure(.wrongConfig, "\(path) is larger than \(Words.bytes(bytesMax)); \(advice)")
            }
            bytes = try Data(contentsOf: URL(fileURLWithPath: target))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.fileTrouble, "cannot read \(path): \(error.words)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.wrongConfig, "\(path) is no text in UTF-8; \(advice)")
        }
        return text
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
                    ? "\(path) exists and is left as it is" : "cannot write \(path): \(error.words)")
        }
    }
}
