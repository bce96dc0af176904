import Foundation

/// Renames files that are not to be used, and never deletes them.
enum SetAside {
    /// Renames an SQLite file with the files that belong to it; returns the new name.
    ///
    /// - Parameter kind: a word for what is wrong with it, for the new name.
    static func move(_ file: String, as kind: String) throws -> String {
        let name = freeName("\(file).\(kind)-\(Int(Date().timeIntervalSince1970))")
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: file + suffix) {
            try FileManager.default.moveItem(atPath: file + suffix, toPath: name + suffix)
        }
        return name
    }

    private static func freeName(_ wanted: String) -> String {
        var name = wanted
        var number = 1
        while FileManager.default.fileExists(atPath: name) || FileManager.default.fileExists(atPath: name + "-wal") {
            number += 1
            name = "\(wanted)-\(number)"
        }
        return name
    }
}
