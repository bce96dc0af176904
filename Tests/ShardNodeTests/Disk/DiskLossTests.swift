import Foundation
import ShardCore
import ShardWire
import Testing

@testable import ShardNode

/// What becomes of a store whose files are touched by others while it has them open.
@Suite(.timeLimit(.minutes(10))) struct DiskLossTests {
    /// What happens to the files of a node in `folder`.
    enum Injury: CaseIterable {
        case databaseDeleted, logDeleted, bothDeleted, databaseMoved, databaseReplaced, logReplaced, allReplaced
        case folderMoved, folderDeleted, databaseCut

        func happen(in folder: String) throws {
            let (files, file) = (FileManager.default, folder + "/" + DiskStore.fileName)
            let (log, other) = (file + "-wal", Data("another's".utf8))
            func replace(_ path: String) throws { try other.write(to: URL(fileURLWithPath: path), options: .atomic) }
            switch self {
            case .databaseDeleted: try files.removeItem(atPath: file)
            case .logDeleted: try files.removeItem(atPath: log)
            case .bothDeleted: for path in [file, log] { try files.removeItem(atPath: path) }
            case .databaseMoved: try files.moveItem(atPath: file, toPath: file + ".moved")
            case .databaseReplaced: try replace(file)
            case .logReplaced: try replace(log)
            case .allReplaced: for path in [file, log] { try replace(path) }
            case .folderMoved: try files.moveItem(atPath: folder, toPath: folder + "-moved")
            case .folderDeleted: try files.removeItem(atPath: folder)
            case .databaseCut: try FileHandle(forWritingTo: URL(fileURLWithPath: file)).truncate(atOffset: 100)
            }
        }

        var leavesOther: Bool {
            switch self {
            case .databaseReplaced, .logReplaced, .allReplaced: true
            default: false
            }
        }
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shardnode-\(UUID().uuidString)").path
        defer { for each in [path, path + "-moved"] { try? FileManager.default.removeItem(atPath: each) } }
        try await body(path)
    }

    @discardableResult
    private func commit(_ changes: [DiskChange], to store: DiskStore) async throws -> DiskStore.FreshFile? {
        try await withCheckedThrowingContinuation { done in
            store.commit(changes, isForced: true) { done.resume(with: $0) }
        }
    }

    /// Nothing that rests on a commit after `injury` may leave the node; returns what is said.
    private func expectLoss(_ store: DiskStore, _ changes: [DiskChange]) async -> String {
        let error = await #expect(throws: DiskStore.Trouble.self) { try await commit(changes, to: store) }
        guard case .lost = error else {
            Issue.record("\(error.map { "\($0)" } ?? "nothing was noticed")")
            return ""
        }
        return error?.description ?? ""
    }

    private func change(_ keys: Range<Int>, bytes: Int = 1) -> DiskChange {
        let origin = Origin(node: testAddress, incarnation: 1, epoch: 1)
        let last = UInt64(keys.upperBound)
        return DiskChange(
            records: keys.map { key in
                Record(
                    key: "key\(key)",
                    entry: Entry(
                        value: Array("\"\(String(repeating: "v", count: bytes))\"".utf8),
                        version: Version(dot: Dot(origin: origin, counter: UInt64(key + 1)), timestamp: last),
                        dependencies: VersionVector()))
            },
            state: DurableState(
                address: testAddress, incarnation: 1, record: .none,
                vector: VersionVector([Dot(origin: origin, counter: last)]), isWhole: true),
            isVital: false)
    }

    /// What a start finds.
    private func expectKeys(_ count: Int, in path: String) throws {
        let folder = try DataFolder.open(path, for: testAddress)
        #expect(folder.contents.records.count == count)
        #expect(folder.contents.state?.vector.elements.map(\.counter) == [UInt64(count)])
        #expect(folder.warning == nil)
        try folder.store.close()
    }

    /// What others left is not deleted.
    private func expectOther(_ injury: Injury, in path: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(names.contains { $0.contains(".replaced-") } == injury.leavesOther, "\(names)")
    }

    /// Entries in the log alone, and in the table as well, and the log carried over to the file.
    @Test(arguments: Injury.allCases, [false, true])
    func aLossIsNoticedByTheNextCommitAndTheOneAfterItSavesAll(_ injury: Injury, isLarge: Bool) async throws {
        // What is cut of a large one cannot be had from SQLite; there is a test of its own.
        guard !isLarge || injury != .databaseCut else { return }
        try await withFolder { path in
            let store = try DataFolder.open(path, for: testAddress).store
            let count = isLarge ? 9_000 : 10
            try await commit([change(0..<count, bytes: isLarge ? 2_000 : 1)], to: store)
            try injury.happen(in: path)
            let next = change(count..<(count + 1))
            let words = await expectLoss(store, [next])
            #expect(words.contains(path) && words.contains("while the node used it"))
            let fresh = try #require(try await commit([next], to: store))
            #expect((fresh.setAside != nil) == injury.leavesOther)
            try await commit([change((count + 1)..<(count + 2))], to: store)
            try store.close()
            try expectKeys(count + 2, in: path)
            try expectOther(injury, in: path)
        }
    }

    /// Also where nothing was written since: the stop notices it.
    @Test(arguments: Injury.allCases) func aStopSavesAll(after injury: Injury) async throws {
        try await withFolder { path in
            let store = try DataFolder.open(path, for: testAddress).store
            try await commit([change(0..<10)], to: store)
            try injury.happen(in: path)
            let fresh = try store.close(writing: [change(10..<11)])
            #expect(fresh != nil)
            try expectKeys(11, in: path)
            try expectOther(injury, in: path)
        }
    }

    /// A node that goes on from a file, and has not written to it. All is in the database then, and what is cut of it is gone.
    @Test(arguments: Injury.allCases.filter { $0 != .databaseCut })
    func aLossAfterAStartIsNoticedToo(_ injury: Injury) async throws {
        try await withFolder { path in
            let first = try DataFolder.open(path, for: testAddress).store
            try await commit([change(0..<10)], to: first)
            try first.close()
            let store = try DataFolder.open(path, for: testAddress).store
            try injury.happen(in: path)
            _ = await expectLoss(store, [change(10..<11)])
            try store.close(writing: [change(10..<11)])
            try expectKeys(11, in: path)
        }
    }

    @Test func whileNoFreshFileCanBeWrittenNothingIsCommitted() async throws {
        try await withFolder { path in
            let store = try DataFolder.open(path, for: testAddress).store
            try await commit([change(0..<10)], to: store)
            try Injury.folderMoved.happen(in: path)
            // A file where the folder was.
            try Data().write(to: URL(fileURLWithPath: path))
            _ = await expectLoss(store, [change(10..<11)])
            for _ in 0..<2 {
                let error = await #expect(throws: DiskStore.Trouble.self) {
                    try await commit([change(10..<11)], to: store)
                }
                #expect(error?.description.contains("a fresh one cannot be written") == true, "\(error as Any)")
            }
            try FileManager.default.removeItem(atPath: path)
            #expect(try await commit([change(10..<11)], to: store) != nil)
            try store.close()
            try expectKeys(11, in: path)
        }
    }

    /// What is left must not be taken for all that there was.
    @Test(arguments: [0, 8_192]) func whatWasCutAndCannotBeHadIsSetAsideAndSaidSo(length: UInt64) async throws {
        try await withFolder { path in
            let store = try DataFolder.open(path, for: testAddress).store
            for part in 0..<6 {
                try await commit([change((part * 3_000)..<((part + 1) * 3_000), bytes: 2_000)], to: store)
            }
            let file = path + "/" + DiskStore.fileName
            try FileHandle(forWritingTo: URL(fileURLWithPath: file)).truncate(atOffset: length)
            let next = change(18_000..<18_001)
            #expect(await expectLoss(store, [next]).contains("was cut from"))
            for _ in 0..<2 {
                let error = await #expect(throws: DiskStore.Trouble.self) { try await commit([next], to: store) }
                #expect(error?.description.contains("Start this node again") == true, "\(error as Any)")
            }
            #expect(throws: DiskStore.Trouble.self) { try store.close(writing: [next]) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).contains { $0.contains(".damaged-") })
            let again = try DataFolder.open(path, for: testAddress)
            #expect(again.contents == DiskContents())
            try again.store.close()
        }
    }

    @Test func whatAFreshFileReplacesIsNoneOfTheNextStartsTroubles() async throws {
        try await withFolder { path in
            let store = try DataFolder.open(path, for: testAddress).store
            try await commit([change(0..<10)], to: store)
            for number in 10..<14 {
                try Injury.databaseDeleted.happen(in: path)
                _ = await expectLoss(store, [change(number..<(number + 1))])
                try await commit([change(number..<(number + 1))], to: store)
            }
            try store.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [DiskStore.fileName])
            try expectKeys(14, in: path)
        }
    }
}
