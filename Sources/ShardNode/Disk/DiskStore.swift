import Dispatch
import Foundation
import GRDB
import HostSystem
import ShardCore
import Synchronization

/// The data that a node keeps on its disk, under one name, whatever becomes of the file there: if that is lost or cut,
/// a fresh one takes its place.
///
/// May be used from any thread; one access runs at a time.
final class DiskStore: Sendable {
    /// The note that something other than the node's own commits changed the data on the disk, and that the data
    /// were written anew.
    struct FreshFile: CustomStringConvertible {
        let loss: DiskLoss
        let path: String
        /// The name of the files that were found in the place of the node's own, and are not deleted; nil if there were
        /// none.
        let setAside: String?

        var description: String {
            "\(loss). All that the node holds is now in a fresh \(path)"
                + (setAside.map { "; what was found there instead is \($0)" } ?? "")
        }
    }

    /// The reason why nothing can be committed now.
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
        /// The reason why the next commit needs a fresh file.
        var loss: DiskLoss?
        /// The reason why nothing is committed any more.
        var end: Trouble?
    }

    private let path: String
    private let worker = DispatchQueue(label: "shardnode.disk", qos: .userInitiated)
    private let state: Mutex<State>

    /// Opens the file, or creates it.
    ///
    /// - Throws: ``DiskFile/Damage`` if the file exists and is not what was written; ``DiskFile/NotOurs`` if it belongs
    ///   to another program or version, in which case nothing was written to it; else SQLite's error.
    init(path: String, limits: DiskBacklog.Limits = DiskBacklog.Limits()) throws {
        self.path = path
        state = Mutex(State(file: try DiskFile(path: path, limits: limits)))
    }

    /// Returns everything on the disk; called before anything is written to the file that was opened.
    ///
    /// - Throws: ``DiskFile/Damage`` if any of it is not what was written; ``DiskFile/NotOurs`` if another version
    ///   wrote it.
    func read() throws -> DiskContents { try state.withLock { try $0.file.read() } }

    /// Writes all changes in one transaction, off the caller's thread.
    ///
    /// - Parameter isForced: true to wait until the disk itself has the changes and all before them, not only the
    ///   operating system.
    /// - Parameter completion: called on a thread of its own, with the fresh file if the changes and all before them
    ///   went to one, or with the error. After ``Trouble/lost(_:)`` the next commit writes a fresh file first.
    func commit(
        _ changes: [DiskChange], isForced: Bool,
        completion: @escaping @Sendable (Result<FreshFile?, any Error>) -> Void
    ) {
        worker.async { [self] in
            completion(Result { try state.withLock { try commit(changes, isForced: isForced, &$0) } })
        }
    }

    /// Writes `changes` after all that is on its way, and closes the file, after which nothing can be written.
    ///
    /// - Returns: the fresh file, if these changes and all before them had to go to one.
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
            // SQLite sees that the name stands for another file now, and leaves that file alone.
            try? state.file.close()
            state.file = file
            state.loss = nil
            return FreshFile(loss: loss, path: path, setAside: aside)
        } catch let damage as DiskFile.Damage {
            let aside: String
            do {
                // A start must not take the remains for the whole.
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
