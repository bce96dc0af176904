import Foundation
import GRDB
import ShardCore
import ShardWire

/// The statements of a commit.
extension DiskFile {
    static func write(_ change: DiskChange, _ step: DiskBacklog.Step, _ db: Database) throws {
        switch step {
        case .logged(let number, let passing, let ending):
            let append = try db.cachedStatement(sql: "INSERT INTO log (id, row) VALUES (?, ?)")
            try append.execute(arguments: [number, Data(DiskCodec.encode(change, number: number))])
            try put(passing, db)
            guard let ending else { return }
            let drop = try db.cachedStatement(sql: "DELETE FROM log WHERE id <= ?")
            try drop.execute(arguments: [ending.lastRow])
            try keep(ending.state, db)
        case .straight(let passing):
            if change.clearsFirst { try db.execute(sql: "DELETE FROM entries") }
            try db.execute(sql: "DELETE FROM log")
            try put(passing, db)
            try put(change.removals.lazy.map { ($0, nil) }, db)
            try put(change.records.lazy.map { ($0.key, $0.entry) }, db)
            try keep(change.state, db)
        }
    }

    private static func put(_ latest: some Sequence<LatestEntries.Latest>, _ db: Database) throws {
        let put = try db.cachedStatement(
            sql: "INSERT INTO entries (key, row) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET row = excluded.row")
        let remove = try db.cachedStatement(sql: "DELETE FROM entries WHERE key = ?")
        for (key, entry) in latest {
            if let entry {
                try put.execute(arguments: [bound(key), Data(DiskCodec.encode(entry, under: key))])
            } else {
                try remove.execute(arguments: [bound(key)])
            }
        }
    }

    /// GRDB ends a text at its first NUL, so a key that holds NUL is stored as bytes, and never taken for another key.
    private static func bound(_ key: String) -> DatabaseValue {
        key.utf8.contains(0) ? Data(key.utf8).databaseValue : key.databaseValue
    }

    private static func keep(_ state: DurableState, _ db: Database) throws {
        let keep = try db.cachedStatement(sql: "INSERT OR REPLACE INTO state (id, row) VALUES (0, ?)")
        try keep.execute(arguments: [Data(DiskCodec.encode(state))])
    }
}
