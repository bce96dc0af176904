import Foundation
import GRDB
import HostSystem
import ShardCore
import ShardWire

/// The folder in which a node keeps what it holds.
struct DataFolder: Sendable {
    let store: DiskStore
    /// The contents of the folder when it was opened.
    let contents: DiskContents
    /// A warning for the operator that something was damaged and set aside; nil if nothing was.
    let warning: String?

    /// Opens a node's folder, or creates it. A damaged file is set aside, never deleted, and the node begins with
    /// nothing. A file of another program or version is left as it is.
    ///
    /// - Throws: ``StartError`` if the folder cannot be used, belongs to another node, or is in use.
    static func open(
        _ path: String, for address: NodeAddress, limits: DiskBacklog.Limits = DiskBacklog.Limits()
    ) throws -> DataFolder {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartError(
                kind: .system, description: "--data-dir \(path) cannot be made: \(error.words)")
        }
        let file = folder.appendingPathComponent(DiskStore.fileName).path
        do {
            do {
                return try read(file, in: path, for: address, limits: limits)
            } catch let damage as DiskFile.Damage {
                let aside = try setAside(file)
                return DataFolder(
                    store: try DiskStore(path: file, limits: limits), contents: DiskContents(),
                    warning: "\(file) was damaged (\(damage)); it is now \(aside), and this node starts with nothing "
                        + "and fetches its data from the other members")
            }
        } catch let found as DiskFile.NotOurs {
            throw StartError(
                kind: .system,
                description: "\(file) \(found). It was left as it is. Give this node a folder of its own"
                    + (found.isOfNode ? ", or start the version that wrote it." : "."))
        } catch let damage as DiskFile.Damage {
            throw StartError(kind: .system, description: "\(file) was made anew and cannot be used: \(damage)")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            throw StartError(kind: .system, description: "--data-dir \(path) is in use by another process")
        } catch let error as DatabaseError {
            // SQLite says of a read-only file system no more than that there was an error.
            throw StartError(
                kind: .system,
                description: "\(file) cannot be used: "
                    + (ErrorWords.reasonAgainstWriting(in: path) ?? error.message ?? "SQLite gives no reason"))
        }
    }

    private static func read(
        _ file: String, in path: String, for address: NodeAddress, limits: DiskBacklog.Limits
    ) throws -> DataFolder {
        // The file of a node that ran always has its state in it.
        let wasThere = FileManager.default.fileExists(atPath: file)
        let store = try DiskStore(path: file, limits: limits)
        let contents = try store.read()
        // The draft of a start that ended while it wrote its file anew; the file itself is whole.
        try? FileManager.default.removeItem(atPath: DiskFile.draftPath(of: file))
        guard contents.state?.address ?? address == address else {
            throw StartError(
                kind: .system,
                description: "--data-dir \(path) belongs to \(contents.state.map { "\($0.address)" } ?? ""), "
                    + "not to \(address); give every node a folder of its own")
        }
        return DataFolder(
            store: store, contents: contents,
            warning: wasThere && contents.state == nil
                ? "\(file) was there and empty; this node starts with nothing and fetches its data from the other "
                    + "members"
                : nil)
    }

    private static func setAside(_ file: String) throws -> String {
        do {
            return try SetAside.move(file, as: "damaged")
        } catch {
            throw StartError(
                kind: .system, description: "\(file) is damaged and cannot be set aside: \(error.words)")
        }
    }
}
