import Foundation
import ShardWire

/// The folder of a demo's logs and data: named after its process, and gone with it.
enum DemoFolder {
    private static let prefix = "shardtop-demo-"
    /// In a folder that was left on purpose, for its logs.
    private static let keptName = "kept"

    static func path(of process: Int32, in parent: URL = FileManager.default.temporaryDirectory) -> String {
        parent.appendingPathComponent("\(prefix)\(process)").path
    }

    /// Makes this process's folder. Those of demos that were killed, and could not clean up, go at this occasion.
    static func make() throws(Failure) -> String {
        removeAbandoned()
        let path = path(of: ProcessInfo.processInfo.processIdentifier)
        do {
            // Of a process that had the same number.
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(.fileTrouble, "cannot make the folder \(path): \(error.words)")
        }
        return path
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// Leaves the folder to who wants to know why the demo failed.
    static func keep(_ path: String) {
        _ = FileManager.default.createFile(atPath: path + "/" + keptName, contents: nil)
    }

    /// Removes the folders whose process is gone, unless they were left on purpose. Those of other users stay: their
    /// processes may not be asked for, and their folders not be removed.
    static func removeAbandoned(
        in parent: URL = FileManager.default.temporaryDirectory, isRunning: (Int32) -> Bool = isRunning
    ) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        for name in names where name.hasPrefix(prefix) {
            guard let process = Int32(name.dropFirst(prefix.count)), !isRunning(process) else { continue }
            let path = parent.appendingPathComponent(name).path
            if !FileManager.default.fileExists(atPath: path + "/" + keptName) { remove(path) }
        }
    }

    /// A process of another user exists too, though it may not be signalled.
    private static func isRunning(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno != ESRCH }
}
