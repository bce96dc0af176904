import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An error whose description is meant for people: what was wrong, where, and what to do.
public protocol TellingError: Error, CustomStringConvertible {}

/// The one way from any error to words for people. The texts of the system's and Foundation's own are made for
/// programs.
public enum ErrorWords {
    /// Of an error of ours its own words, else those for what the system refused.
    public static func of(_ error: any Error) -> String {
        switch error {
        case let error as any TellingError: error.description
        case let error as DecodingError: of(error)
        case is CancellationError: "it was not waited for"
        default: ofSystem(error)
        }
    }

    /// Why a file or another thing of the system cannot be used: "permission denied".
    private static func ofSystem(_ error: any Error) -> String {
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return of(errno: Int32(truncatingIfNeeded: error.code)) }
        guard error.domain == NSCocoaErrorDomain else { return unknown }
        switch CocoaError.Code(rawValue: error.code) {
        case .fileReadNoSuchFile, .fileNoSuchFile: return of(errno: ENOENT)
        case .fileReadNoPermission, .fileWriteNoPermission: return of(errno: EACCES)
        case .fileReadCorruptFile, .fileReadInapplicableStringEncoding, .fileReadUnknownStringEncoding:
            return "it is no text in UTF-8"
        case .fileReadTooLarge: return "it is too large"
        case .fileWriteOutOfSpace: return of(errno: ENOSPC)
        case .fileWriteFileExists: return of(errno: EEXIST)
        case .fileWriteVolumeReadOnly: return of(errno: EROFS)
        case .fileReadInvalidFileName, .fileWriteInvalidFileName: return "that is no name of a file"
        default: break
        }
        guard let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error else { return unknown }
        return ofSystem(cause)
    }

    private static let unknown = "the system refused it, and gave no reason"

    /// The system's own words for the number, as they go on in a sentence.
    public static func of(errno: Int32) -> String {
        switch errno {
        case ECONNREFUSED: return "connection refused"
        case EISDIR: return "it is a folder, not a file"
        case ENOTDIR: return "a part of the path is a file, not a folder"
        case ENOSPC: return "the disk is full"
        case EROFS: return "the disk is read-only"
        case EMFILE, ENFILE: return "too many files are open; raise the limit with ulimit -n"
        default: break
        }
        guard let text = strerror(errno) else { return "error \(errno) of the system" }
        let words = String(cString: text)
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// The reason why no file can be made in a folder, as far as the system tells; nil where nothing is against it.
    public static func reasonAgainstWriting(in folder: String) -> String? {
        access(folder, W_OK) == 0 ? nil : of(errno: errno)
    }

    /// The place and the kind of the fault in a JSON document.
    private static func of(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String { "'" + path.map(\.stringValue).joined(separator: ".") + "'" }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            guard !context.codingPath.isEmpty else { return "it is no JSON of the kind expected" }
            return "\(place(context.codingPath)) is not of the kind expected"
        @unknown default: return "it is no JSON of the kind expected"
        }
    }
}

extension Error {
    /// In words for people.
    public var words: String { ErrorWords.of(self) }
}
