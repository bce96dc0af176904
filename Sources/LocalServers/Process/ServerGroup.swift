import LocalNodes
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A process group that ends with this program, however that went.
///
/// Servers of other engines know nothing of a life line. So a shell reads its end, and then kills the group that it and
/// the servers are in. No server gets away while it is being started: a new process has a copy of the life line's
/// writing end until it runs the server's program, and it is in the group before that.
struct ServerGroup: Sendable {
    /// The number that new processes join by.
    let id: pid_t

    /// A server that still runs may put a file where the others were just removed; then the folder is not empty, and is
    /// gone through again. In a folder that is gone it can make none, so a few rounds do.
    private static let script = """
        read -r _
        for round in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && break; done
        kill -KILL 0
        """

    /// Runs `body`, and kills what is left in the group then.
    ///
    /// - Parameter folder: goes with the group where this program is killed, and cannot remove it itself.
    static func with(folder: String, _ body: (ServerGroup) async throws -> Void) async throws {
        // Held until `body` has returned; what is in the group dies when it goes.
        let lifeLine = try LifeLine()
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(1))
        ]
        _ = try await run(
            .path("/bin/sh"), arguments: ["-c", script, "sh", folder], platformOptions: options,
            input: .fileDescriptor(lifeLine.readingEnd, closeAfterSpawningProcess: false), output: .discarded,
            error: .discarded
        ) { execution in
            try await body(ServerGroup(id: execution.processIdentifier.value))
            try execution.send(signal: .kill, toProcessGroup: true)
        }
    }
}
