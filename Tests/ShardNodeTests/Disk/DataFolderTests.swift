import Foundation
import GRDB
import ShardCore
import ShardWire
import Synchronization
import Testing

@testable import ShardNode

/// The SQLite file against the model of it, and what becomes of files that cannot be used.
@Suite(.timeLimit(.minutes(10))) struct DataFolderTests {
    private static let node = NodeAddress("127.0.0.1:8081")!

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shardnode-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func commit(_ changes: [DiskChange], to store: DiskStore) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            store.commit(changes, isForced: false) { done.resume(with: $0.map { _ in }) }
        }
    }

    private func state(_ counter: UInt64) -> DurableState {
        let origin = Origin(node: Self.node, incarnation: 1, epoch: 1)
        return DurableState(
            address: Self.node, incarnation: 1, record: .none,
            vector: VersionVector([Dot(origin: origin, counter: counter)]), isWhole: true)
    }

    private func record(_ key: Int, _ counter: UInt64) -> ShardCore.Record { record(under: "key\(key)", counter) }

    private func record(under key: String, _ counter: UInt64) -> ShardCore.Record {
        let origin = Origin(node: Self.node, incarnation: 1, epoch: 1)
        return ShardCore.Record(
            key: key,
            entry: Entry(
                value: counter % 5 == 0 ? nil : Array("\"\(counter)\"".utf8),
                version: Version(dot: Dot(origin: origin, counter: counter), timestamp: counter),
                dependencies: VersionVector()))
    }

    /// Limits that let hardly anything stay in the log; changes of up to four times six keys meet each of them.
    private static let small = DiskBacklog.Limits(
        rowKeysMax: 12, rowBytesMax: 1_000, partKeysMax: 10, partBytesMax: 1_500, passingMin: 1)

    @Test(arguments: [DiskBacklog.Limits(), small])
    func theFileHoldsWhatTheModelHoldsAfterAnyChanges(limits: DiskBacklog.Limits) async throws {
        try await withFolder { path in
            var random = SystemRandomNumberGenerator()
            var model = DiskImage()
            var counter: UInt64 = 0
            for _ in 0..<4 {
                // Every round opens the file anew: what was committed is there.
                let folder = try DataFolder.open(path, for: Self.node, limits: limits)
                #expect(folder.contents.state == model.state)
                #expect(folder.contents.records.sorted { $0.key < $1.key } == model.contents.records)
                for _ in 0..<10 {
                    let changes = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                        counter += 1
                        let keys = Array((0..<20).shuffled(using: &random).prefix(6))
                        return DiskChange(
                            clearsFirst: Int.random(in: 0..<15, using: &random) == 0,
                            records: keys.prefix(3).map { record($0, counter) },
                            removals: keys.dropFirst(3).map { "key\($0)" }, state: state(counter), isVital: false)
                    }
                    for change in changes { model.apply(change) }
                    try await commit(changes, to: folder.store)
                }
                try folder.store.close()
            }
        }
    }

    /// Limits under which every key passes over to the table of entries with the change that names it.
    private static let straight = DiskBacklog.Limits(rowKeysMax: 0)

    @Test func keysThatDifferFromANULOnAreKeysOfTheirOwn() async throws {
        try await withFolder { path in
            let records = [record(under: "a", 1), record(under: "a\0b", 2), record(under: "a\0c", 3)]
            let folder = try DataFolder.open(path, for: Self.node, limits: Self.straight)
            try await commit([DiskChange(records: records, state: state(3), isVital: false)], to: folder.store)
            try folder.store.close()
            let again = try DataFolder.open(path, for: Self.node, limits: Self.straight)
            #expect(again.warning == nil)
            #expect(again.contents.records.sorted { $0.key < $1.key } == records)
            let forgetting = DiskChange(records: [], removals: ["a\0b"], state: state(3), isVital: false)
            try await commit([forgetting], to: again.store)
            try again.store.close()
            let last = try DataFolder.open(path, for: Self.node)
            #expect(last.contents.records.sorted { $0.key < $1.key } == [records[0], records[2]])
            try last.store.close()
        }
    }

    /// A file of a node from before the log was.
    @Test func anOlderFileIsTakenOver() async throws {
        try await withFolder { path in
            let folder = try DataFolder.open(path, for: Self.node)
            let change = DiskChange(clearsFirst: true, records: [record(1, 1)], state: state(1), isVital: false)
            try await commit([change], to: folder.store)
            try folder.store.close()
            let older = try DatabaseQueue(path: path + "/" + DiskStore.fileName)
            try await older.write { try $0.execute(sql: "DROP TABLE log; PRAGMA user_version = 1") }
            try older.close()
            let newer = try DataFolder.open(path, for: Self.node)
            #expect(newer.contents == DiskContents(state: state(1), records: [record(1, 1)]))
            try await commit([DiskChange(records: [record(2, 2)], state: state(2), isVital: false)], to: newer.store)
            try newer.store.close()
            let again = try DataFolder.open(path, for: Self.node)
            #expect(again.contents.records.count == 2)
        }
    }

    /// In the log, where a change comes first, and in the table of entries, where one that is clear of it goes.
    @Test(arguments: [false, true])
    func aDamagedFileIsSetAsideAndSaidSo(isInTable: Bool) async throws {
        try await withFolder { path in
            let folder = try DataFolder.open(path, for: Self.node)
            let change = DiskChange(clearsFirst: isInTable, records: [record(1, 1)], state: state(1), isVital: false)
            try await commit([change], to: folder.store)
            try folder.store.close()
            let file = path + "/" + DiskStore.fileName
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            let place = try #require(bytes.range(of: Data("\"1\"".utf8)))
            bytes[place.lowerBound] ^= 1
            try bytes.write(to: URL(fileURLWithPath: file))
            let again = try DataFolder.open(path, for: Self.node)
            #expect(again.contents == DiskContents())
            #expect(again.warning?.contains("checksum") == true)
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(names.contains { $0.contains(".damaged-") }, "nothing is deleted")
        }
    }

    @Test(arguments: ["garbage that is no database, and long enough to be read as one", ""])
    func aFileOfSomethingElseOrAnEmptiedOneIsSaid(text: String) async throws {
        try await withFolder { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try String(repeating: text, count: 100).write(
                toFile: path + "/" + DiskStore.fileName, atomically: true, encoding: .utf8)
            let folder = try DataFolder.open(path, for: Self.node)
            #expect(folder.contents == DiskContents())
            #expect(folder.warning?.contains(text.isEmpty ? "was there and empty" : "was damaged") == true)
        }
    }

    @Test(arguments: ["", "PRAGMA journal_mode = WAL;"])
    func aFileOfAnotherProgramIsRefusedAndLeftAsItIs(journal: String) async throws {
        try await withFolder { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let file = path + "/" + DiskStore.fileName
            let other = try DatabaseQueue(path: file)
            try await other.writeWithoutTransaction { db in
                try db.execute(sql: journal + "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')")
            }
            try other.close()
            try expectRefusal(path, "an SQLite file of another program")
        }
    }

    @Test func aFileOfANewerVersionIsRefusedAndLeftAsItIs() async throws {
        try await withFolder { path in
            let folder = try DataFolder.open(path, for: Self.node)
            try await commit([DiskChange(records: [record(1, 1)], state: state(1), isVital: false)], to: folder.store)
            try folder.store.close()
            let newer = try DatabaseQueue(path: path + "/" + DiskStore.fileName)
            try await newer.write { try $0.execute(sql: "PRAGMA user_version = 9") }
            try newer.close()
            try expectRefusal(path, "a newer version of shardnode, in format 9")
        }
    }

    /// The file's own format is known, and that of its rows is not.
    @Test func rowsOfANewerVersionAreNoDamage() async throws {
        try await withFolder { path in
            let folder = try DataFolder.open(path, for: Self.node, limits: Self.straight)
            try await commit([DiskChange(records: [record(1, 1)], state: state(1), isVital: false)], to: folder.store)
            try folder.store.close()
            var row = DiskCodec.encode(state(1))
            row[8] = 9
            var sum: UInt64 = 14_695_981_039_346_656_037
            for byte in row[8...] { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
            for index in 0..<8 { row[index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index)) }
            let newer = try DatabaseQueue(path: path + "/" + DiskStore.fileName)
            try await newer.write { [row] db in
                try db.execute(sql: "UPDATE state SET row = ?", arguments: [Data(row)])
            }
            try newer.close()
            try expectRefusal(path, "a newer version of shardnode, in format 9")
        }
    }

    /// The node does not start, says why, and what is in its folder is what was there.
    private func expectRefusal(_ path: String, _ reason: String) throws {
        func contents() throws -> [String: Data] {
            var contents: [String: Data] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: path) {
                contents[name] = try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
            }
            return contents
        }
        let before = try contents()
        let error = #expect(throws: StartError.self) { try DataFolder.open(path, for: Self.node) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(try contents() == before)
    }

    /// Here SQLite's log is a link to nowhere, which cannot be opened.
    @Test func aFolderInWhichNoFileCanBeMadeAfterADamagedOneIsRefused() async throws {
        try await withFolder { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let file = path + "/" + DiskStore.fileName
            try String(repeating: "garbage that is no database", count: 100).write(
                toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: file + "-wal", withDestinationPath: path + "/nowhere/file")
            let error = #expect(throws: StartError.self) { try DataFolder.open(path, for: Self.node) }
            #expect(error?.description.contains("cannot be used") == true)
        }
    }

    @Test func aFolderOfAnotherNodeIsRefused() async throws {
        try await withFolder { path in
            let folder = try DataFolder.open(path, for: Self.node)
            try await commit([DiskChange(records: [], state: state(1), isVital: false)], to: folder.store)
            try folder.store.close()
            let error = #expect(throws: StartError.self) {
                try DataFolder.open(path, for: NodeAddress("127.0.0.1:8082")!)
            }
            #expect(error?.description.contains("belongs to 127.0.0.1:8081") == true)
        }
    }

    @Test func aFolderInUseIsRefused() async throws {
        try await withFolder { path in
            let folder = try DataFolder.open(path, for: Self.node)
            let error = #expect(throws: StartError.self) { try DataFolder.open(path, for: Self.node) }
            #expect(error?.description.contains("in use") == true)
            try folder.store.close()
        }
    }
}
