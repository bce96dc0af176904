import HostSystem

/// Why a certificate could not be made or read: what was wrong, where, and what to do.
public struct CertificateTrouble: TellingError, Hashable {
    public enum Kind: Sendable, Hashable {
        /// What was asked for cannot be.
        case request
        /// A file cannot be read or written, or is not what it should be.
        case file
    }

    public let kind: Kind
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
