import Foundation
import GRDB
import HostSystem
import ShardCore

/// Writing a file anew whose name does not stand for it any more, or which was cut.
extension DiskFile {
    /// Until it is whole and on the disk, a fresh file has a name at which no start looks.
    static func draftPath(of path: String) -> String { path + ".new" }

    /// Another file in this one's place, with all that this one holds. Whatever became of its name, SQLite has it open.
    /// What stands in its place and is not the node's is set aside.
    ///
    /// - Returns: the fresh file, and the name of what was set aside.
    /// - Throws: ``Damage`` where what SQLite has open is not what was written; else what the system or SQLite says, and
    ///   then it can be tried again.
    func renewed() throws -> (file: DiskFile, setAside: String?) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        // As at a start.
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let draft = Self.draftPath(of: path)
        try Self.remove(draft)
        do {
            try copy(to: draft)
            try FileSystem.force(draft)
            let aside = try clearPlace()
            try FileSystem.replace(path, with: draft)
            try FileSystem.force(folder)
            return (try open(), aside)
        } catch {
            // A disk that is full must not be kept so.
            try? Self.remove(draft)
            throw error
        }
    }

    private func open() throws -> DiskFile {
        do {
            return try DiskFile(path: path, limits: limits)
        } catch {
            try? Self.remove(path)
            throw error
        }
    }

    private static func remove(_ file: String) throws {
        for each in [file, file + "-journal", file + "-wal"] where FileManager.default.fileExists(atPath: each) {
            try FileManager.default.removeItem(atPath: each)
        }
    }

    private func copy(to draft: String) throws {
        try Self.tellingDamage {
            do {
                try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
            } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_IOERR_SHORT_READ {
                throw Damage(description: "what was committed is not in it any more")
            }
            // Of what was cut from outside SQLite notices what it needs to find its way, and the checksums the rest.
            let copy = try DatabaseQueue(path: draft)
            try copy.read { db in
                for row in try Self.readLog(db) { _ = row }
                try Self.eachRecord(db) { _, _ in }
                _ = try Self.readState(db)
            }
            try copy.close()
        }
    }

    /// The log that goes with the old file must not be taken for that of the fresh one, nor for that of a file which is found
    /// in its place.
    private func clearPlace() throws -> String? {
        if try files.isOwn(files.logPath) { try FileManager.default.removeItem(atPath: files.logPath) }
        if try !files.isOwn(path), try FileStamp.of(path) != nil { return try SetAside.move(path, as: "replaced") }
        guard try FileStamp.of(files.logPath) != nil else { return nil }
        return try SetAside.move(files.logPath, as: "replaced")
    }
}
