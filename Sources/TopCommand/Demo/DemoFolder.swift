import Foundation
import HostSystem
import LocalServers
import ShardClient
import ShardWire
import ValkeyClient

/// The folder of a demo's logs and data: named after its process, and removed with it.
enum DemoFolder {
    private static let prefix = "shardtop-demo-"
    /// The file that marks a folder as left on purpose, for its logs.
    private static let keptName = "kept"

    /// The longest path of a folder in which the nodes' database can still name its files.
    private static let pathBytesMax = 400

    static func path(of process: Int32, in parent: URL = FileManager.default.temporaryDirectory) -> String {
        // Nodes of other folders have to find it too.
        parent.appendingPathComponent("\(prefix)\(process)").absoluteURL.standardizedFileURL.path
    }

    /// Runs `body` with this process's folder, and removes the folder afterwards. If the error is about the nodes in
    /// it, the folder is named instead, and left for its logs.
    static func with(_ body: (String) async throws -> Void) async throws {
        let path = try make()
        do {
            try await body(path)
        } catch {
            // A person who stops the demo, by a key or a signal, does not want its logs.
            guard !Task.isCancelled, let failure = failure(error, logs: path) else {
                remove(path)
                throw error
            }
            keep(path)
            throw failure
        }
        remove(path)
    }

    /// The failure for an error that is about the nodes; nil for all others.
    private static func failure(_ error: any Error, logs folder: String) -> Failure? {
        switch error {
        case let error as ClusterTrouble where !error.log.isEmpty:
            Failure(.failed, "\(error.words)\n\(error.log)\nlogs: \(folder)")
        case let error as ClusterTrouble: Failure(.failed, "\(error.words); logs: \(folder)")
        case let error as ServerTrouble: Failure(.failed, "\(error)\nlogs: \(folder)")
        case is Failure: nil
        case let error as any EndingError: Failure(error.status, "\(error); logs: \(folder)")
        default: nil
        }
    }

    /// Makes this process's folder. Also removes those of demos that were killed and could not clean up.
    ///
    /// - Throws: words about the temporary folder, if nothing can be kept there.
    static func make(in parent: URL = FileManager.default.temporaryDirectory) throws(Failure) -> String {
        let path = path(of: ProcessInfo.processInfo.processIdentifier, in: parent)
        let advice = "set TMPDIR to a folder for temporary files that can be written to"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: parent.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure(.fileTrouble, "there is no folder \(parent.path): \(advice)")
        }
        guard path.utf8.count <= pathBytesMax else {
            throw Failure(
                .fileTrouble, "the name of the temporary folder is too long: \(advice) and has a shorter name")
        }
        removeAbandoned(in: parent)
        do {
            // Left by an earlier process with the same number.
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(.fileTrouble, "cannot make the folder \(path): \(error.words); \(advice)")
        }
        do {
            // A folder can be made even if there is no room for its contents.
            let trial = URL(fileURLWithPath: path + "/room")
            try Data(count: roomBytesMin).write(to: trial)
            try FileManager.default.removeItem(at: trial)
        } catch {
            remove(path)
            throw Failure(.fileTrouble, "cannot keep anything in \(parent.path): \(error.words); \(advice)")
        }
        return path
    }

    /// Room for some of a node's data.
    private static let roomBytesMin = 256 * 1_024

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// Leaves the folder to anybody who wants to know why the demo failed.
    static func keep(_ path: String) {
        _ = FileManager.default.createFile(atPath: path + "/" + keptName, contents: nil)
    }

    /// Removes the folders whose process is gone, unless they were left on purpose. Folders of other users stay: their
    /// processes may not be signalled, and their folders not removed.
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
