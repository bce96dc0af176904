import Foundation
import GRDB
import HostSystem
import ShardCore

/// Writes a file anew if its name no longer stands for it, or if it was cut.
extension DiskFile {
    /// The path of a fresh file until it is whole and on the disk. No start reads it.
    static func draftPath(of path: String) -> String { path + ".new" }

    /// Puts a fresh file in this one's place, with all that this one holds: SQLite has it open, whatever became of its
    /// name. A file in its place that is not the node's is set aside.
    ///
    /// - Returns: the fresh file, and the name of the file that was set aside.
    /// - Throws: ``Damage`` if the file that SQLite has open is not what was written; else the error of the system or
    ///   of SQLite, after which it can be tried again.
    func renewed() throws -> (file: DiskFile, setAside: String?) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        // The folder is made as at a start.
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
            // The draft must not keep a full disk full.
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
            // If the file was cut from outside, SQLite notices the loss of what it needs to find its way, and the
            // checksums show the rest.
            let copy = try DatabaseQueue(path: draft)
            try copy.read { db in
                for row in try Self.readLog(db) { _ = row }
                try Self.eachRecord(db) { _, _ in }
                _ = try Self.readState(db)
            }
            try copy.close()
        }
    }

    /// Makes room for the fresh file. The old file's log must not be taken for the log of the fresh file, nor for that
    /// of a file found in its place.
    private func clearPlace() throws -> String? {
        if try files.isOwn(files.logPath) { try FileManager.default.removeItem(atPath: files.logPath) }
        if try !files.isOwn(path), try FileStamp.of(path) != nil { return try SetAside.move(path, as: "replaced") }
        guard try FileStamp.of(files.logPath) != nil else { return nil }
        return try SetAside.move(files.logPath, as: "replaced")
    }
}
