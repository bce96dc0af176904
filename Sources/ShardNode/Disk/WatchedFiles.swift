import Foundation
import HostSystem

/// The reason why a start would not find what was committed, though SQLite refused nothing: SQLite goes on with the
/// files that it has open, whatever becomes of their names.
struct DiskLoss: TellingError, Hashable {
    enum Harm: Hashable {
        case folderGone
        case gone
        case replaced
        case cut(from: Int64, to: Int64)
    }

    let file: String
    let harm: Harm

    var description: String {
        switch harm {
        case .folderGone: "\(folder) was deleted or moved away while the node used it"
        case .gone: "\(file) was deleted or moved away while the node used it"
        case .replaced: "\(file) was replaced by another file while the node used it"
        case .cut(let from, let to): "\(file) was cut from \(from) to \(to) bytes while the node used it"
        }
    }

    private var folder: String { URL(fileURLWithPath: file).deletingLastPathComponent().path }
}

/// Watches whether the names of an SQLite file and its write-ahead log stand for the files that SQLite has open.
///
/// Only the names are looked at, and no file is opened: closing it would end the lock that SQLite has on it.
struct WatchedFiles {
    /// The path of the database; that of its log ends in "-wal".
    let path: String
    private var database: FileStamp
    private var log: FileStamp

    var logPath: String { path + "-wal" }

    /// - Throws: ``DiskLoss`` if one of the files is not there.
    init(path: String) throws {
        self.path = path
        database = try Self.stamp(path)
        log = try Self.stamp(path + "-wal")
    }

    /// Checks both files. Neither ever becomes shorter by what SQLite does in a node: it does not vacuum, and reuses
    /// its log from the start.
    ///
    /// - Throws: ``DiskLoss`` if a name stands for another file, for none, or for a file shorter than before; the
    ///   system's error if it does not tell.
    mutating func check() throws {
        database = try Self.check(path, database)
        log = try Self.check(logPath, log)
    }

    /// True if the path of the database, or of its log, names the file that SQLite has open.
    func isOwn(_ path: String) throws -> Bool {
        guard let found = try FileStamp.of(path) else { return false }
        return found.isSameFile(as: path == logPath ? log : database)
    }

    private static func check(_ path: String, _ before: FileStamp) throws -> FileStamp {
        let found = try stamp(path)
        guard found.isSameFile(as: before) else { throw DiskLoss(file: path, harm: .replaced) }
        guard found.bytes >= before.bytes else {
            throw DiskLoss(file: path, harm: .cut(from: before.bytes, to: found.bytes))
        }
        return found
    }

    private static func stamp(_ path: String) throws -> FileStamp {
        if let found = try FileStamp.of(path) { return found }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        throw DiskLoss(file: path, harm: try FileStamp.of(folder) == nil ? .folderGone : .gone)
    }
}
