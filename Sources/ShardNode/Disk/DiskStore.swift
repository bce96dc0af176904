import Dispatch
import Foundation
import GRDB
import HostSystem
import ShardCore
import Synchronization

/// What a node keeps on its disk, under one name, whatever becomes of the file there: where it is lost or cut, a fresh one
/// takes its place.
///
/// May be used from any thread; one access runs at a time.
final class DiskStore: Sendable {
    /// Something else than the node's own commits changed what was on the disk, and it was written anew.
    struct FreshFile: CustomStringConvertible {
        let loss: DiskLoss
        let path: String
        /// What was found in the place of the node's own files, and is not deleted.
        let setAside: String?

        var description: String {
            "\(loss). All that the node holds is now in a fresh \(path)"
                + (setAside.map { "; what was found there instead is \($0)" } ?? "")
        }
    }

    /// Why nothing can be committed now.
    enum Trouble: TellingError {
        case refused(path: String, reason: String)
        /// A fresh file is tried next.
        case lost(DiskLoss)
        case cannotRenew(DiskLoss, reason: String)
        /// Nothing is committed any more.
        case beyondRepair(DiskLoss, damage: String, setAside: String)

        var description: String {
            switch self {
            case .refused(let path, let reason): "cannot write to \(path): \(reason)"
            case .lost(let loss): "\(loss); all that the node holds is being written to a fresh file"
            case .cannotRenew(let loss, let reason): "\(loss), and a fresh one cannot be written: \(reason)"
            case .beyondRepair(let loss, let damage, let aside):
                "\(loss), and what is left is damaged (\(damage)); it is now \(aside). Start this node again: it "
                    + "then begins with nothing and fetches its data from the other members"
            }
        }
    }

    static let fileName = "shardnode.sqlite"

    private struct State {
        var file: DiskFile
        /// Why the next commit needs a fresh file.
        var loss: DiskLoss?
        /// Why there is none any more.
        var end: Trouble?
    }

    private let path: String
    private let worker = DispatchQueue(label: "shardnode.disk", qos: .userInitiated)
    private let state: Mutex<State>

    /// Opens the file, or makes it.
    ///
    /// - Throws: ``DiskFile/Damage`` where it is there and is not what was written; ``DiskFile/NotOurs`` where it is another
    ///   program's or another version's, and nothing was written to it; else what SQLite says.
    init(path: String, limits: DiskBacklog.Limits = DiskBacklog.Limits()) throws {
        self.path = path
        state = Mutex(State(file: try DiskFile(path: path, limits: limits)))
    }

    /// Everything on the disk, before anything is written since the file was opened.
    ///
    /// - Throws: ``DiskFile/Damage`` where any of it is not what was written; ``DiskFile/NotOurs`` where another version
    ///   wrote it.
    func read() throws -> DiskContents { try state.withLock { try $0.file.read() } }

    /// Writes all changes in one transaction, off the caller's thread.
    ///
    /// - Parameter isForced: waits until the disk itself has it, and all before it, not only the operating system.
    /// - Parameter completion: called on a thread of its own: the fresh file where the changes and all before them went there,
    ///   or what went wrong. After ``Trouble/lost(_:)`` the next commit writes a fresh file first.
    func commit(
        _ changes: [DiskChange], isForced: Bool,
        completion: @escaping @Sendable (Result<FreshFile?, any Error>) -> Void
    ) {
        worker.async { [self] in
            completion(Result { try state.withLock { try commit(changes, isForced: isForced, &$0) } })
        }
    }

    /// Writes `changes` after all that is on its way, and closes the file; nothing can be written after it.
    ///
    /// - Returns: the fresh file, where it and all before had to go to one.
    @discardableResult
    func close(writing changes: [DiskChange] = []) throws -> FreshFile? {
        try worker.sync {
            try state.withLock { state in
                let written = Result {
                    do {
                        return try commit(changes, isForced: true, &state)
                    } catch Trouble.lost {
                        return try commit(changes, isForced: true, &state)
                    }
                }
                try state.file.close()
                return try written.get()
            }
        }
    }

    private func commit(_ changes: [DiskChange], isForced: Bool, _ state: inout State) throws -> FreshFile? {
        if let end = state.end { throw end }
        let fresh = try state.loss.map { try renew($0, &state) }
        do {
            try state.file.commit(changes, isForced: isForced)
            return fresh
        } catch let loss as DiskLoss {
            state.loss = loss
            throw Trouble.lost(loss)
        } catch {
            throw Trouble.refused(path: path, reason: reason(of: error))
        }
    }

    private func renew(_ loss: DiskLoss, _ state: inout State) throws -> FreshFile {
        do {
            let (file, aside) = try state.file.renewed()
            // SQLite sees that the name stands for another file now, and leaves that alone.
            try? state.file.close()
            state.file = file
            state.loss = nil
            return FreshFile(loss: loss, path: path, setAside: aside)
        } catch let damage as DiskFile.Damage {
            let aside: String
            do {
                // A start must not take what is left for all that there was.
                aside = try SetAside.move(path, as: "damaged")
            } catch {
                throw Trouble.cannotRenew(loss, reason: "\(damage), and it cannot be set aside: \(error.words)")
            }
            let end = Trouble.beyondRepair(loss, damage: damage.description, setAside: aside)
            state.end = end
            throw end
        } catch {
            throw Trouble.cannotRenew(loss, reason: reason(of: error))
        }
    }

    private func reason(of error: any Error) -> String {
        FileSystem.isReadOnly(path) ? ErrorWords.of(errno: EROFS) : NodeErrors.words(error)
    }
}
