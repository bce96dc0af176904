import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The identity of the file that a path names, and its size.
public struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    public let bytes: Int64

    /// The file's, or nil if the path names none. Costs about a microsecond, and opens nothing.
    ///
    /// - Throws: what the system says where it does not tell.
    public static func of(_ path: String) throws -> FileStamp? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let number = errno
            if number == ENOENT || number == ENOTDIR { return nil }
            throw systemError(number)
        }
        return FileStamp(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino),
            bytes: Int64(status.st_size))
    }

    /// True if both are of one file, however long it is now.
    public func isSameFile(as other: FileStamp) -> Bool { device == other.device && inode == other.inode }
}

/// The system's operations on whole files and folders.
public enum FileSystem {
    /// Returns once the disk itself has the file, or the names in the folder.
    ///
    /// - Throws: what the system says where that fails.
    public static func force(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError(errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw systemError(errno) }
    }

    /// Gives a file another name, and ends what had that name before; at no moment does the name stand for nothing else.
    ///
    /// - Throws: what the system says where that fails.
    public static func replace(_ path: String, with other: String) throws {
        guard rename(other, path) == 0 else { throw systemError(errno) }
    }

    /// True if the file system of the path takes no writes; false also if it does not tell.
    public static func isReadOnly(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && UInt(status.f_flag) & UInt(ST_RDONLY) != 0
    }
}

private func systemError(_ number: Int32) -> any Error { POSIXError(POSIXErrorCode(rawValue: number) ?? .EIO) }
