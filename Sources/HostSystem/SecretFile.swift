import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files whose text is a secret: keys, tokens.
public enum SecretFile {
    /// The reason why a file is not used, with its path and what to do.
    public struct Refusal: TellingError, Hashable {
        public let description: String
    }

    /// The group may read the file, as files are given to services that way; nobody else may do anything with it.
    private static let modeForbidden = mode_t(0o037)

    /// The whole of a file that only its owner, and at most its group, may read.
    ///
    /// - Throws: ``Refusal`` if it is no file, is longer than `bytesMax`, or is open to others.
    public static func read(_ path: String, bytesMax: Int) throws(Refusal) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Refusal(description: "'\(path)' cannot be read: \(ErrorWords.of(errno: errno))")
        }
        defer { close(descriptor) }
        // Asks about the opened file, so that it cannot be exchanged between the check and the reading.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Refusal(description: "'\(path)' cannot be read: \(ErrorWords.of(errno: errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Refusal(description: "'\(path)' is no file") }
        guard status.st_mode & modeForbidden == 0 else {
            throw Refusal(description: "others may use the secret in '\(path)': 'chmod 600' keeps them out")
        }
        guard status.st_size <= bytesMax else {
            throw Refusal(description: "'\(path)' is longer than \(bytesMax) bytes")
        }
        return try read(descriptor, path, bytesMax)
    }

    /// Reads at most `bytesMax`, as the file may have grown since it was checked.
    private static func read(_ descriptor: Int32, _ path: String, _ bytesMax: Int) throws(Refusal) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let taken = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { readBytes(descriptor, $0 + count, room) } ?? 0
            }
            if taken < 0, errno == EINTR { continue }
            guard taken >= 0 else {
                throw Refusal(description: "'\(path)' cannot be read: \(ErrorWords.of(errno: errno))")
            }
            if taken == 0 { break }
            count += taken
        }
        guard count <= bytesMax else { throw Refusal(description: "'\(path)' is longer than \(bytesMax) bytes") }
        return Array(bytes.prefix(count))
    }

    /// Writes a file that only its owner may read, in place of any earlier one: at no moment is it half a file, or open
    /// to others.
    ///
    /// - Throws: ``Refusal`` with the system's reason, also if there is a file already and `replaces` is false.
    public static func write(_ bytes: [UInt8], to path: String, replaces: Bool) throws(Refusal) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw cannotWrite(path) }
        defer { unlink(temporary) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let refusal = cannotWrite(path)
                close(descriptor)
                throw refusal
            }
            rest = rest.dropFirst(written)
        }
        // Text that is not on the disk yet may be lost with the machine, and then nobody has a token that was already
        // given out.
        let isSafe = fsync(descriptor) == 0
        close(descriptor)
        guard isSafe else { throw cannotWrite(path) }
        if replaces {
            guard rename(temporary, path) == 0 else { throw cannotWrite(path) }
        } else {
            // A link never takes an existing name, while a check before it could be too early.
            guard link(temporary, path) == 0 else { throw cannotWrite(path) }
        }
    }

    private static func cannotWrite(_ path: String) -> Refusal {
        Refusal(description: "'\(path)' cannot be written: \(ErrorWords.of(errno: errno))")
    }
}

/// Inside the type these names would mean its own methods.
private func readBytes(_ descriptor: Int32, _ place: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, place, count)
}

private func writeBytes(_ descriptor: Int32, _ place: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, place, count)
}
