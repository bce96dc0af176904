import HostSystem

/// The reason why a certificate could not be made or read: the fault, its place, and what to do.
public struct CertificateTrouble: TellingError, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The request cannot be met.
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
