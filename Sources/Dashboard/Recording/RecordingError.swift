import ClusterModel
import Foundation
import HostSystem

/// The reason why a file cannot be recorded to or played, and what to do about it, in words.
public struct RecordingError: TellingError, Equatable, Sendable {
    public let description: String

    init(_ path: String, line: Int? = nil, _ words: String) {
        description = path + (line.map { ", line \($0)" } ?? "") + ": " + words
    }
}

extension DecodingError {
    /// The error in words, and its place in the line.
    var shortWords: String {
        switch self {
        case .keyNotFound(let key, let context): return "\(Self.path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            guard !context.codingPath.isEmpty else { return "it is no JSON object of the kind expected" }
            return "\(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default: return "\(self)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        "'" + keys.map(\.stringValue).joined(separator: ".") + "'"
    }
}
