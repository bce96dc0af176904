import Foundation
import HostSystem

/// Why a start would not find what was committed, though SQLite refused nothing: it goes on with the files that it has
/// open, whatever becomes of their names.
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

/// Whether the names of an SQLite file and its write-ahead log stand for what SQLite has open.
///
/// A name is looked at, and the file never opened: to close it would end the lock that SQLite has on it.
struct WatchedFiles {
    /// Of the database; that of its log ends in "-wal".
    let path: String
    private var database: FileStamp
    private var log: FileStamp

    var logPath: String { path + "-wal" }

    /// - Throws: ``DiskLoss`` where one of the files is not there.
    init(path: String) throws {
        self.path = path
        database = try Self.stamp(path)
        log = try Self.stamp(path + "-wal")
    }

    /// Neither of the files ever becomes shorter by what SQLite does in a node: it does not vacuum, and uses its log anew
    /// from the start.
    ///
    /// - Throws: ``DiskLoss`` where a name stands for another file, for none, or for one that is shorter than it was; what the
    ///   system says where it does not tell.
    mutating func check() throws {
        database = try Self.check(path, database)
        log = try Self.check(logPath, log)
    }

    /// True where the path of the database, or of its log, names what SQLite has open.
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
