import Foundation
import GRDB
import HostSystem
import ShardCore
import ShardWire

/// A node's SQLite file: a row for each entry, a row for the state, and a log of the last commits, which have not
/// passed over to those rows yet. Every commit is one transaction.
///
/// Used by one thread at a time.
final class DiskFile {
    /// The reason why the contents of the disk cannot be trusted.
    struct Damage: TellingError { let description: String }

    /// The reason why a file is left as it is: it may be sound, but it is not this program's to read or write.
    enum NotOurs: TellingError {
        /// An SQLite file of another program.
        case foreign
        /// A file of another version of this program, in a format that this one does not read.
        case format(Int, known: Int)

        var description: String {
            switch self {
            case .foreign: "is an SQLite file of another program, not a node's"
            case .format(let found, let known):
                "was written by \(found > known ? "a newer" : "an older") version of shardnode, in format \(found), and "
                    + "this one reads format \(known)"
            }
        }

        var isOfNode: Bool { if case .format = self { true } else { false } }
    }

    /// "shrd" in the file's header, so that other SQLite files are not taken for a node's.
    private static let applicationID = 0x7368_7264
    private static let format = 2
    /// The format from before there was a log.
    private static let formatWithoutLog = 1

    /// Pages of the write-ahead log that are carried over to the file at once: each time also forces the file to the disk.
    private static let checkpointPages = 4_000

    let path: String
    let limits: DiskBacklog.Limits
    let queue: DatabaseQueue
    private(set) var files: WatchedFiles
    /// Whether SQLite was last told to wait for the disk; nil if it was not told yet.
    private var isForcing: Bool?
    private var backlog: DiskBacklog

    /// Opens the file, or creates it.
    ///
    /// - Throws: ``Damage`` if the file exists and is not what was written; ``NotOurs`` if it belongs to another
    ///   program or version, in which case nothing was written to it; else SQLite's error.
    init(path: String, limits: DiskBacklog.Limits) throws {
        self.path = path
        self.limits = limits
        var configuration = Configuration()
        configuration.label = "shardnode.disk"
        configuration.prepareDatabase { db in
            // One process at a time; the first transaction takes the lock.
            try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            // Choosing a journal mode writes to the file.
            try Self.recognize(db)
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
        }
        let (queue, rows) = try Self.tellingDamage {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write(Self.prepare)
            return (queue, try queue.read(Self.readLog))
        }
        self.queue = queue
        files = try WatchedFiles(path: path)
        backlog = DiskBacklog(rows: rows, limits: limits)
    }

    /// Checks whose file it is, and writes nothing.
    ///
    /// - Throws: ``NotOurs`` if the file must not be written to.
    private static func recognize(_ db: Database) throws {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isNew = try application == 0 && isEmpty(db)
        guard application == applicationID || isNew else { throw NotOurs.foreign }
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard isNew || found == format || found == formatWithoutLog else {
            throw NotOurs.format(found, known: format)
        }
    }

    private static func isEmpty(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    private static func prepare(_ db: Database) throws {
        if try isEmpty(db) {
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(format)")
            // One tree instead of a table and an index: half the pages of a commit. Older files have both, and work.
            try db.execute(
                sql: "CREATE TABLE entries (key TEXT NOT NULL PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID")
            try db.execute(sql: "CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 0), row BLOB NOT NULL)")
            return try makeLog(db)
        }
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") == formatWithoutLog else { return }
        try db.execute(sql: "PRAGMA user_version = \(format)")
        try makeLog(db)
    }

    private static func makeLog(_ db: Database) throws {
        try db.execute(sql: "CREATE TABLE log (id INTEGER PRIMARY KEY, row BLOB NOT NULL)")
    }

    /// Returns everything on the disk; called before anything is written to the file that was opened.
    ///
    /// - Throws: ``Damage`` if any of it is not what was written; ``NotOurs`` if another version wrote it.
    func read() throws -> DiskContents {
        let (logged, loggedState) = (backlog.logged, backlog.state)
        return try Self.tellingDamage {
            try queue.read { db in
                var records = logged.records
                try Self.eachRecord(db) { key, entry in
                    if !logged.names(key) { records.append(ShardCore.Record(key: key, entry: entry)) }
                }
                let state = try loggedState ?? Self.readState(db)
                if state == nil, !records.isEmpty { throw Damage(description: "its state is missing") }
                return DiskContents(state: state, records: records)
            }
        }
    }

    /// Reads the table of entries.
    static func eachRecord(_ db: Database, _ body: (String, Entry) -> Void) throws {
        var tables = LastTables()
        let rows = try Row.fetchCursor(db, sql: "SELECT key, row FROM entries")
        while let row = try rows.next() {
            // Text, or bytes if it holds NUL; a text is read to its first NUL only.
            let key = try row.withUnsafeBytes(at: 0) { String(decoding: $0, as: UTF8.self) }
            body(key, try row.withUnsafeBytes(at: 1) { try DiskCodec.decodeEntry($0, under: key, tables: &tables) })
        }
    }

    static func readState(_ db: Database) throws -> DurableState? {
        try Row.fetchOne(db, sql: "SELECT row FROM state")?.withUnsafeBytes(at: 0) { try DiskCodec.decodeState($0) }
    }

    /// Returns what `body` reads; throws ``Damage`` if that cannot be trusted, and ``NotOurs`` if another version wrote
    /// it.
    static func tellingDamage<Content>(_ body: () throws -> Content) throws -> Content {
        do {
            return try body()
        } catch let error as MessageFormatError {
            throw Damage(description: error.description)
        } catch let error as DiskFormatError {
            throw NotOurs.format(Int(error.found), known: Int(DiskCodec.format))
        } catch let error as DatabaseError where error.isDamage {
            throw Damage(description: error.message ?? "SQLite gives no reason")
        }
    }

    static func readLog(_ db: Database) throws -> [(row: Int64, change: DiskChange)] {
        try Row.fetchAll(db, sql: "SELECT id, row FROM log ORDER BY id").map { row in
            let number: Int64 = row[0]
            return (number, try row.withUnsafeBytes(at: 1) { try DiskCodec.decodeChange($0, number: number) })
        }
    }

    /// Writes all changes in one transaction.
    ///
    /// - Parameter isForced: true to wait until the disk itself has the changes and all before them, not only the
    ///   operating system.
    /// - Throws: ``DiskLoss`` if a start would not find the changes, since the file is not the one that its name stands
    ///   for, or was cut. They may be written then, and writing them again does no harm.
    func commit(_ changes: [DiskChange], isForced: Bool) throws {
        // Checked before the commit too: it may give a file that was cut its old length again.
        try files.check()
        guard let change = DiskChange(merging: changes) else { return }
        try queue.writeWithoutTransaction { db in
            try force(isForced, db)
            let step = backlog.step(for: change)
            try db.inTransaction {
                try Self.write(change, step, db)
                return .commit
            }
            backlog.commit(change, step)
        }
        try files.check()
    }

    private func force(_ isForced: Bool, _ db: Database) throws {
        guard isForcing != isForced else { return }
        try db.execute(sql: "PRAGMA synchronous = \(isForced ? "FULL" : "NORMAL")")
        isForcing = isForced
    }

    func close() throws { try queue.close() }
}

extension Row {
    fileprivate func withUnsafeBytes<Content>(
        at index: Int, _ body: (ArraySlice<UInt8>) throws -> Content
    ) throws -> Content {
        let data: Data = self[index]
        return try body(data.withUnsafeBytes { Array($0)[...] })
    }
}

extension DatabaseError {
    fileprivate var isDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}
